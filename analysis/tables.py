"""What stands in the table under a chart, and in the file behind its download button?

Every row carries its uncertainty, every count of people has been through `analysis.disclosure`, and a download says in
columns of its own, row by row, what it was made from: a tidy file that any program reads, and that cannot lose its
provenance.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import HES, Rule, inert, marked, protect
from analysis.results import Check, Effects

RATIO = "rate ratio"


def interval(estimate: float, low: float, high: float, digits: int = 2) -> str:
    """Write a number with its interval, "0.78 (0.69 to 0.88)", or say that it has none."""
    if not np.isfinite(estimate):
        return "no estimate"
    if not np.isfinite([low, high]).all():
        return f"{estimate:,.{digits}f} (no interval)"
    return f"{estimate:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


def ratios(tidy: pd.DataFrame) -> pd.DataFrame:
    """Only the rate ratios among the estimates."""
    return tidy.loc[tidy["term"].str.startswith(RATIO)].reset_index(drop=True)


def estimates(tidy: pd.DataFrame, key: str, title: str) -> pd.DataFrame:
    """Lay out estimates with their intervals, one row per group and one column per term.

    Parameters
    ----------
    tidy : DataFrame
        Any ``tidy(by=key)``.
    key, title : str
        Column that names the group, and what to call it.
    """
    digits = tidy["term"].map(lambda term: 2 if term.startswith(RATIO) else 3 if "per" in term.split() else 0)
    told = [
        interval(row["estimate"], row["conf_low"], row["conf_high"], places)
        for row, places in zip(tidy.to_dict("records"), digits, strict=True)
    ]
    wide = tidy.assign(told=told, group=tidy[key].map(_name)).pivot_table("told", "group", "term", "first", sort=False)
    wide = wide.rename(columns=lambda term: f"{term[0].upper()}{term[1:]}, with interval")
    return wide.rename_axis(index=title, columns=None).reset_index()


def _name(value: object) -> object:
    return f"{value:%B %Y}" if isinstance(value, pd.Timestamp) else value


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


def checks(examined: tuple[Check, ...] | list[Check], verdicts: Mapping[bool | None, str]) -> pd.DataFrame:
    """One row per doubt: the question, how it came out, and what that means."""
    rows = [(check.name, verdicts[check.passed], check.reading) for check in examined]
    return pd.DataFrame(rows, columns=["Doubt", "Finding", "Reading"])


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
