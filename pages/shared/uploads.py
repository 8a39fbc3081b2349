"""What does an uploaded file say, and what must its owner decide before it can be loaded?

Questions stand beside the file as select boxes; each answer reads the file again. Nothing is loaded until every
question of every file is answered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

import streamlit as st

from analysis.sources import Finding, Reading, read
from analysis.words.files import ACROSS_FILES, KINDS, recognised_as
from pages.shared.showing import as_text


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
        st.markdown(f"**{as_text(name)}** {as_text(recognised_as(reading))}")
        show_findings(finding for finding in reading.findings if finding.outcome != "ask")
        for finding in reading.questions:
            _ask(finding, digest)
        if reading.columns:
            _correct(reading, digest)
    return None if reading.questions or reading.refusals else Ready(reading=reading, say=say)


@st.cache_resource(max_entries=20, scope="session", show_spinner="Reading the file …")
def _reading(name: str, digest: str, say: tuple[tuple[str, str], ...], _content: bytes) -> Reading:
    return read(name, _content, dict(say))


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


def across_files() -> dict[str, str]:
    """Ask what files ask together; the answers by the question."""
    said = {}
    for question, entry in ACROSS_FILES.items():
        known = [*entry.options]
        said[question] = st.selectbox(
            entry.label, known, known.index(entry.usual), entry.options.__getitem__, entry.key
        )
    return said
