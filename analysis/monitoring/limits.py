"""Between which limits does a steady process move?

Method: a centre and limits at three standard deviations (close to them: at two), learnt from a baseline and drawn for
every month. How far a steady process strays is taken

- of any measurement, from its mean moving range: centre ± 2.66 mr (XmR);
- of counts over exposure c_i / n_i, from the Poisson law: ū ± 3 √(ū / n_i) (U);
- of shares x_i / n_i, from the binomial law: p̄ ± 3 √(p̄ (1 − p̄) / n_i) (P);
- of either where it strays further than its law says (Laney's u′ and p′): the same times σ_z, the mean moving range of
  z_i = (u_i − ū) / √(ū / n_i), divided by 1.128;
- of the time between rare events: an XmR chart of t^(1/3.6), turned back (T); of the number of cases between them, from
  the geometric law (G).

Moving ranges above 3.267 times their mean are left out once where asked, so that one leap does not widen the limits.

Source: NHS England, Making Data Count; Montgomery (2019), "Statistical quality control", chapters 6–7; Laney (2002),
"Improved control charts for attributes", Quality Engineering 14; Nelson (1994), "A control chart for parts-per-million
nonconforming items", Journal of Quality Technology 26.
"""

from dataclasses import dataclass

import numpy as np

XMR = 2.66
"""Three standard deviations in mean moving ranges: 3 / 1.128, as Making Data Count rounds it."""
SD_OF_RANGE = 1.128
"""The mean moving range of two normal draws, in standard deviations (d₂ of two)."""
FAR_RANGE = 3.267
"""In mean moving ranges: the upper limit of a moving range (D₄ of two)."""
WEIBULL = 3.6
"""The power of a normal draw that is nearest to an exponential time (Nelson 1994)."""
MEDIAN_OF_GEOMETRIC = 0.693
"""Of its mean: what half of the gaps fall short of."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limits:
    """Where a steady process is expected.

    Parameters
    ----------
    centre, lower, upper : ndarray, shape (T,)
        In the units of what is drawn.
    near_lower, near_upper : ndarray, shape (T,)
        At two standard deviations instead of three.
    """

    centre: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    near_lower: np.ndarray
    near_upper: np.ndarray

    def within(self, least: float, most: float = np.inf) -> "Limits":
        """Give the same limits where what is drawn cannot leave an interval."""
        lows = (np.maximum(part, least) for part in (self.lower, self.near_lower))
        highs = (np.minimum(part, most) for part in (self.upper, self.near_upper))
        (lower, near_lower), (upper, near_upper) = lows, highs
        return Limits(centre=self.centre, lower=lower, upper=upper, near_lower=near_lower, near_upper=near_upper)


def individuals(values: np.ndarray, base: np.ndarray, screened: bool = True) -> Limits:
    """Draw XmR limits.

    Parameters
    ----------
    values : ndarray, shape (T,)
        One measurement a month; NaN where there is none, over which ranges step.
    base : ndarray of bool, shape (T,)
        The months from which limits are learnt.
    screened : bool
        Whether moving ranges far above their mean are left out.
    """
    seen = values[base & np.isfinite(values)]
    centre = np.full(len(values), seen.mean())
    return _around(centre, np.full(len(values), XMR / 3 * _moving_range(seen, screened)))


def rates(events: np.ndarray, exposure: np.ndarray, base: np.ndarray, spread: float = 1.0) -> Limits:
    """Draw U limits, of events per unit of exposure.

    Parameters
    ----------
    events, exposure : ndarray, shape (T,)
    base : ndarray of bool, shape (T,)
    spread : float
        σ_z: 1 where counts stray as the Poisson law says, more in a u′ chart.
    """
    centre = events[base].sum() / exposure[base].sum()
    return _around(np.full(len(events), centre), spread * np.sqrt(centre / exposure)).within(0)


def shares(events: np.ndarray, of: np.ndarray, base: np.ndarray, spread: float = 1.0) -> Limits:
    """Draw P limits, of the share of cases that are events; arguments as of `rates`."""
    centre = events[base].sum() / of[base].sum()
    deviation = spread * np.sqrt(centre * (1 - centre) / of)
    return _around(np.full(len(events), centre), deviation).within(0, 1)


def spread_of_rates(events: np.ndarray, exposure: np.ndarray, base: np.ndarray, screened: bool = False) -> float:
    """Tell σ_z of a u′ chart: how many times as far months stray as the Poisson law says."""
    centre = events[base].sum() / exposure[base].sum()
    return _sigma_z(events / exposure, centre, np.sqrt(centre / exposure), base, screened)


def spread_of_shares(events: np.ndarray, of: np.ndarray, base: np.ndarray, screened: bool = False) -> float:
    """Tell σ_z of a p′ chart: how many times as far months stray as the binomial law says."""
    centre = events[base].sum() / of[base].sum()
    return _sigma_z(events / of, centre, np.sqrt(centre * (1 - centre) / of), base, screened)


def times_between(gaps: np.ndarray, base: np.ndarray, screened: bool = False) -> Limits:
    """Draw T limits, of the time between one event and the next.

    Parameters
    ----------
    gaps : ndarray, shape (T,)
        Above zero, in any unit.
    base : ndarray of bool, shape (T,)
    screened : bool
    """
    root = gaps ** (1 / WEIBULL)
    deviation = _moving_range(root[base], screened) / SD_OF_RANGE
    found = _around(np.full(len(gaps), root[base].mean()), np.full(len(gaps), deviation)).within(0)
    parts = (found.centre, found.lower, found.upper, found.near_lower, found.near_upper)
    centre, lower, upper, near_lower, near_upper = (part**WEIBULL for part in parts)
    return Limits(centre=centre, lower=lower, upper=upper, near_lower=near_lower, near_upper=near_upper)


def cases_between(gaps: np.ndarray, base: np.ndarray) -> Limits:
    """Draw G limits, of the number of cases between one event and the next; the centre is the median.

    Parameters
    ----------
    gaps : ndarray, shape (T,)
    base : ndarray of bool, shape (T,)
    """
    mean = gaps[base].mean()
    found = _around(np.full(len(gaps), mean), np.full(len(gaps), np.sqrt(mean * (mean + 1)))).within(0)
    centre = np.full(len(gaps), np.median(gaps[base]))
    return Limits(centre=centre, lower=found.lower, upper=found.upper, near_lower=found.near_lower,
                  near_upper=found.near_upper)  # fmt: skip


def _around(centre, deviation):
    return Limits(centre=centre, lower=centre - 3 * deviation, upper=centre + 3 * deviation,
                  near_lower=centre - 2 * deviation, near_upper=centre + 2 * deviation)  # fmt: skip


def _moving_range(seen, screened):
    """Mean of |x_i − x_(i−1)|; without those far above it, where asked."""
    ranges = np.abs(np.diff(seen))
    if screened and ranges.size:
        ranges = ranges[ranges < FAR_RANGE * ranges.mean()] if ranges.mean() > 0 else ranges
    return ranges.mean() if ranges.size else np.nan


def _sigma_z(values, centre, deviation, base, screened):
    return float(_moving_range(((values - centre) / deviation)[base], screened) / SD_OF_RANGE)
