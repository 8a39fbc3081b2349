"""How does a frozen dataclass become plain values, TOML, JSON and a digest?"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from analysis.written.types import inner, is_listed, types_of

VERSION = "version"
LONGEST_SHOWN, DEEPEST_SHOWN = 120, 3
"""Characters, and lists within lists, of what was found that are repeated to the reader."""


def to_plain(value: Any) -> dict[str, Any]:
    """Lay a dataclass out as plain values, with every default; what is missing is left out."""
    return _plain(type(value), value)


def to_json(value: Any) -> str:
    """Write a dataclass as JSON."""
    return json.dumps(to_plain(value), indent=1, ensure_ascii=False) + "\n"


def to_toml(value: Any) -> str:
    """Write a dataclass as TOML."""
    import tomli_w  # noqa: PLC0415 - not every page needs it

    return NUMBERS_BELOW_ONE_ANOTHER.sub(_in_one_line, tomli_w.dumps(to_plain(value)))


NUMBERS_BELOW_ONE_ANOTHER = re.compile(r"\[\n(?: +-?[0-9.a-z+-]+,\n)+ *\]")
"""A range as the library writes it. Text cannot be taken for one: it stands in quotes, its line breaks escaped."""


def _in_one_line(found: re.Match[str]) -> str:
    return f"[{', '.join(found[0][1:-1].replace(',', ' ').split())}]"


def digest(value: Any) -> str:
    """SHA-256 of a dataclass as TOML."""
    return hashlib.sha256(to_toml(value).encode()).hexdigest()


def _plain(hint: Any, value: Any) -> Any:
    """Lay out a value of a type: what may be a fraction is one, so that equal values are written alike."""
    if is_dataclass(value):
        named = {field.name: getattr(value, field.name) for field in fields(value)}
        hints = types_of(type(value))
        laid = {name: _plain(hints[name], each) for name, each in named.items() if each is not None}
        if is_listed(type(value)):
            return [*laid.values()]
        version = getattr(type(value), "VERSION", None)
        return laid if version is None else {VERSION: version, **laid}
    if isinstance(value, Mapping):
        return {key: _plain(inner(hint), each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner(hint), each) for each in value]
    return float(value) if hint is float else value


def shown(value: Any) -> str:
    """Show a plain value as TOML writes it, never a page of it."""
    text = in_toml(value, DEEPEST_SHOWN)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def in_toml(value: Any, depth: int = -1) -> str:
    """Write one plain value as TOML, in one line; lists within `depth` lists are left out."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(in_toml(each, depth - 1) for each in value) if depth else '…'}]"
    if isinstance(value, Mapping):
        pairs = (f"{key} = {in_toml(each, depth - 1)}" for key, each in value.items())
        return f"{{{', '.join(pairs) if depth else '…'}}}"
    if isinstance(value, str):
        plain = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in plain) + '"'
    if isinstance(value, int) and abs(value) >= 10**LONGEST_SHOWN:
        return "a number of more than 120 digits"
    return str(value)
