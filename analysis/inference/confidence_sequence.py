"""What interval may be looked at every month and still be wrong no more often than it says?

A 95% interval looked at again and again is wrong at some time far more often than in 5 of 100. Estimates θ̂_t with
standard errors s_t at looks t = 1, 2, … are S_t / V_t with information V_t = 1 / s_t², and S_t − θ V_t is a process
that starts at zero and has grown by V_t of variance. For every ρ > 0

    |S_t − θ V_t| ≤ √((V_t + ρ) · log((V_t + ρ) / (ρ α²)))     for all t together, with probability 1 − α,

because exp of what is compared, averaged over effects drawn from N(0, 1/ρ), is a martingale (Robbins's mixture). The
interval is narrowest, for its kind, where effects are about 1/√ρ. Estimates need not be made from independent parts:
any whose errors are those of such a process, which those of growing panels are to first order. With few clusters the
bound is taken from t at the same tail, because s_t is an estimate.

Source: Robbins (1970), Annals of Mathematical Statistics 41(5); Howard, Ramdas, McAuliffe and Sekhon (2021), Annals of
Statistics 49(2); Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), Annals of Statistics 52(6), for asymptotic
confidence sequences.
"""

import numpy as np
from scipy.special import ndtr, stdtrit


def half_width(std_error: np.ndarray, df: np.ndarray, spread: float, alpha: float = 0.05) -> np.ndarray:
    """Give half the width of the confidence sequence at every look, shape (T,).

    Parameters
    ----------
    std_error, df : ndarray, shape (T,)
        Of the estimate at each look; degrees of freedom may be infinite.
    spread : float
        Effect for which the sequence is narrowest, 1/√ρ; it must be chosen before the looks.
    alpha : float
        How often it may be wrong at any look.
    """
    V, rho = 1 / np.asarray(std_error, float) ** 2, spread**-2.0
    z = np.sqrt((V + rho) / V * np.log((V + rho) / (rho * alpha**2)))
    df = np.asarray(df, float)
    few = np.isfinite(df)
    return std_error * np.where(few, -stdtrit(np.where(few, df, 1.0), np.maximum(ndtr(-z), RAREST)), z)


RAREST = 1e-300
"""A tail smaller than this is no number any more."""
