"""What was an answer made from? Everything but when, so that the same question gives the same bytes."""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import pandas as pd

from analysis.evaluation.files import DIGITS
from analysis.later import Constant, Later
from analysis.protocol import Protocol
from analysis.questions import Question
from analysis.results import Effects

PACKAGES = ("duckdb", "numpy", "pandas", "scipy")
"""What computes the numbers."""


def provenance_of(
    protocol: Protocol, given: tuple[Any, str, list[dict]], answers: Mapping[str, Effects], question: Question
) -> Mapping[str, Any]:
    """Say what an evaluation was made from; what must be known beside the answer is worked out when it is asked for.

    Parameters
    ----------
    given : triple
        What was observed, as it may be handed on; the digest of what the store says; and what was loaded.
    answers : mapping of str to Effects
        By method; the first leads.
    """
    observed, data, files = given
    leading = next(iter(answers.values()))
    several = {"methods": {name: repr(answer) for name, answer in answers.items()}} if len(protocol.methods) > 1 else {}
    made = {
        "protocol": {"title": protocol.title, "digest": protocol.digest, "toml": protocol.to_toml()},
        "data": {"digest": data, "files": files},
        **question.made_from(observed),
        "model": {"call": repr(leading), **{name: _plain(value) for name, value in question.glance(leading).items()}},
        **several,
        "notes": None,
        "code": {"homeward": version("homeward"), "sha256": code_digest()},
        "packages": {"python": python_version(), **{name: version(name) for name in PACKAGES}},
        "seed": protocol.seed,
        "disclosure": question.disclosure,
    }
    known: dict[str, Callable[[], Any]] = {name: Constant(value) for name, value in made.items()}
    return Later(known | {"notes": lambda: list(leading.notes)})  # in their place, and last to be known


def _plain(value: Any) -> Any:
    """Make a value of numpy or pandas one that JSON knows."""
    if pd.isna(value):
        return None
    value = value.item() if hasattr(value, "item") else value
    return float(DIGITS % value) if isinstance(value, float) else value


@cache
def code_digest() -> str:
    """SHA-256 of the package's own modules, so that a changed line is a changed version."""
    root, digest = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
