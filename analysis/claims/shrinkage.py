"""What is left of a claimed fall, once chance, the choice of the home, the trend and other evidence have been heard?

`shrunk` is the sum that can be done by hand: log ratio of two counts, normal, with the evidence as prior,

    y = log(a / b),  s² = 1/a + 1/b,  posterior mean (y/s² + m/t²) / (1/s² + 1/t²), variance 1 / (1/s² + 1/t²).

`appraised` takes the counts as they are, and lets the home have been chosen for its count:

    λ ~ Gamma(1/c², mean m),  b | λ ~ Poisson(λ E_b),  a | λ, θ, τ ~ Poisson(λ θ τ E_a),
    log θ ~ N(log of the pooled evidence, spread²),  log τ ~ N(trend, its spread²).

λ is integrated out, p(a, b | φ = θτ) ∝ φ^a (1/(c²m) + E_b + φ E_a)^{−(1/c² + a + b)}, and log φ is laid on a grid. The
posterior of one home's effect given its own counts is the same whether it was told of as the best of many or by
lot: whatever the choice looked at, it is in a and b. That is what makes it safe for claims that were chosen.

`of_shares` does the same for k of n services rated better: logit p = η + ε, η the base rate with the spread it has
between years and places, ε the effect of the programme.

Sources: Efron (2011), Tweedie's formula and selection bias, JASA 106; Dawid (1994), Selection paradoxes of Bayesian
inference, IMS Lecture Notes 24.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

from analysis.claims.regression import BETWEEN
from analysis.sources.evidence import published_effects

SPREAD = 0.20
"""How far one scheme's effect differs from the average of schemes, as the standard deviation of its log: the judged
range of the average alone, 0.65 to 1.05, comes to 0.12, and controlled results, 0.60 to 1.0, differ by more."""
TREND_A_YEAR = float(np.log(1.12) / 5)
"""Growth of emergency admissions where nothing was done, 12% from 2013 to 2018 (`trends.csv`)."""
TREND_SPREAD, TREND_SPREAD_UNKNOWN = 0.10, 0.20
"""How far a year's admissions of homes without a programme stray from that, as the standard deviation of a log ratio: a
judgement. The larger one where the months are not said or touch the pandemic: Airedale's comparison homes fell 31%."""
BASE_SPREAD = 0.25
"""How far the share that improves anyway differs between years and places, in log odds: its standard deviation over the
years 2016 to 2025 in `improving_by_year.csv`."""
PROGRAMME_SPREAD = 0.5
"""How far a programme may move the odds of a better rating, in log odds: 19 of 20 between a third and three times. A
judgement: no controlled evaluation of one has been published."""
WIDE, STEPS = 6.0, 2401
"""Of the grid of log φ: in standard deviations either side, and its steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A number with its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What controlled evaluations say of a rate ratio: its middle, the standard deviation of its log, their source."""

    ratio: float
    spread: float
    source: str


def prior_of(support: str, home_type: str = "all") -> Prior:
    """Take the judged effect of enhanced support in a kind of home; of anything else, no effect as likely as any."""
    if support != "enhanced support":
        return Prior(ratio=1.0, spread=SPREAD, source=NO_EVIDENCE)
    row = published_effects().loc[f"enhanced_support_{home_type}"]
    return Prior(ratio=float(row["estimate"]), spread=SPREAD, source=f"{row['source']} (effects.csv), widened")


NO_EVIDENCE = "No controlled evaluation of what was done is in effects.csv: more and fewer are taken to be as likely"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What would have happened anyway, as a log ratio of after to before, and how sure that is."""

    mean: float
    spread: float
    source: str = ""


def ratio_of(after: float, before: float, scale: float = 1.0) -> Bounded:
    """Compare two counts: exact interval of their ratio, times `scale` (exposure before over after).

    Given a + b, a is binomial; Clopper and Pearson's limits of its share are turned into limits of the ratio.
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - beside the one place that needs it

    low = 0.0 if after == 0 else betaincinv(after, before + 1, 0.025)
    high = betaincinv(after + 1, before, 0.975)
    odds = [share / (1 - share) * scale for share in (low, high)]
    return Bounded(value=after / before * scale, low=float(odds[0]), high=float(odds[1]))


def shrunk(after: float, before: float, prior: Prior, scale: float = 1.0) -> Bounded:
    """Weigh a log ratio of counts with the evidence, both as normal."""
    a, b = max(after, 0.5), max(before, 0.5)
    told, known = 1 / (1 / a + 1 / b), 1 / prior.spread**2
    mean = (np.log(a / b * scale) * told + np.log(prior.ratio) * known) / (told + known)
    reach = norm.ppf(0.975) / np.sqrt(told + known)
    return Bounded(value=float(np.exp(mean)), low=float(np.exp(mean - reach)), high=float(np.exp(mean + reach)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Admissions before and after, and the resident-years in which they happened.

    Parameters
    ----------
    before, after : float
    years_before, years_after : float
        Resident-years, of all the homes together.
    rate : float
        Admissions per resident-year of homes like them.
    between : float
        Coefficient of variation between homes, or between groups of as many homes.
    """

    before: float
    after: float
    years_before: float
    years_after: float
    rate: float
    between: float = BETWEEN


def appraised(counted: Counted, prior: Prior, trend: Trend) -> Bounded:
    """Give the posterior median and 95% interval of the rate ratio."""
    mean, total = np.log(prior.ratio) + trend.mean, prior.spread**2 + trend.spread**2
    at = mean + np.sqrt(total) * np.linspace(-WIDE, WIDE, STEPS)
    shape = 1 / counted.between**2
    log_p = counted.after * at - (shape + counted.before + counted.after) * np.log(
        shape / counted.rate + counted.years_before + np.exp(at) * counted.years_after
    )
    weight = np.exp(log_p - log_p.max()) * norm.pdf(at, mean, np.sqrt(total))
    # given φ, log θ is normal: its share of what φ departs by, and what the trend leaves open
    part = prior.spread**2 / total
    middle, left = np.log(prior.ratio) + part * (at - mean), np.sqrt(part) * trend.spread
    return _quantiles(middle, weight / weight.sum(), left)


def _quantiles(middle: np.ndarray, weight: np.ndarray, spread: float) -> Bounded:
    """Quantiles of a mixture of normals of log θ, as ratios."""
    from scipy.optimize import brentq  # noqa: PLC0415 - beside the one place that needs it

    def below(x: float) -> float:
        return float(weight @ norm.cdf((x - middle) / max(spread, 1e-6)))

    ends = middle.min() - 8 * spread - 1, middle.max() + 8 * spread + 1
    value, low, high = (np.exp(brentq(lambda x, q=q: below(x) - q, *ends)) for q in (0.5, 0.025, 0.975))
    return Bounded(value=float(value), low=float(low), high=float(high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """How often services improve anyway: a share, of how many, and where that stands."""

    share: float
    of: float
    whose: str
    source: str


def of_shares(counts: Mapping[tuple[int, int], float] | tuple[int, int], base: Base) -> dict[str, Bounded]:
    """Weigh counts of services rated better.

    Parameters
    ----------
    counts : (better, of), or mapping of such to how likely it is that they are the ones meant
    base : Base

    Returns
    -------
    mapping
        "share", what share of such services improves with the programme, and "points", how many more of a hundred than
        without it.
    """
    likely = {counts: 1.0} if isinstance(counts, tuple) else counts
    share = np.clip(base.share, 0.005, 0.995)
    own = 1 / (max(base.of, 1) * share * (1 - share)) + BASE_SPREAD**2
    z = np.linspace(-4, 4, 161)
    anyway, effect = logit(share) + np.sqrt(own) * z[:, None], PROGRAMME_SPREAD * z[None, :]
    p, p0 = expit(anyway + effect), np.broadcast_to(expit(anyway), (161, 161))
    parts = [part * _normed(k * np.log(p) + (n - k) * np.log1p(-p), z) for (k, n), part in likely.items()]
    weight = np.sum(parts, axis=0)
    return {"share": _of_grid(p, weight), "points": _of_grid(p - p0, weight)}


def _normed(log_p: np.ndarray, z: np.ndarray) -> np.ndarray:
    weight = np.exp(log_p - log_p.max()) * norm.pdf(z)[:, None] * norm.pdf(z)[None, :]
    return weight / weight.sum()


def _of_grid(values: np.ndarray, weight: np.ndarray) -> Bounded:
    order = values.ravel().argsort()
    at, up = values.ravel()[order], weight.ravel()[order].cumsum()
    value, low, high = (float(at[min(np.searchsorted(up, q * up[-1]), len(at) - 1)]) for q in (0.5, 0.025, 0.975))
    return Bounded(value=value, low=low, high=high)
