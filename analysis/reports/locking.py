"""How is a protocol locked: what is shown of the months before the start, and what is written down?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from analysis.errors import AnalysisError
from analysis.evaluation import Material, material
from analysis.evaluation.provenance import code_digest
from analysis.figures import Figure, Source, markdown
from analysis.months import month_said
from analysis.outcomes import AreaMeasure, Rate, Ratings
from analysis.protocol import Protocol
from analysis.reports.before import CUT, OWNERS, Before, before_of, figures
from analysis.reports.before_areas import AreaBefore, area_before, area_figures
from analysis.reports.before_ratings import RatingsBefore, ratings_before, ratings_figures
from analysis.reports.locks import Lock, before_digest, who_digest
from analysis.store import Store

Seen = Before | RatingsBefore | AreaBefore
"""What is known of the time before the first start, by what the protocol is about."""
SEEN = (
    "{what} before the first start only: before.md, seen before the lock. Whether later ones, which are published, "
    "were known is for the evaluator to write."
)
OPEN = "Open: for the evaluator to write."
HEADINGS = (
    ("Title", "{title}"),
    ("What is evaluated", "The {intervention}. Why it should work, and what was done: for the evaluator to write."),
    ("Question and main outcome", "{question}"),
    ("Who is compared with whom", "As under [comparison], [intervention] and [window] of the protocol below."),
    ("Method", "{methods}, with the options under [model]; interval of 95% unless the protocol says otherwise."),
    ("Groups looked at", "{subgroups}. No other group is reported as if it had been planned."),
    ("Doubts that will be examined", "{checks}"),
    ("Missing data", "{missing}; what is left out is told with its reason."),
    ("Small counts", "Protected before anything is shown."),
    ("What was known before", "{seen}"),
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
    ("Quasi-experimental method", "{method} ({methods})"),
    ("Brief description", "{brief}"),
    ("Grant number; major project number", OPEN),
    ("Intervention start date", "{until} (actual{first})"),
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
        If a protocol of this kind cannot be locked, or too little is known of the time before.
    """
    given = material(store, protocol.outcome)
    before = seen_before(protocol, given)
    lock = fixed(protocol, before, given, now)
    return lock, written(protocol, lock, tuple(shown_before(before, protocol)))


def seen_before(protocol: Protocol, given: Material) -> Seen:
    """Cut what was observed at the first start.

    Raises
    ------
    AnalysisError
        As of `locked`.
    """
    return _ways(protocol)[0](given, protocol)


def shown_before(before: Seen, protocol: Protocol, warning: str = "", *, counted: bool = True) -> Iterator[Figure]:
    """Yield what is to be seen before the protocol is locked; as `before.figures`.

    Parameters
    ----------
    warning : str, optional
        By default that of exact counts of people, where there are any: ratings and areas' figures are published.
    """
    warning = warning or (OWNERS if isinstance(protocol.outcome, Rate) else CUT)
    return _ways(protocol)[1](before, protocol, warning, counted=counted)


def _ways(protocol: Protocol) -> tuple[Callable, Callable]:
    if type(protocol.outcome) in WAYS:
        return WAYS[type(protocol.outcome)]
    raise AnalysisError(
        "The protocol cannot be locked: it is not about admissions, ratings or one area.", found=protocol.kind,
        do="Send the protocol itself to a registry before the answer is seen.",
    )  # fmt: skip


def _of_rates(given: Material, protocol: Protocol) -> Before:
    return before_of(given.observed, given.spells, protocol)


WAYS: Mapping[type, tuple[Callable, Callable]] = {
    Rate: (_of_rates, figures),
    Ratings: (ratings_before, ratings_figures),
    AreaMeasure: (area_before, area_figures),
}
"""What a protocol is about, to how the time before is cut off, and to what is shown of it."""


def fixed(protocol: Protocol, before: Seen, given: Material, now: str, **around: Any) -> Lock:
    """Fix a protocol.

    Parameters
    ----------
    given : Material
        Not cut: homes and bed-days before the start are in the lock's digest, and no count.
    around : str, int, bool
        How it came to be locked: `signed`, `earlier`, `answer_seen`.
    """
    return Lock(
        title=protocol.title, locked=now, protocol=protocol.to_toml(), homeward=version("homeward"),
        until=before.until, before_sha256=before_digest(given.observed, before.until), code_sha256=code_digest(),
        who_sha256=who_digest(given.spells, protocol), **around,
    ).sealed()  # fmt: skip


def written(protocol: Protocol, lock: Lock, seen: Iterable[Figure] = ()) -> dict[str, bytes]:
    """Write down what was seen before, the plan under two sets of headings, the protocol, and the lock."""
    before = tuple(seen)
    texts = {"before.md": markdown(f"Before the start: {protocol.title}", before, Source(origin=""))} if before else {}
    texts |= {
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
    told = {
        "title": protocol.title, "intervention": protocol.plan.intervention,
        "methods": ", ".join(protocol.methods), "subgroups": ", ".join(protocol.subgroups) or "None",
        "checks": ", ".join(protocol.checks),
    }  # fmt: skip
    words = {name: value.replace("_", " ") for name, value in told.items()} | _asked(protocol)
    words |= {"seal": lock.seal, "locked": lock.locked, "until": month_said(lock.until)}
    return [f"## {heading}\n\n{text.format(**words)}\n" for heading, text in headings]


def _asked(protocol: Protocol) -> dict[str, str]:
    """Say what differs by what the protocol is about."""
    outcome, called = protocol.outcome, protocol.plan.intervention.replace("_", " ")
    if isinstance(outcome, AreaMeasure):
        asks = f"change {outcome.measure} of {outcome.area} from {month_said(outcome.start)} on"
        return {
            "question": f"Did it {asks}?", "brief": f"Did the {called} {asks}?", "method": "Comparison of one area",
            "missing": "Areas and months without figures take no part", "first": "",
            "seen": SEEN.format(what="Figures"),
        }  # fmt: skip
    if isinstance(outcome, Ratings):
        asks = f"change how homes were rated ({outcome.key_question})"
        return {
            "question": f"Did it {asks}?", "brief": f"Did the {called} {asks}, in care homes for adults in England?",
            "method": "Observed against expected", "first": ": the first home",
            "seen": SEEN.format(what="Ratings published"),
            "missing": "Homes not rated again take no part",
        }  # fmt: skip
    assert isinstance(outcome, Rate)
    count, exposure = (name.replace("_", " ") for name in (outcome.count, outcome.exposure))
    asks = f"change {count} over {exposure}"
    return {
        "question": f"Did it {asks}?", "brief": f"Did the {called} {asks} in care homes for adults in England?",
        "method": "Difference in differences", "missing": "Months without bed-days take no part",
        "first": ": the first home", "seen": "Months before the first start only: before.md, seen before the lock.",
    }  # fmt: skip
