"""The report of an answer, handed out in three forms, each made when it is asked for and remembered.

Making one takes a second or two. It waits its turn in the line of questions, in a thread of its own, so that no page
of another visitor waits for it; while it is made the button says so.
"""
# ruff: noqa: PLC0415 - whoever asks for no report need not wait a second for what makes it

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

import streamlit as st

from analysis.evaluation import Evaluation
from analysis.figures.of_plans import PlanFigures
from analysis.paths import zipped
from analysis.protocol import Protocol
from pages.shared import answer, cached, gate
from pages.shared.cached import Loaded, remembered
from pages.shared.showing import hand_out, record, show

if TYPE_CHECKING:
    from analysis.reports import Report

LABELS = {"html": "Report to read (HTML)", "docx": "Report to edit (Word)", "pdf": "Report to print (PDF)"}
ANSWER_ITEMS = "Answer what TIDieR, RECORD and TARGET ask and no data tell"
HELD = (
    "The report holds what this page shows, made for those who were not here: question, answer and gravest doubts on "
    "the first page. It needs no connection, and the same answer gives the same file."
)


def report_offered(
    data: Loaded, asked: tuple[Hashable, ...], make: Callable[[], "Report"], heading: str = "Report"
) -> None:
    """Offer the report of an answer, under a heading by which the contents list finds it.

    Parameters
    ----------
    asked : tuple
        What was asked of the data: all that the report depends on.
    make : callable
        Makes the report; called when one is asked for, and remembered.
    heading : str
        What more follows under it, where something does.
    """
    st.header(heading)
    _offered(data, asked, make)


def plan_offered(
    data: Loaded, verb: str, asked: tuple[Hashable, ...], make: Callable[[], PlanFigures], heading: str = "Report"
) -> None:
    """Offer the report of a plan that was carried out by a verb of the command line; the rest as `report_offered`."""

    def report() -> "Report":
        from analysis.reports import plan_report

        return plan_report(verb, make())

    report_offered(data, asked, report, heading)


def _offered(data: Loaded, asked: tuple[Hashable, ...], make: Callable[[], "Report"]) -> None:
    st.caption(HELD)
    files = {
        label: (f"report.{form}", lambda form=form: _written(data, asked, make, form)) for form, label in LABELS.items()
    }
    hand_out(st.columns(3), files)


def _written(data: Loaded, asked: tuple[Hashable, ...], make: Callable[[], "Report"], form: str) -> bytes:
    from analysis.reports import write

    return remembered(data, ("report", form, *asked), lambda: write(remembered(data, ("report", *asked), make), form))


def evaluation_offered(asked: answer.Asked) -> None:
    """Offer the report of an evaluation, with the lock of this session where it is of such a plan."""
    known = gate.lock_of(asked.protocol)

    def report() -> "Report":
        from analysis.reports import evaluation_report

        return evaluation_report(asked.evaluation, asked.data.name, known)

    report_offered(asked.data, ("evaluation", *asked.key, known.seal if known else ""), report)


def show_whole(asked: answer.Asked) -> None:
    """Show an answer with all that it rests on, how to repeat it, and its report."""
    source = answer.show_lead(asked)
    for made in answer.behind(asked):
        show(made)
    record(asked.protocol.to_toml(), source, lambda: zipped(asked.evaluation.files()))
    evaluation_offered(asked)


def admissions_offered(data: Loaded, protocol: Protocol) -> None:
    """Offer the report of an answer about admissions, with the lock of this session and what the visitor writes."""
    st.header("Report")
    known = gate.lock_of(protocol)
    items = items_asked(cached.evaluation(data, protocol))
    asked = "evaluation", protocol.to_toml(), known.seal if known else "", repr(items)

    def report() -> "Report":
        from analysis.reports import evaluation_report

        return evaluation_report(cached.evaluation(data, protocol), data.name, known, items)

    _offered(data, asked, report)


def items_asked(evaluation: Evaluation) -> dict[str, str]:
    """Ask for what reporting guidelines want to know and no data tell: for the report, and kept nowhere else."""
    if not st.toggle(ANSWER_ITEMS, key="items", bind="query-params"):
        return {}
    from analysis.reports.designs import facts_of
    from analysis.reports.items import open_items

    asks = open_items(evaluation, facts_of(evaluation))
    given = {
        key: st.text_area(f"{key}. {told}", key=f"item {key}", height=68, persist_state="session")
        for key, told in asks.items()
    }
    return {key: text for key, text in given.items() if text}
