"""What stands under the pictures of ratings? Counts here are of homes and inspections, never of people."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.results import EXTRA_BETTER, NUMBER_NEEDED, OBSERVED_EXPECTED, SHARE_DIFFERENCE, Effects, limit
from analysis.tables.columns import Column, number

TITLES = {
    OBSERVED_EXPECTED: "Rated better, over expected (95% interval)",
    EXTRA_BETTER: "More homes rated better than expected",
    SHARE_DIFFERENCE: "Percentage points more",
    NUMBER_NEEDED: "Supported for one more",
}
SCALE = {OBSERVED_EXPECTED: (1, 2), EXTRA_BETTER: (1, 1), SHARE_DIFFERENCE: (100, 0), NUMBER_NEEDED: (1, 0)}
"""What a term is multiplied by, and its digits."""

HALF_YEAR = 0.5
SPAN = ("estimate", "conf_low", "conf_high")
SHARE_SPAN = ("share", "conf_low", "conf_high")


def groups(effects: Effects) -> pd.DataFrame:
    """One row per group: group, supported, observed, expected, estimate, conf_low, conf_high, told.

    Other ways of saying it stand in columns of their own, such as extra_better, extra_better_low, extra_better_high.
    """
    strata = effects.diagnostics["strata"]
    rate = (strata["counted_improved"] + strata["centre"]) / (strata["counted"] + 1)
    strata = strata.assign(expected=strata["supported"] * rate)
    counts = {"all": strata}
    for by in ("from_rating", "home_type"):
        counts |= {f"{by}: {name}": part for name, part in strata.groupby(by, observed=True)}
    tidy = pd.concat([effects.tidy().rename(columns={"overall": "group"}),
                      effects.tidy("subgroup").rename(columns={"subgroup": "group"})])  # fmt: skip
    rows = []
    for name, part in tidy.groupby("group", sort=False):
        of = counts[str(name)]
        sums = {column: of[column].to_numpy().sum() for column in ("supported", "observed", "expected")}
        told = f"{sums['observed']:.0f} of {sums['supported']:.0f}; {sums['expected']:.1f} expected"
        terms = part.set_index("term")
        ratio = dict(zip(SPAN, terms.loc[OBSERVED_EXPECTED, [*SPAN]], strict=True))
        others = {f"{term}{end}": terms.loc[term, value] for term in (EXTRA_BETTER, SHARE_DIFFERENCE, NUMBER_NEEDED)
                  for end, value in zip(ENDS, SPAN, strict=True)}  # fmt: skip
        rows.append({"group": _group(str(name)), **sums, **ratio, "told": told, **others})
    return pd.DataFrame(rows)


ENDS = ("", "_low", "_high")


def _group(name: str) -> str:
    told = name.rpartition(": ")[2]
    return {"all": "All", "nursing": "Nursing homes", "residential": "Residential homes"}.get(told, told)


def _said(term: str) -> Callable[[float, float, float], str]:
    times, digits = SCALE[term]
    none = 1.0 if term == OBSERVED_EXPECTED else 0.0

    def said(estimate: float, low: float, high: float) -> str:
        if not np.isfinite(estimate):
            return "none"
        end = limit(times * high, digits, none) if np.isfinite(high) else "no end"
        middle = round(times * estimate, digits) + 0.0  # a zero has no sign
        return f"{middle:.{digits}f} ({limit(times * low, digits, none)} to {end})".replace("-", "−")

    return said


def _day(day: str) -> str:
    return day if day == "any" else f"{pd.Timestamp(day).day} {pd.Timestamp(day):%B %Y}"


ESTIMATES = (
    Column("Homes", "group"),
    Column(TITLES[OBSERVED_EXPECTED], SPAN, _said(OBSERVED_EXPECTED)),
    *(
        Column(TITLES[term], tuple(f"{term}{end}" for end in ENDS), _said(term))
        for term in (EXTRA_BETTER, SHARE_DIFFERENCE, NUMBER_NEEDED)
    ),
)
"""Of `groups`."""
BECAME = (Column("Supported homes", "became"), Column("Homes", "homes"))
STRATA = (
    Column("Rating", "from_rating", str), Column("Standing on", "since", _day), Column("From", "before"),
    Column("Next visit", "selection"), Column("Kind", "home_type"), Column("Inspected again in", "year"),
    Column("After", "follow_up"),
    Column("Supported", "supported"), Column("Rated better", "observed"), Column("Others inspected again", "others"),
    Column("Others rated better", "improved"), Column("Inspected before the programme", "earlier"),
    Column("Of these rated better", "earlier_improved"), Column("Count for", "counted", number(1)),
)  # fmt: skip
"""What the expected number is made from."""
PLACEBOS = (
    Column("Council", "area_name"), Column("Quarter from", "began", lambda day: f"{day:%B %Y}"),
    Column("Homes inspected again", "homes"), Column("Rated better", "observed"),
    Column("Expected", "expected", number(1)), Column("p", "p_value", number(2)),
)  # fmt: skip
"""Programmes in which nothing is known to have been done."""


APART = 0.05
"""Years by which the last half year precedes the end of the curves: closer, the two are read as the same."""


def half_years(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of the curves at half years, and where they end, with the years asked for."""
    rows = []
    for _, part in frame.groupby("who", sort=False):
        last = part["years"].max()
        for years in [*np.arange(HALF_YEAR, last - APART, HALF_YEAR), last]:
            rows.append({**part.loc[part["years"] <= years].iloc[-1].to_dict(), "years": years})
    return pd.DataFrame(rows, columns=list(frame.columns))


def _share(share: float, low: float, high: float) -> str:
    return f"{share:.0%} ({low:.0%} to {high:.0%})"


CURVES = (
    Column("Years since the start", "years", lambda years: f"{years:.1f}"),
    Column("Homes", "who"),
    Column("Rated better", ("better", "better_low", "better_high"), _share),
    Column("Left the register", ("left", "left_low", "left_high"), _share),
)
"""Of `half_years`."""


def _half(days: float, low: float, high: float) -> str:
    if not np.isfinite(days):
        return "not reached"
    ends = [f"{end:,.0f}" if np.isfinite(end) else "not reached" for end in (low, high)]
    return f"{days:,.0f} ({ends[0]} to {ends[1]})"


def _within(share: float, low: float, high: float) -> str:
    return _share(share, low, high) if np.isfinite(share) else "not watched so long"


TIMES = (
    Column("From", "from_rating", str),
    Column("Until", "until", {"next": "any rating", "better": "a better rating"}.__getitem__),
    Column("Ratings", "waits"),
    Column("Homes", "homes"),
    Column("Half within (days)", ("median_days", "conf_low", "conf_high"), _half),
    Column("Within 1 year", ("within_1", "within_1_low", "within_1_high"), _within),
    Column("Within 2 years", ("within_2", "within_2_low", "within_2_high"), _within),
)
"""How soon ratings come."""


def _reference(share: float, low: float, high: float) -> str:
    return _share(share, low, high) if np.isfinite(low) else f"{share:.0%}"


REFERENCE = (
    Column("Homes", "whose"),
    Column("Period", "period"),
    Column("Rated better (95% interval)", SHARE_SPAN, _reference),
    Column("Of", "n", number(0, "not given")),
    Column("Mind", "caveat"),
    Column("Source", "source"),
)
"""An area beside everything loaded and the published figures."""
QUESTIONS = (
    Column("Key question", "question"), Column("Rated better", "count"), Column("Of", "n"), Column("Homes", "homes"),
    Column("Share (95% interval)", SHARE_SPAN, _share),
    Column("All five together", ("share", "all_low", "all_high"), _share),
)  # fmt: skip
"""The key questions of all homes."""


def _ratio(estimate: float, low: float, high: float) -> str:
    return f"{estimate:.2f} ({limit(low)} to {limit(high)})" if np.isfinite(estimate) else "none"


SUPPORTED_QUESTIONS = (
    Column("Key question", "question"), Column("Homes", "homes"), Column("Rated better", "observed"),
    Column("Expected", "expected", number(1)), Column("Over expected (95% interval)", SPAN, _ratio),
    Column("p, allowing for five", "p_holm", number(2)),
)  # fmt: skip
"""Supported homes, question by question."""


def _net(net: float, low: float, high: float) -> str:
    return f"{net:.2f} ({low:.2f} to {high:.2f})".replace("-", "−") if np.isfinite(low) else "too few homes"


ORDER = (
    Column("Well-led beside", "question"), Column("Pairs", "pairs"), Column("Homes", "homes"),
    Column("Well-led first", "first"), Column("Same inspection", "same"), Column("Well-led last", "last"),
    Column("Neither yet", "undecided"), Column("Net order (95% interval)", ("net", "conf_low", "conf_high"), _net),
)  # fmt: skip
"""The order of improvement."""
LEDGER = (Column("Published ratings", "outcome"), Column("Why", "reason"), Column("Rows", "rows"))
JOINS = (
    Column("Why a home was registered anew", "reason"),
    Column("Taken for", "outcome"),
    Column("Registrations", "links"),
)  # fmt: skip


def moves(key: str | None, title: str) -> tuple[Column, ...]:
    """Say how shares of re-inspections are read, by group where there is one."""
    tenth = Column("Share (95% interval)", SHARE_SPAN, "{:.1%} ({:.1%} to {:.1%})".format)
    group = (Column(title, key, str),) if key else ()
    return (*group, Column("From", "from_rating", str), Column("Next rating", "moved", str),
            Column("Inspections", "count"), Column("Of", "n"), tenth)  # fmt: skip
