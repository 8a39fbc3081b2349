"""How does a visitor's choice stay in the address, and where is told what is wrong with it?

Fields take what is typed, sensible or not; what cannot be is said beside the field (`Form.tell`).
"""

from dataclasses import dataclass, field

import streamlit as st

from analysis.scenarios.faults import Fault
from pages.shared.frame import as_text


def kept(name: str) -> dict:
    """Keep a choice in the address, so that a link shows the same page."""
    return {"key": name, "bind": "query-params"}


@dataclass
class Form:
    """The fields drawn so far, and the place beside each where a fault is told."""

    places: dict[str, object] = field(default_factory=dict)

    def place(self, *names: str) -> None:
        """Keep room below what was just drawn for what may be wrong with these fields."""
        room = st.container()
        self.places |= dict.fromkeys(names, room)

    def tell(self, faults: list[Fault]) -> None:
        """Say each fault beside its field."""
        for fault in faults:
            room = self.places.get(fault.field, st)
            room.error(as_text(fault.words))  # type: ignore[attr-defined]
