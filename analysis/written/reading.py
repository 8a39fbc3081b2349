"""How does TOML or JSON become a frozen dataclass, or everything that is wrong with it?

A field that cannot be read keeps its default while the rest is looked at, so that all faults are told at once; what
stands in such a place is not told a second time.
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from analysis.allowed import Option
from analysis.errors import AnalysisError
from analysis.paths import is_file, paths_in_words
from analysis.paths import shown as shown_path
from analysis.written.fault import Fault, inside, misfit, refuse
from analysis.written.types import KIND, inner, is_listed, is_many, is_table, kinds, members, rule_of, types_of
from analysis.written.writing import VERSION, shown, to_plain

T = TypeVar("T")
Wrong = Callable[[Any], Iterable[Fault]]

LARGEST = 2_000_000
"""Bytes: the identifiers of all homes in England are a tenth of that."""
UNMADE = object()
"""What stands for something that could not be made, and has no default."""


def read(kind: Any, path: Path, *, wrong: Wrong | None = None, start: str = "") -> Any:
    """Read a file of TOML or JSON.

    Parameters
    ----------
    kind : type
        A frozen dataclass, or a union of several that are told apart by their field `kind`.
    path : Path
    wrong : callable, optional
        Says what else is wrong with what was made.
    start : str, optional
        What to do where there is no such file.

    Raises
    ------
    AnalysisError
        Naming every fault: where it is, what was found, what may stand there.
    """
    return from_text(kind, text_of(path, start=start), path.name, wrong=wrong)


def text_of(path: Path, *, start: str = "") -> str:
    """Read a file of text; faults of its path, its encoding and its size are said as in `read`."""
    if not is_file(path):
        raise AnalysisError(f"There is no file at {shown_path(path)}.", do=start or None)
    with paths_in_words(path):
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else b" " * (LARGEST + 1)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise AnalysisError(f"{path.name} is not text in UTF-8.", do="Save it as plain text, UTF-8.") from None


def from_text(kind: Any, text: str, name: str = "This", *, wrong: Wrong | None = None) -> Any:
    """Read TOML or JSON text; `name` says whose. Otherwise as `read`."""
    return from_plain(kind, plain_in(text, name), name, wrong=wrong)


def plain_in(text: str, name: str = "This") -> dict[str, Any]:
    """Give the plain values that TOML or JSON text holds.

    Raises
    ------
    AnalysisError
        If it is too large, or neither.
    """
    if len(text) > LARGEST:
        raise AnalysisError(f"{name} is too large to be read.", found=f"more than {LARGEST:,} characters")
    try:
        return json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # both decoders' errors are ValueErrors
        raise AnalysisError(
            f"{name} is neither JSON nor TOML that can be read.",
            found=str(error)[:200],
            do='In TOML, text goes in quotes: name = "ward round".',
        ) from None


def from_plain(kind: Any, given: Mapping[str, Any], name: str = "This", *, wrong: Wrong | None = None) -> Any:
    """Make a dataclass of plain values; see `read`."""
    made, faults = tried(kind, given, wrong=wrong)
    refuse(f"{name} cannot be read.", faults)
    return made


def tried(kind: Any, given: Mapping[str, Any], *, wrong: Wrong | None = None) -> tuple[Any, list[Fault]]:
    """Make a dataclass of plain values as far as that can be: what was made, and all that is wrong, place by place."""
    faults: list[Fault] = []
    made = _one_of(kind, given, "", faults)
    if wrong is not None and made is not UNMADE:
        _add(faults, (replace(fault, words=f"{fault.words}{_such_as(made, fault.place)}",
                              beside_field=fault.beside_field or fault.words) for fault in wrong(made)))  # fmt: skip
    return made, faults


def _add(faults: list[Fault], more: Iterable[Fault]) -> None:
    """Add faults of places that are not told of yet, nor anything within or around them."""
    for fault in more:
        if not any(_touch(fault.place, told.place) for told in faults):
            faults.append(fault)


def _touch(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (bool(short) and long.startswith((f"{short}.", f"{short}[")))


def _one_of(hint: Any, given: Any, place: str, faults: list[Fault]) -> Any:
    """Make a dataclass, or one of several by its kind."""
    several = members(hint)
    if not isinstance(given, Mapping):
        faults.append(Fault(place, f"found {shown(given)}; expected a table of keys."))
        return UNMADE
    if len(several) == 1:
        return _made(several[0], given, place, faults)
    known = kinds(several)
    kind = given.get(KIND, next(iter(known)))
    if not isinstance(kind, str) or kind not in known:
        expected = " or ".join(f'"{name}"' for name in known)
        faults.append(Fault(inside(place, KIND), f"found {shown(kind)}; expected {expected}."))
        return UNMADE
    return _made(known[kind], given, place, faults)


def _made(kind: type, given: Mapping[str, Any], place: str, faults: list[Fault]) -> Any:
    """Make a dataclass of a table of keys."""
    named, before = {field.name: field for field in fields(kind)}, len(faults)
    _version(kind, given, place, faults)
    for key in given:
        if key not in named and not (key == VERSION and hasattr(kind, "VERSION")):
            faults.append(Fault(inside(place, str(key)), f"not known here. {_nearest(str(key), named)}"))
    said = {name: _field(kind, field, given, place, faults) for name, field in named.items()}
    if UNMADE in said.values():
        return UNMADE
    _add(faults, (fault.within(place) for fault in _together(kind, said)))
    whole = len(faults) == before
    return kind(**said) if whole or not hasattr(kind, "faults_in") else UNMADE


def _together(kind: type, said: Mapping[str, Any]) -> Iterable[Fault]:
    asked = getattr(kind, "faults_in", None)
    return asked(said) if asked else ()


def _version(kind: type, given: Mapping[str, Any], place: str, faults: list[Fault]) -> None:
    ours = getattr(kind, "VERSION", None)
    if ours is not None and given.get(VERSION, ours) != ours:
        found = shown(given[VERSION])
        faults.append(Fault(inside(place, VERSION), f"found {found}; this Homeward reads {ours}."))


def _nearest(key: str, known: Iterable[str]) -> str:
    near = get_close_matches(key, [*known], 1, 0.6)
    return f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place where something may stand: of which type, by which rule, and what stands there where nothing is said."""

    hint: Any
    place: str
    rule: Option | None = None
    default: Any = UNMADE

    def holding(self, place: str) -> "Slot":
        """Give a place within, of what a list or a mapping holds."""
        return Slot(hint=inner(self.hint), place=place)

    def misfit(self, wrong: str) -> Fault:
        """Say what may stand there instead, with an example: the rule's own, or else the default."""
        by = self.rule or rule_of(self.hint)
        plain = self.rule is None and self.default not in (UNMADE, None, "", ())
        return misfit(self.place, wrong, by.words, shown(_as_written(self.default)) if plain else by.example)


def _field(kind: type, field: Field, given: Mapping[str, Any], place: str, faults: list[Fault]) -> Any:
    """Read one field, or take its default."""
    rule, default = getattr(kind, "RULES", {}).get(field.name), _default(field)
    slot = Slot(hint=types_of(kind)[field.name], place=inside(place, field.name), rule=rule, default=default)
    if field.name in given:
        value = _value(slot, given[field.name], faults)
        return default if value is UNMADE else value
    if default is UNMADE:
        faults.append(slot.misfit("missing"))
    return default


def _default(field: Field) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else UNMADE


def _value(slot: Slot, given: Any, faults: list[Fault]) -> Any:
    """Read what is given for a place, or add to the faults."""
    (only, *_), hint = members(slot.hint), slot.hint
    if is_table(hint) and isinstance(given, Mapping):
        return _one_of(hint, given, slot.place, faults)
    if not (slot.rule or rule_of(hint)).allows(given):
        faults.append(slot.misfit(f"found {shown(given)}"))
        return UNMADE
    if is_many(hint, tuple):
        each = [_value(slot.holding(f"{slot.place}[{n}]"), item, faults) for n, item in enumerate(given, 1)]
        return UNMADE if UNMADE in each else tuple(each)
    if is_many(hint, Mapping):
        named = {key: _value(slot.holding(inside(slot.place, key)), item, faults) for key, item in given.items()}
        return UNMADE if UNMADE in named.values() else named
    if is_listed(only):
        return only(*map(float, given))
    return float(given) if only is float else _frozen(given)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _as_written(value: Any) -> Any:
    if is_dataclass(value):
        return to_plain(value)
    return [*map(_as_written, value)] if isinstance(value, tuple) else value


def _such_as(made: Any, place: str) -> str:
    """Show what stands in a place where nothing is said, as an example; empty where the place has no default."""
    for name in place.split("."):
        key, _, nth = name.partition("[")
        kind, made = type(made), getattr(made, key, None)
        if nth and isinstance(made, tuple):
            made = made[int(nth.removesuffix("]")) - 1]
    found = {field.name: _default(field) for field in fields(kind)}.get(key, UNMADE) if is_dataclass(kind) else UNMADE
    written = found not in (UNMADE, None, "", ()) and (is_listed(type(found)) or not is_dataclass(found))
    return f" Such as {key} = {shown(_as_written(found))}." if written else ""
