"""How is a protocol locked: what is shown of the months before the start, and what is written down?"""

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from analysis.errors import AnalysisError
from analysis.evaluation import Material, material
from analysis.evaluation.provenance import code_digest
from analysis.figures import Figure, Source, markdown
from analysis.months import month_said
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.protocol import Protocol
from analysis.reports.before import Before, before_of, figures
from analysis.reports.locks import Lock, before_digest
from analysis.store import Store

OPEN = "Open: for the evaluator to write."
HEADINGS = (
    ("Title", "{title}"),
    ("What is evaluated", "The {intervention}. Why it should work, and what was done: for the evaluator to write."),
    ("Question and main outcome", "Did it change {count} over {exposure}?"),
    ("Who is compared with whom", "As under [comparison], [intervention] and [window] of the protocol below."),
    ("Method", "{methods}, with the options under [model]; interval of 95% unless the protocol says otherwise."),
    ("Groups looked at", "{subgroups}. No other group is reported as if it had been planned."),
    ("Doubts that will be examined", "{checks}"),
    ("Missing data", "Months without bed-days take no part; what is left out is told with its reason."),
    ("Small counts", "Protected before anything is shown."),
    ("What was known before", "Months before the first start only: before.md, seen before the lock."),
    ("Open", "Ethics, funding, conflicts of interest, who did what, when it will be reported: for the evaluator."),
    ("Lock", "Seal {seal}, {locked}"),
)
"""Headings of a plan of analysis that is registered before data are seen, and what stands under each."""

REGISTRY = (
    ("Title", "{title}"),
    ("Lead department, and others involved", OPEN),
    ("Status", "Planned"),
    ("Evaluation type", "Impact"),
    ("Impact evaluation: design", "Quasi-experimental"),
    ("Quasi-experimental method", "Difference in differences ({methods})"),
    ("Brief description", "Did the {intervention} change {count} over {exposure} in care homes for adults in England?"),
    ("Grant number; major project number", OPEN),
    ("Intervention start date", "{until} (actual: the first home)"),
    ("Evaluation start; final data analysis start; publication of final results", OPEN),
    ("Link to the evaluation plan", "plan.md, with seal {seal}: for the evaluator to publish"),
    ("Link to the published evaluation; if there is none, why", OPEN),
)
"""What the Government's Evaluation Registry asks of an entry, in its order, and what is known of each.

Source: the fields of its open code (i-dot-ai/evaluation-registry, `EvaluationComponent` and `EventDate`), read in 2026.
"""


def locked(protocol: Protocol, store: Store, now: str) -> tuple[Lock, dict[str, bytes]]:
    """Look at the months before the start, and fix the protocol: the lock, and the files that are written.

    Parameters
    ----------
    now : str
        The time, in UTC.

    Raises
    ------
    AnalysisError
        If the protocol is not about admissions, or too little is known of the time before.
    """
    _about_admissions(protocol)
    given = material(store, protocol.outcome)
    before = seen_before(protocol, given)
    lock = fixed(protocol, before, given.observed, now)
    return lock, written(protocol, lock, tuple(figures(before, protocol)))


def seen_before(protocol: Protocol, given: Material) -> Before:
    """Cut what was observed at the first start.

    Raises
    ------
    AnalysisError
        As of `locked`.
    """
    _about_admissions(protocol)
    return before_of(given.observed, given.spells, protocol)


def _about_admissions(protocol: Protocol) -> None:
    if not isinstance(protocol.outcome, Rate):
        raise AnalysisError(
            "The protocol cannot be locked: it is not about admissions of homes.", found=protocol.kind,
            do="Send the protocol itself to a registry before the answer is seen.",
        )  # fmt: skip


def fixed(protocol: Protocol, before: Before, panel: Panel, now: str, **around: Any) -> Lock:
    """Fix a protocol.

    Parameters
    ----------
    panel : Panel
        Not cut: its homes and bed-days before the start are in the lock's digest, and no count.
    around : str, int, bool
        How it came to be locked: `signed`, `earlier`, `answer_seen`.
    """
    until = str(before.panel.months[-1] + 1)
    return Lock(
        title=protocol.title, locked=now, protocol=protocol.to_toml(), homeward=version("homeward"),
        until=until, before_sha256=before_digest(panel, until), code_sha256=code_digest(), **around,
    ).sealed()  # fmt: skip


def written(protocol: Protocol, lock: Lock, seen: Iterable[Figure]) -> dict[str, bytes]:
    """Write down what was seen before, the plan under two sets of headings, the protocol, and the lock."""
    texts = {
        "before.md": markdown(f"Before the start: {protocol.title}", seen, Source(origin="")),
        "plan.md": _plan(protocol, lock), "registry.md": _registry(protocol, lock),
        "protocol.toml": lock.protocol, "lock.toml": lock.to_toml(),
    }  # fmt: skip
    return {name: text.encode("utf-8") for name, text in texts.items()}


def _plan(protocol: Protocol, lock: Lock) -> str:
    """Write the protocol under the headings of a plan of analysis."""
    parts = ("# Plan of analysis\n", *_under(HEADINGS, protocol, lock), "## The protocol\n")
    return "\n".join((*parts, f"```toml\n{lock.protocol}```\n"))


def _registry(protocol: Protocol, lock: Lock) -> str:
    """Write what is known under the headings of the Evaluation Registry."""
    return "\n".join(("# Entry for the Evaluation Registry\n", *_under(REGISTRY, protocol, lock)))


def _under(headings: tuple[tuple[str, str], ...], protocol: Protocol, lock: Lock) -> list[str]:
    outcome = protocol.outcome
    assert isinstance(outcome, Rate)
    told = {
        "title": protocol.title, "intervention": protocol.plan.intervention, "count": outcome.count,
        "exposure": outcome.exposure, "methods": ", ".join(protocol.methods),
        "subgroups": ", ".join(protocol.subgroups) or "None", "checks": ", ".join(protocol.checks),
    }  # fmt: skip
    words = {name: value.replace("_", " ") for name, value in told.items()}
    words |= {"seal": lock.seal, "locked": lock.locked, "until": month_said(lock.until)}
    return [f"## {heading}\n\n{text.format(**words)}\n" for heading, text in headings]
