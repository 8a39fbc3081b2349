"""How is a scenario kept, sent and read again?

As TOML to read and edit, or as JSON for a program; both hold the same keys, every default written out. A range is
`[low, high]`, an effect `[estimate, low, high]`. What cannot be read is refused with every fault at once: which key,
what was found, what may stand there.
"""

import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from difflib import get_close_matches
from typing import Any

from analysis.errors import AnalysisError
from analysis.prices import UnitCost
from analysis.scenarios.claimed import OnDelays, OnRatings
from analysis.scenarios.ranges import Range, Ratio
from analysis.scenarios.scenario import Effect, Offer, Programme, Scenario, Who

VERSION = 1
"""Of these keys: a later Homeward reads what an earlier one wrote."""

LARGEST = 2_000_000
"""Bytes: the identifiers of all homes in England are a tenth of that."""


def to_dict(scenario: Scenario) -> dict[str, Any]:
    """Lay a scenario out as plain values."""
    return {"version": VERSION, **_plain(scenario)}


def to_json(scenario: Scenario) -> str:
    """Write a scenario as JSON."""
    return json.dumps(to_dict(scenario), indent=1, ensure_ascii=False) + "\n"


def digest(scenario: Scenario) -> str:
    """SHA-256 of the scenario as JSON."""
    return hashlib.sha256(to_json(scenario).encode()).hexdigest()


def to_toml(scenario: Scenario) -> str:
    """Write a scenario as TOML."""
    import tomli_w  # noqa: PLC0415 - only a download needs it

    return tomli_w.dumps(to_dict(scenario))


def read_scenario(text: str) -> Scenario:
    """Read a scenario from JSON or TOML text.

    Raises
    ------
    AnalysisError
        Naming every fault.
    """
    if len(text.encode()) > LARGEST:
        raise AnalysisError("This is too large to be a scenario.", found=f"{len(text):,} characters")
    try:
        given = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # both decoders' errors are ValueErrors
        raise AnalysisError("This is neither JSON nor TOML that can be read.", found=str(error)[:200]) from None
    return from_dict(given)


def from_dict(given: Mapping[str, Any]) -> Scenario:
    """Make a scenario of plain values; see `read_scenario`."""
    faults: list[str] = []
    version = given.get("version", VERSION)
    if version != VERSION:
        faults.append(f"version: found {version!r}; this Homeward reads {VERSION}.")
    scenario = _made(Scenario, {key: value for key, value in given.items() if key != "version"}, "", faults)
    if faults or scenario is None:
        raise AnalysisError("This scenario cannot be read.", do="\n".join(f"- {fault}" for fault in faults))
    return scenario


def _plain(value: Any) -> Any:
    if isinstance(value, Range | Ratio):
        return list(asdict(value).values())
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _made(kind: type, given: Any, place: str, faults: list[str]) -> Any:
    """Make a dataclass of plain values, or add to the faults and give None."""
    if not isinstance(given, Mapping):
        faults.append(f"{place or 'scenario'}: found {given!r:.60}; may be a table of keys.")
        return None
    known = {field.name: field for field in fields(kind)}
    before = len(faults)
    for key in given.keys() - known.keys():
        near = get_close_matches(str(key), known, 1)
        hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
        faults.append(f"{place}{key}: not known. {hint}")
    values = {}
    for name, field in known.items():
        if name in given:
            values[name] = _value(field.type, given[name], f"{place}{name}", faults)
        elif field.default is MISSING and field.default_factory is MISSING:
            faults.append(f"{place}{name}: missing.")
    return kind(**values) if len(faults) == before else None


def _value(kind: Any, given: Any, place: str, faults: list[str]) -> Any:
    """Read one value of a field by its type."""
    if kind in NESTED:
        return _made(kind, given, f"{place}.", faults)
    if kind in LISTS:
        return _listed(LISTS[kind], given, place, faults)
    if kind == Mapping[str, Ratio] and isinstance(given, Mapping):
        return {str(key): _value(Ratio, item, f"{place}.{key}", faults) for key, item in given.items()}
    words, allowed, make = SIMPLE.get(kind, SIMPLE[str])
    if not allowed(given):
        faults.append(f"{place}: found {given!r:.60}; may be {words}.")
        return None
    return make(given)


def _listed(kind: type, given: Any, place: str, faults: list[str]) -> Any:
    if not isinstance(given, list):
        faults.append(f"{place}: found {given!r:.60}; may be a list.")
        return None
    return tuple(_value(kind, item, f"{place}[{at}]", faults) for at, item in enumerate(given))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _are_numbers(n: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and len(value) == n and all(map(_is_number, value))


NESTED = (Who, Effect, Programme, OnRatings, OnDelays, Offer, UnitCost)
LISTS: Mapping[Any, type] = {tuple[Offer, ...]: Offer, tuple[UnitCost, ...]: UnitCost, tuple[str, ...]: str}
SIMPLE: Mapping[Any, tuple[str, Callable[[Any], bool], Callable[[Any], Any]]] = {
    str: ("text", lambda value: isinstance(value, str), str),
    int: ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool), int),
    float: ("a number", _is_number, float),
    bool: ("true or false", lambda value: isinstance(value, bool), bool),
    Range: ("two numbers, [low, high]", _are_numbers(2), lambda value: Range(*map(float, value))),
    Ratio: ("three numbers, [estimate, low, high]", _are_numbers(3), lambda value: Ratio(*map(float, value))),
    Mapping[str, Ratio]: ("a table of kinds of home", lambda _: False, dict),
}
"""Type to what may stand there, the test of it, and what is made of it. Choices from a list are text until
`faults.faults_with` looks at them."""
