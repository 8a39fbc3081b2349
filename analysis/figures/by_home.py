"""What did it do in each home? A caterpillar in no order of effect, and whether homes differ at all."""

import pandas as pd

from analysis.admissions.answer.by_home import FEWEST, FEWEST_HOMES, FEWEST_OTHERS
from analysis.charts.by_home import caterpillar
from analysis.evaluation import Evaluation
from analysis.figures.figure import Figure, Source, Table
from analysis.panel import names_of
from analysis.results import interval
from analysis.tables.columns import Column, percent
from analysis.words import by_home as words

COLUMNS = (
    Column("Home", "name"),
    Column("Rate ratio, drawn together (95% interval)", ("estimate", "conf_low", "conf_high"), interval),
    Column("Chance of being in the fifth in which it did most", "best_fifth", lambda value: percent(100 * value)),
)
MOST_DRAWN = 40
"""Homes drawn: more take three screens, and stand in the table."""


def by_home(evaluation: Evaluation, source: Source) -> Figure:
    """Say whether homes differ, and draw what is known of each."""
    effects = evaluation.published
    found, shown = effects.diagnostic("homes_differ"), effects.diagnostic("by_home")
    sentence = words.differ(found, shown, (FEWEST_HOMES, FEWEST_OTHERS, FEWEST))
    if not len(shown):
        return Figure(title="By home", sentence=sentence)
    named = shown.assign(name=_names(names_of(evaluation.panel.units), shown["unit"]))
    left = int(found["of"].iloc[0]) - len(shown)
    return Figure(
        title="By home",
        sentence=sentence,
        notes=(*words.CANNOT, *words.left_out(left, len(named) - MOST_DRAWN)),
        chart=caterpillar(named.head(MOST_DRAWN), float(found["estimate"].iloc[0])),
        caption=source.caption(words.DRAWN_TOGETHER),
        tables=(Table(tidy=named[["unit", "name", *shown.columns[1:]]], columns=COLUMNS, name="effect_by_home"),),
    )


def _names(names: pd.Series, units: pd.Series) -> list[str]:
    """Name homes; two of one name are told apart by their numbers."""
    own = names.reindex(units).astype(str)
    twice = own.duplicated(keep=False).to_numpy()
    return [f"{name} ({unit})" if same else name for name, unit, same in zip(own, units, twice, strict=True)]
