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
    MONTHS,
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
from analysis.results import AVERTED, RATE_DIFFERENCE, RATE_RATIO, By, Effects, interval, limit

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


def estimates(tidy: pd.DataFrame, key: str, title: str) -> pd.DataFrame:
    """Lay out estimates with their intervals, one row per group and one column per term.

    Parameters
    ----------
    tidy : DataFrame
        Out of `published`.
    key, title : str
        Column that names the group, and what to call it.
    """
    rows = tidy.to_dict("records")
    told = [
        interval(row["estimate"], row["conf_low"], row["conf_high"], DIGITS[row["term"]], none=NONE[row["term"]])
        for row in rows
    ]
    names, terms = [_name(row[key]) for row in rows], [TITLES[row["term"]] for row in rows]
    long = pd.DataFrame({title: names, "term": terms, "told": told})
    wide = long.pivot_table("told", title, "term", "first", sort=False).rename_axis(columns=None)
    return wide.reset_index()


def event_study(effects: Effects) -> pd.DataFrame:
    """Rate ratios by month since the start, with the band that holds all months together: band_low, band_high."""
    band = effects.diagnostic("bands").set_index("event_time")[["conf_low", "conf_high"]]
    named = band.rename(columns={"conf_low": "band_low", "conf_high": "band_high"})
    return published(effects, "event_time").join(named, on="event_time")


def event_study_display(months: pd.DataFrame) -> pd.DataFrame:
    """Lay out `event_study` for reading."""
    shown = estimates(months, "event_time", "Months since the start")
    bands = [span(row["band_low"], row["band_high"]) for row in months.to_dict("records")]
    return shown.assign(**{"For all months together": bands})


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


def by_start_display(starts: pd.DataFrame) -> pd.DataFrame:
    """Lay out `by_start` for reading, beside the estimates of `estimates`."""
    weights = [MARK if pd.isna(weight) else f"{weight:.0f}%" for weight in starts["weight_percent"]]
    return pd.DataFrame({"Homes": starts["homes"], "Weight in the answer": weights})


def methods(effects: Effects) -> pd.DataFrame:
    """Give every method's interval of the rate ratio around the one estimate, the default marked."""
    estimate = effects.tidy().set_index("term").loc[RATE_RATIO, "estimate"]
    return effects.diagnostic("methods").assign(estimate=estimate)


def methods_display(compared: pd.DataFrame) -> pd.DataFrame:
    """Lay out `methods` for reading: name, default, interval, p and degrees of freedom."""
    rows = compared.to_dict("records")
    return pd.DataFrame(
        {
            "Method": [f"{row['method']} (default)" if row["default"] else row["method"] for row in rows],
            "Rate ratio, 95% interval": [span(row["conf_low"], row["conf_high"]) for row in rows],
            "p": [_p(row["p_value"]) for row in rows],
            "Degrees of freedom": [f"{row['df']:.1f}" if np.isfinite(row["df"]) else "–" for row in rows],
        },
        compared.index,
    )


def others_display(found: pd.DataFrame) -> pd.DataFrame:
    """Lay out what other interventions did for reading: one row per intervention and year since it began."""
    rows = found.to_dict("records")
    return pd.DataFrame(
        {
            "Intervention": [str(row["intervention"]).replace("_", " ") for row in rows],
            "Months since it began": [f"{row['from_month']} to {row['to_month']}" for row in rows],
            "Homes": found["homes"],
            TITLES[RATE_RATIO]: [interval(row["rate_ratio"], row["conf_low"], row["conf_high"]) for row in rows],
        },
        found.index,
    )


def _p(p: float) -> str:
    if np.isnan(p):
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


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


def carriers_display(shown: pd.DataFrame) -> pd.DataFrame:
    """Lay out `carriers` for reading."""
    return pd.DataFrame(
        {
            "Home": shown["name"],
            "Had the intervention": shown["had_it"].map({True: "yes", False: "no"}),
            "Share of the uncertainty": [f"{share}%" for share in shown["share_percent"]],
        }
    )


def _name(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return f"{value:%B %Y}"
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


OBSERVED = (
    f"{MARK} stands for a count too small to be shown. Counts are rounded to the nearest {MONTHS.base}, or in bands of "
    f"{BEHIND.base} home by home; quarters not looked at as a whole are left out."
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


def observed_display(shown: pd.DataFrame) -> pd.DataFrame:
    """Lay out `observed` for reading, with the mark where a count is not shown."""
    return pd.DataFrame(
        {
            "Quarter from": shown["quarter"].dt.strftime("%B %Y"),
            "Treated homes": shown["homes"],
            "Observed": marked(shown["observed"]),
            "Expected without the intervention": marked(shown["counterfactual"]),
        }
    )


def computed(table: pd.DataFrame) -> pd.DataFrame:
    """Lay out what a check computed: names in words, numbers to three figures after the point."""
    return table.round(3).rename(columns=lambda name: str(name).replace("_", " ").capitalize())


def moves(table: pd.DataFrame, key: str | None, title: str) -> pd.DataFrame:
    """Lay out shares of re-inspections with n and Wilson intervals."""
    rows = table.to_dict("records")
    share = [f"{r['share']:.1%} ({r['conf_low']:.1%} to {r['conf_high']:.1%})" for r in rows]
    groups = {title: table[key].astype(str)} if key else {}
    return pd.DataFrame(
        {
            **groups,
            "From": table["from_rating"].astype(str),
            "Next rating": table["moved"].astype(str),
            "Inspections": table["count"],
            "Of": table["n"],
            "Share (95% interval)": share,
        }
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
