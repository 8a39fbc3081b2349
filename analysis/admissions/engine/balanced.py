"""What of homes' scatter is noise, where weights make the two groups alike?

Weights that give the comparison homes the means of the treated in some covariates make the answer blind to what goes
along with these: added to every home's numbers, it would add up to nothing. So it is no noise either, and an error that
counts it is too large by as much as the covariates explain. The scores of homes are therefore taken less what a
weighted regression on the covariates, one level for each group, explains.

Source: Hirano, Imbens and Ridder (2003), Econometrica 71(4), for why estimated weights lower the variance; Zhao and
Percival (2017), J. Causal Inference 5(1), for entropy balancing as a regression.
"""

from dataclasses import dataclass

import numpy as np

from analysis.admissions.compared.setting import Setting


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

    def unexplained(self, scores: np.ndarray, homes: np.ndarray) -> np.ndarray:
        """Scores of homes less what the covariates explain, shape (R, n); larger by the degrees of freedom that takes.

        Parameters
        ----------
        scores : ndarray, shape (R, n)
        homes : ndarray of int64, shape (n,)
            Rows of the panel they stand in.
        """
        if not self.covariates.size:
            return scores
        w, sign = self.weights[homes], np.where(self.treated[homes], 1.0, -1.0)
        X = self.covariates[homes]
        Z = np.column_stack([sign > 0, sign < 0, X - X.mean(axis=0)])
        if len(homes) <= Z.shape[1] + 1:
            return scores
        root = np.sqrt(w)
        per_weight = scores * sign / root
        left = per_weight - (np.linalg.lstsq(Z * root[:, None], per_weight.T, rcond=None)[0].T @ (Z * root[:, None]).T)
        return left * sign * root * np.sqrt(len(homes) / (len(homes) - Z.shape[1]))


def balanced(setting: Setting) -> Balanced:
    """Say how much the homes of a setting count."""
    return Balanced(weights=setting.weights, treated=setting.start < len(setting.months), covariates=setting.balanced)
