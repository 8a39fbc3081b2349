"""Is the comparison fair? How alike homes were, the answer against homes made alike, and every defensible analysis."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.calibration import Calibration
from analysis.charts import fair as charts
from analysis.charts import forest
from analysis.checks.bare import ask_again
from analysis.design import NEVER, Design, MatchOn, Plan
from analysis.errors import AnalysisError
from analysis.evaluation import Evaluation
from analysis.figures.figure import Figure, Source, Table
from analysis.matching import comparable, e_value, sensitivity
from analysis.matching.comparable import Comparability, usual
from analysis.matching.unmeasured import e_value_of_interval
from analysis.months import MONTH, PERIODS
from analysis.panel import Panel
from analysis.results import interval
from analysis.specifications import curve, joint_test
from analysis.tables.columns import Column, number, percent
from analysis.words import fair as words

BALANCE = (
    Column("Known before the start", "covariate"), Column("Apart before (standard deviations)", "before", number(2)),
    Column("Apart after", "after", number(2)),
)  # fmt: skip
ANSWERS = (
    Column("Homes to compare with", "way"),
    Column("Rate ratio (95% interval)", ("estimate", "conf_low", "conf_high"), interval),
    Column("Homes with it", "treated"), Column("Without it", "untreated"), Column("Why not", "why"),
)  # fmt: skip
CURVE = (
    Column("Rate ratio (95% interval)", ("estimate", "conf_low", "conf_high"), interval),
    Column("Compared with", "comparison", lambda value: str(value).replace("_", " ")),
    Column("Homes", "matched", lambda value: words.WAYS[str(value)]), Column("Model", "model"),
    Column("Begins later, months", "first_month_later"), Column("Ends earlier, months", "last_month_earlier"),
    Column("Left out before, months", "months_before_left_out"), Column("Error", "error"),
)  # fmt: skip
CALIBRATED = (
    Column("True rate ratio", "ratio", number(2)), Column("Interval", "interval"), Column("Panels", "draws"),
    Column("Holds the truth", "coverage", lambda value: percent(100 * value)),
    Column("Claims an effect", "speaks", lambda value: percent(100 * value)),
)  # fmt: skip
WAYS = ("propensity", "mahalanobis", "entropy", "overlap")
"""Each holds the truth in 93 to 98% of 400 panels of each kind (`bench/matched.csv`)."""
SHOWN_AS = "entropy"
"""The way whose balance is drawn: it is exact where it exists; otherwise the first that answers."""


def figures(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Yield how alike homes were, the answer against homes made alike, and every defensible analysis."""
    yield from alike(evaluation, source)
    yield every_analysis(evaluation, source)


def alike(evaluation: Evaluation, source: Source, match_on: tuple[MatchOn, ...] = ()) -> Iterator[Figure]:
    """Yield how alike homes were before the start, and the answer against homes made alike.

    Parameters
    ----------
    match_on : tuple of MatchOn, optional
        What they are to be alike in; by default what the protocol says.
    """
    panel, design = evaluation.shown, evaluation.design
    plan = Plan(intervention=design.intervention, match_on=match_on or evaluation.protocol.plan.match_on)
    try:
        _, plain = comparable(panel, design, plan)
    except AnalysisError as error:
        yield Figure(title="Were the homes alike before the start?", warning=str(error))
    else:
        found = _made_alike(evaluation.model, (panel, design), plan)
        yield _balance(plain, found, source)
        yield _answers(found, words.made_alike(plan.match_on or usual(panel)), source)


def _made_alike(model, asked: tuple[Panel, Design], plan: Plan) -> dict[str, tuple[Comparability, tuple] | str]:
    """Ask against homes made alike in every way; why not, where there is no answer."""
    found: dict[str, tuple[Comparability, tuple] | str] = {}
    for way in WAYS:
        try:
            own, alike = comparable(*asked, replace(plan, match=way))
            found[way] = alike, ask_again(model, asked[0], own)
        except AnalysisError as error:
            found[way] = str(error)
    return found


def _balance(plain: Comparability, found: dict, source: Source) -> Figure:
    ways = [SHOWN_AS, *(way for way in WAYS if way != SHOWN_AS)]
    way = next((way for way in ways if not isinstance(found[way], str)), "none")
    drawn = plain if way == "none" else found[way][0]
    table = words.weights_told(pd.concat([drawn.balance, words.not_matched_on(drawn.beside)], ignore_index=True))
    return Figure(
        title="Were the homes alike before the start?",
        sentence=words.alike(plain),
        notes=(
            words.overlap(plain),
            *(words.after(told[0], way) for way, told in found.items() if not isinstance(told, str)),
        ),
        chart=charts.balance(table),
        caption=source.caption(f"After: {words.WAYS[way]}. Dashed lines mark a tenth, under which groups are alike."),
        tables=(Table(tidy=table, columns=BALANCE, name="balance"),),
    )


def _answers(found: dict, sentence: str, source: Source) -> Figure:
    rows = []
    for way, told in found.items():
        if isinstance(told, str):
            rows.append((words.WAYS[way], np.nan, np.nan, np.nan, "–", "–", told))
        else:
            alike, ratio = told
            rows.append((words.WAYS[way], *ratio[:3], str(alike.treated[1]), str(alike.untreated[1]), ""))
    names = ["way", "estimate", "conf_low", "conf_high", "treated", "untreated", "why"]
    table = pd.DataFrame(rows, columns=names)
    drawn = table.dropna(subset=["estimate", "conf_low"])
    told = [interval(row["estimate"], row["conf_low"], row["conf_high"]) for row in drawn.to_dict("records")]
    return Figure(
        title="The answer against homes made alike",
        sentence=sentence,
        notes=(words.NOT_SEEN,),
        chart=forest(drawn.assign(told=told), "way", "Ways of making homes alike") if len(drawn) else None,
        caption=source.caption("Lines are 95% intervals."),
        tables=(Table(tidy=table, columns=ANSWERS, name="against_homes_made_alike"),),
    )


def unmeasured(evaluation: Evaluation) -> Figure:
    """Say how strong something unmeasured would have to be."""
    panel, design = evaluation.shown, evaluation.design
    tidy = evaluation.published.tidy().iloc[0]
    spans = [float(tidy[name]) for name in ("estimate", "conf_low", "conf_high")]
    title = "Could something nobody measured explain it?"
    if not np.isfinite(spans).all():
        return Figure(title=title, sentence="Without an interval there is nothing to explain away.")
    differences = _pairs(panel, design)
    sentence = words.unmeasured(
        e_value(spans[0]), e_value_of_interval(*spans[1:]), round(sensitivity(differences), 1), len(differences)
    )
    return Figure(title=title, sentence=sentence)


def _pairs(panel: Panel, design: Design) -> np.ndarray:
    """Change of each matched home's log rate less that of its match, over the months before and after its start."""
    try:
        _, alike = comparable(panel, design, Plan(intervention=design.intervention, match="propensity"))
    except AnalysisError:
        return np.zeros(0)
    used, month = design.included & (panel.exposure > 0), np.arange(len(panel.months))
    found = []
    for one, other in alike.pairs:
        start = design.start[one] if design.start[one] != NEVER else design.start[other]
        changes = [_change(panel, used, home, month >= start) for home in (one, other)]
        found.append(changes[0] - changes[1])
    return np.array([value for value in found if np.isfinite(value)])


def _change(panel: Panel, used: np.ndarray, home: int, after: np.ndarray) -> float:
    logs = []
    for months in (used[home] & ~after, used[home] & after):
        days = panel.exposure[home, months].sum()
        logs.append(np.log((panel.counts[home, months].sum() + 0.5) / days) if days > 0 else np.nan)
    return float(logs[1] - logs[0])


def every_analysis(evaluation: Evaluation, source: Source) -> Figure:
    """Show what every other defensible analysis would have said."""
    panel, design, model = evaluation.shown, evaluation.design, evaluation.model
    title = "What would other defensible analyses have said?"
    if panel.length != MONTH:
        return Figure(title=title, sentence=words.NOT_BY_PERIOD.format(period=PERIODS[panel.length]))
    found = curve(panel, design, model if isinstance(model, StaggeredRates) else None)
    if not len(found.table):
        return Figure(title=title, sentence="No analysis can be told here: too few months, homes or admissions.")
    joint = joint_test(panel, design, seed=evaluation.protocol.seed)
    return Figure(
        title=title,
        sentence=words.every_analysis(found, joint),
        chart=charts.curve(found.table),
        caption=source.caption("Thin lines are 95% intervals. A rate ratio of 1 is no difference."),
        tables=(Table(tidy=found.table, columns=CURVE, name="every_analysis"),),
    )


def calibrated(found: Calibration, source: Source) -> Figure:
    """Show how right this design is on these homes."""
    table = found.table.round({"bias": 3, "bias_error": 3, "coverage": 3, "speaks": 3, "share_error": 3})
    return Figure(
        title="How right is this design on these homes?",
        notes=tuple(words.calibrated(found)),
        caption=source.caption(
            f"Homes drawn with replacement from the {found.sources:,} without the intervention; the intervention given "
            "by lot. This does not know how homes were really chosen."
        ),
        tables=(Table(tidy=table, columns=CALIBRATED, name="calibration"),),
    )
