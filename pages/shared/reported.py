"""The report of an answer, handed out in three forms, each made when it is asked for and remembered.

Making one takes a second or two. It waits its turn in the line of questions, in a thread of its own, so that no page
of another visitor waits for it; while it is made the button says so.
"""
# ruff: noqa: PLC0415 - whoever asks for no report need not wait a second for what makes it

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import streamlit as st

from analysis.disclosure import HES
from analysis.evaluation import Evaluation, with_checks
from analysis.figures import Figure, Source
from analysis.outcomes import AreaMeasure
from analysis.paths import zipped
from analysis.protocol import Protocol
from pages.shared import answer, cached, gate
from pages.shared.cached import Loaded, remembered
from pages.shared.showing import hand_out, record, show

if TYPE_CHECKING:
    from analysis.panel import Panel
    from analysis.planning import AdmissionsPlan, RatingsPlan
    from analysis.plans.past import Ready
    from analysis.plans.targets import Listing, TargetingPlan
    from analysis.plans.what_if import WhatIf
    from analysis.reports import Report
    from analysis.reports.locks import Lock

LABELS = {"html": "Report to read (HTML)", "docx": "Report to edit (Word)", "pdf": "Report to print (PDF)"}
ANSWER_ITEMS = "Answer what TIDieR, RECORD and TARGET ask and no data tell"
UNNAMED = "A study before it starts"
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


def _offered(data: Loaded, asked: tuple[Hashable, ...], make: Callable[[], "Report"]) -> None:
    st.caption(HELD)
    files = {
        label: (f"report.{form}", lambda form=form: _written(data, asked, make, form)) for form, label in LABELS.items()
    }
    hand_out(st.columns(3), files)


def _written(data: Loaded, asked: tuple[Hashable, ...], make: Callable[[], "Report"], form: str) -> bytes:
    from analysis.reports import write

    return remembered(data, ("report", form, *asked), lambda: write(remembered(data, ("report", *asked), make), form))


def show_whole(data: Loaded, protocol: Protocol) -> None:
    """Show an answer with all that it rests on, how to repeat it, and its report."""
    source, first = answer.lead(data, protocol)
    show(first)
    for made in answer.behind(data, protocol):
        show(made)
    record(protocol.to_toml(), source, lambda: zipped(cached.evaluation(data, protocol).files()))
    key = ("evaluation", protocol.to_toml())
    report_offered(data, key, lambda: of_evaluation(data, cached.evaluation(data, protocol)))


def of_evaluation(data: Loaded, evaluation: Evaluation) -> "Report":
    """Make the report of an evaluation."""
    from analysis.reports import evaluation_report

    return evaluation_report(evaluation, data.name)


def of_admissions(
    data: Loaded, protocol: Protocol, lock: "Lock | None" = None, items: Mapping[str, str] = MappingProxyType({})
) -> "Report":
    """Make the report of an answer about admissions, with the doubts that have been examined."""
    from analysis.reports import evaluation_report

    evaluation = with_checks(cached.evaluation(data, protocol), answer.doubts(data, protocol))
    return evaluation_report(evaluation, data.name, lock, items)


def admissions_offered(data: Loaded, protocol: Protocol) -> None:
    """Offer the report of an answer about admissions, with the lock of this session and what the visitor writes."""
    st.header("Report")
    known = gate.lock()
    items = items_asked(cached.evaluation(data, protocol))
    asked = "evaluation", protocol.to_toml(), known.seal if known else "", repr(items)
    _offered(data, asked, lambda: of_admissions(data, protocol, known, items))


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


def of_what_if(data: Loaded, found: "WhatIf", source: Source) -> "Report":
    """Make the report of a scenario, which holds what takes longer too."""
    from analysis.figures import what_if as figures
    from analysis.plans.writing import provenance
    from analysis.reports import plan_report

    seen, plan = cached.past(data), found.scenario
    first = replace(figures.answer(found, source), warning=seen.left_out)
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


def of_study(data: Loaded, plan: "AdmissionsPlan | RatingsPlan", shown: Sequence[Figure], source: Source) -> "Report":
    """Make the report of a study planned; one of ratings rests on no data."""
    from analysis.planning import AdmissionsPlan
    from analysis.plans.writing import provenance
    from analysis.reports import plan_report

    panel, seed = (cached.past(data).shown, plan.seed) if isinstance(plan, AdmissionsPlan) else (None, 0)
    return plan_report("plan", plan.title or UNNAMED, shown, source, provenance(plan, data.store, panel, seed))


def of_years(data: Loaded, outcome: AreaMeasure, toml: str) -> "Report":
    """Make the report of one area's yearly measure."""
    from analysis import written
    from analysis.evaluation.provenance import code_digest
    from analysis.reports import plan_report
    from pages.shared import areas

    source, shown = areas.year_by_year(data, outcome)
    made_from = {
        "plan": {"title": outcome.measure, "digest": written.digest(outcome), "toml": toml},
        "data": {"digest": cached.released(data), "files": []},
        "code": {"homeward": version("homeward"), "sha256": code_digest()},
        "packages": {}, "seed": "none is drawn", "disclosure": str(HES),
    }  # fmt: skip
    return plan_report("years", f"{outcome.measure}, {outcome.area}", shown, source, made_from)
