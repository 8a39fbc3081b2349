"""What stands under the pictures of the models of ratings. Counts are of homes and inspections, not of people."""

import numpy as np
import pandas as pd

from analysis.results import MONTHS_SAVED, PROBABILITY_DIFFERENCE, RATIO_DOWN, RATIO_UP, Effects, limit

SAID = {
    RATIO_UP: "Times as fast to a better rating",
    RATIO_DOWN: "Times as fast to a worse rating",
    MONTHS_SAVED: "Months below Good saved a home, over two years",
    PROBABILITY_DIFFERENCE: "Difference in the chance of a better rating, points",
}
SCALE = {PROBABILITY_DIFFERENCE: 100.0}
KINDS = {"better_sooner": "Supported homes that became better", "worse_sooner": "Any home that became worse"}


def model_estimates(effects: Effects) -> pd.DataFrame:
    """Every estimate of a model of ratings: group, term, estimate, std_error, conf_low, conf_high."""
    parts = [effects.tidy().rename(columns={"overall": "group"})]
    if "subgroup" in effects.tables:
        parts.append(effects.tidy("subgroup").rename(columns={"subgroup": "group"}))
    return pd.concat(parts, ignore_index=True)


def model_display(effects: Effects) -> pd.DataFrame:
    """Write the estimates for reading."""
    rows = model_estimates(effects).to_dict("records")
    return pd.DataFrame(
        [
            {
                "Supported homes": "all" if row["group"] == "all" else row["group"],
                "What": SAID[row["term"]],
                "Estimate": _number(row["estimate"], row["term"]),
                "95% interval": _span(row),
            }
            for row in rows
        ]
    )


def sensitivity_display(frame: pd.DataFrame) -> pd.DataFrame:
    """Write the curve for reading."""
    return pd.DataFrame(
        {
            "Inspectors come sooner to": frame["kind"].map(KINDS),
            "Times as fast": frame["times"],
            "Times as fast to a better rating": [_number(value, RATIO_UP) for value in frame["estimate"]],
            "95% interval": [_span({**row, "term": RATIO_UP}) for row in frame.to_dict("records")],
        }
    )


def timing_display(effects: Effects) -> pd.DataFrame:
    """Write what multiplies the rate of inspections: of `NextRating` with weights."""
    ratios = effects.diagnostics["timing"]
    return pd.DataFrame(
        {
            "Inspections, other things alike": ratios["term"],
            "Times as often": [f"{value:.2f}" for value in ratios["estimate"]],
            "95% interval": [
                f"{limit(low)} to {limit(high)}"
                for low, high in zip(ratios["conf_low"], ratios["conf_high"], strict=True)
            ],
        }
    )


def rates_display(effects: Effects) -> pd.DataFrame:
    """Write how often homes were inspected, by last rating and time since."""
    rates = effects.diagnostics["rates"]
    ends = zip(rates["years_from"], rates["years_to"], strict=True)
    return pd.DataFrame(
        {
            "Last rating": rates["rating"],
            "Years since": [f"over {low:g}" if np.isinf(high) else f"{low:g} to {high:g}" for low, high in ends],
            "Inspections": rates["inspections"],
            "Home-years": rates["years"].round(1),
            "Inspections a year": rates["per_year"].round(2),
        }
    )


def _span(row: dict) -> str:
    if not np.isfinite(row["conf_low"]):
        return "none can be given"
    return f"{_number(row['conf_low'], row['term'])} to {_number(row['conf_high'], row['term'])}"


def _number(value: float, term: str) -> str:
    if not np.isfinite(value):
        return "cannot be told"
    value *= SCALE.get(term, 1.0)
    return (
        "over 100"
        if value > 100
        else f"{value:.1f}"
        if term in (MONTHS_SAVED, PROBABILITY_DIFFERENCE)
        else f"{value:.2f}"
    )
