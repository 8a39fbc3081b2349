"""How far does one series scatter? Dispersion and intervals of one area's figures, or of one home's admissions."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.areas.case import Case
from analysis.areas.dispersion import Scatter, scatter
from analysis.charts import forest
from analysis.design import NEVER
from analysis.disclosure import BEHIND
from analysis.errors import AnalysisError
from analysis.evaluation import Evaluation
from analysis.figures.figure import Figure, Source, Table
from analysis.months import PERIODS
from analysis.panel import names_of
from analysis.results import interval
from analysis.tables.columns import Column
from analysis.words import change
from analysis.words import scatter as words
from analysis.words.phrases import p_value

TITLE = "What its own series can tell"
COLUMNS = (
    Column("Interval", "how"), Column("Takes periods to be", "supposes"),
    Column("Rate ratio since the start (95% interval)", ("estimate", "conf_low", "conf_high"), interval),
    Column("p", "p_value", lambda p: p_value(p).removeprefix("p = ").removeprefix("p ")),
    Column("False alarms", "alarms"), Column("of others", "others"),
)  # fmt: skip


def of_area(evaluation: Evaluation, name: str, source: Source) -> Iterator[Figure]:
    """Yield how far an area's figures scatter, where counts stand behind them."""
    observed = evaluation.observed
    if observed.told.counts:
        yield _drawn(Case.of(observed.panel, evaluation.design.design), (name, "areas"), source)


def of_home(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Yield how far the admissions of the one home with the intervention scatter, from counts as shown."""
    panel, design = evaluation.shown, evaluation.design
    rows = np.flatnonzero((design.start != NEVER) & design.included.any(axis=1))
    if len(rows) != 1 or not panel.likely:
        return
    row = int(rows[0])
    since, used = np.arange(len(panel.months)) >= design.start[row], design.included[row] & (panel.exposure[row] > 0)
    sums = (panel.counts[row, used & since].sum(), panel.counts[row, used & ~since].sum())
    if min(sums) <= BEHIND.hidden_to:
        yield Figure(title=TITLE, sentence="The home had too few admissions for its own series to be told.")
        return
    counted = panel.by_chance
    try:
        case = Case.of(counted, design, fewest=2)
    except AnalysisError as error:
        yield Figure(title=TITLE, sentence=str(error))
        return
    yield _drawn(case, (str(names_of(panel.units).iloc[row]), "homes"), source, by_others=True)


def _drawn(case: Case, called: tuple[str, str], source: Source, *, by_others: bool = False) -> Figure:
    try:
        found: Scatter = scatter(case, by_others=by_others)
    except AnalysisError as error:
        return Figure(title=TITLE, sentence=str(error))
    table = found.table.assign(supposes=[words.HOW[how] for how in found.table["how"]])
    numbers = ["estimate", "conf_low", "conf_high"]
    table = table.assign(**table[numbers].round(3 if not by_others else 2), p_value=table["p_value"].round(3))
    told = [change(ratio) for ratio in table["estimate"]]
    periods = f"{found.periods} {PERIODS[case.length]}s"
    against = ("Each month is held against the rate of the other homes.",) if by_others else ()
    worth, wolf = words.worth(table, called[1]), words.cries_wolf(table)
    return Figure(
        title=TITLE,
        warning=f"The interval of this series alone is not to be believed. {worth}" if wolf else "",
        sentence=words.scattered(found.dispersion, called[0], periods),
        notes=(*against, *(() if wolf else (worth,)), words.CANNOT),
        chart=forest(table.assign(told=told), "how", "Intervals of one series"),
        caption=source.caption("Lines are 95% intervals of one rate ratio, each as it supposes periods to scatter."),
        tables=(Table(tidy=_laid_out(table, found), columns=COLUMNS, name="single_series"),),
    )


def _laid_out(table: pd.DataFrame, found: Scatter) -> pd.DataFrame:
    return table.assign(dispersion=round(found.dispersion, 2), periods=found.periods)
