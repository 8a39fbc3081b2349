"""Figures made ready for a screen once and shown many times: making a chart takes longer than all that is around it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from analysis.disclosure import UNSEEN_GUARD, inert
from analysis.figures.figure import Figure, Source, Table

if TYPE_CHECKING:  # a second to import, which the words on a page need not wait for
    import altair as alt


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadyChart:
    """A chart made ready: its Vega-Lite specification, with its data as Arrow streams."""

    spec: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadyTable:
    """A table made ready: for reading, with its whole numbers named, and for a program, as CSV (None: no download)."""

    name: str
    title: str
    shown: pa.Table
    whole: tuple[str, ...]
    csv: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadyFigure:
    """A figure made ready: its words, and in their place drawings and listings; what it was made from, to be cited."""

    figure: Figure
    drawing: ReadyChart | None
    tabs: tuple[tuple[str, ReadyChart], ...]
    listings: tuple[ReadyTable, ...]
    cited: str = ""


def ready(made: Figure, source: Source) -> ReadyFigure:
    """Make a figure ready."""
    return ReadyFigure(
        figure=replace(made, chart=None, tabs=(), tables=()),
        drawing=None if made.chart is None else drawing(made.chart),
        tabs=tuple((name, drawing(chart)) for name, chart in made.tabs),
        listings=tuple(_listed(table, source) for table in made.tables),
        cited=source.cite(made.title) if made.title else "",
    )


def drawing(chart: "alt.TopLevelMixin") -> ReadyChart:
    """Make a chart ready. It is not held against the schema of charts: the tests do that."""
    spec = chart.to_dict(validate=False)  # type: ignore[call-arg]
    streams = {name: _stream(pa.Table.from_pylist(rows)) for name, rows in spec.get("datasets", {}).items()}
    return ReadyChart(spec=spec | {"datasets": streams})


def _stream(data: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, data.schema) as writer:
        writer.write_table(data)
    return sink.getvalue().to_pybytes()


def _listed(table: Table, source: Source) -> ReadyTable:
    shown, csv = table.shown, table.csv(source) if table.name else None
    whole = tuple(str(column) for column in shown.select_dtypes("integer"))
    read = pa.Table.from_pandas(inert(shown, UNSEEN_GUARD), preserve_index=False)
    return ReadyTable(name=table.name, title=table.title, shown=read, whole=whole, csv=csv)
