"""How does a visitor's choice stay in the address, and where is told what is wrong with it?

Fields take what is typed, sensible or not; what cannot be is said beside the field (`Form.tell`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from analysis.months import is_month, month_said
from analysis.scenarios import Ratio
from analysis.written import Fault
from pages.shared.frame import as_text


def in_address(name: str) -> dict:
    """Keep a choice in the address, so that a link shows the same page.

    A field that moves on the page, because another appears above it, is drawn anew, and what it was is then taken down,
    its hold on the address with it (Streamlit 1.67): from then on its choices no longer reach the address. So fields
    that come and go stand in a container of their own that is always there.
    """
    return {"key": name, "bind": "query-params"}


def month_in_address(name: str, months: list[str]) -> dict:
    """Keep a choice of a month in the address as it is said; addresses of before hold it as "2024-01"."""
    before = st.query_params.get(name, "")
    if name not in st.session_state and is_month(before) and before in months:
        del st.query_params[name]
        st.session_state[name] = before
    return in_address(name) | {"format_func": month_said}


def fold(title: str, of: int = 0):
    """Fold fields away; it stays open when a choice in it draws the page anew. `of` tells folds of one title apart."""
    return st.expander(title, key=f"fold {title} {of}")


def whole(box, label: str, value: int, name: str, *, step: int = 1) -> int:
    """Ask for a whole number, kept in the address.

    Streamlit makes a whole number of whatever an address says before it asks whether that can be one, and infinity ends
    the page in an error; so the field holds a decimal number, and shows none of its decimals.
    """
    return round(box.number_input(label, value=float(value), step=float(step), format="%.0f", **in_address(name)))


def with_interval(
    texts: Sequence[str], values: Sequence[float], names: Sequence[str], step: float | None = None
) -> list[float]:
    """Ask for a number and the ends of its 95% interval, beside one another."""
    cells = zip(st.columns(3, vertical_alignment="bottom"), texts, values, names, strict=True)
    return [column.number_input(text, value=float(value), step=step, format="%g", **in_address(name))
            for column, text, value, name in cells]  # fmt: skip


def fewer(found: Sequence[float]) -> Ratio:
    """Read per cent fewer, with its least and most, as a rate ratio."""
    middle, least, most = found
    return Ratio(1 - middle / 100, 1 - most / 100, 1 - least / 100)


def pounds_said(*amounts: float) -> str:
    """Write what stands in fields of pounds as it is read: "£60,000 to £250,000"; a field itself has no commas."""
    told = [f"{'−' if amount < 0 else ''}£{abs(amount):,.2f}".removesuffix(".00") for amount in amounts]
    return " to ".join(dict.fromkeys(told))


@dataclass
class Form:
    """The fields drawn so far, and the place beside each where a fault is told."""

    places: dict[str, object] = field(default_factory=dict)
    choosing: bool = False
    """Whether the page chooses the homes; which they are, and what it does to ratings and delays, is not asked then."""

    def place(self, *names: str) -> None:
        """Keep room below what was just drawn for what may be wrong with these fields."""
        room = st.container()
        self.places |= dict.fromkeys(names, room)

    def tell(self, faults: list[Fault]) -> None:
        """Say each fault beside its field."""
        for fault in faults:
            room = self.places.get(fault.place, st)
            room.error(as_text(fault.words))  # type: ignore[attr-defined]
