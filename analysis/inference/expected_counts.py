"""How far is a count from what was expected, when the expectation is itself estimated?

m_s units of stratum s each have the outcome with chance p_s, and an odds ratio ψ multiplies the odds of every one:

    O = Σ_s O_s,     O_s | p_s ~ Binomial(m_s, p_s(ψ)),     logit p_s(ψ) = logit p_s + log ψ.

With p_s known, O is Poisson-binomial. Where p_s was estimated from k_s of n_s others, it is drawn from its Jeffreys
posterior Beta(k_s + ½, n_s − k_s + ½), so that O_s is beta-binomial at ψ = 1 and a mixture of binomials elsewhere.

Where a wider circle of n'_s with rate c_s speaks for the others, it stands for one of them, Beta(k_s + c_s, n_s − k_s +
1 − c_s), and E is taken at the mean of that: no rate is then 0 or 1. Few others have been used twice in it, in c_s and
in k_s, so the interval also holds what the others alone give, with `AGAINST` of one more of them against what the end
says: Beta(k_s + ¾, n_s − k_s + ¼) for "more than expected", Beta(k_s + ¼, n_s − k_s + ¾) for "fewer", half-way between
Jeffreys' prior and the one whose limits are exact (Clopper and Pearson's). It is the wider of the two on either side,
and since the first holds the estimate, so does it.
Where units share luck with one another (u, normal, in log odds), the count is a mixture over u as well.

The 95% interval holds every ψ under which a count as far out as the one seen, taking half of the count itself
(mid-P), has chance at least 2.5% on either side; it is told as E(ψ) / E(1), which cannot go below 0 or above M / E.

Sources: mid-P, H. O. Lancaster (1961), Significance tests in discrete distributions, JASA 56; indirect
standardisation, N. E. Breslow & N. E. Day (1987), Statistical Methods in Cancer Research II, ch. 2; Jeffreys prior for
a proportion, L. D. Brown, T. T. Cai & A. DasGupta (2001), Interval estimation for a binomial proportion, Statistical
Science 16.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

NODES = 64
"""Values of p_s in the mixture, at equal steps of its distribution: 256 move no limit by more than 0.002."""

LEAST_RATE = 1e-9
"""Rates are kept this far off 0 and 1, where no odds could move them."""

WIDEST = 12.0
"""Largest |log ψ| looked at: odds 160,000 times as high."""

USUAL = 1.0
"""|log ψ| looked at first: few programmes multiply the odds by more than e, and the chance of a count falls with ψ."""

FARTHEST = 500.0
"""Largest m |log ψ| at which chances at ψ are taken from those at 1: e^500 is a number, e^710 is none."""

NEAR = 2e-8
"""How near log ψ is found."""

AGAINST = 0.75
"""Of one more other unit, what stands against the end in question. With ½ (Jeffreys), programmes without effect were
called helpful or harmful in up to 3.9% of simulated counties (`bench/ratings_size.py`), with 1 hardly ever."""

LUCKS = 7
"""Values of shared luck in the mixture (Gauss–Hermite): exact to polynomials of degree 13."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A count beside what was expected.

    Parameters
    ----------
    observed : int
        O.
    expected : float
        E, at the rates as seen.
    low, high : float
        Limits of the expected count under the effect, E(ψ): 0 and the number of units where there is no limit.
    p_value : float
        Two-sided, mid-P, of ψ = 1.
    """

    observed: int
    expected: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assumed:
    """What is taken to be known beside the counts.

    Parameters
    ----------
    exact : bool
        Take the rates as known; one of 0 or 1, which no odds can move, then counts as (k + ½) / (n + 1).
    centre : ndarray of float64, shape (S,), optional
        Rate of a wider circle, in (0, 1), that stands for one more unit of every stratum.
    luck : float
        Standard deviation of what the units share, in log odds.
    """

    exact: bool = False
    centre: np.ndarray | None = None
    luck: float = 0.0


COUNTS_ALONE = Assumed()


def compared(m: np.ndarray, observed: int, k: np.ndarray, n: np.ndarray, assumed: Assumed = COUNTS_ALONE) -> Compared:
    """Compare a count with its expectation.

    Parameters
    ----------
    m : ndarray of int64, shape (S,)
        Units in each stratum.
    observed : int
        How many of them had the outcome.
    k, n : ndarray, shape (S,)
        How many of how many others had it.
    assumed : Assumed
        A wider circle, shared luck, or that the rates are known.
    """
    shared = _shared(0.0 if assumed.exact else assumed.luck)
    expected = float((m * _rate(k, n, assumed)).sum())
    above, below = (_rates(k, n, assumed, end) for end in ("low", "high"))
    return Compared(
        observed=observed,
        expected=expected,
        low=min(_end((m, observed, expected), nodes, "low", shared) for nodes in above),
        high=max(_end((m, observed, expected), nodes, "high", shared) for nodes in below),
        p_value=p_value(m, observed, k, n, assumed),
    )


def p_value(m: np.ndarray, observed: int, k: np.ndarray, n: np.ndarray, assumed: Assumed = COUNTS_ALONE) -> float:
    """Tell how far out a count is, two-sided, mid-P: below 5% where the interval of `compared` leaves out E."""
    shared = _shared(0.0 if assumed.exact else assumed.luck)
    above, below = (_rates(k, n, assumed, end) for end in ("low", "high"))
    more = max(1 - _below(m, observed, nodes, 0.0, shared) for nodes in above)
    fewer = max(_below(m, observed, nodes, 0.0, shared) for nodes in below)
    return float(min(1.0, 2 * min(more, fewer)))


def _rate(k: np.ndarray, n: np.ndarray, assumed: Assumed) -> np.ndarray:
    return k / n if assumed.centre is None else (k + assumed.centre) / (n + 1)


def _rates(k: np.ndarray, n: np.ndarray, assumed: Assumed, end: str) -> list[np.ndarray]:
    """Rates, or posteriors, of which the wider gives one end of the interval."""
    centre = assumed.centre
    if assumed.exact:
        return [_known(_rate(k, n, assumed), n)]
    if centre is None:
        return [posterior(k, n)]
    against = AGAINST if end == "low" else 1 - AGAINST
    return [posterior(k, n, centre), posterior(k, n, np.full(len(k), against))]


def _end(counted: tuple[np.ndarray, int, float], nodes: np.ndarray, end: str, shared: tuple) -> float:
    """One limit of the expected count, by one posterior; counted are m, O and E."""
    m, observed, expected = counted
    at = _limit(m, observed, nodes, end, shared)
    if not np.isfinite(at):
        return _edge(at, m)
    scale = expected / _mean(m, nodes, 0.0) if expected else 1.0  # none of the others had it, but one may have
    return min(scale * _mean(m, nodes, at), float(m.sum()))


def posterior(k: np.ndarray, n: np.ndarray, centre: np.ndarray | None = None) -> np.ndarray:
    """Quantiles of the posterior at equal steps, shape (S, NODES); Jeffreys' where there is no wider circle."""
    from scipy.special import betaincinv  # noqa: PLC0415 - only where a programme is compared

    steps = (np.arange(NODES) + 0.5) / NODES
    c = np.full(len(k), 0.5) if centre is None else centre
    return np.clip(betaincinv((k + c)[:, None], (n - k + 1 - c)[:, None], steps), LEAST_RATE, 1 - LEAST_RATE)


def off_the_edge(k: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Rates as seen, kept off 0 and 1, shape (S, 1)."""
    return _known(k / n, n)


def _known(rate: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.where((rate == 0) | (rate == 1), (rate * n + 0.5) / (n + 1), rate)[:, None]


def _shared(luck: float) -> tuple[np.ndarray, np.ndarray]:
    """Values of shared luck and their chances."""
    if not luck:
        return np.zeros(1), np.ones(1)
    at, weight = np.polynomial.hermite_e.hermegauss(LUCKS)
    return luck * at, weight / weight.sum()


NO_LUCK = _shared(0.0)


def chance_of_more(m: np.ndarray, observed: int, nodes: np.ndarray) -> float:
    """Mid-P chance of at least the count seen when there is no effect; below 2.5%, the interval lies above E."""
    return 1 - _below(m, observed, nodes, 0.0)


def distribution(m: np.ndarray, nodes: np.ndarray, log_odds: float) -> np.ndarray:
    """Chance of every count 0 … M, shape (M + 1,)."""
    return _distributions(m, nodes, np.array([log_odds]))[0]


def _distributions(m: np.ndarray, nodes: np.ndarray, log_odds: np.ndarray) -> np.ndarray:
    """Chance of every count at each of some log odds, shape (len(log_odds), M + 1)."""
    return _at_odds(m, nodes)(log_odds)


def _at_odds(m: np.ndarray, nodes: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Give what tells the chance of every count, shape (L, M + 1), at any log odds, shape (L,).

    An odds ratio ψ multiplies the chance of c of m by ψ^c and by ((1 − p(ψ)) / (1 − p))^m: what is raised to powers of
    c is raised once, at ψ = 1. Where that would run out of digits (`FARTHEST`) it is worked out anew.
    """
    plain = [_binomial(m_s, p_s) for m_s, p_s in zip(m.tolist(), nodes, strict=True)]

    def told(log_odds: np.ndarray) -> np.ndarray:
        pmfs = np.ones((len(log_odds), 1))
        for m_s, p_s, at_one in zip(m.tolist(), nodes, plain, strict=True):
            tilted = _tilted(p_s[None, :], log_odds[:, None])
            if m_s * np.abs(log_odds).max() > FARTHEST:
                own = _binomial(m_s, tilted.ravel()).reshape(*tilted.shape, m_s + 1).mean(axis=1)
            else:
                fewer = np.exp(m_s * (np.log1p(-tilted) - np.log1p(-p_s)))
                own = fewer @ at_one / len(p_s) * np.exp(np.outer(log_odds, np.arange(m_s + 1)))
            pmfs = np.array([np.convolve(*pair) for pair in zip(pmfs, own, strict=True)])
        return pmfs

    return told


def _tilted(nodes: np.ndarray, log_odds: np.ndarray | float) -> np.ndarray:
    odds = nodes / (1 - nodes) * np.exp(log_odds)
    return odds / (1 + odds)


def _binomial(m: int, p: np.ndarray) -> np.ndarray:
    """Chance of 0 … m, shape (len(p), m + 1)."""
    count = np.arange(m + 1)
    ways = np.concatenate([[0.0], np.cumsum(np.log(m - count[:-1]) - np.log(count[1:]))])
    p = np.clip(p, 1e-300, 1 - 1e-16)[:, None]
    return np.exp(ways + count * np.log(p) + (m - count) * np.log1p(-p))


def _mean(m: np.ndarray, nodes: np.ndarray, log_odds: float) -> float:
    return float((m * _tilted(nodes, log_odds).mean(axis=1)).sum())


def _below(m: np.ndarray, observed: int, nodes: np.ndarray, log_odds: float, shared=NO_LUCK) -> float:
    """Mid-P chance of a count below the one seen."""
    return _fewer(_at_odds(m, nodes), observed, log_odds, shared)


def _fewer(told: Callable[[np.ndarray], np.ndarray], observed: int, log_odds: float, shared: tuple) -> float:
    at, chance = shared
    pmf = chance @ told(log_odds + at)
    return float(pmf[:observed].sum() + pmf[observed] / 2)


def _limit(m: np.ndarray, observed: int, nodes: np.ndarray, side: str, shared=NO_LUCK) -> float:
    """Log ψ at which the count seen is just 2.5% far out; infinite where none is."""
    if observed == (0 if side == "low" else m.sum()):
        return -np.inf if side == "low" else np.inf
    target, told = 0.975 if side == "low" else 0.025, _at_odds(m, nodes)

    def beyond(log_odds: float) -> float:
        return _fewer(told, observed, log_odds, shared) - target

    within = next((far for far in (USUAL, WIDEST) if beyond(-far) > 0 > beyond(far)), None)
    if within is None:  # not within odds that anybody would believe
        return -WIDEST if beyond(-WIDEST) <= 0 else WIDEST
    from scipy.optimize import brentq  # noqa: PLC0415 - only where a programme is compared

    return brentq(beyond, -within, within, xtol=NEAR)


def _edge(end: float, m: np.ndarray) -> float:
    return 0.0 if end < 0 else float(m.sum())
