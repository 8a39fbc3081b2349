"""One way to ask: every choice stands in the address, and what is wrong with it is told beside its field.

A frozen dataclass says in its `ENTRIES` how each field is asked for, and its types say what: `Form.ask` draws them.
What stands in no class, such as which intervention of those loaded, is asked for by `choose`, `month`, `whole` and
their like. Fields take what is typed, sensible or not: whoever carries it out says what cannot be, and `Form.tell`
shows it. All of them take whatever an address says without an error.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import cycle
from typing import Any, TypeVar

import streamlit as st

from analysis import written
from analysis.allowed import Entry
from analysis.months import is_month, month_said
from analysis.scenarios.ranges import Range, Ratio
from analysis.written import Fault
from analysis.written.fault import inside
from analysis.written.types import types_of
from pages.shared.showing import as_text

T = TypeVar("T")
PUT_RIGHT = "Put right what is marked above, and the answer appears here."
Box = Any
"""Where a field is drawn: a column, a container, or `st` itself."""


def in_address(name: str) -> dict:
    """Keep a choice in the address, so that a link shows the same page.

    A field that moves on the page, because another appears above it, is drawn anew, and what it was is then taken down,
    its hold on the address with it (Streamlit 1.67): from then on its choices no longer reach the address. So fields
    that come and go stand in a container of their own that is always there.
    """
    return {"key": name, "bind": "query-params"}


def choose(box: Box, label: str, options: Mapping[T, str] | Iterable[T], name: str, *, first: T | None = None) -> T:
    """Ask for one of several, given with their words or as they are said; at first for `first`, or the first."""
    known: list[T] = [*options]
    at = known.index(first) if first in known else 0
    found = box.selectbox(label, known, index=at, format_func=_in_words(options), **in_address(name))
    return known[at] if found is None and known else found  # type: ignore[return-value]


def several(box: Box, label: str, options: Mapping[T, str] | Iterable[T], name: str) -> tuple[T, ...]:
    """Ask for any number of several."""
    return tuple(box.multiselect(label, [*options], format_func=_in_words(options), **in_address(name)))


def _in_words(options: Mapping[T, str] | Iterable[T]) -> Callable[[T], str]:
    return lambda value: str(options.get(value, value)) if isinstance(options, Mapping) else str(value)


def month(box: Box, label: str, months: Sequence[str], name: str, *, first: str | None = None) -> str:
    """Ask for a month such as "2024-01"; the address holds it as it is said, addresses of before as it is written."""
    before = st.query_params.get(name, "")
    if name not in st.session_state and is_month(before) and before in months:
        del st.query_params[name]
        st.session_state[name] = before
    return choose(box, label, {each: month_said(each) for each in months}, name, first=first)


def whole(box: Box, label: str, value: float, name: str, *, step: float = 1) -> int:
    """Ask for a whole number.

    Streamlit makes a whole number of whatever an address says before it asks whether that can be one, and infinity ends
    the page in an error; so the field holds a decimal number, and shows none of its decimals.
    """
    return round(box.number_input(label, value=float(value), step=float(step), format="%.0f", **in_address(name)))


def number(box: Box, label: str, value: float, name: str, *, step: float | None = None) -> float:
    """Ask for a number."""
    return box.number_input(label, value=float(value), step=step, format="%g", **in_address(name))


def fold(title: str, of: object = 0):
    """Fold fields away; it stays open when a choice in it draws the page anew. `of` tells folds of one title apart."""
    return st.expander(title, key=f"fold {title} {of}")


def pounds_said(*amounts: float) -> str:
    """Write what stands in fields of pounds as it is read: "£60,000 to £250,000"; a field itself has no commas."""
    each = [f"{'−' if amount < 0 else ''}£{abs(amount):,.2f}".removesuffix(".00") for amount in amounts]
    return " to ".join(dict.fromkeys(each))


@dataclass(frozen=True)
class Form:
    """The fields drawn so far, and the place beside each where a fault is told.

    Parameters
    ----------
    places : dict
        Place in what is asked for, such as "offers[1].who.most", to where its faults are told.
    at : str
        Where in it the next fields stand.
    nth : str
        What tells their names in the address from those of another of their kind.
    """

    places: dict[str, Box] = field(default_factory=dict)
    at: str = ""
    nth: str = ""

    def within(self, at: str, nth: object = "") -> "Form":
        """Give the same form for fields of what stands in a place."""
        return replace(self, at=inside(self.at, at), nth=f"{nth}" or self.nth)

    def ask(self, kind: type, *names: str, boxes: Iterable[Box] = (st,)) -> dict[str, Any]:
        """Ask for fields of a frozen dataclass (all of its `ENTRIES` where none is named), laid over boxes in turn."""
        entries, hints, usual = kind.ENTRIES, types_of(kind), {each.name: each.default for each in fields(kind)}
        found = {}
        for name, box in zip(names or entries, cycle(boxes)):
            entry = entries[name]
            first = usual[name] if entry.usual is None else entry.usual
            found[name] = _drawn(box, entry, hints[name], first, f"{entry.key or name}{self.nth}")
            self.place(name, box=box)
        return found

    def ratio(self, labels: tuple[str, str], values: Sequence[float], keys: Sequence[str], place: str) -> Ratio:
        """Ask for a ratio and the ends of its 95% interval, beside one another.

        Parameters
        ----------
        labels : tuple of str
            Of the ratio, asked for as per cent fewer where it ends so; and what its ends are of.
        """
        label, of = labels
        fewer = label.endswith("%")
        ends = (f"{of}: {end}{', %' * fewer} (95%)" for end in ("at least", "at most"))
        cells = zip(st.columns(3, vertical_alignment="bottom"), (label, *ends), values, keys, strict=True)
        middle, least, most = (number(*cell, step=None if fewer else 0.05) for cell in cells)
        self.place(place)
        return Ratio(1 - middle / 100, 1 - most / 100, 1 - least / 100) if fewer else Ratio(middle, least, most)

    def place(self, *names: str, box: Box = st) -> None:
        """Keep room below what was just drawn for what may be wrong with these fields."""
        room = box.container()
        self.places.update({inside(self.at, name): room for name in names})

    def tell(self, faults: Iterable[Fault]) -> None:
        """Say each fault beside its field."""
        for fault in faults:
            self.places.get(fault.place, st).error(as_text(fault.beside_field or fault.words))

    def wrong_with(self, asked: object, wrong: written.Wrong | None = None) -> bool:
        """Whether anything is wrong with what was asked for, a frozen dataclass; said as in `refused`.

        Parameters
        ----------
        wrong : callable, optional
            Says what cannot be beyond what each field may be; see `written.read`.
        """
        return self.refused(written.tried(type(asked), written.to_plain(asked), wrong=wrong)[1], PUT_RIGHT)

    def refused(self, faults: Sequence[Fault], put_right: str = "") -> bool:
        """Whether anything is wrong, which is said beside its field, and at the end what to do."""
        self.tell(faults)
        if faults and put_right:
            st.info(put_right)
        return bool(faults)


def _drawn(box: Box, entry: Entry, hint: Any, usual: Any, key: str) -> Any:
    """Draw one field, by what its type holds."""
    if entry.options:
        return choose(box, entry.label, entry.options, key, first=usual)
    if hint is Range:
        return _range(box, entry, usual, key)
    if hint is bool:
        return box.checkbox(entry.label, value=usual, **in_address(key))
    if hint is str:
        return box.text_input(entry.label, usual, **in_address(key))
    drawn = whole if isinstance(entry.step, int) else number
    found = entry.meant(drawn(box, entry.label, entry.asked(usual), key, step=entry.step))
    if entry.unit == "£":
        box.caption(as_text(pounds_said(found)))
    return found


def _range(box: Box, entry: Entry, usual: Range, key: str) -> Range:
    ends = zip(box.columns(2, vertical_alignment="bottom"), ("from", "to"), (usual.low, usual.high), strict=True)
    low, high = (entry.meant(number(column, f"{entry.label}: {end}", entry.asked(value), f"{key}_{end}",
                                    step=float(entry.step))) for column, end, value in ends)  # fmt: skip
    if entry.unit == "£":
        box.caption(as_text(pounds_said(low, high)))
    return Range(low, high)
