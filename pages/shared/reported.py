"""The report of an answer, handed out in three forms, each made when it is asked for and remembered.

Making one takes a second or two. It waits its turn in the line of questions, in a thread of its own, so that no page
of another visitor waits for it; while it is made the button says so.
"""
# ruff: noqa: PLC0415 - whoever asks for no report need not wait a second for what makes it

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from analysis.evaluation import Evaluation, with_checks
from analysis.figures import Source
from analysis.protocol import Protocol
from pages.shared import answer, cached
from pages.shared.cached import Loaded, remembered
from pages.shared.sections import hand_out

if TYPE_CHECKING:
    from analysis.figures import Figure
    from analysis.panel import Panel
    from analysis.plans.past import Ready
    from analysis.plans.targets import Listing, TargetingPlan
    from analysis.plans.what_if import WhatIf
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
    files = {
        label: (f"report.{form}", lambda form=form: _written(data, asked, make, form)) for form, label in LABELS.items()
    }
    hand_out(st.columns(3), files)


def _written(data: Loaded, asked: tuple[Hashable, ...], make: Callable[[], "Report"], form: str) -> bytes:
    from analysis.reports import write

    return remembered(data, ("report", form, *asked), lambda: write(remembered(data, ("report", *asked), make), form))


def of_evaluation(data: Loaded, evaluation: Evaluation) -> "Report":
    """Make the report of an evaluation."""
    from analysis.reports import evaluation_report

    return evaluation_report(evaluation, data.name)


def of_admissions(data: Loaded, protocol: Protocol) -> "Report":
    """Make the report of an answer about admissions, with the doubts that have been examined."""
    return of_evaluation(data, with_checks(cached.evaluation(data, protocol), answer.doubts(data, protocol)))


def of_what_if(data: Loaded, found: "WhatIf", source: Source) -> "Report":
    """Make the report of a scenario, which holds what takes longer too."""
    from analysis.figures import what_if as figures
    from analysis.plans.writing import provenance
    from analysis.reports import plan_report

    seen, plan = cached.past(data), found.scenario
    first = replace(figures.answer(found), warning=seen.left_out)
    shown = (first, *figures.rest(found, source, figures.Callbacks()))
    return plan_report("project", plan.title, shown, source, provenance(plan, data.store, seen.shown, plan.seed))


def of_plan(data: Loaded, plan: Any, figures: "Iterable[Figure]", source: Source, panel: "Panel | None") -> "Report":
    """Make the report of what was watched: of homes, or of one."""
    from analysis.plans.writing import provenance
    from analysis.reports import plan_report

    return plan_report("monitor", plan.title, figures, source, provenance(plan, data.store, panel, 0))


def of_targeting(data: Loaded, choice: "tuple[TargetingPlan, Listing]", ready: "Ready", source: Source) -> "Report":
    """Make the report of a choice of homes; where it works better is told of the intervention with most homes."""
    from analysis.figures import targeting as figures
    from analysis.plans import targets
    from analysis.plans.writing import provenance
    from analysis.reports import plan_report
    from pages.shared import plans

    (plan, found), seen = choice, cached.past(data)
    largest = targets.first_protocol(seen.spells)
    first = replace(figures.answer(found, ready.baseline), warning=seen.left_out)
    works = (lambda: plans.by_attribute(data, largest.plan.intervention)) if largest else (lambda: None)
    shown = (first, *figures.rest(plan, found, ready.baseline, source, works))
    return plan_report("target", plan.title, shown, source, provenance(plan, data.store, seen.shown, plan.seed))
