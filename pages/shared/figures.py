"""How is a figure shown: what it says, the picture, and under it the table and the download?

Pictures and tables are made ready once and shown many times: a page is drawn anew at every click, and making a chart
takes longer than everything else on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import streamlit as st

from analysis.disclosure import UNSEEN_GUARD, inert
from analysis.figures import Figure, Source, Table
from analysis.figures.figure import TABLE
from analysis.sources import visible
from pages.shared.frame import as_text

if TYPE_CHECKING:  # a second to import, which the words on a page need not wait for
    import altair as alt


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawing:
    """A chart made ready: its Vega-Lite specification, with its data as Arrow streams."""

    spec: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listing:
    """A table made ready: for reading, with its whole numbers named, and for a program, as CSV (None: no download)."""

    name: str
    title: str
    shown: pa.Table
    whole: tuple[str, ...]
    csv: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ready:
    """A figure made ready: its words, and in their place drawings and listings."""

    figure: Figure
    drawing: Drawing | None
    tabs: tuple[tuple[str, Drawing], ...]
    listings: tuple[Listing, ...]


def ready(made: Figure, source: Source) -> Ready:
    """Make a figure ready."""
    return Ready(
        figure=replace(made, chart=None, tabs=(), tables=()),
        drawing=None if made.chart is None else drawing(made.chart),
        tabs=tuple((name, drawing(chart)) for name, chart in made.tabs),
        listings=tuple(_listed(table, source) for table in made.tables),
    )


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


def _listed(table: Table, source: Source) -> Listing:
    shown, csv = table.shown, table.csv(source) if table.name else None
    whole = tuple(str(column) for column in shown.select_dtypes("integer"))
    read = pa.Table.from_pandas(inert(shown, UNSEEN_GUARD), preserve_index=False)
    return Listing(name=table.name, title=table.title, shown=read, whole=whole, csv=csv)


def show(made: Ready) -> None:
    """Show what was made ready."""
    figure = made.figure
    if figure.title and figure.level == 2:
        st.header(figure.title)
    if figure.warning:
        st.warning(as_text(figure.warning))
    if figure.headline:
        say(figure.headline)
    began = f"**{as_text(figure.title)}** " if figure.level == 3 else ""  # as the first words of what it says
    if began or figure.sentence:
        st.markdown(f"{began}{as_text(figure.sentence)}")
    bullets(figure.notes)
    if made.drawing:
        st.vega_lite_chart(spec=made.drawing.spec, theme=None, width="stretch")
    for (_, drawn), tab in zip(made.tabs, st.tabs([name for name, _ in made.tabs]) if made.tabs else (), strict=True):
        tab.vega_lite_chart(spec=drawn.spec, theme=None, width="stretch")
    if figure.caption:
        st.caption(as_text(figure.caption))
    for listing in made.listings:
        folded(listing, figure.title) if listing.title else _laid_out(listing)
    for title, sentences in figure.more:
        with st.expander(title):
            bullets(sentences)


def say(answer: str) -> None:
    """Show an answer large, in words."""
    with st.container(border=True):
        st.html(f'<p style="font-size: 1.25rem; line-height: 1.5; margin: 0">{escape(visible(answer))}</p>')


def folded(made: Listing, under: str = "") -> None:
    """Show a table folded away, with the button that downloads it; no two folds of a page are called the same."""
    of = under or made.name.replace("_", " ")
    with st.expander(f"{TABLE}: {of[:1].lower()}{of[1:]}" if made.title == TABLE else made.title):
        _laid_out(made)


SEEN_WHOLE = 20
"""Rows of a table up to which all are seen at once; longer ones are rolled through."""


def _laid_out(made: Listing) -> None:
    config = {name: st.column_config.NumberColumn(format="localized") for name in made.whole}
    height = "content" if made.shown.num_rows <= SEEN_WHOLE else "auto"
    st.dataframe(made.shown, hide_index=True, width="stretch", height=height, column_config=config)
    if made.csv is not None:
        st.download_button(
            "Download this table (CSV)", made.csv, f"{made.name}.csv", "text/csv",
            key=f"download {made.name}", on_click="ignore",
        )  # fmt: skip


def bullets(sentences: Iterable[str]) -> None:
    """Show sentences as a list."""
    if lines := [f"- {as_text(sentence)}" for sentence in sentences]:
        st.markdown("\n".join(lines))
