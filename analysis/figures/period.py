"""By which period are the homes of a figure counted, where they are not counted by month?

What is said of an answer says "month" where it means the panel's period. Of homes counted by quarter or year everything
that is read, headings, sentences, cells and the words of pictures, says so; names of columns in files stay.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from analysis.figures.figure import Fact, Figure, Table
from analysis.months import MONTH, in_periods
from analysis.tables.columns import Column

READ = ("title", "description", "text", "labelExpr")
"""Parts of a picture that are read."""


def by_period(figure: Figure, length: int) -> Figure:
    """Give a figure of homes that are counted by periods of so many months."""
    if length == MONTH:
        return figure
    told = partial(in_periods, length=length)
    words = {
        name: told(getattr(figure, name))
        for name in ("title", "warning", "headline", "call", "cost", "sentence", "caption")
    }
    return replace(
        figure,
        **words,
        facts=tuple(Fact(*map(told, (fact.name, fact.value, fact.more))) for fact in figure.facts),
        notes=tuple(map(told, figure.notes)),
        chart=figure.chart and _chart(figure.chart, told),
        tabs=tuple((told(name), _chart(chart, told)) for name, chart in figure.tabs),
        tables=tuple(_table(table, told) for table in figure.tables),
        more=tuple((told(name), tuple(map(told, sentences))) for name, sentences in figure.more),
    )


def _table(table: Table, told: Callable) -> Table:
    if not table.columns:
        shown = table.tidy.rename(columns=told)
        return replace(table, tidy=shown.map(told), title=told(table.title))
    columns = tuple(replace(each, heading=told(each.heading), write=_written(each, told)) for each in table.columns)
    return replace(table, columns=columns, title=told(table.title))


def _written(column: Column, told: Callable) -> Callable[..., Any]:
    """Write a cell as the column does, and say it of periods."""
    return lambda *values: told(column.write(*values) if column.write else values[0])


def _chart(chart: Any, told: Callable) -> Any:
    return type(chart).from_dict(_said(chart.to_dict(validate=False), told), validate=False)


def _said(spec: Any, told: Callable, read: bool = False) -> Any:
    """Say the parts of a specification that are read; what is drawn of its data is the chart's own words too."""
    if isinstance(spec, dict):
        return {name: part if name == "datasets" else _said(part, told, name in READ) for name, part in spec.items()}
    if isinstance(spec, list):
        return [_said(part, told, read) for part in spec]
    return told(spec) if read else spec
