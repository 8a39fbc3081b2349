"""What of homes' scatter is noise, where weights make the two groups alike?

Weights that give the comparison homes the means of the treated in some covariates make the answer blind to what goes
along with these: added to every home's numbers, it would add up to nothing. So it is no noise either, and an error that
counts it is too large by as much as the covariates explain. The scores of homes are therefore taken less what a
weighted regression on the covariates, one level for each group, explains. Where few homes carry most of the weight the
regression fits these nearly by itself; residuals are therefore made larger by their leverage (as CR2 does), and the
degrees of freedom are those of Satterthwaite. Without, intervals held the truth in 91% of 400 panels of 120 homes.

Source: Hirano, Imbens and Ridder (2003), Econometrica 71(4), for why estimated weights lower the variance; Zhao and
Percival (2017), J. Causal Inference 5(1), for entropy balancing as a regression; Bell and McCaffrey (2002), Survey
Methodology 28(2), for leverage.
"""

from dataclasses import dataclass

import numpy as np

from analysis.admissions.compared.setting import Setting

RANK = 1e-10
"""Columns smaller than this part of the largest depend on the others."""
ALONE = 1e-6
"""Variance left to a home that the covariates fit by itself."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Balanced:
    """How much homes count, and what that makes alike.

    Parameters
    ----------
    weights : ndarray, shape (N,)
    treated : ndarray of bool, shape (N,)
    covariates : ndarray, shape (N, K)
    """

    weights: np.ndarray
    treated: np.ndarray
    covariates: np.ndarray

    def unexplained(self, scores: np.ndarray, homes: np.ndarray) -> tuple[np.ndarray, float]:
        """Scores of homes less what the covariates explain, shape (R, n), and their degrees of freedom.

        Parameters
        ----------
        scores : ndarray, shape (R, n)
        homes : ndarray of int64, shape (n,)
            Rows of the panel they stand in.
        """
        if not self.covariates.size:
            return scores, np.inf
        w, sign = self.weights[homes], np.where(self.treated[homes], 1.0, -1.0)
        X = self.covariates[homes]
        Z = np.column_stack([sign > 0, sign < 0, X - X.mean(axis=0)])
        if len(homes) <= Z.shape[1] + 1:
            return scores, np.inf
        root = np.sqrt(w)
        basis = _basis(Z * root[:, None])
        per_weight = scores * sign / root
        left = per_weight - (per_weight @ basis) @ basis.T
        larger, df = _leverage(basis, w)
        return left * sign * root * larger, df


def _basis(Z: np.ndarray) -> np.ndarray:
    """Orthonormal columns that span Z, shape (n, p)."""
    U, size, _ = np.linalg.svd(Z, full_matrices=False)
    return U[:, size > RANK * size[0]]


def _leverage(Q: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, float]:
    """How much larger residuals must be taken for their squares to be right on average, shape (n,), and with what df.

    A home's residual r = (I − QQ') √w u, u alike in all homes, has the variance E below instead of w; (tr G)² / tr G²
    of the covariance G of the scores √(w / E) √w r are the degrees of freedom of their sum of squares.
    """
    h, inner = (Q**2).sum(axis=1), (Q * w[:, None]).T @ Q
    E = np.maximum(w * (1 - 2 * h) + np.einsum("ij,jk,ik->i", Q, inner, Q), ALONE * w)
    larger = np.sqrt(w / E)
    d, p = larger * np.sqrt(w), Q.shape[1]
    U = d[:, None] * np.column_stack([Q, w[:, None] * Q])
    M = np.block([[inner, -np.eye(p)], [-np.eye(p), np.zeros((p, p))]])
    own, shared = d**2 * w, M @ (U.T @ U)
    crossed = (own * np.einsum("ij,jk,ik->i", U, M, U)).sum()
    squares = (own**2).sum() + 2 * crossed + np.trace(shared @ shared)
    return larger, float((d**2 * E).sum() ** 2 / squares)


def balanced(setting: Setting) -> Balanced:
    """Say how much the homes of a setting count."""
    return Balanced(weights=setting.weights, treated=setting.start < len(setting.months), covariates=setting.balanced)
