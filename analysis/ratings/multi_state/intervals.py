"""What was seen of each home, from one moment to the next at which its state was known?

An interval runs from a rating to the next one, to the day the home left, or to the end of the data while it was still
open. Within it the covariates change on known days (the intervention starts, the period of the calendar turns), which
cuts it into segments.
"""

from dataclasses import dataclass

import numpy as np

from analysis.inspections.watched import Watched


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Intervals:
    """Intervals of W segments each, the last ones of no length where there are fewer.

    Parameters
    ----------
    home : ndarray of int64, shape (n,)
    start, end : ndarray of int64, shape (n,)
        State at both ends; `end` may be `EXIT` or `OPEN`.
    years : ndarray, shape (n, W)
        Length of each segment.
    pattern : ndarray of int64, shape (n, W)
        Row of `z`.
    piece : ndarray of int64, shape (n, W)
        How long ago the last rating was: which piece of time since it.
    z : ndarray, shape (U, 2 + K + B) or (U, 3 + K + B)
        1, intervention, attributes, one column per period after the first; where homes are followed from a day, whether
        it is past (for homes with the intervention and for others alike); last, whether another intervention began.
    other : int
        Column of z that says so; 0 where there is none.
    """

    home: np.ndarray
    start: np.ndarray
    end: np.ndarray
    years: np.ndarray
    pattern: np.ndarray
    piece: np.ndarray
    z: np.ndarray
    other: int = 0


def intervals(seen: Watched, pieces: np.ndarray | tuple = (), since: np.ndarray | None = None) -> Intervals:
    """Cut what was seen into intervals and segments.

    Parameters
    ----------
    pieces : ndarray
        Years since the last rating at which to cut as well.
    since : ndarray, shape (H,), optional
        Day from which each home is followed. What no inspection before it says of a home is then the same for homes
        with the intervention and for others.
    """
    home, t0, t1 = seen.home, seen.begin, seen.end
    cuts = np.column_stack(
        [
            seen.started[home],
            np.broadcast_to(seen.breaks, (len(home), len(seen.breaks))),
            t0[:, None] + np.asarray(pieces, float),
            *([] if since is None else [since[home]]),
            *([seen.other[home]] if len(seen.other) else []),
        ]
    )
    edges = np.sort(np.clip(cuts, t0[:, None], t1[:, None]), axis=1)
    edges = np.column_stack([t0, edges, t1])
    years, middle = np.diff(edges, axis=1), (edges[:, :-1] + edges[:, 1:]) / 2
    years, middle = _packed(years, middle)
    treated = middle > seen.started[home][:, None]
    period = np.searchsorted(seen.breaks, middle)
    past = None if since is None else middle > since[home][:, None]
    pattern, z = _patterns(seen, home, treated, period, past)
    other = 0
    if len(seen.other):
        pattern, z = _also(pattern, z, middle > seen.other[home][:, None])
        other = z.shape[1] - 1
    return Intervals(
        home=home,
        start=seen.rated,
        end=seen.became,
        years=years,
        pattern=pattern,
        piece=np.searchsorted(np.asarray(pieces, float), middle - t0[:, None]),
        z=z,
        other=other,
    )


def _packed(years: np.ndarray, middle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Move segments of no length to the end, where they repeat the last one's moment."""
    order = np.argsort(years <= 0, axis=1, kind="stable")
    years, middle = np.take_along_axis(years, order, 1), np.take_along_axis(middle, order, 1)
    count = np.maximum((years > 0).sum(axis=1), 1)
    last = np.take_along_axis(middle, count[:, None] - 1, 1)
    middle = np.where(np.arange(years.shape[1]) < count[:, None], middle, last)
    widest = int(count.max(initial=1))
    return years[:, :widest], middle[:, :widest]


def _patterns(
    seen: Watched, home: np.ndarray, treated: np.ndarray, period: np.ndarray, past: np.ndarray | None
) -> tuple:
    """Give every covariate pattern a number: positions (n, W), and z (U, …)."""
    kinds, kind = np.unique(seen.attributes, axis=0, return_inverse=True)
    periods = len(seen.breaks) + 1
    key = (kind.reshape(-1)[home][:, None] * 2 + treated) * periods + period
    if past is not None:
        key = key + past * (2 * periods * len(kinds))
    keys, pattern = np.unique(key, return_inverse=True)
    later, own = np.divmod(keys, 2 * periods * len(kinds))
    of_kind, rest = np.divmod(own, 2 * periods)
    with_intervention, of_period = np.divmod(rest, periods)
    dummies = of_period[:, None] == np.arange(1, periods)
    columns = [np.ones(len(keys)), with_intervention, kinds[of_kind], dummies, *([] if past is None else [later])]
    return pattern.reshape(key.shape), np.column_stack(columns).astype(float)


def _also(pattern: np.ndarray, z: np.ndarray, on: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tell every pattern apart by one thing more, the last column of z."""
    keys, pattern = np.unique(2 * pattern + on, return_inverse=True)
    return pattern.reshape(on.shape), np.column_stack([z[keys // 2], keys % 2])
