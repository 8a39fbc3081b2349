"""How is a plan carried out from a terminal?

What takes long is imported where it is used, so that help comes at once.
"""
# ruff: noqa: PLC0415

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXAMPLES = "Examples to start from, each with every key that needs one: homeward sample DIR, in DIR/plans."

SAME = """\
The same plan on the same data writes the same bytes. Counts of people are protected as on the pages. DIR is written
whole or not at all: a new folder, or one that holds an earlier answer. What a plan leaves out keeps its default;
provenance.json holds the whole plan, and digests of data and code. The What if, Targeting and Planning pages download
their plans as such files.
"""

PROJECT = f"""\
Writes into DIR:
  averted.csv             what is averted over the whole time: admissions, attendances, bed-days, days below Good
  by_payer.csv            pounds that it costs, releases and frees, by payer
  admissions_to_come.csv  admissions with and without it, period by period
  twenty_futures.csv      twenty equally likely numbers of admissions averted
  days_by_month.csv       days below Good and delayed days, where ratings and delays are loaded
  what_it_hangs_on.csv    value less cost with each input at its ends
  break_even.csv          where each input would make value equal cost
  homes.csv               what is expected of each home
  assumptions.csv         every input: key, unit, range, source, whether it is verified
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
  homes_by_name.csv       every open home: offered it or not, and whether it qualifies by the plain rule
  entry_rule.txt          a rule that can be published: who qualifies, what should change, when it ends
  rules_judged.csv        what rules for choosing promised, and delivered in years they had not seen
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
  power.csv                  how often effects of each size would be found
  smallest_by_supported.csv  the smallest effect found four times in five, by number of homes
  smallest_by_after.csv      the same by number of months
  schedule.csv               who starts when, by lot: loads as a list of interventions
  what_to_collect.csv        what must be written down from the first day
  provenance.json
and for a study of ratings (kind = "ratings"): ratings_power.csv, what_to_collect.csv, provenance.json.
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

Command = Callable[..., argparse.ArgumentParser]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the command line: its name, what it does, its help, and how it answers a file."""

    name: str
    does: str
    help: str
    answer: Callable[[Path, Path], Any]


def add_verbs(command: Command, store: Callable[[argparse.ArgumentParser], None], run: Callable) -> None:
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
        store(parser)
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the answer is written")
        parser.set_defaults(verb=verb)


def carry_out(asked: argparse.Namespace) -> tuple[Sequence[str], Sequence[Path]]:
    """Carry out what was asked: what is said, and the files written."""
    answer = asked.verb.answer(asked.plan, asked.store)
    return answer.said, answer.write(asked.out)


def _project(plan: Path, store: Path) -> Any:
    from analysis.plans import what_if
    from analysis.scenarios import Scenario
    from analysis.scenarios.faults import wrong_with
    from analysis.written import read

    return what_if.carry_out(read(Scenario, plan, wrong=wrong_with, start=EXAMPLES), _opened(store))


def _target(plan: Path, store: Path) -> Any:
    from analysis.plans import targets
    from analysis.written import read

    return targets.carry_out(
        read(targets.TargetingPlan, plan, wrong=targets.wrong_with_plan, start=EXAMPLES), _opened(store)
    )


def _plan(plan: Path, store: Path) -> Any:
    from analysis.planning import AdmissionsPlan, RatingsPlan
    from analysis.plans import studies
    from analysis.written import read

    return studies.carry_out(read(AdmissionsPlan | RatingsPlan, plan, start=EXAMPLES), _opened(store))


def _opened(path: Path) -> Any:
    from analysis.store import Store

    return Store(path)


VERBS = (
    Verb("project", "lay a scenario on the homes of a store: what if?", PROJECT, _project),
    Verb("target", "choose the homes to which an intervention should be offered", TARGET, _target),
    Verb("plan", "simulate a study before it starts: could it find an effect that matters?", PLAN, _plan),
)
