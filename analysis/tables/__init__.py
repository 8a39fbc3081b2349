"""What stands in the table under a chart, and in the file behind its download button?

Every row carries its uncertainty, every count of people has been through `analysis.disclosure`, and a download says in
columns of its own, row by row, what it was made from: a tidy file that any program reads, and that cannot lose its
provenance.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import (
    BEHIND,
    HES,
    MARK,
    Rule,
    events_behind,
    inert,
    marked,
    nearest,
    percentage,
    protect,
    small,
    total,
)
from analysis.months import month_said
from analysis.results import AVERTED, RATE_DIFFERENCE, RATE_RATIO, By, Effects, interval, limit
from analysis.tables.columns import Column, named, number, percent, yes_or_no

TITLES = {
    RATE_RATIO: "Rate ratio (95% interval)",
    RATE_DIFFERENCE: "Difference per 1,000 bed-days (95% interval)",
    AVERTED: "Admissions averted (95% interval)",
}
DIGITS = {RATE_RATIO: 2, RATE_DIFFERENCE: 3, AVERTED: 0}
NONE = {RATE_RATIO: 1.0, RATE_DIFFERENCE: 0.0, AVERTED: 0.0}
"""What no difference is."""


def published(effects: Effects, by: By = "overall", rule: Rule = HES) -> pd.DataFrame:
    """Give the estimates as they may be handed out.

    A rate ratio, a difference and the events averted of one group give away how many events it had
    (`disclosure.events_behind`), and groups can be a single home in a single month. So groups have their rate ratio
    only; over all treated homes events averted go to the nearest 5, or are left out where too few were observed.

    Parameters
    ----------
    effects : Effects
        What a model found, as it may be handed on (`Evaluation.published`).
    by : By
        Which estimates.
    rule : Rule
        How counts are rounded and kept back.
    """
    tidy = effects.tidy(by)
    ratios = tidy.loc[tidy["term"] == RATE_RATIO].reset_index(drop=True)
    if by != "overall":
        return ratios
    averted = tidy.loc[tidy["term"] == AVERTED].reset_index(drop=True)
    behind = events_behind(ratios["estimate"].iloc[0], averted["estimate"].iloc[0]) if len(averted) else 0.0
    if averted.empty or small(effects.events_treated(behind), rule):
        return ratios
    rounded = {name: [nearest(x, rule) if np.isfinite(x) else x for x in averted[name]] for name in _SPAN}
    return pd.concat([tidy.loc[tidy["term"] != AVERTED], averted.assign(**rounded)], ignore_index=True)


_SPAN = ("estimate", "std_error", "conf_low", "conf_high")


def _told(term: str, estimate: float, low: float, high: float) -> str:
    return interval(estimate, low, high, DIGITS[term], none=NONE[term])


_ESTIMATE = ("estimate", "conf_low", "conf_high")
RATIO = Column(TITLES[RATE_RATIO], _ESTIMATE, interval)
OVERALL = (
    Column("What is estimated", "term", lambda term: TITLES[term].removesuffix(" (95% interval)")),
    Column("Estimate (95% interval)", ("term", *_ESTIMATE), _told),
)
"""The one effect, said in every way."""


def groups(key: str, heading: str) -> tuple[Column, ...]:
    """Say how estimates by group are read, with what each start contributes where that is known (`by_start`)."""
    weight = Column("Weight in the answer", "weight_percent", _shown_percent)
    return Column(heading, key, _name), RATIO, Column("Homes", "homes"), weight


def _shown_percent(weight: float) -> str:
    return MARK if pd.isna(weight) else percent(weight)


def event_study(effects: Effects) -> pd.DataFrame:
    """Rate ratios by month since the start, with the band that holds all months together: band_low, band_high."""
    band = effects.diagnostic("bands").set_index("event_time")[["conf_low", "conf_high"]]
    named = band.rename(columns={"conf_low": "band_low", "conf_high": "band_high"})
    return published(effects, "event_time").join(named, on="event_time")


def span(low: float, high: float) -> str:
    """Write an interval of rate ratios, "0.69 to 0.88", with or without an end, or say that there is none."""
    if np.isnan([low, high]).any():
        return "no interval"
    return f"{limit(low)} or more" if np.isinf(high) else f"{limit(low)} to {limit(high)}"


def by_start(effects: Effects) -> pd.DataFrame:
    """Say what each start contributes: cohort, homes, weight_percent.

    The weight is a start's share of the admissions expected without the intervention. An exact share would, with the
    start's rate ratio, give its count away, so it is worked out from counts as they may be shown. Where homes count
    alike, it is the start's share of homes.
    """
    if effects.average == "unit":
        homes = effects.diagnostic("cohorts")[["cohort", "homes"]]
        return homes.assign(weight_percent=(100 * homes["homes"] / homes["homes"].sum()).round())
    shown = protect(effects.diagnostic("cohorts"), ["expected"])
    whole = pd.Series(total(shown["expected"]), shown.index, dtype="Int64")
    return shown[["cohort", "homes"]].assign(weight_percent=percentage(shown["expected"], whole))


def methods(effects: Effects) -> pd.DataFrame:
    """Give every method's interval of the rate ratio around the one estimate, the default marked."""
    estimate = effects.tidy().set_index("term").loc[RATE_RATIO, "estimate"]
    return effects.diagnostic("methods").assign(estimate=estimate)


def _p(p: float) -> str:
    if np.isnan(p):
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def method_name(method: str, default: bool) -> str:
    """Name a method, the default marked."""
    return f"{method} (default)" if default else method


EVENT_STUDY = (
    Column("Months since the start", "event_time"),
    RATIO,
    Column("For all months together", ("band_low", "band_high"), span),
)
METHODS = (
    Column("Method", ("method", "default"), method_name),
    Column("Rate ratio, 95% interval", ("conf_low", "conf_high"), span),
    Column("p", "p_value", _p),
    Column("Degrees of freedom", "df", number(1)),
)
"""Of `methods`."""
OTHERS = (
    Column("Intervention", "intervention", named),
    Column("Months since it began", ("from_month", "to_month"), lambda first, last: f"{first} to {last}"),
    Column("Homes", "homes"),
    Column(TITLES[RATE_RATIO], ("rate_ratio", "conf_low", "conf_high"), interval),
)
"""Of what other interventions did: one row per intervention and year since it began."""


def carriers(effects: Effects, names: pd.Series, most: int = 10) -> pd.DataFrame:
    """Find the homes that carry most of the answer: unit, name, had_it, share_percent; the largest first.

    Parameters
    ----------
    effects : Effects
        What a model found.
    names : Series
        Name of each home, indexed by unit.
    most : int
        How many to show.
    """
    largest = effects.diagnostic("leverage").head(most).reset_index(drop=True)
    cells = effects.augment()
    treated = cells.loc[cells["event_time"].notna(), "unit"].unique()
    return pd.DataFrame(
        {
            "unit": largest["unit"],
            "name": names.reindex(largest["unit"]).to_numpy(),
            "had_it": largest["unit"].isin(treated),
            "share_percent": (100 * largest["share"]).round().astype(int),
        }
    )


CARRIERS = (
    Column("Home", "name"),
    Column("Had the intervention", "had_it", yes_or_no),
    Column("Share of the uncertainty", "share_percent", percent),
)


def _name(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return month_said(value)
    return value.rpartition(": ")[2] if isinstance(value, str) else value


def observed(effects: Effects, rule: Rule = HES) -> pd.DataFrame:
    """Count what was observed and what was expected without the intervention in treated homes, quarter by quarter.

    The model's fit adds up to what was observed, so expected counts go by the same rule: exact ones would give the
    observed counts away.

    Parameters
    ----------
    effects : Effects
        As it may be handed on, with its diagnostic "quarters"; or of any model that says what would have happened.
    rule : Rule
        How small counts are kept back.

    Returns
    -------
    DataFrame
        quarter (first day), homes, observed, counterfactual, hidden.
    """
    if "quarters" in effects.diagnostics:
        return effects.diagnostics["quarters"]
    treated = effects.augment().dropna(subset=["event_time"])
    quarter = pd.PeriodIndex(treated["month"], freq="Q").to_timestamp()
    sums = {"homes": ("unit", "nunique"), "observed": ("observed", "sum"), "counterfactual": ("counterfactual", "sum")}
    frame = treated.assign(quarter=quarter).groupby("quarter", as_index=False).agg(**sums)
    return protect(frame, ["observed", "counterfactual"], rule)


OBSERVED_NOTE = (
    f"{MARK} stands for a count too small to be shown. Admissions are counted home by home in bands of {BEHIND.base}, "
    f"and their sums are rounded to the nearest {BEHIND.base}; quarters not looked at as a whole are left out."
)
"""The note under the observed counts."""


def starts(effects: Effects) -> pd.DataFrame:
    """Find the quarters in which the first and the last treated homes started: quarter, label."""
    cells = effects.augment()
    months = pd.PeriodIndex(cells.loc[cells["event_time"] == 0, "month"], freq="Q").to_timestamp()
    if months.empty:
        return pd.DataFrame({"quarter": pd.to_datetime([]), "label": []})
    if months.min() == months.max():
        return pd.DataFrame({"quarter": [months.min()], "label": ["start"]})
    return pd.DataFrame({"quarter": [months.min(), months.max()], "label": ["first homes start", "last homes start"]})


def _count(count: float) -> str:
    return marked([count])[0]


OBSERVED = (
    Column("Quarter from", "quarter", month_said),
    Column("Treated homes", "homes"),
    Column("Observed", "observed", _count),
    Column("Expected without the intervention", "counterfactual", _count),
)
"""Of `observed`, with the mark where a count is not shown."""


ENDS = {"conf_low": "Interval from", "conf_high": "Interval to", "std_error": "Standard error"}
"""Columns of a check whose names in code are no words."""


def computed(table: pd.DataFrame) -> pd.DataFrame:
    """Lay out what a check computed: names in words, numbers to three figures after the point."""
    told = {str(name): table[name].round(3) for name in table.select_dtypes("number")}
    told |= {
        str(name): [month_said(day) if pd.notna(day) else "–" for day in table[name]]
        for name in table.select_dtypes("datetime")
    }
    return table.assign(**told).rename(
        columns=lambda name: ENDS.get(name) or named(name).capitalize().replace(" good", " Good")
    )


def csv(frame: pd.DataFrame, provenance: Mapping[str, str]) -> bytes:
    """Write a frame as CSV for a spreadsheet or a program.

    Parameters
    ----------
    frame : DataFrame
        What is shown; counts of people already protected.
    provenance : mapping of str to str
        What it was made from; one column each, the same in every row.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, without which Excel misreads "–" and "é"; nothing in it runs as a formula.
    """
    return inert(frame.assign(**provenance)).to_csv(index=False).encode("utf-8-sig")
