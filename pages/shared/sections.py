"""What stands between figures, and after them: whether what takes longer is wanted, and how to repeat the answer."""

from collections.abc import Callable, Iterable, Mapping
from itertools import cycle
from pathlib import Path

import streamlit as st

from analysis.figures import Figure, Source
from analysis.figures.ready import ready
from pages.shared.access import noted
from pages.shared.figures import show
from pages.shared.frame import as_text

KINDS = {".zip": "application/zip", ".json": "application/json", ".csv": "text/csv", ".html": "text/html",
         ".pdf": "application/pdf"}  # fmt: skip
"""What a file is, by the end of its name."""


def shown(figures: Iterable[Figure], source: Source) -> tuple[Figure, ...]:
    """Show figures in their order, each as it comes; give them back for a report."""
    given = []
    for made in figures:
        show(ready(made, source))
        given.append(made)
    return tuple(given)


def wanted(title: str, label: str, key: str, cost: str = "") -> bool:
    """Ask under a heading whether something is wanted, and say what it takes while it is not.

    Parameters
    ----------
    title : str
        The heading; empty where there is one already.
    label, key : str
        Of the switch; its key is also what stands in the address.
    cost : str
        What it takes, and what it is good for.
    """
    if title:
        st.header(title)
    asked = st.toggle(label, key=key, bind="query-params")
    if cost and not asked:
        st.caption(cost)
    return bool(asked)


def hand_out(boxes: Iterable, files: Mapping[str, tuple[str, str | bytes | Callable[[], str | bytes]]]) -> None:
    """Offer files, laid over boxes in turn: what the button says, to the file's name and what it holds."""
    for box, (label, (name, made)) in zip(cycle(boxes), files.items()):
        box.download_button(
            label, noted(name, made), name, KINDS.get(Path(name).suffix, "text/plain"), on_click="ignore"
        )


def provenance(source: Source) -> None:
    """Say what the page was made from."""
    st.caption("  \n".join(as_text(f"{name}: {value}") for name, value in source.made_from.items()))


def record(protocol: str, source: Source, files: Callable[[], bytes], more: str = "") -> None:
    """Hand out the protocol, and say what the page was made from."""
    st.header("Repeat it")
    st.markdown(
        "The protocol holds every choice made on this page. Anyone with the same files gets the same numbers; the "
        f"answer's files are those that “homeward evaluate” writes of this protocol, to the byte. {more}"
    )
    st.code(protocol, language="toml", wrap_lines=True)  # a box that scrolls could not be scrolled by keys
    hand_out(st.columns(2), {
        "Download the protocol (TOML)": ("protocol.toml", protocol),
        "Download the answer's files (ZIP)": ("answer.zip", files),
    })  # fmt: skip
    provenance(source)
