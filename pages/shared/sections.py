"""What stands between figures: whether what takes longer is wanted, and the figures it yields."""

from collections.abc import Iterable

import streamlit as st

from analysis.figures import Figure, Source
from pages.shared.figures import ready, show


def shown(figures: Iterable[Figure], source: Source) -> None:
    """Show figures in their order."""
    for made in figures:
        show(ready(made, source))


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
