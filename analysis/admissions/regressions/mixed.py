"""What if homes' usual rates are drawn from one distribution? A mixed model, its likelihood in closed form.

    y_it ~ Poisson(u_i μ_it),    μ_it = E_it · exp(β_g + γ_t + τ·D_it),    u_i ~ gamma with mean 1 and variance α,

a level for all homes that started together, and of each home a deviation that is drawn. With Y_i and M_i the sums of a
home's y and μ and θ = 1/α its likelihood is Γ(θ + Y) / Γ(θ) · θ^θ / (θ + M)^(θ + Y) · Π μ^y, and the score of β is
Σ x (y − μ (θ + Y) / (θ + M)). Errors are sandwiches by home: the model takes months of a home for independent once its
rate is known, which they are not.

Source: Hausman, Hall and Griliches (1984), Econometrica 52(4); held to the published figures of Stata's manual
(`xtpoisson, re`, ship accidents).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import gammaln, polygamma, psi

from analysis.admissions.regressions.frame import OPTIONS, Regression, effects_of, rows_of
from analysis.allowed import Checked, Option
from analysis.design import Design
from analysis.panel import Panel
from analysis.results import Effects

WORDS = "one effect on all homes with the intervention, homes' usual rates drawn from a gamma distribution", "by home"
NARROW, WIDE = -12.0, 3.0
"""Log variance of homes' rates between which the likeliest is looked for."""
TOLERANCE, ITERATIONS = 1e-10, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedRates(Checked):
    """One rate ratio by a Poisson model with gamma home effects; Hausman, Hall and Griliches (1984)."""

    OPTIONS: ClassVar[Mapping[str, Option]] = OPTIONS
    conf_level: float = 0.95

    def fit(self, panel: Panel, design: Design) -> Effects:
        """Estimate the effect."""
        rows = rows_of(panel, design, level="cohort")
        return effects_of(rows, mixed(rows.y, rows.X, rows.exposure, rows.home), self, WORDS)


def mixed(y: np.ndarray, X: np.ndarray, exposure: np.ndarray, home: np.ndarray, *, robust: bool = True) -> Regression:
    """Fit by maximum likelihood.

    Parameters
    ----------
    y, exposure : ndarray, shape (m,)
    X : ndarray, shape (m, P)
    home : ndarray of int64, shape (m,)
        From zero, none left out.
    robust : bool
        Whether the error is a sandwich by home, or that of the likelihood of β and α together.
    """
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - a second to import

    data = _Data(y=y, X=X, exposure=exposure, home=home, totals=np.bincount(home, y))
    begin = np.linalg.lstsq(X, np.log((y + 0.5) / exposure), rcond=None)[0]
    best = minimize_scalar(lambda a: -_climb(data, begin, a)[1], bounds=(NARROW, WIDE), method="bounded",
                           options={"xatol": 1e-8})  # fmt: skip
    beta, value, bread, converged = _climb(data, begin, best.x)
    scores = _scores(data, beta, best.x)
    m = len(data.totals)
    V = bread @ (scores.T @ scores) @ bread * m / (m - 1) if robust else _inverse_information(data, beta, best.x, bread)
    mu = exposure * np.exp(X @ beta)
    drawn = _shrunk(data, mu, best.x)
    return Regression(
        beta=beta, std_error=float(np.sqrt(V[-1, -1])), fitted=mu * drawn[home], converged=converged,
        facts={"variance_of_homes": float(np.exp(best.x)), "log_likelihood": value},
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Data:
    """Rows of a regression, and events of each home."""

    y: np.ndarray
    X: np.ndarray
    exposure: np.ndarray
    home: np.ndarray
    totals: np.ndarray


def _shrunk(data: _Data, mu: np.ndarray, log_alpha: float) -> np.ndarray:
    """Give the expected u of each home, given its events, shape (n,)."""
    theta = np.exp(-log_alpha)
    return (theta + data.totals) / (theta + np.bincount(data.home, mu))


def _scores(data: _Data, beta: np.ndarray, log_alpha: float) -> np.ndarray:
    """Score of β by home, shape (n, P)."""
    mu = data.exposure * np.exp(data.X @ beta)
    left = data.y - mu * _shrunk(data, mu, log_alpha)[data.home]
    scores = np.zeros((len(data.totals), data.X.shape[1]))
    np.add.at(scores, data.home, data.X * left[:, None])
    return scores


def _inverse_information(data: _Data, beta: np.ndarray, log_alpha: float, bread: np.ndarray) -> np.ndarray:
    """Inverse information about β where α is estimated with it, shape (P, P)."""
    theta, mu = np.exp(-log_alpha), data.exposure * np.exp(data.X @ beta)
    M, Y = np.bincount(data.home, mu), data.totals
    moved = theta * (M - Y) / (theta + M) ** 2  # of each home's u as log α grows
    crossed = -data.X.T @ (mu * moved[data.home])
    by_theta = psi(theta + Y) - psi(theta) + np.log(theta / (theta + M)) + (M - Y) / (theta + M)
    again = polygamma(1, theta + Y) - polygamma(1, theta) + 1 / theta - 1 / (theta + M) - (M - Y) / (theta + M) ** 2
    own = -(theta * by_theta + theta**2 * again).sum()
    step = bread @ crossed
    return bread + np.outer(step, step) / (own - crossed @ step)


def _value(data: _Data, beta: np.ndarray, log_alpha: float) -> float:
    """Log likelihood."""
    theta, mu = np.exp(-log_alpha), data.exposure * np.exp(data.X @ beta)
    M, Y = np.bincount(data.home, mu), data.totals
    of_homes = gammaln(theta + Y) - gammaln(theta) + theta * np.log(theta) - (theta + Y) * np.log(theta + M)
    return float(of_homes.sum() + data.y @ np.log(mu) - gammaln(data.y + 1).sum())


def _climb(data: _Data, beta: np.ndarray, log_alpha: float) -> tuple[np.ndarray, float, np.ndarray, bool]:
    """Fit β at one variance of homes by Newton's method: β, log likelihood, inverse information, whether it rested."""
    value, bread, moved = _value(data, beta, log_alpha), np.eye(len(beta)), np.inf
    for _ in range(ITERATIONS):
        mu = data.exposure * np.exp(data.X @ beta)
        drawn, M = _shrunk(data, mu, log_alpha), np.bincount(data.home, mu)
        sums = np.zeros((len(data.totals), data.X.shape[1]))
        np.add.at(sums, data.home, data.X * mu[:, None])
        H = (data.X * (mu * drawn[data.home])[:, None]).T @ data.X
        H -= (sums * (drawn / (np.exp(-log_alpha) + M))[:, None]).T @ sums
        bread = np.linalg.pinv(H, hermitian=True)
        step, size = bread @ _scores(data, beta, log_alpha).sum(axis=0), 1.0
        while size > TOLERANCE and not _value(data, beta + size * step, log_alpha) >= value - 1e-9 * abs(value):
            size /= 2
        beta, moved = beta + size * step, np.abs(size * step).max()
        value = _value(data, beta, log_alpha)
        if moved < TOLERANCE:
            break
    return beta, value, bread, bool(moved < 1e-6)
