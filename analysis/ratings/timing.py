"""When are homes inspected, and how much more is known of those inspected often?

The rate of inspections at time t, given what inspectors know,

    λ(t) = exp(α of the last rating and the time since it + β' of intervention, kind, size, period and risk),

piecewise constant, by Poisson regression of inspections over years watched. Risk is what the last report said beyond
the rating: how many of the five key questions were below Good.

A model of the next rating that leaves risk out sees risky homes too often. Inverse-intensity weights undo that: an
inspection counts λ₀(t) / λ(t), with λ₀ the rate by what the model of the next rating knows itself (stabilised), and no
more than the 99th and no less than the 1st percentile of all (truncated). They balance what is measured; inspections
brought by what nobody measured are the matter of `sensitivity`.

Source: Lin, Scharfstein and Rosenheck (2004), JRSS B 66, 791–813; Bůžková and Lumley (2007), Canadian Journal of
Statistics 35, 485–500.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inspections.watched import Watched
from analysis.ratings.multi_state.fit import PIECES
from analysis.ratings.multi_state.intervals import Intervals, intervals
from analysis.sources.schema import RATINGS

TRUNCATED_AT = (1.0, 99.0)
"""Percentiles of the weights: a single inspection should not count for dozens (Cole and Hernán 2008)."""
STATES = len(RATINGS)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timing:
    """How often homes are inspected, and what that makes an inspection count.

    Parameters
    ----------
    rates : DataFrame
        rating, years_from, years_to, inspections, years, per_year: as counted.
    ratios : DataFrame
        term, estimate, conf_low, conf_high: what multiplies the rate of inspections, other things alike.
    weight : ndarray, shape (n,)
        Stabilised and truncated weight of every stretch that ended with a rating; 1 for the others.
    truncated : int
        How many weights were moved to a percentile.
    """

    rates: pd.DataFrame
    ratios: pd.DataFrame
    weight: np.ndarray
    truncated: int


def timing(watched: Watched, names: list[str], risk: np.ndarray) -> Timing:
    """Fit the rate of inspections, without and with risk.

    Parameters
    ----------
    names : list of str
        Of the attributes of homes, then of the periods after the first.
    risk : ndarray, shape (n,)
        Key questions below Good in the report each stretch began with.
    """
    data = intervals(watched, PIECES)
    row, w = np.nonzero(data.years > 0)
    last = w == (data.years > 0).sum(axis=1)[row] - 1
    event = (last & (data.end[row] >= 0)).astype(float)
    cell = data.start[row] * (len(PIECES) + 1) + data.piece[row, w]
    z = data.z[data.pattern[row, w], 1:]
    # Where nobody was inspected the rate is zero, and nothing is weighed: the routine pause, the first weeks.
    kept = np.bincount(cell, event, STATES * (len(PIECES) + 1))[cell] > 0
    kept &= (z[:, z.T @ event == 0] == 0).all(axis=1)
    row, w, event, cell, z = row[kept], w[kept], event[kept], cell[kept], z[kept]
    years = data.years[row, w]
    varies = np.ptp(z, axis=0) > 0
    own = np.unique(cell, return_inverse=True)[1]
    known = np.column_stack([np.eye(own.max() + 1)[own], z[:, varies]])
    without, with_risk = (_poisson(event, years, x) for x in (known, np.column_stack([known, risk[row]])))
    raw = np.ones(len(data.home))
    ended = event > 0
    raw[row[ended]] = np.exp(without.linear - with_risk.linear)[ended]
    weight, truncated = _truncated(raw, data.end >= 0)
    every = ["intervention", *names, *(["another intervention"] if data.other else [])]
    called = [name for name, used in zip(every, varies, strict=True) if used]
    return Timing(
        rates=_rates(data),
        ratios=_ratios(with_risk, own.max() + 1, [*called, "each key question below Good"]),
        weight=weight,
        truncated=truncated,
    )


def risk_at(watched_from: pd.DataFrame, frame: pd.DataFrame) -> np.ndarray:
    """Key questions below Good in the report that each stretch began with, shape (n,).

    Parameters
    ----------
    watched_from : DataFrame
        home, start of each stretch.
    frame : DataFrame
        Of `Inspections`.
    """
    questions = frame.loc[(frame["key_question"] != "Overall") & (frame["rating"].cat.codes.isin([0, 1]))]
    count = questions.groupby(["home", "date"]).size()
    keys = pd.MultiIndex.from_arrays([watched_from["home"], watched_from["start"]])
    return count.reindex(keys).fillna(0).to_numpy(float)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Poisson:
    coefficients: np.ndarray
    covariance: np.ndarray
    linear: np.ndarray


def _poisson(event: np.ndarray, years: np.ndarray, x: np.ndarray) -> _Poisson:
    import statsmodels.api as sm  # noqa: PLC0415 - a second to import

    fit = sm.GLM(event, x, sm.families.Poisson(), exposure=years).fit()
    return _Poisson(coefficients=fit.params, covariance=fit.cov_params(), linear=x @ fit.params)


def _truncated(raw: np.ndarray, used: np.ndarray) -> tuple[np.ndarray, int]:
    if not used.any():
        return raw, 0
    low, high = np.percentile(raw[used], TRUNCATED_AT)
    weight = np.where(used, np.clip(raw, low, high), 1.0)
    weight[used] /= weight[used].mean()
    return weight, int(((raw < low) | (raw > high))[used].sum())


def _rates(data: Intervals) -> pd.DataFrame:
    pieces = len(PIECES) + 1
    cell = data.start[:, None] * pieces + data.piece
    years = np.bincount(cell.ravel(), data.years.ravel(), STATES * pieces)
    visits = np.bincount(cell[data.end >= 0, -1], minlength=STATES * pieces)
    rating, piece = np.divmod(np.arange(STATES * pieces), pieces)
    edges = np.array([0.0, *PIECES, np.inf])
    table = pd.DataFrame({"rating": np.array(RATINGS)[rating], "years_from": edges[piece], "years_to": edges[piece + 1],
                          "inspections": visits, "years": years})  # fmt: skip
    table = table.loc[table["years"] > 0]
    return table.assign(per_year=table["inspections"] / table["years"]).reset_index(drop=True)


def _ratios(fit: _Poisson, cells: int, names: list[str]) -> pd.DataFrame:
    from scipy.stats import norm  # noqa: PLC0415 - slow to import

    value, error = fit.coefficients[cells:], np.sqrt(np.diagonal(fit.covariance))[cells:]
    half = norm.ppf(0.975) * error
    ends = np.exp([value, value - half, value + half])
    return pd.DataFrame({"term": names, "estimate": ends[0], "conf_low": ends[1], "conf_high": ends[2]})
