"""How is a protocol locked: what is shown of the months before the start, and what is written down?"""

from importlib.metadata import version

from analysis.errors import AnalysisError
from analysis.evaluation import material
from analysis.evaluation.provenance import code_digest
from analysis.figures import Source, markdown
from analysis.outcomes import Rate
from analysis.protocol import Protocol
from analysis.reports.before import before_of, figures
from analysis.reports.locks import Lock, before_digest
from analysis.store import Store

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
    if not isinstance(protocol.outcome, Rate):
        raise AnalysisError(
            "The protocol cannot be locked: it is not about admissions of homes.", found=protocol.kind,
            do="Send the protocol itself to a registry before the answer is seen.",
        )  # fmt: skip
    given = material(store, protocol.outcome)
    before = before_of(given.observed, given.spells, protocol)
    seen = markdown(f"Before the start: {protocol.title}", figures(before, protocol), Source(origin=""))
    until = str(before.panel.months[-1] + 1)
    lock = Lock(
        title=protocol.title, locked=now, protocol=protocol.to_toml(), homeward=version("homeward"),
        until=until, before_sha256=before_digest(given.observed, until), code_sha256=code_digest(),
    ).sealed()  # fmt: skip
    texts = {
        "before.md": seen, "plan.md": _plan(protocol, lock), "protocol.toml": lock.protocol, "lock.toml": lock.to_toml()
    }  # fmt: skip
    return lock, {name: text.encode("utf-8") for name, text in texts.items()}


def _plan(protocol: Protocol, lock: Lock) -> str:
    """Write the protocol under the headings of a plan of analysis."""
    outcome = protocol.outcome
    assert isinstance(outcome, Rate)
    told = {
        "title": protocol.title, "intervention": protocol.plan.intervention, "count": outcome.count,
        "exposure": outcome.exposure, "methods": ", ".join(protocol.methods), "seal": lock.seal, "locked": lock.locked,
        "subgroups": ", ".join(protocol.subgroups) or "None", "checks": ", ".join(protocol.checks),
    }  # fmt: skip
    said = {name: value.replace("_", " ") if name != "seal" else value for name, value in told.items()}
    parts = [f"## {heading}\n\n{text.format(**said)}\n" for heading, text in HEADINGS]
    return "\n".join(("# Plan of analysis\n", *parts, "## The protocol\n", f"```toml\n{lock.protocol}```\n"))
