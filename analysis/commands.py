"""How is a plan carried out from a terminal?

What is written is what the page shows: its figures in words, and the table of each as it is downloaded there.

What takes long is imported where it is used, so that help comes at once.
"""
# ruff: noqa: PLC0415

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what takes long is imported where it is used
    from analysis.figures.of_plans import PlanFigures
    from analysis.store import Store

EXAMPLES = "Examples to start from, each with every key that needs one: homeward sample DIR, in DIR/plans."

SAME = """\
The same plan on the same data writes the same bytes. Counts of people are protected as on the pages. DIR is written
whole or not at all: a new folder, or one that holds an earlier answer. What a plan leaves out keeps its default;
provenance.json holds the whole plan, and digests of data and code. The What if, Targeting and Planning pages download
their plans as such files.
"""

PROJECT = f"""\
Writes into DIR:
  answer.md               the answer, its figures in words and tables, and what it cannot tell: what the page shows
  averted.csv             what is averted over the whole time: admissions, attendances, bed-days, days below Good
  by_payer.csv            pounds that it costs, releases and frees, by payer
  admissions_to_come.csv  admissions with and without it, period by period
  days_by_month.csv       days below Good and delayed days, where ratings and delays are loaded
  what_it_hangs_on.csv    value less cost with each input at its ends
  break_even.csv          where each input would make value equal cost
  homes.csv               what is expected of each home
  assumptions.csv         every input: key, unit, range, source, whether it is verified
  published_effects.csv   what evaluations have found
  provenance.json
{SAME}
A plan can be as short as:
  title = "weekly ward round"
  [[offers]]
  name = "weekly ward round"
  [offers.effect]
  source = "Stated"
  ratios = {{ all = [0.8, 0.7, 0.9] }}    # rate ratio, and its 95% interval

example, on what homeward sample writes:
  homeward project county/plans/ward_round_for_more.toml --store county/county.duckdb --out what_if
"""

TARGET = f"""\
Writes into DIR:
  answer.md               the answer, its figures in words and tables, and what it cannot tell: what the page shows
  homes_by_name.csv       every open home: offered it or not, and whether it qualifies by the plain rule
  entry_rule.txt          a rule that can be published: who qualifies, what should change, when it ends
  rules_judged.csv        what rules for choosing promised, and delivered in years they had not seen
  effect_by_group.csv     how the effect of the largest intervention in hand differs between homes
  list_of_homes.toml      the offer to the homes chosen, for homeward project
  assumptions.csv         every input: key, unit, range, source, whether it is verified
  provenance.json
{SAME}
A plan has a [scenario] with one offer, as for homeward project, and a [capacity]:
  [capacity]
  leads = 4
  budget = 500_000    # pounds a year

example, on what homeward sample writes:
  homeward target county/plans/which_homes.toml --store county/county.duckdb --out list
"""

PLAN = f"""\
Writes into DIR, for a study of admissions (kind = "admissions"):
  answer.md                  the answer, its figures in words and tables, and what it cannot tell: what the page shows
  power.csv                  how often effects of each size would be found
  smallest_by_supported.csv  the smallest effect found four times in five, by number of homes
  smallest_by_after.csv      the same by number of months
  schedule.csv               of a study in waves, who starts when, by lot: loads as a list of interventions
  what_to_collect.csv        what must be written down from the first day
  provenance.json
and for a study of ratings (kind = "ratings"): answer.md, ratings_power.csv, what_to_collect.csv, provenance.json.
{SAME}
A plan can be as short as:
  kind = "admissions"
  rate_ratio = 0.8
  [study]
  kind = "stepped wedge"
  supported = 24

example, on what homeward sample writes:
  homeward plan county/plans/next_study.toml --store county/county.duckdb --out study
"""

MONITOR = f"""\
Writes into DIR:
  answer.md          what the last month is, the chart and the funnel in words and tables: what the page shows
  control_chart.csv  every month: its rate, centre, limits, what it is and because of which rule
  homes_apart.csv    homes outside the limits of the funnel, where there are any
  provenance.json
{SAME}
A plan can be as short as:
  title = "Watching emergency admissions"
What it may hold beside that:
  group = "council"               # or "all homes", "kind of home"
  name = "Somerset"
  every = "quarter"
  [chart]
  baseline = 24                   # points from which limits are learnt; 0 for all
  rebased = ["2022-01"]           # months from which they are learnt anew: you decide, and know why
  target = 2.0

One home: kind = "home" and home = "1-123456789" write key_questions.csv, ratings.csv, home_admissions.csv,
home_beds_filled.csv, beside_peers.csv, home_staffing.csv, interventions_here.csv, each where the data hold it.
Who qualifies: kind = "worklist" writes worklist.csv, rehearsal.csv and entry_rule.txt. Supported are homes of which
the list of interventions says so. Criteria are [[entry]] and [[goals]] of kind "rating", "admissions", "empty beds" and
"old rating"; plans/who_qualifies.toml of homeward sample has every key.
Networks: kind = "networks", which the Monitoring page makes of a list, writes clinical_leads.csv, elements_in_place.csv
and networks_apart.csv.
Early warning: kind = "early warning", event = "rating", "rise" or "leaving", ahead = 6 or 12, writes how its chances
came true, and where it has earned to be shown warning_homes.csv, warning_decision_curve.csv and warning_by_kind.csv.
Feedback: kind = "feedback" and journal = "visits.sqlite", a file of homeward app --journal, write feedback.csv
and feedback_by_quarter.csv; home = "1-123456789" takes the entries of one home.

example, on what homeward sample writes:
  homeward monitor county/plans/watching.toml --store county/county.duckdb --out watched
"""

APPRAISE = """\
Writes into DIR:
  answer.md          what is established, what is not, what to ask for: what the page shows
  numbers.csv        every number, with its interval and its source
  to_ask_for.csv     what the claim does not say, and what is open without it
  possible_counts.csv, base_rates.csv   of a share: the counts that print so; how often services improve anyway
  highest_home.csv   of admissions: what the highest of several homes does without any effect
  periods.csv        of an area: before, after and elsewhere
  provenance.json
The same claim, on the same data or on none, writes the same bytes. With --store what happens anyway is read from your
own files where they say enough, and from published tables otherwise. The Claims page downloads claims as such files.

A claim can be as short as what it says; what it leaves out is asked for:
  kind = "share improving"
  percent = 63
  wording = "nearly"
  at_most = 20
Other kinds: "admissions", "area count", "area rate", "permanent admissions", "scaled-up total".

example:
  homeward appraise claim.toml --out appraisal
"""

Command = Callable[..., argparse.ArgumentParser]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the command line: its name, what it does, its help, and how it answers a plan on a store."""

    name: str
    does: str
    help: str
    answer: Callable[[Path, Any], "Answer"]
    needs_store: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said, and what is written: name of each file to what it holds; and all that a report of it needs."""

    said: tuple[str, ...]
    content: Mapping[str, bytes]
    shown: "PlanFigures"


def add_out(parser: argparse.ArgumentParser, what: str) -> None:
    """Ask for the folder of an answer, which is refused before any work is done for it where it cannot be."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=what)
    parser.set_defaults(writes=True)


def add_verbs(command: Command, store: Callable[..., None], run: Callable) -> None:
    """Add the verbs of plans to the command line.

    Parameters
    ----------
    command : callable
        Adds a command of a name, run by a function, with help and a longer text.
    store : callable
        Adds the option that names the store.
    run : callable
        Carries out a verb that was asked for.
    """
    for verb in VERBS:
        parser = command(verb.name, run, verb.does, verb.help)
        parser.add_argument("plan", type=Path, metavar="FILE.toml", help="what is planned")
        store(parser, required=verb.needs_store)
        add_out(parser, "where the answer is written")
        parser.set_defaults(verb=verb)


def carry_out(asked: argparse.Namespace) -> tuple[Sequence[str], Sequence[Path]]:
    """Carry out what was asked: what is said, and the files written."""
    from analysis.paths import write_whole

    answer = asked.verb.answer(asked.plan, asked.store)
    return answer.said, write_whole(asked.out, answer.content, FILES)


FILES = {
    f"{name}.csv" for name in (
        "averted", "by_payer", "admissions_to_come", "days_by_month", "what_it_hangs_on", "break_even", "homes",
        "assumptions", "published_effects", "homes_by_name", "rules_judged", "effect_by_group", "power",
        "smallest_by_supported", "smallest_by_after", "schedule", "what_to_collect", "ratings_power", "control_chart",
        "at_a_glance",
        "homes_apart", "key_questions", "ratings", "home_admissions", "home_beds_filled", "beside_peers",
        "interventions_here", "home_staffing", "worklist", "rehearsal", "feedback", "feedback_by_quarter",
        "clinical_leads", "elements_in_place", "networks_apart",
        "warning_calibration", "warning_homes", "warning_decision_curve", "warning_by_kind",
        "numbers", "to_ask_for", "possible_counts", "base_rates", "highest_home", "periods",
    )
} | {"answer.md", "entry_rule.txt", "list_of_homes.toml", "provenance.json"}  # fmt: skip
"""Whatever an answer may hold: another one may stand in its place."""


def _written(shown: "PlanFigures", texts: Mapping[str, str]) -> Answer:
    """Write figures down: in words, and every table that has a name."""
    from analysis.disclosure import inert
    from analysis.evaluation.files import DIGITS
    from analysis.figures import markdown

    content = {"answer.md": markdown(shown.title, shown.figures, shown.source), **texts}
    for table in (table for figure in shown.figures for table in figure.tables if table.name):
        content[f"{table.name}.csv"] = inert(table.written).to_csv(
            index=False, float_format=DIGITS, lineterminator="\n"
        )
    content["provenance.json"] = json.dumps(shown.provenance, indent=1, ensure_ascii=False) + "\n"
    first = shown.figures[0]
    said = filter(None, (first.warning, first.headline, first.sentence, *first.notes))
    return Answer(said=tuple(said), content={name: text.encode("utf-8") for name, text in content.items()}, shown=shown)


def _project(file: Path, path: Path) -> Answer:
    from analysis.areas import joined
    from analysis.figures import what_if as figures
    from analysis.figures.of_plans import of_scenario
    from analysis.inspections import stored_inspections
    from analysis.plans import past, what_if
    from analysis.scenarios import Scenario
    from analysis.scenarios.faults import wrong_with
    from analysis.written import read

    plan, store = read(Scenario, file, wrong=wrong_with, start=EXAMPLES), _opened(path)
    seen = past.stored_past(store)
    ready, outcomes = past.ready(seen), joined(store.table("area_outcomes"))
    beyond = what_if.ratings_and_delays(store, ready.baseline, stored_inspections(store), outcomes)
    found = what_if.what_if(plan, ready, beyond)
    source = figures.source(found, seen, (store.digest(counts=False), path.name))
    return _written(of_scenario(found, seen, store, source), {})


def _target(file: Path, path: Path) -> Answer:
    from analysis.evaluation import evaluate
    from analysis.figures import targeting as figures
    from analysis.figures.of_plans import of_targeting
    from analysis.inspections import stored_inspections
    from analysis.plans import past, targets
    from analysis.scenarios.yearly import a_year
    from analysis.written import read, to_toml

    plan = read(targets.TargetingPlan, file, wrong=targets.wrong_with_plan, start=EXAMPLES)
    store = _opened(path)
    seen = past.stored_past(store)
    ready = past.ready(seen)
    groups = targets.known_places(plan, targets.places(store, seen.shown.units))
    ratings = past.ratings_before(stored_inspections(store), seen.shown.units.index)
    offer = targets.offer_of(a_year(plan.scenario, ready.baseline.calendar.last + 1))
    judged = targets.competed(targets.recorded(seen, ratings, plan.seed), offer, plan.capacity, plan.seed)
    found = targets.listing(plan, seen, ready, judged, groups)
    protocol = targets.first_protocol(seen.spells)
    source = figures.source(plan, found, seen, (store.digest(counts=False), path.name))
    shown = of_targeting(
        (plan, found), (store, seen, ready), source,
        lambda: targets.by_attribute(evaluate(protocol, store), ratings) if protocol else None,
    )  # fmt: skip
    return _written(
        shown, {"entry_rule.txt": targets.published_rule(found), "list_of_homes.toml": to_toml(found.scenario)}
    )


def _plan(file: Path, path: Path) -> Answer:
    from analysis.figures import planning as figures
    from analysis.figures.of_plans import of_plan
    from analysis.planning import AdmissionsPlan, RatingsPlan
    from analysis.plans import past, studies
    from analysis.written import read

    plan, store = read(AdmissionsPlan | RatingsPlan, file, start=EXAMPLES), _opened(path)
    if isinstance(plan, RatingsPlan):  # needs no data: the store is only said to be there
        return _written(of_plan(plan, figures.of_ratings(plan), figures.ratings_source(plan), (store, None)), {})
    seen = past.stored_past(store)
    noise, seed = studies.noise_of(seen), plan.seed
    shown = figures.figures(
        plan, noise, lambda some, ratios, sims, _: studies.simulated(noise, some, ratios, sims, seed),
        lambda asked: studies.drawn_by_lot(asked, seen),
    )  # fmt: skip
    source = figures.source(plan, seen, store.digest(counts=False), path.name)
    return _written(of_plan(plan, shown, source, (store, seen.shown), seed), {})


def _monitor(file: Path, path: Path) -> Answer:
    from analysis.evaluation import material
    from analysis.figures import monitoring as figures
    from analysis.figures import of_homes
    from analysis.figures.of_plans import of_plan
    from analysis.outcomes import EMERGENCIES
    from analysis.plans.monitored import MonitoringPlan, seen, watch
    from analysis.written import read

    plan, store = read(MonitoringPlan | of_homes.Plan, file, start=EXAMPLES), _opened(path)
    if not isinstance(plan, MonitoringPlan):
        return _of_homes(plan, store, path)
    known = seen(material(store, EMERGENCIES))
    source = figures.source(plan, known.shown, store.digest(counts=False), path.name)
    return _written(of_plan(plan, figures.figures(watch(plan, known), source), source, (store, known.shown)), {})


def _of_homes(plan: Any, store: "Store", path: Path) -> Answer:
    from analysis.figures import home, of_homes
    from analysis.figures.of_plans import of_plan
    from analysis.plans.homes import stored_homes

    homes = stored_homes(store)
    source = home.source(plan, homes, store.digest(counts=False), path.name)
    shown = of_plan(plan, of_homes.figures(plan, homes, source), source, (store, homes.shown))
    return _written(shown, of_homes.texts(plan))


def _appraise(file: Path, path: Path | None) -> Answer:
    from analysis.claims import NOTHING, Claim, appraise
    from analysis.figures import claims as figures
    from analysis.figures.of_plans import PlanFigures
    from analysis.plans.appraising import made_from, stored_known
    from analysis.written import read

    claim, store = read(Claim, file), None if path is None else _opened(path)
    known = NOTHING if store is None or path is None else stored_known(store, f"{path.name}{_invented(store)}")
    found = appraise(claim, known)
    digest = "" if store is None else store.digest(counts=False)
    source = figures.source(found, known.name, digest)
    shown = PlanFigures(
        title=claim.title or "A claim, appraised", figures=tuple(figures.figures(found)), source=source,
        provenance=made_from(claim, store),
    )  # fmt: skip
    return _written(shown, {})


def _invented(store: "Store") -> str:
    """Say that a store's homes are invented, where they are: what they say of a real claim is nothing."""
    from analysis.figures.plans import is_synthetic

    return " (synthetic)" if is_synthetic(store.table("locations").rename(columns={"area_name": "area"})) else ""


def _opened(path: Path) -> "Store":
    from analysis.store import Store

    return Store(path)


VERBS = (
    Verb("project", "lay a scenario on the homes of a store: what if?", PROJECT, _project),
    Verb("target", "choose the homes to which an intervention should be offered", TARGET, _target),
    Verb("plan", "simulate a study before it starts: could it find an effect that matters?", PLAN, _plan),
    Verb("monitor", "chart admissions, and find homes that stand apart", MONITOR, _monitor),
    Verb(
        "appraise",
        "weigh a published claim: what is established, what is not, what to ask for",
        APPRAISE,
        _appraise,
        needs_store=False,
    ),
)
