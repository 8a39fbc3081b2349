"""Tables of claims and of published evidence, as they are read."""

import numpy as np

from analysis.tables.columns import Column, number, yes_or_no
from analysis.tables.planning import share
from analysis.tables.scenarios import EVALUATED

NUMBERS = (
    Column("What", "what"),
    Column("Value", "said"),
    Column("95% interval or range", "range", lambda words: words or "–"),
    Column("Source", "source"),
)
COUNTS = (
    Column("Could be", ("better", "of"), lambda better, of: f"{better:,.0f} of {of:,.0f}"),
    Column("Share", "share", lambda value: f"{value:.1%}"),
    Column("Exact 95% interval", ("exact_low", "exact_high"), lambda low, high: f"{low:.0%} to {high:.0%}"),
    Column("Wilson 95% interval", ("wilson_low", "wilson_high"), lambda low, high: f"{low:.0%} to {high:.0%}"),
    Column("Expected to improve anyway", "expected", number(1)),
    Column("Chance of so many anyway", "anyway", share),
    Column("Left for the programme, of 100", ("points", "points_low", "points_high"),
           lambda value, low, high: f"{100 * value:+.0f} ({100 * low:+.0f} to {100 * high:+.0f})"),
)  # fmt: skip
BASES = (
    Column("Which services", "whose"),
    Column("When", "period"),
    Column("Rated better when next inspected", "share", share),
    Column("Of how many", "of", number(0, "not printed")),
    Column("Chance of so many anyway, fewest possible", "fewest", share),
    Column("Most possible", "most", share),
    Column("Source", "source"),
)
HIGHEST = (
    Column("Highest of", "of"),
    Column("Months before", "months", number(0)),
    Column("Months after", "after", number(0)),
    Column("Falls by itself, from the months that chose it", "same", share),
    Column("From other months before", "other", lambda value: share(max(round(value, 2), 0.0))),
    Column("Chance of a fall as large as claimed", "at_least", lambda value: f"{value:.1%}"),
)


def _change(value: float) -> str:
    return f"{value:+.0%}" if np.isfinite(value) else "–"


def _changes(value: float, low: float, high: float) -> str:
    return f"{_change(value)} ({_change(low)} to {_change(high)})" if np.isfinite(value) else "–"


PERIODS = (
    Column("Period (0 is the baseline)", "period"),
    Column("Here", "here", number(0)),
    Column("Elsewhere", "elsewhere", number(0)),
    Column("Here, from the baseline", "change", _change),
    Column("Elsewhere, from the baseline", "change_elsewhere", _change),
    Column("Beside elsewhere (95% interval)", ("relative", "relative_low", "relative_high"),
           _changes),
)  # fmt: skip
LACKING = (Column("Ask", "ask"), Column("What is open without it", "why"))
POOLED = (
    Column("Outcome", "outcome"),
    Column("Homes", "home_type"),
    Column("Intervention", "kind"),
    Column("Studies", "studies"),
    Column("Rate ratio (95% interval)", ("estimate", "conf_low", "conf_high"),
           lambda value, low, high: f"{value:.2f} ({low:.2f} to {high:.2f})"),
    Column("Were all schemes to do the same", ("common_low", "common_high"), "{:.2f} to {:.2f}".format),
    Column("Next scheme (95% prediction interval)", ("predict_low", "predict_high"),
           lambda low, high: f"{low:.2f} to {high:.2f}" if np.isfinite(low) else "not with fewer than three studies"),
    Column("Spread between studies (τ)", "tau", number(2)),
    Column("Which", "which"),
)  # fmt: skip
EFFECTS = (
    *EVALUATED,
    Column("Rate ratio (95% interval)", ("estimate", "low", "high"),
           lambda value, low, high: f"{value:.2f} ({low:.2f} to {high:.2f})" if np.isfinite(low) else "–"),
    Column("What to mind", "caveat"),
    Column("Source", "source"),
    Column("Read in the source", "verified", yes_or_no),
)  # fmt: skip
BY_YEAR = (
    Column("Which services", "whose"),
    Column("Rated before", "from_rating"),
    Column("Year inspected again", "year", str),
    Column("Rated better", "share", share),
    Column("Of how many", "of", number(0, "not printed")),
    Column("Source", "source"),
)
