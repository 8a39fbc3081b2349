"""How far off are answers where nothing was done, and what does that make of another answer?

Estimates b_i with standard errors s_i of effects that are known to be none scatter by chance and by whatever makes all
answers of their kind wrong: b_i ~ N(μ, σ² + s_i²). μ and σ are those of the greatest likelihood. An answer θ with error
s is then θ − μ ± z √(σ² + s²): what is left of it when the usual error of its kind is taken away.

Source: Schuemie, Ryan, DuMouchel, Suchard and Madigan (2014), Statistics in Medicine 33(2); Schuemie, Hripcsak, Ryan,
Madigan and Suchard (2018), PNAS 115(11).
"""

import numpy as np
from scipy.optimize import minimize_scalar


def empirical_null(estimates: np.ndarray, std_errors: np.ndarray) -> tuple[float, float]:
    """Give μ and σ.

    Parameters
    ----------
    estimates, std_errors : ndarray, shape (n,)
        Logs of ratios that are truly 1; one alone gives itself and zero.
    """
    b, v = np.asarray(estimates, float), np.asarray(std_errors, float) ** 2

    def mean(sigma: float) -> float:
        return float(np.average(b, weights=1 / (sigma**2 + v)))

    def surprise(sigma: float) -> float:
        return float((np.log(sigma**2 + v) + (b - mean(sigma)) ** 2 / (sigma**2 + v)).sum())

    widest = float(np.ptp(b))
    if widest == 0:
        return mean(0.0), 0.0
    found = float(minimize_scalar(surprise, bounds=(0, widest), method="bounded", options={"xatol": 1e-10 * widest}).x)
    sigma = found if surprise(found) < surprise(0.0) else 0.0
    return mean(sigma), sigma
