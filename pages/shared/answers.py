"""Everything the page Admissions shows of one evaluation under the answer, worked out once.

Sentences, pictures and tables depend on the evaluation and on nothing a visitor does afterwards, so they are made once
and remembered; showing them takes no arithmetic.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis import charts, tables, words
from analysis.evaluation import Evaluation
from analysis.protocol import Protocol
from analysis.results import By, Check
from analysis.words import Subject
from pages.shared import cached, choices
from pages.shared.cached import Loaded, remembered
from pages.shared.figures import INTERVALS, MONTHS, Figure, Table, drawing, only_read, ready

GROUPS: tuple[tuple[By, str, str], ...] = (
    ("cohort", "By start", "starts"),
    ("subgroup", "By kind of home", "kinds of home"),
)
METHODS = (
    "The point is the answer. The wild score and randomisation are about one effect common to all homes and months. "
    "Slower methods are chosen under “Months, rules and methods”."
)
SHARES = "A home's share is its part of the answer's uncertainty. Large homes with the intervention carry most."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Doubt:
    """A check, told, with what was computed."""

    name: str
    told: str
    computed: Table | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What the page shows under the answer, in its order."""

    figures: tuple[Figure, ...]
    doubts: tuple[Doubt, ...]
    limits: tuple[str, ...]
    rests_on: str
    account: Table
    provenance: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sources:
    """Under what every figure stands: what it is about, the caption, and what a download was made from."""

    about: Subject
    caption: str
    provenance: dict[str, str]


def answer(data: Loaded, protocol: Protocol) -> Answer:
    """Work out what the page shows of a protocol, or remember it."""
    asked = ("admissions", protocol.to_toml())
    return remembered(data, asked, lambda: _answer(data, protocol, cached.evaluation(data, protocol)))


def _answer(data: Loaded, protocol: Protocol, evaluation: Evaluation) -> Answer:
    about = choices.subject(protocol, evaluation)
    made_from = choices.provenance(data, protocol, evaluation)
    sources = Sources(about=about, caption=choices.source(data, about), provenance=made_from)
    effects, account = evaluation.published, evaluation.account()
    homes, home_months = account.loc[0, ["homes", "home_months"]]
    named = account.rename(columns={"what": "What", "homes": "Homes", "home_months": "Home-months", "why": "Why"})
    return Answer(
        figures=tuple(_figures(evaluation, sources)),
        doubts=tuple(_doubts(cached.doubts(data, protocol))),
        limits=tuple(words.cannot_tell(effects, sources.about)),
        rests_on=f"The answer rests on {home_months:,} months of {words.homes(homes)}.",
        account=only_read("What was noticed and left out, and why", named),
        provenance=sources.provenance,
    )


def _figures(evaluation: Evaluation, sources: Sources) -> Iterator[Figure]:
    yield _month_by_month(evaluation, sources)
    yield _observed(evaluation, sources)
    yield from _groups(evaluation, sources)
    if "dose" in evaluation.published.tables:
        yield _dose(evaluation, sources)
    if len(evaluation.published.diagnostics["others"]):
        yield _others(evaluation, sources)
    yield _methods(evaluation, sources)
    yield _carriers(evaluation, sources)


def _month_by_month(evaluation: Evaluation, sources: Sources) -> Figure:
    """Draw the event study."""
    by_month = tables.event_study(evaluation.published)
    return Figure(
        title="Month by month",
        sentence=words.over_time(by_month),
        drawing=drawing(charts.event_study(by_month)) if len(by_month) else None,
        source=f"{sources.caption} {MONTHS}",
        table=ready("effect_by_month", tables.event_study_display(by_month), by_month, sources.provenance),
    )


def _observed(evaluation: Evaluation, sources: Sources) -> Figure:
    """Draw what was observed against what would have happened otherwise."""
    shown = tables.observed(evaluation.published)
    chart = charts.observed(shown, tables.starts(evaluation.published), sources.about.outcome)
    return Figure(
        title="Observed, and expected otherwise",
        sentence="Lines that part after the start, and not before, speak for an effect.",
        drawing=drawing(chart),
        source=f"{sources.caption} {tables.OBSERVED}",
        table=ready("observed_and_expected", tables.observed_display(shown), shown, sources.provenance),
    )


def _groups(evaluation: Evaluation, sources: Sources) -> Iterator[Figure]:
    """Draw the effect by start and by kind of home."""
    for by, title, noun in GROUPS:
        tidy = tables.published(evaluation.published, by)
        if len(tidy) < 2:
            continue
        changes = [words.change(ratio) for ratio in tidy["estimate"]]
        named = tidy.assign(**{by: [words.group_name(value) for value in tidy[by]]}, told=changes)
        shown, sentence = (
            tables.estimates(tidy, by, title.removeprefix("By ").capitalize()),
            words.across(tidy, by, noun),
        )
        if by == "cohort":
            starts = tables.by_start(evaluation.published)
            shown, tidy = shown.join(tables.by_start_display(starts)), tidy.merge(starts, on="cohort")
        yield Figure(
            title=title,
            sentence=sentence,
            drawing=drawing(charts.forest(named, by, title)),
            source=f"{sources.caption} {INTERVALS}",
            table=ready(f"effect_by_{by}", shown, tidy, sources.provenance),
        )


def _dose(evaluation: Evaluation, sources: Sources) -> Figure:
    """Tell the effect of one unit more."""
    tidy = tables.published(evaluation.published, "dose")
    return Figure(
        title="By dose",
        sentence=words.one_more(tidy, evaluation.published.diagnostics["dose"], sources.about),
        table=ready("effect_by_dose", tables.estimates(tidy, "dose", "Dose"), tidy, sources.provenance),
    )


def _others(evaluation: Evaluation, sources: Sources) -> Figure:
    """Show what the interventions did that the answer is net of."""
    found = evaluation.published.diagnostics["others"]
    return Figure(
        title="Other interventions in the same homes",
        sentence=words.beside(found),
        table=ready("other_interventions", tables.others_display(found), found, sources.provenance),
    )


def _methods(evaluation: Evaluation, sources: Sources) -> Figure:
    """Show what other methods would have said, and why the default is the default."""
    compared = tables.methods(evaluation.published)
    drawn, picture = compared.dropna(subset=["conf_low", "conf_high"]), None
    if drawn["default"].any():
        told = [words.change_range(row["conf_low"], row["conf_high"]) for row in drawn.to_dict("records")]
        named = drawn.assign(method=tables.methods_display(drawn)["Method"], told=told)
        picture = drawing(charts.forest(named, "method", "Methods"))
    good_for = tuple(f"{row['method']}: {row['good_for']}" for row in compared.to_dict("records"))
    why = tuple(words.why_this_interval(evaluation.published))
    return Figure(
        title="Other methods",
        sentence=words.agreement(compared),
        drawing=picture,
        source=f"{sources.caption} {METHODS}" if picture else "",
        table=ready("methods", tables.methods_display(compared), compared, sources.provenance),
        more=(("Why this interval", why), ("What each method is good for", good_for)),
    )


def _carriers(evaluation: Evaluation, sources: Sources) -> Figure:
    """Show which homes carry the answer."""
    leverage = evaluation.published.diagnostics["leverage"]
    largest = tables.carriers(evaluation.published, evaluation.panel.units["name"])
    shown, title = tables.carriers_display(largest), "The ten with the largest shares"
    return Figure(
        title="Which homes carry the answer",
        sentence=words.carried(leverage, largest["name"].iloc[0]),
        grave=words.heavy(leverage),
        source=SHARES,
        table=ready("homes_by_share", shown, largest, sources.provenance, title=title),
    )


def _doubts(checks: Iterable[Check]) -> Iterator[Doubt]:
    """Tell every check with its reading."""
    for check in checks:
        title = f"What was computed: {check.name[:1].lower()}{check.name[1:]}"
        computed = only_read(title, tables.computed(check.table)) if len(check.table) else None
        yield Doubt(name=check.name, told=f"{words.verdict(check)}. {check.reading}", computed=computed)
