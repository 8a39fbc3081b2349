"""Are outcomes held back until a plan is locked, and what has been shown, tried and locked in this session?

While they are held, a page that is not among `WITHOUT_OUTCOMES` says so and ends: a new page is held unless somebody
says that it shows no outcome. What is kept is this session's alone, and forgotten with it: the lock is a file the
visitor keeps.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from analysis.figures import Figure, Source
from analysis.figures.ready import ready
from analysis.protocol import Protocol
from pages.shared import cached
from pages.shared.access import note
from pages.shared.answer import Asked
from pages.shared.cached import Loaded, remembered
from pages.shared.showing import show

if TYPE_CHECKING:
    from analysis.reports.locks import Lock

HELD, LOCK, TRIED, ANSWERED = "outcomes held", "lock", "plans looked at", "answers seen"
"""Where the session keeps: whether outcomes are held back; the lock's text; what plans are about and the digests of
those whose months before the start were looked at; and digests of data of which an outcome was shown."""
WITHOUT_OUTCOMES = ("Step by step", "Plan", "Data", "Evidence", "Methods", "Proof")
"""Pages that show no outcome after a start, whatever is loaded."""
HELD_BACK = (
    "Outcomes are held back: nothing of what happened after the start is shown until the plan is locked. Whoever has "
    "seen an answer can no longer choose how to ask without knowing which way of asking gives what."
)


def remember() -> None:
    """Hold outcomes back for whoever came by an address that asks for it."""
    if st.query_params.get("outcomes") == "held" and HELD not in st.session_state:
        st.session_state[HELD] = True


def hold_at_first(data: Loaded) -> None:
    """Hold back outcomes of a visitor's own files, unless the visitor has decided or has seen one."""
    seen = data.digest in st.session_state.get(ANSWERED, ())
    if data.own and HELD not in st.session_state and LOCK not in st.session_state and not seen:
        hold(held=True)


def hold(*, held: bool) -> None:
    """Hold outcomes back, or no longer."""
    st.session_state[HELD] = held


def stop_if_held(title: str, data: Loaded) -> None:
    """End a page that shows outcomes while they are held back; note that it shows them where they are not."""
    if title in WITHOUT_OUTCOMES:
        return
    if not st.session_state.get(HELD):
        st.session_state.setdefault(ANSWERED, set()).add(data.digest)
        return
    st.info(HELD_BACK)
    st.page_link("pages/plan.py", label="Go on with the plan")
    st.button("Show answers without a lock: the report will say so", on_click=hold, kwargs={"held": False})
    st.stop()


def lock() -> "Lock | None":
    """Give the lock of this session."""
    text = st.session_state.get(LOCK)
    if not text:
        return None
    from analysis.reports.locks import read_text  # noqa: PLC0415 - what makes reports takes a second to import

    return read_text(text, "the lock")


def lock_of(protocol: Protocol) -> "Lock | None":
    """Give the lock of this session where it is of a plan about the same kind of thing."""
    if known := lock():
        from analysis.reports.locks import of_another_question  # noqa: PLC0415 - as above

        return None if of_another_question(known, protocol) else known
    return None


def take_in(text: str, name: str) -> None:
    """Take in a lock that was made before; outcomes need no longer be held.

    Raises
    ------
    AnalysisError
        If it is none, or was changed since.
    """
    from analysis.reports.locks import read_text  # noqa: PLC0415 - as above

    read_text(text, name)
    st.session_state[LOCK] = text
    hold(held=False)


def make(asked: Asked, signed: str) -> None:
    """Lock a plan, with what this session knows of how it came about."""
    from analysis.reports import locking  # noqa: PLC0415 - as above

    protocol, given = asked.protocol, asked.given
    tried = {digest for kind, digest in st.session_state.get(TRIED, set()) if kind == protocol.kind}
    seen = {asked.data.digest, cached.loaded().digest} & st.session_state.get(ANSWERED, set())
    made = locking.fixed(
        protocol, locking.seen_before(protocol, given), given, datetime.now(UTC).isoformat(timespec="seconds"),
        signed=" ".join(signed.split())[:80], earlier=len(tried - {protocol.digest}), answer_seen=bool(seen),
    )  # fmt: skip
    take_in(made.to_toml(), "the lock")
    note("locked", made.seal)


def before(asked: Asked) -> tuple[Figure, ...]:
    """Give what is to be seen before a plan is locked, and count it as looked at."""
    from analysis.reports import locking  # noqa: PLC0415 - as above
    from analysis.reports.before import CUT  # noqa: PLC0415

    data, protocol = asked.data, asked.protocol

    def work() -> tuple[Figure, ...]:
        seen = locking.seen_before(protocol, asked.given)
        warning, counted = "" if data.own else CUT, data.own or data.synthetic
        return tuple(locking.shown_before(seen, protocol, warning, counted=counted))

    made = remembered(data, ("before the start", *asked.key), work)
    st.session_state.setdefault(TRIED, set()).add((protocol.kind, protocol.digest))
    return made


def show_against_the_lock(asked: Asked, source: Source) -> None:
    """Say of an answer, wherever it is shown, what parts it from the plan that was locked, where one was."""
    if known := lock():
        from analysis.reports import locks  # noqa: PLC0415 - as above

        def digests() -> tuple[str, str]:
            given, at = asked.given, ("before", known.until, repr(asked.protocol.outcome))
            before = remembered(asked.data, at, lambda: locks.before_digest(given.observed, known.until))
            return before, locks.who_digest(given.spells, asked.protocol)

        show(ready(locks.against(known, asked.protocol, digests), source))
