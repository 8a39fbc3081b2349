"""What stands under the pictures of the models of ratings. Counts are of homes and inspections, not of people."""

import numpy as np
import pandas as pd

from analysis.results import (
    EXTRA_BETTER,
    MONTHS_SAVED,
    NUMBER_NEEDED,
    OBSERVED_EXPECTED,
    PROBABILITY_DIFFERENCE,
    RATIO_DOWN,
    RATIO_UP,
    SHARE_DIFFERENCE,
    Effects,
    limit,
)
from analysis.tables.columns import Column, number

SAID = {
    RATIO_UP: "Times as fast to a better rating",
    RATIO_DOWN: "Times as fast to a worse rating",
    MONTHS_SAVED: "Months below Good saved a home, over two years",
    PROBABILITY_DIFFERENCE: "Difference in the chance of a better rating, points",
}
OF_COMPARISON = {
    OBSERVED_EXPECTED: "Times as many rated better as expected",
    EXTRA_BETTER: "More homes rated better than expected",
    SHARE_DIFFERENCE: "Difference in the share rated better, points",
    NUMBER_NEEDED: "Homes to support for one more rated better",
}
NAMES = {
    "observed_expected": "Observed over expected",
    "next_rating": "Model of the next rating",
    "multi_state": "Model of moves",
}
SCALE = {PROBABILITY_DIFFERENCE: 100.0, SHARE_DIFFERENCE: 100.0}
KINDS = {"better_sooner": "Supported homes that became better", "worse_sooner": "Any home that became worse"}


IN_TENTHS = (MONTHS_SAVED, EXTRA_BETTER, NUMBER_NEEDED, *SCALE)


def model_estimates(effects: Effects) -> pd.DataFrame:
    """Every estimate of a model of ratings: group, term, estimate, std_error, conf_low, conf_high."""
    parts = [effects.tidy().rename(columns={"overall": "group"})]
    if "subgroup" in effects.tables:
        parts.append(effects.tidy("subgroup").rename(columns={"subgroup": "group"}))
    return pd.concat(parts, ignore_index=True)


def _number(value: float, term: str) -> str:
    if not np.isfinite(value):
        return "cannot be told"
    value *= SCALE.get(term, 1.0)
    if value > 100:
        return "over 100"
    return f"{value:.1f}" if term in IN_TENTHS else f"{value:.2f}"


def _span(low: float, high: float, term: str) -> str:
    return f"{_number(low, term)} to {_number(high, term)}" if np.isfinite(low) else "none can be given"


def _years(low: float, high: float) -> str:
    return f"over {low:g}" if np.isinf(high) else f"{low:g} to {high:g}"


MODEL = (
    Column("Supported homes", "group"),
    Column("What", "term", SAID.__getitem__),
    Column("Estimate", ("estimate", "term"), _number),
    Column("95% interval", ("conf_low", "conf_high", "term"), _span),
)
"""Of `model_estimates`."""
METHODS = (
    Column("Method", "method", NAMES.__getitem__),
    Column("What", "term", lambda term: (SAID | OF_COMPARISON).get(term, "–")),
    Column("Estimate", ("estimate", "term"), lambda value, term: _number(value, term) if np.isfinite(value) else "–"),
    Column("95% interval", ("conf_low", "conf_high", "term"),
           lambda low, high, term: _span(low, high, term) if np.isfinite(low) else "–"),
    Column("Supported homes", "homes"),
    Column("Why there is no answer", "why"),
)  # fmt: skip
"""What every method finds in its own terms."""
SENSITIVITY = (
    Column("Inspectors come sooner to", "kind", KINDS.__getitem__),
    Column("Times as fast", "times"),
    Column("Times as fast to a better rating", "estimate", lambda value: _number(value, RATIO_UP)),
    Column("95% interval", ("conf_low", "conf_high"), lambda low, high: _span(low, high, RATIO_UP)),
)
"""The curve of assumed inspections."""
TIMING = (
    Column("Inspections, other things alike", "term"),
    Column("Times as often", "estimate", number(2)),
    Column("95% interval", ("conf_low", "conf_high"), lambda low, high: f"{limit(low)} to {limit(high)}"),
)
"""What multiplies the rate of inspections: of `NextRating` with weights."""
RATES = (
    Column("Last rating", "rating"),
    Column("Years since", ("years_from", "years_to"), _years),
    Column("Inspections", "inspections"),
    Column("Home-years", "years", number(1)),
    Column("Inspections a year", "per_year", number(2)),
)
"""How often homes were inspected, by last rating and time since."""
