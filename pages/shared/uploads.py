"""What does an uploaded file say, and what must its owner decide before it can be loaded?

Questions stand beside the file as select boxes; each answer reads the file again. Nothing is loaded until every
question of every file is answered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

import streamlit as st

from analysis.sources import Finding, Reading, read, recognised
from pages.shared.frame import as_text

KINDS = {
    "reject": "Refused",
    "ask": "Your decision is needed",
    "rows": "Rows set aside",
    "warn": "Kept, with a caveat",
    "note": "Repaired or noted",
}
"""Outcome of a finding to its heading, the gravest first."""

ADDED = {"add": "Add them: they are other people's admissions", "replace": "Replace them: a newer extract of the same"}

NUMBERS = {
    "": "Ask me: load no such file before I have said",
    "one home": "It is one home, registered again",
    "different homes": "They are different homes",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ready:
    """A file that can be loaded: its reading, and the answers it was read with."""

    reading: Reading
    say: dict[str, str]


def review(name: str, content: bytes) -> Ready | None:
    """Show what a file says and ask its questions; None while it cannot be loaded."""
    digest = sha256(content).hexdigest()
    with st.container(border=True):
        say = _answers(digest)
        reading = _reading(name, digest, tuple(sorted(say.items())), content)
        st.markdown(f"**{as_text(name)}** {as_text(_recognised_as(reading))}")
        show_findings(finding for finding in reading.findings if finding.outcome != "ask")
        for finding in reading.questions:
            _ask(finding, digest)
        if reading.columns:
            _correct(reading, digest)
    return None if reading.questions or reading.refusals else Ready(reading=reading, say=say)


@st.cache_resource(max_entries=20, scope="session", show_spinner="Reading the file …")
def _reading(name: str, digest: str, say: tuple[tuple[str, str], ...], _content: bytes) -> Reading:
    return read(name, _content, dict(say))


def _recognised_as(reading: Reading) -> str:
    titles = _titles()
    kind = f"recognised as: {titles[reading.layout]}." if reading.layout in titles else "not recognised."
    if reading.questions or reading.refusals:
        return kind
    return (
        f"{kind} {reading.rows_in:,} rows = {reading.rows_used:,} to use + {len(reading.set_aside):,} set aside + "
        f"{reading.rows_dropped:,} dropped by a stated rule."
    )


def show_findings(findings: Iterable[Finding]) -> None:
    """List findings under their outcome, the gravest first."""
    said = list(findings)
    for outcome, heading in KINDS.items():
        chosen = [finding for finding in said if finding.outcome == outcome]
        if chosen:
            lines = "\n".join(f"- {as_text(finding)}" for finding in chosen)
            (st.error if outcome == "reject" else st.markdown)(f"**{heading}**\n\n{lines}")


def _answers(digest: str) -> dict[str, str]:
    """Collect what the owner has answered about this file so far."""
    return dict(st.session_state.get(f"say {digest}", {}))


def _say(digest: str, question: str, key: str) -> None:
    answers = _answers(digest)
    if st.session_state[key] is not None:
        answers[question] = st.session_state[key]
    st.session_state[f"say {digest}"] = answers


def _ask(finding: Finding, digest: str) -> None:
    """Ask one question beside the file."""
    question = finding.question or finding.fault
    key = f"{digest} {question}"
    st.selectbox(
        as_text(finding), finding.options, index=None, placeholder="Choose one", key=key, on_change=_say,
        args=(digest, question, key),
    )  # fmt: skip


def _correct(reading: Reading, digest: str) -> None:
    """Let the owner say that another column was meant."""
    with st.expander("Which column is which"):
        for field, column in reading.mapping.items():
            key = f"{digest} column {field}"
            st.selectbox(
                as_text(field.replace("_", " ")), reading.columns, index=reading.columns.index(column), key=key,
                on_change=_say, args=(digest, field, key),
            )  # fmt: skip


def about_overlap() -> str:
    """Ask what to do where admissions of one home and month come from two files."""
    return st.selectbox(
        "If a file has admissions of homes and months that an earlier file also has",
        list(ADDED), index=1, format_func=ADDED.__getitem__, key="overlap",
    ) or "replace"  # fmt: skip


def about_one_home() -> str:
    """Ask whether two numbers of one name and postcode, the one beginning when the other ended, are one home."""
    return st.selectbox(
        "If a home stands in the files under two numbers (one name and postcode, one number ends and the other begins)",
        list(NUMBERS), format_func=NUMBERS.__getitem__, key="one home",
    ) or ""  # fmt: skip


def _titles() -> dict[str, str]:
    known = recognised()
    return dict(zip(known["layout"], known["title"], strict=True))
