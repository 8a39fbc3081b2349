"""What stands in the table under a chart, and in the file behind its download button?

Every row carries its uncertainty, every count of people has been through `analysis.disclosure`, and a download says in
columns of its own, row by row, what it was made from: a tidy file that any program reads, and that cannot lose its
provenance.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import HES, Rule, events_behind, inert, marked, nearest, protect, small
from analysis.results import AVERTED, RATE_DIFFERENCE, RATE_RATIO, By, Effects

TITLES = {
    RATE_RATIO: "Rate ratio (95% interval)",
    RATE_DIFFERENCE: "Difference per 1,000 bed-days (95% interval)",
    AVERTED: "Admissions averted (95% interval)",
}
DIGITS = {RATE_RATIO: 2, RATE_DIFFERENCE: 3, AVERTED: 0}


def interval(estimate: float, low: float, high: float, digits: int = 2) -> str:
    """Write a number with its interval, "0.78 (0.69 to 0.88)", or say that it has none."""
    if not np.isfinite(estimate):
        return "no estimate"
    if not np.isfinite([low, high]).all():
        return f"{estimate:,.{digits}f} (no interval)".replace("-", "−")
    return f"{estimate:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})".replace("-", "−")


def published(effects: Effects, by: By = "overall", rule: Rule = HES) -> pd.DataFrame:
    """Give the estimates as they may be handed out.

    A rate ratio, a difference and the events averted of one group give away how many events it had
    (`disclosure.events_behind`), and groups can be a single home in a single month. So groups have their rate ratio
    only; over all treated homes events averted go to the nearest 5, or are left out where too few were observed.

    Parameters
    ----------
    effects : Effects
        What a model found.
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
    if averted.empty or small(events_behind(ratios["estimate"].iloc[0], averted["estimate"].iloc[0]), rule):
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
    told = [interval(row["estimate"], row["conf_low"], row["conf_high"], DIGITS[row["term"]]) for row in rows]
    names, terms = [_name(row[key]) for row in rows], [TITLES[row["term"]] for row in rows]
    long = pd.DataFrame({title: names, "term": terms, "told": told})
    wide = long.pivot_table("told", title, "term", "first", sort=False).rename_axis(columns=None)
    return wide.reset_index()


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
        Of any model that says what would have happened.
    rule : Rule
        How small counts are kept back.

    Returns
    -------
    DataFrame
        quarter (first day), homes, observed, counterfactual, hidden.
    """
    treated = effects.augment().dropna(subset=["event_time"])
    quarter = pd.PeriodIndex(treated["month"], freq="Q").to_timestamp()
    sums = {"homes": ("unit", "nunique"), "observed": ("observed", "sum"), "counterfactual": ("counterfactual", "sum")}
    frame = treated.assign(quarter=quarter).groupby("quarter", as_index=False).agg(**sums)
    return protect(frame, ["observed", "counterfactual"], rule)


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
