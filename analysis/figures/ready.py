"""Figures made ready for a screen once and shown many times: making a chart takes longer than all that is around it."""

import json
from dataclasses import dataclass, replace
from math import isnan
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from analysis.disclosure import UNSEEN_GUARD, inert
from analysis.figures.figure import TABLE, Figure, Source, Table
from analysis.figures.period import by_period
from analysis.tables.laid_out import html as as_html
from analysis.tables.laid_out import laid_out

if TYPE_CHECKING:  # a second to import, which the words on a page need not wait for
    import altair as alt


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadyChart:
    """A chart made ready: its Vega-Lite specification, with its data as Arrow streams."""

    spec: dict[str, Any]

    def svg(self) -> bytes:
        """Draw it in lines and letters, here: no browser, and nobody else, is asked."""
        import vl_convert  # noqa: PLC0415 - a second to import, which whoever asks for no picture need not wait for

        sets = self.spec["datasets"].items()
        rows = {name: pa.ipc.open_stream(stream).read_all().to_pylist() for name, stream in sets}
        return vl_convert.vegalite_to_svg(drawn_from(self.spec | {"datasets": rows}, WIDE)).encode()


def drawn_from(spec: dict[str, Any], width: int) -> str:
    """Write a chart of some width as JSON, from which it is drawn; what JSON has no number for is left out."""
    return json.dumps(_without_nan(sized(spec, width)))


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nan(each) for name, each in value.items()}
    if isinstance(value, list):
        return [*map(_without_nan, value)]
    return None if isinstance(value, float) and isnan(value) else value


WIDE = 560
"""Pixels of the plotted part of a picture that stands by itself; the names beside it come on top."""
INSIDE = ("hconcat", "vconcat", "concat", "facet", "repeat", "spec")
"""What a chart has that is made of several: each has a width of its own."""


def sized(spec: dict[str, Any], width: int) -> dict[str, Any]:
    """Give a chart a width, unless it has its own."""
    return spec if any(part in spec for part in INSIDE) else {"width": width} | spec


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadyTable:
    """A table made ready: for reading, laid out or, if it is long, to be searched; and as CSV (None: no download).

    Parameters
    ----------
    name, title : str
    shown : pyarrow Table
    whole : tuple of str
        Columns of whole numbers.
    html : str
        The table laid out; empty where it is longer than `READ`.
    csv : bytes or None
    rows : int
        Of the table as a whole, of which no more than `MOST_SENT` are shown where all are in the download.
    """

    name: str
    title: str
    shown: pa.Table
    whole: tuple[str, ...]
    html: str = ""
    csv: bytes | None = None
    rows: int = 0


NARROW = 3
"""Columns of a table up to which it fits beside itself on a telephone; of more, each row is a list there."""
MOST_SENT = 2_000
"""Rows of a table that a browser is sent: nobody reads more, and of a country they are megabytes at every click."""
READ, AT_ONCE = 60, 20
"""Rows of a table up to which somebody reads it, so that no text of it may be cut; and up to which all are seen at
once: more are rolled through."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadyFigure:
    """A figure made ready: its words, and in their place drawings and listings; what it was made from, to be cited."""

    figure: Figure
    drawing: ReadyChart | None
    tabs: tuple[tuple[str, ReadyChart], ...]
    listings: tuple[ReadyTable, ...]
    cited: str = ""


def ready(made: Figure, source: Source) -> ReadyFigure:
    """Make a figure ready; of homes counted by quarter or year it says so."""
    made = by_period(made, source.length)
    return ReadyFigure(
        figure=replace(made, chart=None, tabs=(), tables=()),
        drawing=None if made.chart is None else drawing(made.chart),
        tabs=tuple((name, drawing(chart)) for name, chart in made.tabs),
        listings=tuple(_listed(table, made.title, source) for table in made.tables),
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


def _listed(table: Table, under: str, source: Source) -> ReadyTable:
    shown, csv = table.shown, table.csv(source) if table.name else None
    whole = tuple(str(column) for column in shown.select_dtypes("integer"))
    sent = shown if csv is None else shown.head(MOST_SENT)
    read = pa.Table.from_pandas(inert(sent, UNSEEN_GUARD), preserve_index=False)
    kind = f"hw-table{' long' * (len(shown) > AT_ONCE)}{' stacked' * (shown.shape[1] > NARROW)}"
    named = under if table.title in ("", TABLE) else table.title
    html = as_html(laid_out(shown), named or table.name, kind) if 0 < len(shown) <= READ else ""
    return ReadyTable(name=table.name, title=table.title, shown=read, whole=whole, html=html, csv=csv, rows=len(shown))
