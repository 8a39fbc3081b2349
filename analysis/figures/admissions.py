"""Did an intervention change admissions? What is shown of the answer, in the order in which it is read."""

from collections.abc import Iterable, Iterator

from analysis import charts, tables, words
from analysis.evaluation import Evaluation
from analysis.figures import scatter
from analysis.figures.answer import answer, source, subject
from analysis.figures.by_home import by_home
from analysis.figures.doubts import doubts
from analysis.figures.figure import Figure, Source, Table
from analysis.figures.lasting import lasting
from analysis.panel import names_of
from analysis.results import By
from analysis.tables.columns import Column
from analysis.words import Subject

INTERVALS = "Lines through the points are 95% intervals; the widest may run off the chart, and are in its table."
MONTHS = (
    "Thick lines are 95% intervals for one month at a time. Thin lines hold the truth of all months together 95 times "
    "in 100. The widest may run off the chart, and are in its table."
)
GROUPS: tuple[tuple[By, str, str], ...] = (
    ("cohort", "By start", "starts"),
    ("subgroup", "By kind of home", "kinds of home"),
)
METHODS = (
    "The point is the answer. The wild score and randomisation are about one effect common to all homes and months. "
    "Slower methods are chosen under “Months, rules and methods”."
)
SHARES = "A home's share is its part of the answer's uncertainty. Large homes with the intervention carry most."
ACCOUNT = (
    Column("What", "what"), Column("Homes", "homes"), Column("Home-months", "home_months"), Column("Why", "why"),
)  # fmt: skip

__all__ = ["answer", "cannot_tell", "figures", "month_by_month", "rest", "source", "subject"]


def figures(evaluation: Evaluation, source: Source, *sentences: str) -> Iterator[Figure]:
    """Yield everything that is shown of an evaluation, the answer first and the doubts, which take longest, late.

    Parameters
    ----------
    source : Source
        Out of `source`.
    sentences : str
        What else must stand beside the answer.
    """
    yield answer(evaluation, *sentences, source=source)
    yield from rest(evaluation, doubts(evaluation.checks), source)


def rest(evaluation: Evaluation, doubted: Iterable[Figure], source: Source) -> Iterator[Figure]:
    """Yield all but the answer: the doubts as they are to be told here, all at length or at a glance."""
    effects, about = evaluation.published, subject(evaluation)
    yield month_by_month(evaluation, source)
    if "year" in effects.tables:
        yield lasting(evaluation, source)
    yield _observed(evaluation, about.outcome, source)
    yield from _groups(evaluation, source)
    if "dose" in effects.tables:
        yield _dose(evaluation, about)
    if len(effects.diagnostics.get("others", ())):
        yield _others(evaluation)
    if "methods" in effects.diagnostics:
        yield _methods(evaluation, source)
    if "leverage" in effects.diagnostics:
        yield _carriers(evaluation)
    if effects.summary["n_treated"] == 1:
        yield from scatter.of_home(evaluation, source)
    elif len(effects.diagnostic("homes_differ")):
        yield by_home(evaluation, source)
    yield from doubted
    yield cannot_tell(evaluation)
    yield _went_in(evaluation)


def cannot_tell(evaluation: Evaluation) -> Figure:
    """Say what no doubt examined here can settle."""
    notes = words.cannot_tell(evaluation.published, subject(evaluation))
    return Figure(title="What this cannot tell you", notes=tuple(notes))


def month_by_month(evaluation: Evaluation, source: Source) -> Figure:
    """Draw the event study."""
    by_month = tables.event_study(evaluation.published)
    return Figure(
        title="Month by month",
        sentence=words.over_time(by_month),
        chart=charts.event_study(by_month) if len(by_month) else None,
        caption=source.caption(MONTHS),
        tables=(Table(tidy=by_month, columns=tables.EVENT_STUDY, name="effect_by_month"),),
    )


def _observed(evaluation: Evaluation, outcome: str, source: Source) -> Figure:
    """Draw what was observed against what would have happened otherwise."""
    effects = evaluation.published
    shown = tables.observed(effects)
    return Figure(
        title="Observed, and expected otherwise",
        sentence="Lines that part after the start, and not before, speak for an effect.",
        chart=charts.observed(shown, tables.starts(effects), outcome),
        caption=source.caption(tables.OBSERVED_NOTE),
        tables=(Table(tidy=shown, columns=tables.OBSERVED, name="observed_and_expected"),),
    )


def _groups(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Draw the effect by start and by kind of home."""
    effects = evaluation.published
    for by, title, noun in (group for group in GROUPS if group[0] in effects.tables):
        tidy = tables.published(effects, by)
        if len(tidy) < 2:
            continue
        told = [words.change(ratio) for ratio in tidy["estimate"]]
        drawn = tidy.assign(**{by: [words.group_name(value) for value in tidy[by]]}, told=told)
        listed = tidy.merge(tables.by_start(effects), on=by, how="left") if by == "cohort" else tidy
        columns = tables.groups(by, title.removeprefix("By ").capitalize())
        yield Figure(
            title=title,
            sentence=words.across(tidy, by, noun),
            chart=charts.forest(drawn, by, title),
            caption=source.caption(INTERVALS),
            tables=(Table(tidy=listed, columns=columns, name=f"effect_by_{by}"),),
        )


def _dose(evaluation: Evaluation, about: Subject) -> Figure:
    """Tell the effect of one unit more."""
    effects = evaluation.published
    tidy = tables.published(effects, "dose")
    return Figure(
        title="By dose",
        sentence=words.one_more(tidy, effects.diagnostics["dose"], about),
        tables=(Table(tidy=tidy, columns=tables.groups("dose", "Dose"), name="effect_by_dose"),),
    )


def _others(evaluation: Evaluation) -> Figure:
    """Show what the interventions did that the answer is net of."""
    found = evaluation.published.diagnostics["others"]
    return Figure(
        title="Other interventions in the same homes",
        sentence=words.beside(found),
        tables=(Table(tidy=found, columns=tables.OTHERS, name="other_interventions"),),
    )


def _methods(evaluation: Evaluation, source: Source) -> Figure:
    """Show what other methods would have said, and why the default is the default."""
    compared = tables.methods(evaluation.published)
    drawn, chart = compared.dropna(subset=["conf_low", "conf_high"]), None
    if drawn["default"].any():
        told = [words.change_range(row["conf_low"], row["conf_high"]) for row in drawn.to_dict("records")]
        names = [words.method(name, default=is_it) for name, is_it in drawn[["method", "default"]].to_numpy()]
        chart = charts.forest(drawn.assign(method=names, told=told), "method", "Methods")
    good_for = tuple(f"{row['method']}: {row['good_for']}" for row in compared.to_dict("records"))
    return Figure(
        title="Other methods",
        sentence=words.agreement(compared),
        chart=chart,
        caption=source.caption(METHODS) if chart else "",
        tables=(Table(tidy=compared, columns=tables.METHODS, name="methods"),),
        more=(
            ("Why this interval", tuple(words.why_this_interval(evaluation.published))),
            ("What each method is good for", good_for),
        ),
    )


def _carriers(evaluation: Evaluation) -> Figure:
    """Show which homes carry the answer."""
    leverage = evaluation.published.diagnostics["leverage"]
    largest = tables.carriers(evaluation.published, names_of(evaluation.panel.units))
    sentence, heavy = words.carried(leverage, largest["name"].iloc[0]), words.heavy(leverage)
    return Figure(
        title="Which homes carry the answer",
        warning=sentence if heavy else "",
        sentence="" if heavy else sentence,
        caption=SHARES,
        tables=(
            Table(
                tidy=largest, columns=tables.CARRIERS, name="homes_by_share", title="The ten with the largest shares"
            ),
        ),
    )


def _went_in(evaluation: Evaluation) -> Figure:
    """Show what was used, noticed and left out."""
    account = evaluation.account()
    homes, home_months = account.loc[0, ["homes", "home_months"]]
    return Figure(
        title="What went in",
        sentence=f"The answer rests on {home_months:,} months of {words.homes(homes)}.",
        tables=(Table(tidy=account, columns=ACCOUNT, title="What was noticed and left out, and why"),),
    )
