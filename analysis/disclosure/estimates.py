"""From which counts, and to how many digits, may an estimate be told?

Estimates of a model are exempt from the rule for counts, but not where they give a count away, and to twelve digits
they do: a rate ratio with its rate difference is a fraction of whole numbers, and so are ratios alone.

**Counts.** An estimate is told as it would be had the events behind it been the counts as shown. Of every home its
*cumulative* count is shown, forwards and backwards from the start of the intervention, at the end of every month, in
bands of `Rule.base`; what a window holds is the difference of two of these, and what homes hold together is the sum
of theirs. So every window, every refresh and every set of homes says something about the same few banded numbers, and
nothing can be found by taking one answer from another: whatever is asked, each cumulative count of each home could
have been any of `Rule.base` numbers. A total that was rounded anew for every window or every set would not do: of a
home with one event in every month, windows of every length show where the rounding turns, and every month is known.
This needs no record of what was let out before.

**Single months** of many homes together would be lost in the bands of so many homes. Of `MANY_HOMES` and more they are
told from their own count to the nearest `MONTHS.base`, by months since the start and not by calendar month as well.

**Few.** Where fewer than `Rule.hidden_to` + 1 events are shown, nothing is told.

**Digits.** An error has two significant digits, and an estimate the decimals of its error (Guide to the Expression of
Uncertainty in Measurement, 7.2.6). Limits and p-values follow from the estimate and error as told, because a limit that
was worked out from exact ones could be asked for at every level of confidence until both are known.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.disclosure.counts import Rule

BEHIND = Rule(hidden_to=24, base=5)
"""Of counts of homes behind estimates. The base is that of counts. From 25 events on the bands of one home (a standard
deviation of 1.4) move an estimate by less than a third of its smallest possible error, the square root of the events.
"""
MONTHS = Rule(hidden_to=24, base=10)
"""Of single months of many homes together."""
MANY_HOMES = 10
"""From so many homes on, what is known of each of them says less of their sum than the rounding of `MONTHS` does; of
fewer, bands of homes and rounded months together gave small counts away (by attack: `tests/disclosure`)."""

ESTIMATES = (
    f"Estimates are worked out as if the counts behind them were rounded home by home in bands of {BEHIND.base}, "
    f"told to the digits their error carries, and not told of fewer than {BEHIND.hidden_to + 1} events."
)
"""The note that stands under estimates that are handed on."""

DIGITS = 2
"""Significant digits of an error."""
CRITICAL_DIGITS = 3
"""Significant digits of how many errors an interval is wide."""


def steps(counts: np.ndarray, counted: np.ndarray, rule: Rule = BEHIND) -> np.ndarray:
    """Give counts one after the other as they are shown: steps of the cumulative count in bands.

    A band is shown as its middle: of 0 to 4 as 2, of 5 to 9 as 7.

    Parameters
    ----------
    counts : ndarray, shape (..., T)
        In the order in which they are added up.
    counted : ndarray of bool, shape (..., T)
        Where they are: from the start of the intervention on.

    Returns
    -------
    ndarray, shape (..., T)
        Sums of them over neighbours are near sums of `counts`, by less than the base.
    """
    cumulative = np.cumsum(np.where(counted, counts, 0), axis=-1)
    banded = rule.base * (cumulative // rule.base) + (rule.base - 1) / 2
    return np.diff(np.where(counted, banded, 0.0), axis=-1, prepend=0.0)


def factor(true: float, shown: float, rule: Rule = BEHIND) -> float:
    """By how much a count as shown differs from the true one, as a ratio; missing where it may not be told."""
    return np.nan if shown <= rule.hidden_to or true <= 0 else shown / true


def significant(value: float, digits: int = DIGITS) -> float:
    """Round to so many significant digits."""
    if not np.isfinite(value) or value == 0:
        return value
    return rounded_to(value, decimals_of(value, digits))


def decimals_of(error: float, digits: int = DIGITS) -> int:
    """Decimals of the last significant digit: 0.0123 has 3 with two of them."""
    return digits - 1 - int(np.floor(np.log10(abs(float(f"{error:.{digits - 1}e}")))))


def rounded_to(value: float, decimals: int) -> float:
    """Round to decimals; without end where the value is."""
    return float(np.round(value, decimals)) + 0.0 if np.isfinite(value) else value


def told_ratio(row: Mapping[str, float], by: float) -> dict[str, float]:
    """Tell a rate ratio from counts as shown.

    Parameters
    ----------
    row : mapping
        estimate, std_error, p_value, conf_low, conf_high of a rate ratio, as a model found them.
    by : float
        What its counts as shown make of the estimate, as a ratio.
    """
    estimate, log = row["estimate"] * by, np.log(row["estimate"])
    if not np.isfinite(log + np.log(by)):
        return dict.fromkeys(_TOLD, np.nan)
    error = significant(row["std_error"] / row["estimate"])
    decimals = _decimals(estimate, error, row, log)
    shown = rounded_to(estimate, decimals)
    limits = [np.exp(np.log(shown) + _reach(np.log(row[name]) - log, row["std_error"] / row["estimate"], error))
              for name in _LIMITS]  # fmt: skip
    p, statistic = _p(row["p_value"], log, np.log(shown), row["std_error"] / row["estimate"], error)
    values = (shown, significant(shown * error), statistic, p, *(rounded_to(limit, decimals) for limit in limits))
    return dict(zip(_TOLD, values, strict=True))


def told_difference(row: Mapping[str, float], estimate: float, by: float) -> dict[str, float]:
    """Tell a difference that follows from counts as shown.

    Parameters
    ----------
    row : mapping
        estimate, std_error, p_value, conf_low, conf_high, as a model found them.
    estimate : float
        What follows from the rate ratio and the count as they are told.
    by : float
        What its count as shown makes of the error, as a ratio.
    """
    if not np.isfinite(estimate):
        return dict.fromkeys(_TOLD, np.nan)
    exact = row["std_error"]
    error = significant(exact * by)
    width = error if np.isfinite(error) and error > 0 else abs(row["conf_high"] - row["conf_low"]) / 4
    decimals = decimals_of(width) if np.isfinite(width) and width > 0 else decimals_of(estimate or 1.0)
    limits = [estimate + _reach(row[name] - row["estimate"], exact, error, by) for name in _LIMITS]
    p, statistic = _p(row["p_value"], row["estimate"], estimate, exact, error)
    values = (rounded_to(estimate, decimals), error, statistic, p, *(rounded_to(x, decimals) for x in limits))
    return dict(zip(_TOLD, values, strict=True))


_LIMITS = ("conf_low", "conf_high")
_TOLD = ("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high")


def _decimals(estimate: float, error: float, row: Mapping[str, float], log: float) -> int:
    """Decimals of a ratio: by its error, a quarter of its interval, or its own two significant digits."""
    if np.isfinite(error) and error > 0:
        return decimals_of(estimate * error)
    ends = np.array([abs(np.log(row[name]) - log) for name in _LIMITS])
    half = ends[np.isfinite(ends) & (ends > 0)]
    return decimals_of(estimate * half.min() / 2) if half.size else decimals_of(estimate)


def _reach(exact: float, exact_error: float, error: float, by: float = 1.0) -> float:
    """How far a limit lies from its estimate: so many errors, the error as told."""
    if not np.isfinite(exact):
        return exact
    if np.isfinite(error) and exact_error > 0:
        return significant(exact / exact_error, CRITICAL_DIGITS) * error
    return significant(exact * by)


def _p(p: float, exact: float, told: float, exact_error: float, error: float) -> tuple[float, float]:
    """P-value and statistic of an estimate as told: as many errors from none as it is, of whatever distribution."""
    if not np.isfinite(error) or not exact_error > 0 or error == 0 or exact == 0:
        return significant(p), np.nan
    moved = (told / error) / (exact / exact_error)
    told_p = float(2 * ndtr(-abs(ndtri(max(p, TINY) / 2) * moved))) if np.isfinite(p) else np.nan
    return significant(told_p), significant(told / error)


TINY = 1e-300
"""Of a p-value of nothing, the normal quantile has no end."""
