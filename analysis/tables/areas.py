"""What stands in the tables of one area: methods, donors, who was left out, the baseline, and yearly figures.

Delayed days are published official statistics and counts of days, not of people. Permanent admissions count people:
their numerators go through `analysis.disclosure`, and a rate whose numerator is not shown is not shown either.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import MARK, marked, protect
from analysis.results import RATE_RATIO, Effects, limit
from analysis.tables import span

WHEN = {0: "All months after the start"}
"""What a window is called; years since the start are "Year 1", …"""


def when(year: int) -> str:
    """Name a window of months."""
    return WHEN.get(year, f"Year {year}")


def methods_display(years: pd.DataFrame, coverage: Mapping[str, str]) -> pd.DataFrame:
    """Lay out every method's estimate by year, with both intervals and how often its own one raises a false alarm.

    Parameters
    ----------
    years : DataFrame
        `persistence.by_year`.
    coverage : mapping of str to str
        How often each method's own interval held the truth in simulations, in words.
    """
    rows = years.to_dict("records")
    return pd.DataFrame({
        "Method": [row["method"] for row in rows],
        "When": [when(row["year"]) for row in rows],
        "Rate ratio": [f"{row['estimate']:.2f}" for row in rows],
        "95% interval by ranking": [span(row["low"], row["high"]) for row in rows],
        "Place among areas": [_place(row["rank"], row["areas"]) for row in rows],
        "Its own 95% interval": [own_span(row["own_low"], row["own_high"]) for row in rows],
        "Its own claims an effect where nothing was done": [_alarms(row["false_alarms"], row["areas"]) for row in rows],
        "Its own held the truth in simulations": [coverage.get(row["method"], "–") for row in rows],
    })  # fmt: skip


def own_span(low: float, high: float) -> str:
    """Write an interval of which either end may be missing."""
    if np.isnan(low) and np.isnan(high):
        return "no interval"
    if np.isnan(low):
        return f"up to {limit(high)}"
    return f"{limit(low)} or more" if np.isnan(high) else f"{limit(low)} to {limit(high)}"


def _place(rank: float, areas: float) -> str:
    return f"{int(rank)} of {int(areas) + 1}" if areas else "–"


def _alarms(alarms: float, areas: float) -> str:
    return "–" if np.isnan(alarms) or not areas else f"{int(alarms)} of {int(areas)}"


def forest(years: pd.DataFrame, year: int) -> pd.DataFrame:
    """Give the rows of one window that can be drawn: method, estimate, conf_low, conf_high, own_low, own_high."""
    rows = years.loc[(years["year"] == year) & np.isfinite(years["estimate"])].reset_index(drop=True)
    return rows.rename(columns={"low": "conf_low", "high": "conf_high"})


def series(effects: Effects, name: str) -> pd.DataFrame:
    """Give the area's months, what was expected, and all other areas scaled to it: month, line, value a day.

    Parameters
    ----------
    effects : Effects
        Of the method whose expectation is drawn.
    name : str
        What the area is called.
    """
    cells = effects.augment()
    own = cells.loc[cells["event_time"].notna()].set_index("month")
    days = pd.Series(own.index.days_in_month, own.index)
    others = cells.loc[cells["event_time"].isna()].groupby("month")["observed"].sum() / days
    before = own["event_time"] < 0
    seen = own["observed"] / days
    scaled = others * seen[before].mean() / others[before].mean() if len(others.dropna()) else others
    expected = (own["counterfactual"] / days).where(~before)
    lines = {name: seen, "expected (synthetic control)": expected, "all comparison areas, to the same scale": scaled}
    return pd.concat(
        [pd.DataFrame({"month": own.index, "line": line, "value": value.to_numpy()}) for line, value in lines.items()],
        ignore_index=True,
    ).dropna()  # fmt: skip


def placebos(answers: Mapping[str, Effects], year: int) -> pd.DataFrame:
    """Every area's rate ratio by every method in one window: method, name, treated, estimate."""
    parts = [effects.diagnostics["placebos"].assign(method=name) for name, effects in answers.items()]
    every = pd.concat(parts, ignore_index=True)
    return every.loc[every["year"] == year, ["method", "name", "treated", "estimate"]].reset_index(drop=True)


def monthly(effects: Effects) -> pd.DataFrame:
    """Observed over expected month by month, for a download: event_time, rate_ratio."""
    tidy = effects.tidy("event_time")
    rows = tidy.loc[tidy["term"] == RATE_RATIO, ["event_time", "estimate"]]
    return rows.rename(columns={"estimate": "rate_ratio"})


def weights_display(effects: Effects) -> pd.DataFrame:
    """Lay out donors, their weights, and what the first-year rate ratio would be without each."""
    weights = effects.diagnostics["weights"].head(10)
    without = effects.diagnostics["leave_one_out"].set_index("unit")
    ratio = [
        f"{without.loc[unit, 1]:.2f}" if unit in without.index and 1 in without else "–" for unit in weights["unit"]
    ]
    return pd.DataFrame({
        "Area": weights["name"], "Weight": [f"{w:.0%}".replace("-", "−") for w in weights["weight"]],
        "Rate ratio of year 1 without it": ratio,
    })  # fmt: skip


def left_out_display(roles: pd.DataFrame) -> pd.DataFrame:
    """Lay out who was left out of the comparison, and why."""
    out = roles.loc[roles["role"] == "left out", ["name", "unit", "reason"]]
    return out.set_axis(["Area", "Code", "Why"], axis=1).reset_index(drop=True)


def falls_display(falls: pd.DataFrame) -> pd.DataFrame:
    """Lay out the change from the year before the start, beside what others did and what was predicted."""
    rows = falls.to_dict("records")
    interval = [
        f"{_percent(r['predicted'])} ({_percent(r['predicted_low'])} to {_percent(r['predicted_high'])})"
        if np.isfinite(r["predicted"]) else "–" for r in rows
    ]  # fmt: skip
    return pd.DataFrame({
        "Year": [when(r["year"]) for r in rows],
        "From": [f"{r['first_month']:%B %Y}" for r in rows],
        "Change on the year before the start": [_percent(r["change"]) for r in rows],
        "All areas together": [_percent(r["national_change"]) for r in rows],
        "Place by size of fall": [f"{int(r['rank'])} of {int(r['areas'])}" for r in rows],
        "Change on the year before that": [_percent(r["since_two_years_before"]) for r in rows],
        "Predicted by the rise before alone": interval,
        "Correlation": [f"{r['r']:.2f}".replace("-", "−") if np.isfinite(r["r"]) else "–" for r in rows],
    })  # fmt: skip


def _percent(share: float) -> str:
    return f"{share:+.0%}".replace("-", "−") if np.isfinite(share) else "–"


def in_time_display(found: pd.DataFrame) -> pd.DataFrame:
    """Lay out the placebo in time."""
    rows = found.to_dict("records")
    return pd.DataFrame({
        "As if the start had been": [f"{r['start']:%B %Y}" for r in rows],
        "Rate ratio": [f"{r['estimate']:.2f}" for r in rows],
        "95% interval by ranking": [span(r["conf_low"], r["conf_high"]) for r in rows],
    })  # fmt: skip


def yearly(years: pd.DataFrame) -> pd.DataFrame:
    """Protect the counts of people of a yearly measure: period, value, numerator, denominator, definition.

    A value whose numerator is too small to show is not shown.
    """
    shown = protect(years, ["numerator", "denominator"])
    hidden = years["numerator"].notna() & shown["numerator"].isna()
    return shown.assign(value=years["value"].mask(hidden)).drop(columns="hidden")


def yearly_display(years: pd.DataFrame) -> pd.DataFrame:
    """Lay out a yearly measure with what stands behind each figure; `years` as it comes."""
    shown = yearly(years)
    given = years["numerator"].notna()
    numerator = [text if there else "not given" for text, there in zip(marked(shown["numerator"]), given, strict=True)]
    denominator = ["not given" if pd.isna(n) else f"{n:,}" for n in shown["denominator"]]
    there = years["value"].notna()
    value = [
        f"{v:,.1f}" if pd.notna(v) else MARK if t else "not given" for v, t in zip(shown["value"], there, strict=True)
    ]
    return pd.DataFrame({
        "Year": [financial_year(period) for period in years["period"]], "Value": value, "Numerator (people)": numerator,
        "Denominator (people)": denominator, "Definition": years["definition"],
    })  # fmt: skip


def financial_year(period: pd.Timestamp) -> str:
    """Name a financial year: 2016/17."""
    return f"{period.year}/{(period.year + 1) % 100:02d}"
