"""Any of the engine's models with every dummy variable written out, fitted by statsmodels; errors dense, by definition.

Rows are home-months. `level` holds the dummies of homes (or cohorts), `base` those of months and whatever else the rate
without the intervention is made of, `cell` numbers the treated cohort-months (0: untreated), each with an effect of its
own. An estimate is a ratio of weighted sums over the treated rows, with and without the intervention.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """One row per home-month that takes part."""

    y: np.ndarray
    exposure: np.ndarray
    cluster: np.ndarray
    level: np.ndarray
    base: np.ndarray
    cell: np.ndarray
    regressor: np.ndarray

    def without(self, cluster) -> "Rows":
        """All but one cluster's rows, and no column that is zero in what is left."""
        kept = self.cluster != cluster
        part = {name: values[kept] for name, values in vars(self).items()}
        return Rows(**{name: v[:, v.any(axis=0)] if v.ndim == 2 else v for name, v in part.items()})


def dummies(labels, *, drop=0) -> np.ndarray:
    """One column for every value but the first few."""
    return pd.get_dummies(pd.Series(labels), dtype=float).to_numpy()[:, drop:]


def glm(X, y, exposure):
    """Poisson regression with offset."""
    model = sm.GLM(y, X, sm.families.Poisson(), offset=np.log(exposure))
    return model.fit(tol=1e-13, tol_criterion="params", maxiter=300)


def saturated(rows: Rows, weight=None) -> dict[str, float]:
    """Log ratio of weighted sums over treated rows, its CR1 and CR2 errors, and the latter's degrees of freedom."""
    weight = (rows.cell > 0) * (np.ones(len(rows.y)) if weight is None else weight)
    kept = pd.Series(rows.y).groupby(rows.cell).transform("sum").to_numpy() > 0
    without, own = np.hstack([rows.level, rows.base]), dummies(rows.cell, drop=1)
    alive = own[kept].any(axis=0)
    X = np.hstack([without, own[:, alive]])
    fit = glm(X[kept], rows.y[kept], rows.exposure[kept])
    X0 = np.hstack([without, np.zeros((len(X), alive.sum()))])
    mean, mean0 = rows.exposure * np.exp(X @ fit.params) * kept, rows.exposure * np.exp(X0 @ fit.params)
    O, C = weight @ mean, weight @ mean0  # noqa: E741
    gradient = (weight * mean) @ X / O - (weight * mean0) @ X0 / C
    bread = np.linalg.inv(X[kept].T @ (X[kept] * mean[kept, None]))
    omega = X @ bread @ gradient
    scores = pd.Series(omega[kept] * (rows.y - mean)[kept]).groupby(rows.cluster[kept]).sum()
    m = len(scores)
    found = {"log_ratio": np.log(O / C), "cr1": np.sqrt(m / (m - 1) * (scores**2).sum())}
    if not kept.all():
        return found
    return found | corrected(rows, omega)


def one_effect(rows: Rows) -> dict[str, float]:
    """Coefficient of the regressor and its errors, in the model with nothing else about the intervention."""
    X = np.hstack([rows.level, rows.base, rows.regressor[:, None]])
    fit = glm(X, rows.y, rows.exposure)
    bread = np.linalg.inv(X.T @ (X * fit.mu[:, None]))
    omega = X @ bread[:, -1]
    scores = pd.Series(omega * (rows.y - fit.mu)).groupby(rows.cluster).sum()
    m = len(scores)
    return {"log_ratio": fit.params[-1], "cr1": np.sqrt(m / (m - 1) * (scores**2).sum())} | corrected(rows, omega)


def corrected(rows: Rows, omega: np.ndarray) -> dict[str, float]:
    """CR2 by its definition, noise from the model with one effect, on the Pearson scale (see rates.R)."""
    X = np.hstack([rows.level, rows.base, rows.regressor[:, None]])
    mu = glm(X, rows.y, rows.exposure).mu
    root = np.sqrt(mu)
    XW = X * root[:, None]
    left = np.eye(len(mu)) - XW @ np.linalg.pinv(XW)
    e, w = (rows.y - mu) / root, omega * root
    columns = []
    for c in np.unique(rows.cluster):
        here = np.flatnonzero(rows.cluster == c)
        value, vector = np.linalg.eigh(left[np.ix_(here, here)])
        alive = value > 1e-9
        z = np.zeros(len(mu))
        z[here] = (vector[:, alive] / np.sqrt(value[alive])) @ (vector[:, alive].T @ w[here])
        columns.append(z)
    Z = np.array(columns)
    G = (Z @ left) @ (Z @ left).T
    return {"cr2": np.sqrt(((Z @ e) ** 2).sum()), "df": np.trace(G) ** 2 / (G**2).sum()}
