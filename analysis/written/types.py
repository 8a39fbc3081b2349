"""What does a type say of what may be written there?"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from analysis.allowed import Option, is_number, one_of

KIND = "kind"
"""Field that says which of several classes is meant."""


@cache
def types_of(kind: type) -> Mapping[str, Any]:
    """Give the type of every field of a dataclass, in order."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def is_listed(kind: Any) -> bool:
    """Whether a dataclass is written as a list of its fields."""
    return is_dataclass(kind) and getattr(kind, "LISTED", False)


def is_table(kind: Any) -> bool:
    """Whether a type is written as a table of keys: a dataclass, or one of several."""
    several = members(kind)
    return bool(several) and all(is_dataclass(each) and not is_listed(each) for each in several)


def members(hint: Any) -> tuple[Any, ...]:
    """Give the types of a union without None, or the one type."""
    several = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return tuple(each for each in several if each is not NoneType)


def inner(hint: Any) -> Any:
    """Give the type of what a list or a mapping holds."""
    (only, *_) = members(hint)
    args = [each for each in get_args(only) if each is not Ellipsis]
    return args[-1] if args else Any


def is_many(hint: Any, of: type) -> bool:
    """Whether a type is a tuple, or a mapping, of others."""
    origin = get_origin(members(hint)[0])
    return isinstance(origin, type) and issubclass(origin, of)


def kinds(several: Iterable[type]) -> dict[str, type]:
    """Give which class each kind stands for."""
    return {name: each for each in several for name in get_args(types_of(each)[KIND])}


def is_text(value: Any) -> bool:
    """Whether a value is text that can be written in UTF-8: no half of a character."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number that every reader of TOML knows."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


NUMBERS = {1: "one number", 2: "two numbers", 3: "three numbers"}
PLAIN: Mapping[Any, Option] = {
    str: Option(is_text, "text", '"text"'),
    int: Option(is_whole, "a whole number", "1"),
    float: Option(is_number, "a number", "0.5"),
    bool: Option(lambda value: isinstance(value, bool), "true or false", "true"),
}


def rule_of(hint: Any) -> Option:
    """Give what may stand where a type is asked for, by the type alone."""
    (only, *_) = members(hint)
    if get_origin(only) is Literal:
        return one_of(get_args(only))
    if is_listed(only):
        return _listed(only)
    if is_many(only, tuple):
        return Option(lambda value: isinstance(value, list), "a list", "[]")
    if is_table(only) or is_many(only, Mapping):
        return Option(lambda value: isinstance(value, dict), "a table of keys", "{}")
    return PLAIN.get(only, Option(lambda _: True, "anything", "1"))


def _listed(kind: type) -> Option:
    names = [*types_of(kind)]

    def allows(value: Any) -> bool:
        return isinstance(value, list) and len(value) == len(names) and all(map(is_number, value))

    return Option(allows, f"{NUMBERS[len(names)]}, [{', '.join(names)}]", f"[{', '.join(['0.5'] * len(names))}]")
