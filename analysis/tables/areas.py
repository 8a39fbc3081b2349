"""What stands in the tables of one area: methods, donors, who was left out, the baseline, and yearly figures.

Delayed days are published official statistics and counts of days, not of people. Permanent admissions count people:
their numerators go through `analysis.disclosure`, and a rate whose numerator is not shown is not shown either.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import MARK, marked, protect
from analysis.results import RATE_RATIO, Effects, limit

WHEN = {0: "All months after the start"}
"""What a window is called; years since the start are "Year 1", …"""

SIMULTANEOUS = "Rate ratio (95% interval, all years at once)"


def when(year: int) -> str:
    """Name a window of months."""
    return WHEN.get(year, f"Year {year}")


def verdict_display(years: pd.DataFrame, standing: pd.DataFrame, falls: pd.DataFrame | None) -> pd.DataFrame:
    """Lay out what the answer rests on, year by year since the start.

    Parameters
    ----------
    years : DataFrame
        `persistence.by_year`.
    standing : DataFrame
        `Verdict.asked`: rate ratios of the one method that decides, indexed by year.
    falls : DataFrame or None
        `YearBefore.falls`.
    """
    plain = {} if falls is None else {row["year"]: row for row in falls.to_dict("records")}
    return pd.DataFrame([_year_told(year, years, standing, plain.get(year)) for year in standing.index])


def _year_told(year: int, years: pd.DataFrame, standing: pd.DataFrame, fall: dict | None) -> dict[str, str]:
    """Tell one year of the answer."""
    row, rows = standing.loc[year], years.loc[years["year"] == year]
    least, most = int(rows["rank"].min()), int(rows["rank"].max())
    predicted = fall is not None and np.isfinite(fall["predicted"])
    return {
        "Year": when(year),
        SIMULTANEOUS: _ratio_told(row),
        "By all methods": interval(rows["estimate"].min(), rows["estimate"].max()),
        "Methods below 1": f"{int((rows['estimate'] < 1).sum())} of {len(rows)}",
        "Place among areas": f"{least} to {most} of {int(rows['areas'].max()) + 1}",
        "Plain change on the year before": "–" if fall is None else _percent(fall["change"]),
        "All areas together": "–" if fall is None else _percent(fall["national_change"]),
        "Its rise before predicts": _percent(fall["predicted"]) if fall is not None and predicted else "–",
    }


def _ratio_told(row: Mapping) -> str:
    return f"{limit(row['estimate'])} ({interval(row['low'], row['high'])})"


def standing_display(standing: pd.DataFrame) -> pd.DataFrame:
    """Lay out the one method's answer by the months before the start that it is measured from."""
    rows = standing.sort_values(["year", "months_before"], ascending=[True, False]).to_dict("records")
    return pd.DataFrame({
        "Year": [when(r["year"]) for r in rows],
        "Measured from": [f"{r['first_month']:%B %Y}" for r in rows],
        "Months before the start": [int(r["months_before"]) for r in rows],
        SIMULTANEOUS: [_ratio_told(r) for r in rows],
        "Share of areas with as unusual a year": [f"{r['p_value']:.1%}" for r in rows],
    })  # fmt: skip


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
        "Rate ratio": [limit(row["estimate"]) for row in rows],
        "95% interval by ranking": [interval(row["low"], row["high"]) for row in rows],
        "Place among areas": [_place(row["rank"], row["areas"]) for row in rows],
        "Its own 95% interval": [interval(row["own_low"], row["own_high"]) for row in rows],
        "Its own claims an effect where nothing was done": [_alarms(row["false_alarms"], row["areas"]) for row in rows],
        "Its own held the truth in simulations": [coverage.get(row["method"], "–") for row in rows],
    })  # fmt: skip


def interval(low: float, high: float) -> str:
    """Write a rate ratio's interval that may have no end below (0) or above (infinity), or be none."""
    if np.isnan([low, high]).any():
        return "no interval"
    if np.isinf(high):
        return "no limit" if low == 0 else f"{limit(low)} or more"
    return f"up to {limit(high)}" if low == 0 else f"{limit(low)} to {limit(high)}"


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
    spread = [
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
        "Predicted by the rise before alone": spread,
        "Correlation": [f"{r['r']:.2f}".replace("-", "−") if np.isfinite(r["r"]) else "–" for r in rows],
    })  # fmt: skip


def _percent(share: float) -> str:
    return f"{share:+.0%}".replace("-", "−") if np.isfinite(share) else "–"


def in_time_display(found: pd.DataFrame) -> pd.DataFrame:
    """Lay out the placebo in time."""
    rows = found.to_dict("records")
    return pd.DataFrame({
        "As if the start had been": [f"{r['start']:%B %Y}" for r in rows],
        "Rate ratio": [limit(r["estimate"]) for r in rows],
        "95% interval by ranking": [interval(r["conf_low"], r["conf_high"]) for r in rows],
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
