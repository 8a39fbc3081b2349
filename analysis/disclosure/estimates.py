"""From which counts, and to how many digits, may an estimate be told?

Estimates of a model are exempt from the rule for counts, but not where they give a count away, and to twelve digits
they do: a rate ratio with its rate difference is a fraction of whole numbers, and so are ratios alone.

**Counts.** Of every home one thing is let out, once: in which band of `BEHIND.base` its *cumulative* count lies at the
end of every month, forwards and backwards from one month of the home's own (`anchors`). Between the months in which it
goes from one band into the next, admissions are taken to come evenly over the bed-days (`as_shown`). The model is
fitted to these counts, so that whatever is told of it, under any protocol, of any window, set of homes or refresh of
the data, to however many digits, is worked out from the same few bands, and nothing can be had by taking one answer
from another. A total that was rounded anew for every window or every set would not do: of a home with one event in
every month, windows of every length show where the rounding turns, and every month is known. Nor would rounded sums
over many homes beside the bands: leaving out a month takes homes that started together out of such a sum, one after
the other.

The month from which a home is counted may not depend on the protocol, or two protocols would show where two roundings
turn. It is that of its first intervention of any kind; of homes without one, the first of all homes. Counted from the
home's first month instead, whatever its start, the band in which the start falls is spread evenly over both sides, and
a ratio of 0.70 is told as 0.72 (36 months) or 0.74 (24). Nor may that month, or a count told before, change without a
trace: the store remembers both (`analysis.store.let_out`, `analysis.panel.shown`).

**Months.** Counts that come evenly have no luck from month to month, and homes would seem to have long spells. What
asks about such luck (do bad spells last? how far do months vary?) is asked of counts drawn from the same bands:
admissions of a band come at random over its bed-days (`drawn`), which is how they come, given the bands, if nothing
but chance moves them. They are one of the many panels of whole counts that the bands allow, so they give nothing more
away; and spells that last longer than a band of a home are still in them.

**Few.** Where fewer than `Rule.hidden_to` + 1 events are shown, nothing is told. Nor where more than `MOST_UNSEEN` of
those shown are of homes that had fewer than a band in all: they stand there as the middle of it, whatever happened.

**Digits.** An error has two significant digits, and an estimate the decimals of its error (Guide to the Expression of
Uncertainty in Measurement, 7.2.6). Limits and p-values follow from the estimate and error as told.
"""

from collections.abc import Mapping

import numpy as np

from analysis.disclosure.counts import Rule

BEHIND = Rule(hidden_to=24, base=5)
"""Of counts of homes behind estimates. The base is that of counts. From 25 events on the bands of one home (a standard
deviation of 1.4) move an estimate by less than a third of its smallest possible error, the square root of the events.
"""
MOST_UNSEEN = 0.15
"""Homes of 1.2 admissions on either side of the start, whatever the intervention did, are told as a ratio of nearly 1;
where they make up this part, a ratio of 0.6 is told as 0.62 or less (by simulation: `tests/disclosure`)."""

ESTIMATES = (
    f"Estimates are worked out from admissions counted home by home in bands of {BEHIND.base}, within which they are "
    f"taken to come evenly, so that what is told of single months is smoothed over about {BEHIND.base} admissions of a "
    f"home. They are not told of fewer than {BEHIND.hidden_to + 1} admissions, nor of homes most of which had fewer "
    f"than {BEHIND.base}."
)
"""The note that stands under estimates that are handed on."""

FEWEST_HOMES = 3
"""Homes on either side below which nothing is told of the people in them, where an answer counts them one by one: what
is told of two is, to one of them, a count of the other's."""
DIGITS = 2
"""Significant digits of an error."""
CRITICAL_DIGITS = 3
"""Significant digits of how many errors an interval is wide."""


def as_shown(counts: np.ndarray, exposure: np.ndarray, anchor: np.ndarray, rule: Rule = BEHIND) -> np.ndarray:
    """Give counts of homes by month as they are shown: from bands of cumulative counts, evenly in between.

    Parameters
    ----------
    counts, exposure : ndarray, shape (N, T)
    anchor : ndarray of int, shape (N,)
        Month from which each home is counted, forwards, and backwards from the month before it; 0 to T.
    rule : Rule

    Returns
    -------
    ndarray of float64, shape (N, T)
        Worked out from ``counts // rule.base`` of cumulative counts alone.
    """
    shown = np.zeros(counts.shape)
    for first in np.unique(anchor):  # homes that are counted from one month together: there are no more such months
        own = np.flatnonzero(anchor == first)
        for months, step in ((slice(first, None), 1), (slice(0, first), -1)):
            added, days = (values[own, months][:, ::step] for values in (counts, exposure))
            shown[own, months] = _evenly(added, days, rule.base)[:, ::step]
    return shown


def _evenly(counts: np.ndarray, exposure: np.ndarray, base: int) -> np.ndarray:
    """Spread counts, shape (N, T), in the order in which they are added up; months of neither stand at the end.

    What is reached by the end of a month lies on the straight line, over bed-days, between the last and the next month
    in which the home goes into a band; before the first from none, after the last to the middle of its band.
    """
    N, T = counts.shape
    if not T:
        return np.zeros((N, T))
    time, month = np.cumsum(exposure, axis=1), np.arange(T)
    band = np.cumsum(counts, axis=1) // base
    entered = np.diff(band, prepend=0, axis=1)
    # a home goes into the band of 5 to 9 with its fifth event, on average in the middle of that month's bed-days
    middle, level = time - exposure / 2, base * (band - (entered - 1) / 2) - 0.5
    gone = np.maximum.accumulate(np.where(entered > 0, month, -1), axis=1)
    due = np.flip(np.minimum.accumulate(np.flip(np.where(entered > 0, month, T), 1), axis=1), 1)
    # months without bed-days end when the month before does: what is gone into by then is that of the last of them
    end = np.where(np.diff(time, axis=1, append=np.inf) > 0, month, T)
    end = np.flip(np.minimum.accumulate(np.flip(end, 1), axis=1), 1)
    last = np.take_along_axis(gone, end, axis=1)
    following = np.take_along_axis(np.pad(due, ((0, 0), (0, 1)), constant_values=T), end + 1, axis=1)
    whole = np.maximum(base * band[:, -1] + (base - 1) / 2, _of(level, gone[:, -1:], 0.0)[:, 0])[:, None]
    x0, y0, x1, y1 = _of(middle, last, 0.0), _of(level, last, 0.0), time[:, -1:], whole
    x1, y1 = (np.where(following < T, _of(values, following, 0.0), to) for values, to in ((middle, x1), (level, y1)))
    slope = np.divide(y1 - y0, x1 - x0, out=np.zeros_like(time), where=x1 > x0)
    reached = np.where(time >= time[:, -1:], whole, slope * (time - x0) + y0)
    return np.where(time[:, -1:] > 0, np.diff(reached, prepend=0.0, axis=1), 0.0)


def _of(values: np.ndarray, month: np.ndarray, otherwise: float) -> np.ndarray:
    """Take each home's values of some months, shape (N, T); a month that is none has another."""
    T = values.shape[1]
    found = np.take_along_axis(values, np.clip(month, 0, T - 1), axis=1)
    return np.where((month >= 0) & (month < T), found, otherwise)


def drawn(counts: np.ndarray, exposure: np.ndarray, anchor: np.ndarray, rule: Rule = BEHIND) -> np.ndarray:
    """Draw whole counts that lie in the same bands: one of the many panels that these allow.

    Given the bands, how far a home is into its band at the end of every month is a Markov chain with `Rule.base`
    states; it is drawn as it would be if admissions came at the home's own rate, times a course through the months that
    all homes share, by chance alone (filtered backwards, sampled forwards: Chib 1996, Journal of Econometrics 75).

    Parameters
    ----------
    counts, exposure, anchor, rule
        As of `as_shown`.

    Returns
    -------
    ndarray of int64, shape (N, T)
        Worked out from ``counts // rule.base`` of cumulative counts alone.
    """
    T = counts.shape[1]
    order = in_order(anchor, T)
    added, days = (np.take_along_axis(values, order, axis=1) for values in (counts, exposure))
    entered = bands_entered(added, anchor, rule.base)
    some = np.argsort(-entered.sum(axis=1), kind="stable")[:HOMES_ENOUGH]
    course = np.ones(T)
    for _ in range(ROUNDS):
        mean = _mean(entered[some], days[some] * course[order[some]], rule.base)
        found = expected(entered[some], mean, anchor[some], rule.base)
        by_month = (np.bincount(order[some].ravel(), values.ravel(), T) for values in (found, mean))
        course *= np.divide(*(total + ALIKE for total in by_month))
    found = _allowed(entered, _mean(entered, days * course[order], rule.base), anchor, rule.base)
    return np.take_along_axis(found, order, axis=1)  # the order is its own inverse


def _mean(entered: np.ndarray, days: np.ndarray, base: int) -> np.ndarray:
    """Spread the events that a home likely had in all over its bed-days, weighed by the course, shape (N, T)."""
    total = base * entered.sum(axis=1, keepdims=True) + base - 1.0  # two of the last band, on either side
    return total * days / np.maximum(days.sum(axis=1, keepdims=True), np.finfo(float).tiny)


def _allowed(entered: np.ndarray, mean: np.ndarray, anchor: np.ndarray, base: int) -> np.ndarray:
    """Draw counts, shape (N, T), from the bands that they go into; counting begins anew at the anchor."""
    (N, T), rng = entered.shape, np.random.default_rng(SEED)
    anew = np.arange(T) == anchor[:, None]
    month, ahead = _ahead(entered, mean, anew, base)
    counted, into = np.zeros((N, T), np.int64), np.zeros(N, np.int64)
    for t, then in enumerate(ahead):
        before = np.where(anew[:, t], 0, into)
        below = np.cumsum(month[t][np.arange(N), before] * then, axis=1)
        into = (rng.random((N, 1)) * below[:, -1:] >= below).sum(axis=1)
        counted[:, t] = base * entered[:, t] + into - before
    return counted


def expected(entered: np.ndarray, mean: np.ndarray, anchor: np.ndarray, base: int) -> np.ndarray:
    """Give how many are expected of those that may be drawn, in the bands that they go into.

    What all homes share is learned from this and not from draws: learned from what it then makes, the luck of a few
    dozen homes in a month would double itself. Forwards and backwards along the chain (Rabiner 1989, Proceedings of the
    IEEE 77, section III).

    Parameters
    ----------
    entered : ndarray of int, shape (N, T)
        Bands that each home goes into in every month, `in_order` (`bands_entered`).
    mean : ndarray of float64, shape (N, T)
        Events that would be expected if nothing were known of bands.
    anchor : ndarray of int, shape (N,)
    base : int

    Returns
    -------
    ndarray of float64, shape (N, T)
        In the order of `entered`.
    """
    N, T = entered.shape
    anew = np.arange(T) == anchor[:, None]
    month, ahead = _ahead(entered, mean, anew, base)
    place, counted = np.arange(base), np.zeros((N, T))
    afresh = np.tile(place == 0, (N, 1)).astype(float)
    likely = afresh
    for t, then in enumerate(ahead):
        before = np.where(anew[:, t, None], afresh, likely)
        pairs = before[:, :, None] * month[t] * then[:, None, :]
        pairs /= pairs.sum(axis=(1, 2), keepdims=True)
        counted[:, t] = base * entered[:, t] + (pairs * (place[None, :] - place[:, None])).sum(axis=(1, 2))
        likely = (before[:, :, None] * month[t]).sum(axis=1)
        likely /= likely.sum(axis=1, keepdims=True)
    return counted


def _ahead(
    entered: np.ndarray, mean: np.ndarray, anew: np.ndarray, base: int
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Give how likely each month leads from place to place in a band, and what follows it, for every month."""
    N, T = entered.shape
    month = [_likely(entered[:, t], mean[:, t], base) for t in range(T)]
    ahead = [np.ones((N, base))]
    for t in range(T - 1, 0, -1):
        told = (month[t] @ ahead[-1][:, :, None])[:, :, 0]
        ahead.append(np.where(anew[:, t, None], 1.0, told / told.max(axis=1, keepdims=True)))
    return month, ahead[::-1]


def in_order(anchor: np.ndarray, T: int) -> np.ndarray:
    """Give each home's months as they are added up, shape (N, T): backwards from the anchor, then forwards from it."""
    month, first = np.arange(T), anchor[:, None]
    return np.where(month < first, first - 1 - month, month)


def bands_entered(counts: np.ndarray, anchor: np.ndarray, base: int) -> np.ndarray:
    """Count the bands that a home goes into in every month, shape (N, T), both `in_order`."""
    since = np.cumsum(counts, axis=1)
    start = np.take_along_axis(np.column_stack([np.zeros(len(counts), since.dtype), since]), anchor[:, None], axis=1)
    later = np.arange(counts.shape[1]) >= anchor[:, None]
    band = np.where(later, since - start, since) // base
    before = np.column_stack([np.zeros(len(counts), band.dtype), band[:, :-1]])
    return band - np.where(np.arange(counts.shape[1]) == anchor[:, None], 0, before)


def _likely(entered: np.ndarray, mean: np.ndarray, base: int) -> np.ndarray:
    """Give how likely a month leads from each place in a band to each place in the next, shape (N, base, base).

    Where admissions are known of a month without bed-days, the month itself says how many are expected.
    """
    from scipy.special import gammaln  # noqa: PLC0415 - a tenth of a second to import

    place = np.arange(base)
    more = np.arange(1 - base, base)
    count = base * entered[:, None] + more
    mean = np.where((mean == 0) & (entered > 0), base * entered, mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.where(count == 0, 0.0, count * np.log(mean)[:, None]) - gammaln(np.maximum(count, 0) + 1.0)
    log = np.where((count < 0) | np.isnan(log), -np.inf, log)
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    return weight[:, place[None, :] - place[:, None] + base - 1]


SEED = 20261127
"""Of counts drawn from bands."""
ROUNDS = 6
"""Rounds in which the course of all homes through the months is learned. A true season of a fifth is then told as a
fifth from 60 homes of 2 admissions a month; after 20 rounds it would be no nearer, and totals of these homes would
stray by 15 from 118, not 13, because more of a month's luck is taken for its course."""
ALIKE = 50.0
"""Admissions by which every round is slowed: a month in which few were counted, whose luck is large, moves little."""
HOMES_ENOUGH = 400
"""Homes, the largest, from which that course is learned; in a national panel the rest only take time."""


def unseen(counts: np.ndarray, anchor: np.ndarray, rule: Rule = BEHIND) -> np.ndarray:
    """Say which home-months lie on a side of the anchor on which the home had fewer than a band, shape (N, T)."""
    after = np.arange(counts.shape[1]) >= anchor[:, None]
    few = [(counts * side).sum(axis=1) < rule.base for side in (after, ~after)]
    return np.where(after, few[0][:, None], few[1][:, None])


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


def rounded_ratio(row: Mapping[str, float]) -> dict[str, float]:
    """Tell a rate ratio to the digits its error carries.

    Parameters
    ----------
    row : mapping
        estimate, std_error, p_value, conf_low, conf_high, as a model found them.
    """
    estimate, log = row["estimate"], np.log(row["estimate"])
    if not np.isfinite(log):
        return dict.fromkeys(TOLD, np.nan)
    exact = row["std_error"] / estimate
    error = significant(exact)
    decimals = _decimals(estimate, error, row, log)
    shown = rounded_to(estimate, decimals)
    limits = [np.exp(np.log(shown) + _reach(np.log(row[name]) - log, exact, error)) for name in _LIMITS]
    p, statistic = _p(row["p_value"], log, np.log(shown), exact, error)
    values = (shown, significant(shown * error), statistic, p, *(rounded_to(limit, decimals) for limit in limits))
    return dict(zip(TOLD, values, strict=True))


def rounded_difference(row: Mapping[str, float]) -> dict[str, float]:
    """Tell a difference to the digits its error carries; `row` as for `rounded_ratio`."""
    estimate, exact = row["estimate"], row["std_error"]
    if not np.isfinite(estimate):
        return dict.fromkeys(TOLD, np.nan)
    error = significant(exact)
    width = error if np.isfinite(error) and error > 0 else abs(row["conf_high"] - row["conf_low"]) / 4
    decimals = decimals_of(width) if np.isfinite(width) and width > 0 else decimals_of(estimate or 1.0)
    limits = [estimate + _reach(row[name] - estimate, exact, error) for name in _LIMITS]
    p, statistic = _p(row["p_value"], estimate, estimate, exact, error)
    values = (rounded_to(estimate, decimals), error, statistic, p, *(rounded_to(x, decimals) for x in limits))
    return dict(zip(TOLD, values, strict=True))


_LIMITS = ("conf_low", "conf_high")
TOLD = ("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high")


def _decimals(estimate: float, error: float, row: Mapping[str, float], log: float) -> int:
    """Decimals of a ratio: by its error, a quarter of its interval, or its own two significant digits."""
    if np.isfinite(error) and error > 0:
        return decimals_of(estimate * error)
    ends = np.array([abs(np.log(row[name]) - log) for name in _LIMITS])
    half = ends[np.isfinite(ends) & (ends > 0)]
    return decimals_of(estimate * half.min() / 2) if half.size else decimals_of(estimate)


def _reach(exact: float, exact_error: float, error: float) -> float:
    """How far a limit lies from its estimate: so many errors, the error as told."""
    if not np.isfinite(exact):
        return exact
    if np.isfinite(error) and exact_error > 0:
        return significant(exact / exact_error, CRITICAL_DIGITS) * error
    return significant(exact)


def _p(p: float, exact: float, told: float, exact_error: float, error: float) -> tuple[float, float]:
    """P-value and statistic of an estimate as told: as many errors from none as it is, of whatever distribution."""
    if not np.isfinite(error) or not exact_error > 0 or error == 0 or exact == 0:
        return significant(p), np.nan
    from scipy.special import ndtr, ndtri  # noqa: PLC0415 - as above

    moved = (told / error) / (exact / exact_error)
    told_p = float(2 * ndtr(-abs(ndtri(max(p, TINY) / 2) * moved))) if np.isfinite(p) else np.nan
    return significant(told_p), significant(told / error)


TINY = 1e-300
"""Of a p-value of nothing, the normal quantile has no end."""
