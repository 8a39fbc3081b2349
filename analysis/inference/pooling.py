"""What do several studies say together, and what would the next one find?

    y_i ~ N(θ_i, v_i),   θ_i ~ N(μ, τ²).

τ² by Paule and Mandel: the root of Σ (y_i − μ)² / (v_i + τ²) = k − 1, 0 where there is none above it. The interval of μ
takes the scale from the residuals (Hartung and Knapp; Sidik and Jonkman), never less than 1, with t on k − 1 degrees of
freedom; the prediction interval of a new study's θ is

    μ ± t_{k−2} √(τ² + var μ)

(Higgins, Thompson and Spiegelhalter), which needs three studies.

The root is found here, by bisection: the iteration of statsmodels 0.15 starts anew at 0 where its last step passes the
root by a rounding, and says so nowhere (2 of 20 drawn sets in tests/inference/test_pooling.py).

Sources: Paule and Mandel (1982), J. Res. Natl. Bur. Stand. 87; DerSimonian and Laird (1986), Controlled Clinical Trials
7; Hartung and Knapp (2001), Statistics in Medicine 20; Röver, Knapp and Friede (2015), BMC Med. Res. Methodol. 15, for
the scale of at least 1; Higgins, Thompson and Spiegelhalter (2009), J. R. Statist. Soc. A 172.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from analysis.inference.usual import NORMAL

FEWEST_TO_PREDICT = 3
NEAR = 1e-14
"""How near τ² is found."""
Between = Literal["pm", "dl"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """What studies say together, on the scale they were given on.

    Parameters
    ----------
    k : int
    mean, std_error : float
        Of μ; the standard error with the scale of at least 1.
    low, high : float
        95% interval of μ.
    tau2 : float
    predict_low, predict_high : float
        95% prediction interval of another study's effect; NaN with fewer than three.
    common, common_low, common_high : float
        Mean and 95% interval were the effect the same in all (τ = 0): two studies cannot show that it is not.
    """

    k: int
    mean: float
    std_error: float
    low: float
    high: float
    tau2: float
    predict_low: float
    predict_high: float
    common: float
    common_low: float
    common_high: float


def pooled(effects: np.ndarray, variances: np.ndarray, between: Between = "pm") -> Pooled:
    """Pool two studies or more.

    Parameters
    ----------
    effects, variances : ndarray of float64, shape (k,)
    between : "pm" or "dl"
        How τ² is estimated: Paule and Mandel's way, or DerSimonian and Laird's.
    """
    y, v = np.asarray(effects, float), np.asarray(variances, float)
    k, tau2 = len(y), _paule_mandel(y, v) if between == "pm" else _dersimonian_laird(y, v)
    mean, precision = _mean(y, v + tau2)
    scale = max(_spread(y, v, tau2) / (k - 1), 1.0)
    error = float(np.sqrt(scale / precision))
    reach = float(stdtrit(k - 1, 0.975)) * error
    ahead = np.nan
    if k >= FEWEST_TO_PREDICT:
        ahead = float(stdtrit(k - 2, 0.975) * np.sqrt(tau2 + 1 / precision))
    common, alike = _mean(y, v)
    either = float(NORMAL / np.sqrt(alike))
    return Pooled(
        k=k, mean=mean, std_error=error, low=mean - reach, high=mean + reach, tau2=tau2, predict_low=mean - ahead,
        predict_high=mean + ahead, common=common, common_low=common - either, common_high=common + either,
    )  # fmt: skip


def _mean(y: np.ndarray, total: np.ndarray) -> tuple[float, float]:
    """Give the weighted mean, and its precision."""
    weight = 1 / total
    return float((weight * y).sum() / weight.sum()), float(weight.sum())


def _spread(y: np.ndarray, v: np.ndarray, tau2: float) -> float:
    """Give Q(τ²)."""
    return float(((y - _mean(y, v + tau2)[0]) ** 2 / (v + tau2)).sum())


def _paule_mandel(y: np.ndarray, v: np.ndarray) -> float:
    def beyond(tau2: float) -> float:
        return _spread(y, v, tau2) - (len(y) - 1)

    if beyond(0.0) <= 0:
        return 0.0
    most = float(((y - y.mean()) ** 2).sum()) + float(v.max())  # there Q is below k − 1: each term is below its share
    from scipy.optimize import brentq  # noqa: PLC0415 - where studies differ, which few answers ask

    return float(brentq(beyond, 0.0, most, xtol=NEAR))


def _dersimonian_laird(y: np.ndarray, v: np.ndarray) -> float:
    weight = 1 / v
    return max((_spread(y, v, 0.0) - (len(y) - 1)) / float(weight.sum() - (weight**2).sum() / weight.sum()), 0.0)
