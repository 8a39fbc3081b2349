"""How a figure is shown: what it says, the picture, and under it the table and the download."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from analysis import tables
from analysis.disclosure import inert
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
        st.html(f'<p style="font-size: 1.25rem; line-height: 1.5; margin: 0">{escape(answer)}</p>')


def figure(title: str, sentence: str, chart: "alt.TopLevelMixin", source: str) -> None:
    """Show a heading, a sentence that reads the chart, the chart, and where it comes from."""
    st.subheader(title)
    st.markdown(as_text(sentence))
    st.altair_chart(chart, theme=None, width="stretch")  # type: ignore[arg-type]
    st.caption(as_text(source))


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
    with st.expander(title):
        table(shown)
        st.download_button(
            "Download this table (CSV)", tables.csv(download, provenance), f"{name}.csv", "text/csv",
            key=f"download {name}", on_click="ignore",
        )  # fmt: skip


def bullets(sentences: Iterable[str]) -> None:
    """Show sentences as a list."""
    for sentence in sentences:
        st.markdown(f"- {as_text(sentence)}")


def table(shown: pd.DataFrame) -> None:
    """Show a table; its own download holds nothing that a spreadsheet would run."""
    whole = {name: st.column_config.NumberColumn(format="localized") for name in shown.select_dtypes("integer")}
    st.dataframe(inert(shown), hide_index=True, width="stretch", column_config=whole)
