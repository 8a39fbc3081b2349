"""How would the area have gone on, judged by a mixture of others that ran like it before the start?

Synthetic control, its ridge augmentation, and synthetic difference-in-differences (`weights` has the problems they
solve). Areas differ in size, so by default each is measured by its own average before the start; rates and log rates
are there for areas of one size. Every area is fitted in turn as if it had been the treated one, from comparison areas
only, so a placebo never leans on the area that was treated.

Own intervals, beside the placebo interval of `answer`: conformal for the two synthetic controls (`conformal`), the
placebo variance for synthetic difference-in-differences (the paper's Algorithm 4). Its jackknife is not defined for
one treated area (Algorithm 3 leaves treated units out in turn).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.areas.answer import Estimates, effects, moderated, ratios
from analysis.areas.case import Case
from analysis.areas.conformal import conformal
from analysis.areas.weights import choose_ridge, ridge_augmented, simplex, time_weights, two_weights
from analysis.design import Design
from analysis.inference.one_thread import compute_on_one_thread
from analysis.panel import Panel
from analysis.results import Effects

Method = Literal["synthetic_control", "ridge_augmented", "synthetic_did"]
Scale = Literal["own_average", "log_rate", "rate"]

SYNTHETIC = "Synthetic control"
"""What the plain method is called: the one that decides, whose suppositions are the weakest."""
FEWEST_DONORS = 2
LEFT_OUT = 10
"""Donors left out in turn, the heaviest: the others carry too little to move the answer."""
ESTIMAND = "observed events over those of a weighted mixture of comparison areas"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntheticControl:
    """Observed events over those expected from a mixture of comparison areas.

    ŷ_t = Σ_j w_j·y_jt with w ≥ 0, Σ w = 1, nearest before the start; Abadie, Diamond and Hainmueller (2010); ridge
    augmentation Ben-Michael, Feller and Rothstein (2021); synthetic difference-in-differences Arkhangelsky (2021).

    Parameters
    ----------
    method : Method
    scale : Scale
        What the mixture matches: rates over each area's own average before the start, log rates, or rates.
    ridge : float, optional
        Penalty of the augmentation, in the units of the scale; chosen by leaving out blocks of months where not given.
    conf_level : float
    """

    method: Method = "synthetic_control"
    scale: Scale = "own_average"
    ridge: float | None = None
    conf_level: float = 0.95

    def fit(self, panel: Panel, design: Design) -> Effects:
        """Estimate the effect, and rank it among the comparison areas.

        Raises
        ------
        AnalysisError
            If not exactly one area is treated, or fewer than two comparison areas are left.
        """
        compute_on_one_thread()
        case = Case.of(panel, design, fewest=FEWEST_DONORS)
        own_ridge = self._ridge(case)
        paths = [_path(self, case, row, own_ridge) for row in range(len(case.units))]
        expected = np.array([path.expected for path in paths])
        found = self._estimates(case, expected, paths)
        return effects(case, found, estimand=ESTIMAND, conf_level=self.conf_level, call=repr(self))

    def follow(self, panel: Panel, design: Design) -> tuple[Case, np.ndarray, np.ndarray]:
        """Estimate every area as if it had been the treated one, without the method's own intervals.

        Returns
        -------
        case : Case
        log_ratio, scale : ndarray, shape (n, K)
            Of every window, and how noisy each area is, as `answer.effects` ranks them.
        """
        compute_on_one_thread()
        case = Case.of(panel, design, fewest=FEWEST_DONORS)
        own_ridge = self._ridge(case)
        paths = [_path(self, case, row, own_ridge) for row in range(len(case.units))]
        log_ratio = ratios(case, np.array([path.expected for path in paths]))
        noise = moderated(np.array([[path.noise] for path in paths]))
        return case, log_ratio, np.repeat(noise, log_ratio.shape[1], axis=1)

    def _ridge(self, case: Case) -> float:
        """Penalty for every area: the one chosen for the treated area, so that its placebos are like it."""
        if self.method != "ridge_augmented":
            return 0.0
        if self.ridge is not None:
            return self.ridge
        Z, _ = scaled(case, self.scale)
        before = case.before
        return choose_ridge(Z[case.others][:, before].T, Z[case.treated, before])

    def _estimates(self, case: Case, expected: np.ndarray, paths: list) -> Estimates:
        theta = ratios(case, expected)
        noise = np.array([path.noise for path in paths])
        scale = np.repeat(noise[:, None], theta.shape[1], axis=1)
        if self.method == "synthetic_did":
            p, limits, how = _placebo_variance(theta, case.treated, self.conf_level)
        else:
            p, limits = conformal(case, self._gaps(case, paths), theta, self.conf_level)
            how = "conformal: blocks of months change places"
        ridge = paths[case.treated].ridge
        return Estimates(
            expected=expected, log_ratio=theta, scale=scale, own_p=p, own_limits=limits, how=how,
            diagnostics={
                "weights": _weights(case, paths[case.treated].weights),
                "fit": pd.DataFrame({"ridge": [ridge], "pre_rmspe": [noise[case.treated]]}),
                "leave_one_out": _leave_one_out(self, case, paths[case.treated]),
            },
        )  # fmt: skip

    def _gaps(self, case: Case, paths: list):
        """Return what refits an area over more months, for the conformal test."""
        Z, _ = scaled(case, self.scale)
        log = self.scale == "log_rate"

        def gaps(row: int, window: np.ndarray):
            months = case.before | window
            A, own, after = Z[case.donors(row)][:, months].T, Z[row, months], window[months]
            order = np.r_[np.flatnonzero(case.before[months]), np.flatnonzero(after)]

            def refitted(log_ratio: float) -> np.ndarray:
                b = own.copy()
                b[after] = b[after] - log_ratio if log else b[after] * np.exp(-log_ratio)
                w = simplex(A, b)
                if self.method == "ridge_augmented":
                    w = ridge_augmented(A, b, w, paths[row].ridge)
                return (b - A @ w)[order]

            return refitted

        return gaps


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """One area followed by a mixture of others.

    Parameters
    ----------
    expected : ndarray, shape (T,)
        Events.
    weights : ndarray, shape (donors,)
    noise : float
        Root mean squared gap before the start, on the scale matched.
    ridge : float
    """

    expected: np.ndarray
    weights: np.ndarray
    noise: float
    ridge: float


def scaled(case: Case, scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    """Return what the mixture matches, shape (n, T), and what turns it back into a rate, shape (n, 1)."""
    rate = case.counts / case.exposure
    if scale == "log_rate":
        return np.log((case.counts + 0.5) / case.exposure), np.ones((len(rate), 1))
    unit = rate[:, case.before].mean(axis=1, keepdims=True) if scale == "own_average" else np.ones((len(rate), 1))
    return rate / unit, unit


def _path(model: SyntheticControl, case: Case, row: int, ridge: float, without: int | None = None) -> Path:
    """Follow one area by its donors, one of them left out where asked."""
    Z, unit = scaled(case, model.scale)
    donors = case.donors(row)
    donors = donors if without is None else donors[donors != without]
    own, D, before = Z[row], Z[donors], case.before
    A, b = D[:, before].T, own[before]
    if model.method == "synthetic_did":
        two = two_weights(D, own, before, lam=time_weights(D, before))
        w, shift = two.omega, float(two.lam @ (own - two.omega @ D)[before])
    else:
        w, shift = simplex(A, b), 0.0
    noise = np.sqrt((((own - w @ D)[before] - shift) ** 2).mean())
    if model.method == "ridge_augmented":
        w = ridge_augmented(A, b, w, ridge)
    path = w @ D + shift
    back = np.exp(path) if model.scale == "log_rate" else path * unit[row]
    floor = np.finfo(float).eps
    return Path(expected=back * case.exposure[row], weights=w, noise=max(float(noise), floor), ridge=ridge)


def _placebo_variance(theta: np.ndarray, treated: int, conf_level: float) -> tuple[np.ndarray, np.ndarray, str]:
    """Return p-values and normal limits with the spread of the placebo estimates as error: the paper's Algorithm 4."""
    from scipy.special import ndtr, ndtri  # noqa: PLC0415 - loaded where it is needed

    placebos = np.delete(theta, treated, axis=0)
    placebos = np.where(np.isfinite(placebos), placebos, np.nan)
    error = np.nanstd(placebos, axis=0, ddof=1) if len(placebos) > 1 else np.full(theta.shape[1], np.nan)
    half = ndtri(0.5 + conf_level / 2) * error
    limits = theta[treated][:, None] + np.outer(half, [-1, 1])
    return 2 * ndtr(-np.abs(theta / error)), limits, "spread of the placebo estimates, normal limits"


def _weights(case: Case, w: np.ndarray) -> pd.DataFrame:
    """Donors by weight, the largest first: unit, name, weight."""
    donors = case.units.iloc[case.donors(case.treated)]
    table = pd.DataFrame({"unit": donors.index, "name": donors["name"].to_numpy(), "weight": w})
    return table.loc[table["weight"] != 0].sort_values("weight", ascending=False, ignore_index=True, key=np.abs)


def _leave_one_out(model: SyntheticControl, case: Case, whole: Path) -> pd.DataFrame:
    """Refit without each of the heaviest donors: unit, name, weight, then the rate ratio of every window."""
    donors = case.donors(case.treated)
    rows = []
    heaviest = np.argsort(-np.abs(whole.weights), kind="stable")[:LEFT_OUT]
    for position in heaviest[whole.weights[heaviest] != 0]:
        donor = int(donors[position])
        path = _path(model, case, case.treated, whole.ridge, without=donor)
        observed = case.counts[case.treated]
        told = {year: observed[w].sum() / path.expected[w].sum() for year, w in case.windows.items()}
        unit = case.units.index[donor], case.units["name"].iloc[donor], whole.weights[position]
        rows.append((*unit, *told.values()))
    return pd.DataFrame(rows, columns=["unit", "name", "weight", *case.windows])
