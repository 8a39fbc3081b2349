"""How is the answer to a plan written, with what it was made from?

The provenance says what all of it was made from and never when, so the same plan on the same data gives the same bytes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import pandas as pd

from analysis import disclosure, written
from analysis.evaluation import DIGITS, PACKAGES, code_digest
from analysis.panel import Panel
from analysis.paths import write_whole
from analysis.store import Store


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What a plan comes to, as it may be handed on.

    Parameters
    ----------
    said : tuple of str
        The answer in words, the first sentence first.
    frames : mapping of str to DataFrame
        What may be handed out, by file name without its ending.
    provenance : mapping
        What it was made from.
    texts : mapping of str to str
        Other files, by name.
    """

    said: tuple[str, ...]
    frames: Mapping[str, pd.DataFrame]
    provenance: Mapping[str, Any]
    texts: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Write every frame as CSV, the texts, and provenance.json.

        Parameters
        ----------
        folder : Path
            Made where it is missing; an earlier answer in it is replaced, all of it or nothing.
        """
        content = {f"{name}.csv": _csv(frame) for name, frame in self.frames.items()} | dict(self.texts)
        content["provenance.json"] = json.dumps(self.provenance, indent=1, ensure_ascii=False) + "\n"
        return write_whole(folder, {name: text.encode("utf-8") for name, text in content.items()})


def _csv(frame: pd.DataFrame) -> str:
    return disclosure.inert(frame).to_csv(index=False, float_format=DIGITS, lineterminator="\n")


def provenance(plan: Any, store: Store, panel: Panel | None, *, seed: int) -> dict[str, Any]:
    """Say what an answer was made from: plan, data, panel, code, packages, seed, and what is not shown."""
    files = store.ledger().sort_values(["file", "digest"])[["file", "digest", "layout"]]
    months = {} if panel is None else {
        "panel": {"digest": panel.digest, "first": str(panel.months[0]), "last": str(panel.months[-1])}
    }  # fmt: skip
    return {
        "plan": {"title": plan.title, "digest": written.digest(plan), "toml": written.to_toml(plan)},
        "data": {"digest": store.digest(), "files": files.to_dict("records")},
        **months,
        "code": {"homeward": version("homeward"), "sha256": code_digest()},
        "packages": {"python": python_version(), **{name: version(name) for name in PACKAGES}},
        "seed": seed,
        "disclosure": str(disclosure.HES),
    }
