"""What do the textbook formulas say of the same study?

They know nothing of bad spells that last, of homes of unequal size, or of what few homes do to an interval; beside a
simulation, they show what these cost. Two are given, and their letters kept.

Hayes and Bennett, two arms compared over the months after the start only, c homes in each with y bed-days, rates λ₀ and
λ₁, and coefficient of variation k of rates between homes:

    c = 1 + (z_{α/2} + z_β)² [(λ₀ + λ₁) / y + k² (λ₀² + λ₁²)] / (λ₀ − λ₁)²

Hussey and Hughes, a stepped wedge of I homes over T months, X = 1 with the intervention, σ² the variance of one
home-month and τ² that of homes:

    Var(θ̂) = I σ² (σ² + T τ²) / [(I U − W) σ² + (U² + I T U − T W − I V) τ²],
    U = Σ X_ij,  W = Σ_j (Σ_i X_ij)²,  V = Σ_i (Σ_j X_ij)²

Source: Hayes and Bennett (1999), International Journal of Epidemiology 28(2), eq. 2; Hayes and Moulton (2017), Cluster
Randomised Trials, ch. 7; Hussey and Hughes (2007), Contemporary Clinical Trials 28(2), eq. 8.
"""

import numpy as np
from scipy.special import ndtr, ndtri

from analysis.planning.background import Background
from analysis.planning.study import IN_WAVES, Study

LEVEL = 0.95


def two_arms_power(homes: float, rates: tuple[float, float], bed_days: float, cv: float, level: float = LEVEL) -> float:
    """Power of a comparison of two arms of `homes` homes each, by Hayes and Bennett.

    Parameters
    ----------
    homes : float
        c; the harmonic mean where the arms differ.
    rates : tuple of float
        λ₀ and λ₁, per bed-day.
    bed_days : float
        y, of one home.
    cv : float
        k.
    """
    variance = (sum(rates) / bed_days + cv**2 * (rates[0] ** 2 + rates[1] ** 2)) / max(homes - 1, 1e-9)
    return float(ndtr(abs(rates[0] - rates[1]) / np.sqrt(variance) - ndtri(0.5 + level / 2)))


def homes_for_two_arms(
    rates: tuple[float, float], bed_days: float, cv: float, power: float = 0.8, level: float = LEVEL
) -> float:
    """Homes c in each arm that reach a power, by Hayes and Bennett; not rounded."""
    z = ndtri(0.5 + level / 2) + ndtri(power)
    spread = sum(rates) / bed_days + cv**2 * (rates[0] ** 2 + rates[1] ** 2)
    return float(1 + z**2 * spread / (rates[0] - rates[1]) ** 2)


def stepped_wedge_variance(X: np.ndarray, sigma2: float, tau2: float) -> float:
    """Variance of the estimated effect, by Hussey and Hughes.

    Parameters
    ----------
    X : ndarray, shape (I, T)
    sigma2, tau2 : float
        Of one home-month, and between homes; an infinite `tau2` gives home effects.
    """
    homes, T = X.shape
    U, W, V = X.sum(), (X.sum(axis=0) ** 2).sum(), (X.sum(axis=1) ** 2).sum()
    between = U**2 + homes * T * U - T * W - homes * V
    if np.isinf(tau2):
        return float(homes * sigma2 * T / between)
    return float(homes * sigma2 * (sigma2 + T * tau2) / ((homes * U - W) * sigma2 + between * tau2))


def textbook(background: Background, study: Study, ratio: float) -> tuple[str, float]:
    """Name the formula that fits a study, and give its power for a rate ratio.

    Homes are taken to be all alike: of average size, with the average rate.
    """
    monthly = float((background.rate * background.bed_days).mean())
    if study.kind in IN_WAVES:
        X = (np.arange(study.months) >= study.starts()[:, None]).astype(float)
        variance = stepped_wedge_variance(X, 1 / monthly, background.home_cv**2)
        return "Hussey and Hughes", float(ndtr(abs(np.log(ratio)) / np.sqrt(variance) - ndtri(0.5 + LEVEL / 2)))
    harmonic = 2 / (1 / study.supported + 1 / study.compared)
    rates = (monthly, monthly * ratio)
    return "Hayes and Bennett", two_arms_power(harmonic, rates, float(study.after), background.home_cv)
