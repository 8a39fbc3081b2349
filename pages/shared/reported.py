"""The report of an answer, handed out in three forms, each made when it is asked for and remembered.

Making one takes a second or two. It waits its turn in the line of questions, in a thread of its own, so that no page
of another visitor waits for it; while it is made the button says so.
"""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.cached import Loaded, remembered

if TYPE_CHECKING:
    from analysis.reports import Report

LABELS = {"html": "Report to read (HTML)", "docx": "Report to edit (Word)", "pdf": "Report to print (PDF)"}
HELD = (
    "The report holds what this page shows, made for those who were not here: question, answer and gravest doubts on "
    "the first page. It needs no connection, and the same answer gives the same file."
)


def report_offered(data: Loaded, asked: tuple[Hashable, ...], make: Callable[[], "Report"]) -> None:
    """Offer the report of an answer.

    Parameters
    ----------
    asked : tuple
        What was asked of the data: all that the report depends on.
    make : callable
        Makes the report; called when one is asked for, and remembered.
    """
    st.caption(HELD)
    for column, (form, label) in zip(st.columns(3), LABELS.items(), strict=True):
        column.download_button(
            label, lambda form=form: _written(data, asked, make, form), f"report.{form}", key=f"report {form}",
            on_click="ignore",
        )  # fmt: skip


def _written(data: Loaded, asked: tuple[Hashable, ...], make: Callable[[], "Report"], form: str) -> bytes:
    from analysis.reports import write  # noqa: PLC0415 - a second to import: whoever asks for no report need not wait

    return remembered(
        data, ("report", form, *asked), lambda: write(remembered(data, ("report", *asked), make), form)
    )  # fmt: skip
