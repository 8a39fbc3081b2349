"""What does a form ask of a claim of each kind, in which order, under which label?

A form hands over text; `plain` lays it out as a claim is written, so that what is wrong is found and said by the same
rules as in a file. What is left empty is not said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from analysis.claims.claim import Comparison, HomeType, How, ShareImproved, Support
from analysis.written.types import types_of

KINDS: Mapping[str, str] = {
    "share improving": "A share that improved a rating",
    "admissions": "Fewer admissions, in one home or several",
    "area count": "A council's count, such as delayed days",
    "area rate": "A council's rate",
    "permanent admissions": "Permanent admissions to care homes",
    "scaled-up total": "A total scaled up to an area or the country",
}
"""Kinds of claim, and what each is called where one is chosen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field: where its answer stands in the claim, its label, an example, and the choices where it has some."""

    place: str
    label: str
    example: str = ""
    options: tuple[str, ...] = ()
    what: Literal["number", "text", "month", "numbers", "choice"] = "number"


def _choice(place: str, label: str, options: Any) -> Asked:
    return Asked(place, label, options=get_args(options), what="choice")


_SHARE_TYPES = types_of(ShareImproved)
_PERCENT_FEWER = Asked("percent_fewer", "Per cent fewer (more: −)", "60")
_SUPPORT = _choice("support", "What was done", Support)
_ONE_AREA = (
    _PERCENT_FEWER, Asked("measure", "What was measured", "delayed days, total", what="text"),
    Asked("value_before", "Before", "5176"), Asked("value_after", "After", "2753"),
    Asked("earlier", "In the periods before that, in order", "2923, 3733", what="numbers"),
    Asked("later", "In the periods since, in order", "3837", what="numbers"),
    Asked("elsewhere", "Elsewhere, in all these periods", "1619, 1803, 2245, 1970, 1657", what="numbers"),
)  # fmt: skip
_RATE = (Asked("per", "Per how many people", "100000"), Asked("population", "People there", "38000"))
FIELDS: Mapping[str, tuple[Asked, ...]] = {
    "share improving": (
        Asked("percent", "Per cent that improved", "63"),
        _choice("wording", "The word before it", _SHARE_TYPES["wording"]),
        Asked("better", "How many improved", "5"), Asked("inspected", "Of how many inspected again", "8"),
        Asked("at_most", "How many there can have been", "20"),
        _choice("from_rating", "Rated before", _SHARE_TYPES["from_rating"]),
        _choice("homes", "Which services", _SHARE_TYPES["homes"]), Asked("year", "Year inspected again", "2018"),
    ),
    "admissions": (
        _PERCENT_FEWER, Asked("count_before", "Admissions before", "20"), Asked("count_after", "Admissions after", "8"),
        Asked("homes", "Homes it is of", "1"), Asked("beds", "Beds of these homes", "50"),
        _choice("home_type", "Kind of home", HomeType), _SUPPORT,
    ),
    "area count": _ONE_AREA,
    "area rate": (*_ONE_AREA, *_RATE),
    "permanent admissions": (*_ONE_AREA, *_RATE),
    "scaled-up total": (
        Asked("total", "The total", "44969"), Asked("seen", "As counted", "3232"),
        Asked("of_homes", "In how many homes", "1088"), Asked("to_homes", "Scaled to how many", "15140"),
        _PERCENT_FEWER, _SUPPORT,
    ),
}  # fmt: skip
"""Of the claim itself, by kind."""
WHEN = (
    Asked("before.first", "Before: first month", "2019-04", what="month"),
    Asked("before.last", "Before: last month", "2020-03", what="month"),
    Asked("before.months", "Before: or how many months", "12"),
    Asked("after.first", "After: first month", "2020-04", what="month"),
    Asked("after.last", "After: last month", "2021-03", what="month"),
    Asked("after.months", "After: or how many months", "12"),
)
HOW = (
    _choice("chosen.how", "How chosen", How), Asked("chosen.of", "Of how many", "7"),
    Asked("chosen.first", "Chosen by months from", "2019-04", what="month"),
    Asked("chosen.last", "Chosen by months to", "2020-03", what="month"),
    _choice("comparison.how", "Compared with", Comparison),
    Asked("comparison.percent_fewer", "Per cent fewer there", "31"),
)  # fmt: skip
"""When, and how it was chosen and compared: asked of every kind."""


def plain(kind: str, said: Mapping[Asked, str]) -> dict[str, Any]:
    """Lay what was typed out as a claim is written; what is empty is left out."""
    laid: dict[str, Any] = {"kind": kind}
    for field, text in said.items():
        if not text.strip() or (field.what == "choice" and text == field.options[0]):
            continue
        section, _, key = field.place.rpartition(".")
        (laid.setdefault(section, {}) if section else laid)[key] = _value(field, text.strip())
    return laid


def _value(field: Asked, text: str) -> Any:
    if field.what == "number":
        return _number(text)
    return [_number(part) for part in text.split(", ")] if field.what == "numbers" else text


def _number(text: str) -> Any:
    """Read a number as it is typed, "44,969" or "60%"; what is none stays text, and is told."""
    bare = text.removesuffix("%").replace("−", "-").replace(",", "").strip()
    for kind in (int, float):
        try:
            return kind(bare) if bare.isascii() and len(bare) < 20 else text
        except ValueError:
            continue
    return text
