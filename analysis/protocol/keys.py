"""What may stand in a protocol, under which section and key, and where does it go?

One table for each kind of outcome: rules for reading, places for building the values, the order for writing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal, get_args

from analysis.allowed import LAST_SEED, MONTH, NAMES, PERIODS, TEXT, Option, list_of, one_of, share, whole
from analysis.design import Counted, Matching, MatchOn, Others
from analysis.months import is_month
from analysis.outcomes import AlsoOfRatings, ResidentCount, ResidentGroup, ResidentTrait, Services, StayMeasure
from analysis.panel import EXPOSURES, OUTCOMES
from analysis.protocol.registry import (
    AREA,
    CLOSURES,
    KINDS,
    MODELS,
    RATES,
    RATINGS,
    RESIDENTS,
    STAYS,
    SUBGROUPS,
    checks_for,
    options_of,
)
from analysis.sources.schema import KEY_QUESTIONS
from analysis.written import Fault, misfit, shown


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a protocol.

    Parameters
    ----------
    section, name : str
        Where it stands; above the first section where that is empty.
    of : "protocol", "plan" or "outcome"
        What its value belongs to.
    field : str
        Of that.
    rule : Option, or callable that gives one
        What may stand there; to know every doubt takes long, and who writes a protocol need not.
    """

    section: str
    name: str
    of: Literal["protocol", "plan", "outcome"]
    field: str
    rule: Option | Callable[[], Option]


def _required(rule: Option) -> Option:
    return replace(rule, required=True)


_KIND = Option(one_of(KINDS).allows, one_of(KINDS).words, f'"{RATINGS}"')
_MONTHS = (Key("window", "first", "outcome", "first", MONTH), Key("window", "last", "outcome", "last", MONTH))


_HORIZON = Option(
    lambda value: isinstance(value, int) and not isinstance(value, bool) and 30 <= value <= 720 and value % 30 == 0,
    "days since moving in, a multiple of 30 up to 720",  # shares by any day would tell the day of each event
    "180",
)


def _of_quarter(place: int, example: str) -> Option:
    """Allow the first, or the last, months of quarters: parts of one would tell of a few residents at a time."""
    allowed = {f"{month:02d}" for month in (place, place + 3, place + 6, place + 9)}
    which = {1: "first", 3: "last"}[place]
    return Option(
        lambda value: is_month(value) and str(value)[-2:] in allowed, f"the {which} month of a quarter", example
    )


_PERIODS = Key("window", "leave_out", "plan", "leave_out", PERIODS)
_OF_KIND: Mapping[str, tuple[Key, ...]] = {
    RATES: (
        Key("outcome", "count", "outcome", "count", one_of(OUTCOMES)),
        Key("outcome", "exposure", "outcome", "exposure", one_of(EXPOSURES)),
        Key("outcome", "occupancy", "outcome", "occupancy", share(0.01, 1, 0.86, of="beds")),
        *_MONTHS,
        _PERIODS,
        Key("window", "anticipation", "plan", "anticipation", whole(0, 120, 2, "months")),
        Key("window", "selection", "plan", "selection", one_of(("leave out", "keep"))),
        Key("comparison", "homes", "plan", "comparison", one_of(("not_yet_treated", "never_treated"))),
        Key("comparison", "others", "plan", "others", one_of(get_args(Others))),
        Key("comparison", "spells", "plan", "spells", one_of(get_args(Counted))),
        Key("comparison", "match", "plan", "match", one_of(get_args(Matching))),
        Key("comparison", "match_on", "plan", "match_on", list_of(get_args(MatchOn), fewest=1)),
        Key("comparison", "matches", "plan", "matches", whole(1, 10, 1, "homes")),
        Key("comparison", "caliper", "plan", "caliper", share(0.01, 5, 0.2, of="a standard deviation")),
    ),
    RATINGS: (
        Key("outcome", "key_question", "outcome", "key_question", one_of(KEY_QUESTIONS)),
        Key("outcome", "services", "outcome", "services", one_of(get_args(Services))),
        Key("outcome", "also", "outcome", "also", list_of(get_args(AlsoOfRatings))),
        *_MONTHS,
        _PERIODS,
        Key("comparison", "others", "plan", "others", one_of(get_args(Others))),
    ),
    CLOSURES: (
        Key("outcome", "services", "outcome", "services", one_of(get_args(Services))),
        *_MONTHS,
        _PERIODS,
        Key("comparison", "others", "plan", "others", one_of(("leave out", "keep"))),
    ),
    AREA: (
        Key("outcome", "measure", "outcome", "measure", replace(TEXT, example='"delayed days, total"')),
        Key("outcome", "area", "outcome", "area", _required(replace(TEXT, example='"E06000046"'))),
        Key("outcome", "start", "outcome", "start", _required(replace(MONTH, example='"2017-04"'))),
        Key("outcome", "claimed", "outcome", "claimed", share(0.01, 0.99, 0.55, of="the year before")),
        *_MONTHS,
        Key("window", "phase_in", "outcome", "phase_in", whole(0, 120, 3, "months")),
        Key("window", "wash_out", "outcome", "wash_out", whole(0, 120, 3, "months")),
        Key("comparison", "leave_out", "outcome", "leave_out", replace(NAMES, example='["E06000001"]')),
    ),
    RESIDENTS: (
        Key("outcome", "count", "outcome", "count", one_of(get_args(ResidentCount))),
        Key("outcome", "horizon", "outcome", "horizon", _HORIZON),
        Key("window", "first", "outcome", "first", _of_quarter(1, '"2019-01"')),
        Key("window", "last", "outcome", "last", _of_quarter(3, '"2023-12"')),
        Key("comparison", "homes", "plan", "comparison", one_of(("not_yet_treated", "never_treated"))),
        Key("comparison", "others", "plan", "others", one_of(("leave out", "keep"))),
        Key("comparison", "exact_on", "outcome", "exact_on", list_of(get_args(ResidentGroup))),
        Key("comparison", "match_on", "outcome", "match_on", list_of(get_args(ResidentTrait))),
        Key("comparison", "matches", "plan", "matches", whole(1, 10, 1, "residents")),
        Key("comparison", "caliper", "plan", "caliper", share(0.01, 5, 0.2, of="a standard deviation")),
    ),
    STAYS: (
        Key("outcome", "measure", "outcome", "measure", one_of(get_args(StayMeasure))),
        *_MONTHS,
        _PERIODS,
        Key("window", "anticipation", "plan", "anticipation", whole(0, 120, 2, "months")),
        Key("window", "selection", "plan", "selection", one_of(("leave out", "keep"))),
        Key("comparison", "homes", "plan", "comparison", one_of(("not_yet_treated", "never_treated"))),
        Key("comparison", "others", "plan", "others", one_of(("leave out", "keep"))),
    ),
}


def keys_of(kind: str) -> tuple[Key, ...]:
    """Give every key of a protocol about one kind of outcome, in the order in which they are written."""
    known = {RATES: SUBGROUPS, RESIDENTS: ("home_type",)}.get(kind)
    groups = (Key("", "subgroups", "protocol", "subgroups", list_of(known)),) if known else ()
    return (
        Key("", "title", "protocol", "title", TEXT),
        *groups,
        Key("", "methods", "protocol", "methods", list_of(MODELS[kind], fewest=1)),
        Key("", "checks", "protocol", "checks", lambda: list_of(checks_for(kind))),
        Key("", "seed", "protocol", "seed", whole(0, LAST_SEED, 20261122)),
        Key("intervention", "name", "plan", "intervention", _required(TEXT)),
        *_OF_KIND[kind],
    )


Rules = Mapping[str, Mapping[str, Option]]
"""Section to key to what may stand there."""


def kind_in(given: dict) -> str:
    """Say which kind of outcome a protocol is about; the first where it says none that is known."""
    outcome = given.get("outcome", {})
    kind = outcome.get("kind", RATES) if isinstance(outcome, dict) else RATES
    return kind if isinstance(kind, str) and kind in KINDS else RATES


def method_in(given: dict, kind: str) -> str:
    """Say which method a protocol sets options of: the one named under [model], or the first of its methods."""
    section, methods = given.get("model", {}), given.get("methods", [])
    named = [section["name"]] if isinstance(section, dict) and "name" in section else methods
    first = named[0] if isinstance(named, list) and named else None
    return first if isinstance(first, str) and first in MODELS[kind] else next(iter(MODELS[kind]))


def rules(kind: str, method: str) -> Rules:
    """Give what may stand in a protocol about one kind of outcome, a method's options among it."""
    found: dict[str, dict[str, Option]] = {name: {} for name in ("", "intervention", "outcome", "window", "comparison")}
    found["outcome"]["kind"] = _KIND
    for key in keys_of(kind):
        found[key.section][key.name] = key.rule if isinstance(key.rule, Option) else key.rule()
    return {**found, "model": {"name": one_of(MODELS[kind]), **options_of(method, kind)}}


def faults(given: dict) -> Iterator[Fault]:
    """Yield everything that is wrong with a protocol."""
    kind = kind_in(given)
    known = rules(kind, method_in(given, kind))
    flat = {name: value for name, value in given.items() if name not in known}
    for section, keys in {"": flat, **{name: given.get(name, {}) for name in known if name}}.items():
        if not isinstance(keys, dict):
            yield Fault(section, f"found {shown(keys)}; expected a section, such as [{section}].")
            continue
        for key, value in keys.items():
            yield from _fault(known, section, key, value)
        for key, rule in known[section].items():
            if rule.required and key not in keys:
                yield misfit(_place(section, key), "missing", rule.words, rule.example)
    yield from _backwards(given.get("window", {}))
    yield from _two_leaders(given)


def _place(section: str, key: str) -> str:
    return f"{section}.{key}" if section else key


def _fault(known: Rules, section: str, key: str, value: Any) -> Iterator[Fault]:
    rule, place = known[section].get(key), _place(section, key)
    if rule is None:
        yield Fault(place, f"not known here. {_nearest(known, section, key, value)}")
    elif not rule.allows(value):
        yield misfit(place, f"found {shown(value)}", rule.words, rule.example)


def _nearest(known: Rules, section: str, key: str, value: Any) -> str:
    here = [*known[section], *(name for name in known if name and not section)]
    elsewhere = [name for name, keys in known.items() if key in keys]
    if elsewhere and not isinstance(value, dict):
        return f"It belongs under [{elsewhere[0]}]." if elsewhere[0] else "It belongs above the first [section]."
    if key in known:
        return f"Write it as a section, [{key}], with {' or '.join(known[key])}."
    if near := get_close_matches(key, here, 1, 0.6):
        return f"Did you mean {near[0]}?"
    if meant := [kind for kind, keys in _OF_KIND.items() if any((k.section, k.name) == (section, key) for k in keys)]:
        return f'It belongs to a protocol with [outcome] kind = "{meant[0]}".'
    return f"Known: {', '.join(here)}."


def _backwards(window: Any) -> Iterator[Fault]:
    first, last = (window.get(key) if isinstance(window, dict) else None for key in ("first", "last"))
    if is_month(first) and is_month(last) and str(first) > str(last):
        yield Fault("window.first", f"found {first}, after last, {last}; expected first before last.")


def _two_leaders(given: dict) -> Iterator[Fault]:
    section, methods = given.get("model"), given.get("methods")
    named = section.get("name") if isinstance(section, dict) else None
    if named is not None and isinstance(methods, list) and methods and methods[0] != named:
        yield Fault("model.name", f"found {shown(named)}; expected the first of methods, {shown(methods[0])}.")
