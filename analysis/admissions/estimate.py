"""Effects over groups of home-months, and what each home contributes to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.admissions.common_effect import fit_common
from analysis.admissions.contrasts import contrast, weights_of_averted
from analysis.admissions.groups import Groups, touched
from analysis.admissions.sample import Sample
from analysis.admissions.saturated import Saturated, fit_saturated
from analysis.admissions.setting import Setting
from analysis.inference.clustered import Corrected, Reference, correct, cr1, cr2
from analysis.results import By

Vcov = Literal["CR2", "CR1"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """The two models fitted to one sample: saturated for the effects, one effect for the noise.

    `corrected` is the second made ready for CR2; None for CR1, which does not need it. `n_clusters` counts the clusters
    of the panel, those left out among them.
    """

    saturated: Saturated
    reference: Reference
    corrected: Corrected | None
    common_effect: float
    n_clusters: int
    converged: bool

    @property
    def sample(self) -> Sample:
        """What was fitted."""
        return self.saturated.sample


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimate:
    """Log rate ratios, and admissions averted, of R groups.

    Parameters
    ----------
    keys : list, length R
    observed, expected, exposure, n_homes, n_clusters : ndarray, shape (R,)
        O, C, bed-days, homes with a month in the group, and clusters with such a home.
    scores, averted_scores : ndarray, shape (R, clusters of the panel)
        What each cluster contributes to each log rate ratio, and to each number averted.
    df, averted_df, effective : ndarray, shape (R,)
        Degrees of freedom of both, and the log rate ratio's effective number of clusters.
    """

    keys: list
    observed: np.ndarray
    expected: np.ndarray
    exposure: np.ndarray
    n_homes: np.ndarray
    n_clusters: np.ndarray
    scores: np.ndarray
    averted_scores: np.ndarray
    df: np.ndarray
    averted_df: np.ndarray
    effective: np.ndarray

    @property
    def averted(self) -> np.ndarray:
        """C − O, shape (R,)."""
        return self.expected - self.observed

    @property
    def log_ratio(self) -> np.ndarray:
        """Log O − log C, shape (R,)."""
        with np.errstate(divide="ignore"):
            return np.log(self.observed) - np.log(self.expected)

    @property
    def covariance(self) -> np.ndarray:
        """Covariance of the log rate ratios, shape (R, R)."""
        return self.scores @ self.scores.T

    def rows(self, rows: slice) -> "Estimate":
        """Take some of the groups."""
        arrays = {name: getattr(self, name)[rows] for name in self.__dataclass_fields__}
        return Estimate(**arrays)

    def followed_by(self, other: "Estimate") -> "Estimate":
        """Append other groups, from a fit of the same panel."""
        arrays = {
            name: np.concatenate([getattr(self, name), getattr(other, name)])
            for name in self.__dataclass_fields__
            if name != "keys"
        }
        return Estimate(keys=[*self.keys, *other.keys], **arrays)


def fit_both(setting: Setting, sample: Sample, vcov: Vcov) -> Fit:
    """Fit the saturated and the common-effect model."""
    started = setting.cohort_time(sample) >= 0
    saturated = fit_saturated(sample)
    common = fit_common(sample, started, saturated.month_rates)
    reference = Reference(
        counts=sample.counts,
        fitted=common.fitted,
        rows=tuple(g.rows for g in sample.cohorts),
        regressor=started.astype(float),
        inverse=common.basis_inverse,
        cluster=setting.cluster[sample.homes],
    )
    return Fit(
        saturated=saturated,
        reference=reference,
        corrected=correct(reference) if vcov == "CR2" else None,
        common_effect=common.effect,
        n_clusters=int(setting.cluster.max()) + 1,
        converged=saturated.converged and common.converged,
    )


def estimate(fit: Fit, groups: Groups) -> Estimate:
    """Effects over groups."""
    answer, R = contrast(fit.saturated, groups.marks), len(groups.keys)
    variance = _variance(fit, np.concatenate([answer.weights, weights_of_averted(answer)]))
    scores = np.zeros((2 * R, fit.n_clusters))
    scores[:, fit.reference.clusters] = variance.scores
    homes, cluster = touched(fit.sample, groups.marks), fit.reference.cluster
    alone = len(fit.reference.clusters) == len(cluster)
    return Estimate(
        keys=groups.keys,
        observed=answer.observed,
        expected=answer.expected,
        exposure=answer.exposure,
        n_homes=homes.sum(axis=1),
        n_clusters=homes.sum(axis=1) if alone else np.array([len(np.unique(cluster[row])) for row in homes]),
        scores=scores[:R],
        averted_scores=scores[R:],
        df=variance.df[:R],
        averted_df=variance.df[R:],
        effective=variance.effective[:R],
    )


def _variance(fit, weights):
    if fit.corrected is None:
        return cr1(weights, fit.sample.counts - fit.saturated.fitted, fit.reference)
    return cr2(weights, fit.corrected)


def estimate_each(fit: Fit, groups: Mapping[By, Groups]) -> dict[By, Estimate]:
    """Effects over several sets of groups, the costly parts shared."""
    keys = [key for g in groups.values() for key in g.keys]
    joint = estimate(fit, Groups(keys=keys, marks=np.concatenate([g.marks for g in groups.values()])))
    edges = np.cumsum([0, *(len(g.keys) for g in groups.values())]).tolist()
    return {name: joint.rows(slice(a, b)) for name, a, b in zip(groups, edges, edges[1:], strict=False)}
