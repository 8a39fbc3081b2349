"""The same question asked again for its ratio alone, on other homes or months."""

from dataclasses import fields, replace

from analysis.design import Design
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Effects, Model

PLAIN = {"leads": 0, "also": (), "subgroups": (), "dose": "ignore", "permutations": 0}
"""Options that a doubt does without: they add to an answer and do not change its ratio or its interval."""


def bare(model: Model[Panel, Design]) -> Model[Panel, Design]:
    """Give the model without all that is not needed for the overall ratio and its interval."""
    known = {f.name for f in fields(model)}  # type: ignore[arg-type] - every model is a frozen dataclass
    return replace(model, **{name: value for name, value in PLAIN.items() if name in known})  # type: ignore[type-var]


def ratio(effects: Effects) -> tuple[float, float, float, float]:
    """Give the overall rate ratio, its limits and its p-value."""
    tidy = effects.tidy()
    row = tidy.loc[tidy["term"] == RATE_RATIO].iloc[0]
    return float(row["estimate"]), float(row["conf_low"]), float(row["conf_high"]), float(row["p_value"])


def answered(effects: Effects) -> bool:
    """Whether the interval leaves out no effect at all."""
    _, low, high, _ = ratio(effects)
    return low > 1 or high < 1
