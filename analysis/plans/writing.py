"""What was the answer to a plan made from?

The provenance says what all of it was made from and never when, so the same plan on the same data gives the same bytes.
"""

from importlib.metadata import version
from platform import python_version
from typing import Any

from analysis import disclosure, written
from analysis.evaluation.provenance import PACKAGES, code_digest
from analysis.panel import Panel
from analysis.store import Store


def provenance(plan: Any, store: Store, panel: Panel | None, seed: int) -> dict[str, Any]:
    """Say what an answer was made from: plan, data, panel, code, packages, seed, and what is not shown."""
    seen = None if panel is None else {
        "digest": panel.digest, "first": str(panel.months[0]), "last": str(panel.months[-1])
    }  # fmt: skip
    files = store.ledger(handed_on=True).sort_values(["file", "digest"])[["file", "digest", "layout"]]
    return {
        "plan": {"title": plan.title, "digest": written.digest(plan), "toml": written.to_toml(plan)},
        "data": {"digest": store.digest(counts=False), "files": files.to_dict("records")},
        "panel": seen,
        "code": {"homeward": version("homeward"), "sha256": code_digest()},
        "packages": {"python": python_version(), **{name: version(name) for name in PACKAGES}},
        "seed": seed,
        "disclosure": str(disclosure.HES),
    }
