"""How a figure is shown: what it says, the picture, and under it the table and the download.

Pictures and tables can be made ready once and shown many times: a page is drawn anew at every click, and making a chart
takes longer than everything else on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from analysis import tables
from analysis.disclosure import inert
from analysis.sources import visible
from pages.shared.frame import as_text

if TYPE_CHECKING:  # a second to import, which the words on a page need not wait for
    import altair as alt

TABLE = "Table and download"
INTERVALS = "Lines through the points are 95% intervals; the widest may run off the chart, and are in its table."
MONTHS = (
    "Thick lines are 95% intervals for one month at a time. Thin lines hold the truth of all months together 95 times "
    "in 100. The widest may run off the chart, and are in its table."
)


def say(answer: str) -> None:
    """Show an answer large, in words."""
    with st.container(border=True):
        st.html(f'<p style="font-size: 1.25rem; line-height: 1.5; margin: 0">{escape(visible(answer))}</p>')


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawing:
    """A chart made ready: its Vega-Lite specification, with its data as Arrow streams."""

    spec: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """A table made ready: for reading, with its whole numbers named, and for a program, as CSV (None: no download)."""

    name: str
    title: str
    shown: pa.Table
    whole: tuple[str, ...]
    csv: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure:
    """A heading with what stands under it: a sentence (set apart where `grave`), a picture, its source, a table."""

    title: str
    sentence: str
    source: str = ""
    drawing: Drawing | None = None
    table: Table | None = None
    more: tuple[tuple[str, tuple[str, ...]], ...] = ()
    grave: bool = False


def drawing(chart: "alt.TopLevelMixin") -> Drawing:
    """Make a chart ready. It is not held against the schema of charts: the tests do that."""
    spec = chart.to_dict(validate=False)  # type: ignore[call-arg]
    streams = {name: _stream(pa.Table.from_pylist(rows)) for name, rows in spec.get("datasets", {}).items()}
    return Drawing(spec=spec | {"datasets": streams})


def _stream(data: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, data.schema) as writer:
        writer.write_table(data)
    return sink.getvalue().to_pybytes()


def ready(
    name: str, shown: pd.DataFrame, download: pd.DataFrame, provenance: Mapping[str, str], *, title: str = TABLE
) -> Table:
    """Make a table ready; arguments as of `under`."""
    return _ready(name, title, shown, tables.csv(download, provenance))


def only_read(title: str, shown: pd.DataFrame) -> Table:
    """Make a table ready that has no download."""
    return _ready("", title, shown, None)


def _ready(name, title, shown, csv):
    whole = tuple(str(column) for column in shown.select_dtypes("integer"))
    table = pa.Table.from_pandas(inert(shown), preserve_index=False)
    return Table(name=name, title=title, shown=table, whole=whole, csv=csv)


def show(made: Figure) -> None:
    """Show what was made ready."""
    st.header(made.title)
    (st.warning if made.grave else st.markdown)(as_text(made.sentence))
    if made.drawing:
        st.vega_lite_chart(spec=made.drawing.spec, theme=None, width="stretch")
    if made.source:
        st.caption(as_text(made.source))
    if made.table:
        folded(made.table, made.title)
    for title, sentences in made.more:
        with st.expander(title):
            bullets(sentences)


def folded(made: Table, under: str = "") -> None:
    """Show a table folded away, with the button that downloads it; no two folds of a page are called the same."""
    of = under or made.name.replace("_", " ")
    with st.expander(f"{TABLE}: {of[:1].lower()}{of[1:]}" if made.title == TABLE else made.title):
        config = {name: st.column_config.NumberColumn(format="localized") for name in made.whole}
        st.dataframe(made.shown, hide_index=True, width="stretch", column_config=config)
        if made.csv is not None:
            st.download_button(
                "Download this table (CSV)", made.csv, f"{made.name}.csv", "text/csv",
                key=f"download {made.name}", on_click="ignore",
            )  # fmt: skip


def figure(title: str, sentence: str, chart: "alt.TopLevelMixin", source: str) -> None:
    """Show a heading, a sentence that reads the chart, the chart, and where it comes from."""
    show(Figure(title=title, sentence=sentence, drawing=drawing(chart), source=source))


def under(
    name: str, shown: pd.DataFrame, download: pd.DataFrame, provenance: Mapping[str, str], *, title: str = TABLE
) -> None:
    """Show the table of a figure and the button that downloads it.

    Parameters
    ----------
    name : str
        File name without its ending; also the key of the widgets.
    shown : DataFrame
        For reading.
    download : DataFrame
        For a program.
    provenance : mapping of str to str
        What it was made from.
    title : str
        What stands on the folded table.
    """
    folded(ready(name, shown, download, provenance, title=title))


def bullets(sentences: Iterable[str]) -> None:
    """Show sentences as a list."""
    if lines := [f"- {as_text(sentence)}" for sentence in sentences]:
        st.markdown("\n".join(lines))


def table(shown: pd.DataFrame) -> None:
    """Show a table; its own download holds nothing that a spreadsheet would run."""
    whole = {name: st.column_config.NumberColumn(format="localized") for name in shown.select_dtypes("integer")}
    st.dataframe(inert(shown), hide_index=True, width="stretch", column_config=whole)
