"""Which counts of people may be shown, and how?

The one way out for counts: what pages, charts, tables and downloads show has passed through here.

Method: the rule of Hospital Episode Statistics for figures below national level (NHS Digital, since September 2018).
Zero stays zero, a count from 1 to 7 is not shown, every other count goes to the nearest 5. A percentage or a crude
rate is worked out from the counts as shown. Estimates of a model, their intervals and standardised rates are exempt,
and so are counts of homes.

A total is the sum of what is shown, never the rounded true total: three cells of 12, a cell of 7 and their total of
43 would be shown as 10, 10, 10, ``*`` and 45, from which all four can be worked out. A sum of shown figures tells
nothing that the figures did not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

MARK = "*"
"""What stands where a count is not shown."""

NOTE = "* stands for a count from {low} to {high}. Other counts of people are rounded to the nearest {base}."

WHOLE_PERCENT_BELOW = 4_000
"""Smallest denominator for which a percentage is shown to one decimal place (the same NHS Digital rule)."""

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")
"""First characters with which a spreadsheet may run a cell (OWASP ASVS 5.0, 1.2.10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which counts are not shown, and to what the others are rounded.

    Parameters
    ----------
    hidden_to : int
        Counts from 1 to this are not shown.
    base : int
        Other counts go to the nearest multiple of this.
    """

    hidden_to: int = 7
    base: int = 5

    def __str__(self) -> str:
        """Give the note that stands under every table and chart of counts."""
        return NOTE.format(low=1, high=self.hidden_to, base=self.base)


HES = Rule()
STRICTER = Rule(hidden_to=10)
"""As Health Foundation practice, which hides counts up to 10."""


def protect(frame: pd.DataFrame, counts: list[str], rule: Rule = HES) -> pd.DataFrame:
    """Turn counts into counts that may be shown.

    Parameters
    ----------
    frame : DataFrame
        Any rows.
    counts : list of str
        Columns that count people; whole numbers or estimates of them, never negative, missing where not known.
    rule : Rule
        The rule to apply.

    Returns
    -------
    DataFrame
        The same rows and columns; each of `counts` is an Int64, missing where it is not shown or not known, and a
        last column `hidden` says on how many of them in that row the rule kept back.
    """
    hidden = sum(_hidden(values, rule).astype("int64") for _, values in frame[counts].items())
    shown = {str(name): _rounded(values, rule) for name, values in frame[counts].items()}
    return frame.assign(**shown, hidden=hidden)


def _rounded(values: pd.Series, rule: Rule) -> pd.Series:
    steps = (values.astype("Float64") / rule.base + 0.5) // 1
    return (steps * rule.base).astype("Int64").mask(_hidden(values, rule))


def _hidden(values: pd.Series, rule: Rule) -> pd.Series:
    # an expected count of 0.4 or 7.4 is somebody's count, so the band is open at 0 and closes at the next whole number
    return ((values > 0) & (values < rule.hidden_to + 1)).fillna(False).astype(bool)


def total(shown: pd.Series, rule: Rule = HES) -> int:
    """Sum of the counts as shown, with every count that is not shown taken as the middle of its band.

    Parameters
    ----------
    shown : Series of Int64
        Counts out of `protect`, where missing means not shown.
    rule : Rule
        The rule they were protected by.

    Returns
    -------
    int
        To the nearest `rule.base`.
    """
    middle = (1 + rule.hidden_to) / 2
    return nearest(float(shown.sum() + middle * shown.isna().sum()), rule)


def instead(counts: np.ndarray, rule: Rule = HES) -> np.ndarray:
    """Give what may stand in sums for counts: as shown, or the middle of the band of those that are not.

    Parameters
    ----------
    counts : ndarray, shape (N,)
        Whole numbers or estimates of them, never negative.

    Returns
    -------
    ndarray of float64, shape (N,)
    """
    hidden = (counts > 0) & (counts < rule.hidden_to + 1)
    return np.where(hidden, (1 + rule.hidden_to) / 2, rule.base * np.floor(counts / rule.base + 0.5))


def marked(shown: Iterable) -> list[str]:
    """Write counts out of `protect` as text: ``1,240``, or `MARK` where not shown."""
    return [MARK if pd.isna(count) else f"{count:,}" for count in shown]


def percentage(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Percentage of people from counts as shown, missing where either is; whole unless `denominator` is large."""
    percent = 100 * numerator.astype("Float64") / denominator.astype("Float64").replace(0, pd.NA)
    return percent.round(1).where(denominator >= WHOLE_PERCENT_BELOW, percent.round(0))


def rate(shown: pd.Series, exposure: pd.Series, per: float = 1_000) -> pd.Series:
    """Crude rate from counts as shown; the true count cannot be worked back from it and the exposure."""
    return per * shown.astype("Float64") / exposure.astype("Float64").replace(0, pd.NA)


def events_behind(ratio: float, averted: float) -> float:
    """Work out the count O that a rate ratio ρ = O / C and the events averted C − O give away together.

    Both are estimates of a model, and as such exempt; what they give away is not, so where this is a count that may
    not be shown, events averted are not shown either.
    """
    return averted * ratio / (1 - ratio) if ratio != 1 else np.inf


def nearest(value: float, rule: Rule = HES) -> int:
    """Round one number as counts are rounded."""
    return rule.base * int(np.floor(value / rule.base + 0.5))


def small(count: float, rule: Rule = HES) -> bool:
    """Whether a count may not be shown."""
    return bool(0 < count < rule.hidden_to + 1)


UNSEEN_GUARD = "\u2060"
"""A joiner of no width: what begins with it is text to a spreadsheet too, and it is not seen where it is read."""


def inert(frame: pd.DataFrame, guard: str = "'") -> pd.DataFrame:
    """Put a guard before every text, column name or value, that a spreadsheet could run as a formula.

    Parameters
    ----------
    frame : DataFrame
    guard : str
        ``'``, as spreadsheets have it, in files; `UNSEEN_GUARD` on a screen, whose tables can be saved too.
    """
    text = frame.select_dtypes(exclude=["number", "bool", "datetime", "timedelta"]).columns

    def quiet(value: object) -> object:
        return f"{guard}{value}" if isinstance(value, str) and value.startswith(LIVE) else value

    return frame.assign(**{name: frame[name].map(quiet) for name in text}).rename(columns=quiet)
