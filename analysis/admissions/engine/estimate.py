"""Effects over groups of home-months, and what each home contributes to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from analysis.admissions.compared.groups import Groups, per_home, touched
from analysis.admissions.compared.sample import Sample
from analysis.admissions.compared.setting import Average, Setting
from analysis.admissions.compared.sides import Sides, by_cluster, sides
from analysis.admissions.engine.adjusted import fit as fit_effects
from analysis.admissions.engine.balanced import Balanced, balanced
from analysis.admissions.engine.cohort_effects import as_cohorts, spread
from analysis.admissions.engine.contrasts import (
    Contrast,
    contrast,
    home_month_weights,
    weights_of_averted,
    whole_weights,
)
from analysis.admissions.engine.noise import Kind, NoiseFit, Vcov, fit_noise, noise_as
from analysis.admissions.engine.saturated import Saturated
from analysis.inference.clustered import Clustered, Corrected, Reference, cr1, cr2
from analysis.inference.two_way import two_way

RUNS_OFF = 1_000.0
"""Times what was observed: no more can be expected, the fit has run off to infinity. Where admissions are rare, homes
of a kind few, and the effects of other interventions estimated with it, some month or effect rests on nothing at all
(separation), and the most likely number expected has no bound."""
NOTHING = 1e-3
"""Expected admissions below which a group has no ratio: none was expected but for traces (`sample.TRACE`)."""
CELLS = 16_000_000
"""Estimates × cohorts × months worked out at once (128 MB a matrix): cohorts pass one by one for every such portion."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PoissonFit:
    """The two models fitted to one sample: saturated for the effects, one effect for the noise.

    Parameters
    ----------
    saturated : Saturated
        With `effects` "cohort", what it says of homes; `cohorts` is then the fit, every cohort as if it were one home.
    references : tuple of Reference
        One, or three where homes are clustered in two ways.
    corrected : tuple of Corrected
        Each made ready for CR2; empty for CR1, which does not need it.
    n_clusters : tuple of int
        Clusters of the panel, those left out among them.
    kind : ndarray of int64, shape (G,)
        Kind of each cohort's homes; homes are compared within it.
    weighted : Balanced, optional
        How much each home counts, and what that makes alike; nothing where all count alike.
    """

    saturated: Saturated
    references: tuple[Reference, ...]
    corrected: tuple[Corrected, ...]
    common_effect: float
    n_clusters: tuple[int, ...]
    converged: bool
    kind: np.ndarray
    cohorts: Saturated | None = None
    average: Average = "bed_day"
    weighted: Balanced | None = None

    @property
    def sample(self) -> Sample:
        """What was fitted."""
        return self.saturated.sample

    @property
    def noise(self) -> NoiseFit:
        """The model with one effect."""
        return NoiseFit(sample=self.sample, effects="home" if self.cohorts is None else "cohort",
                     references=self.references, corrected=self.corrected, common_effect=self.common_effect,
                     converged=self.converged)  # fmt: skip

    @property
    def reference(self) -> Reference:
        """The reference model, by the coarser clusters where there are two sets of them."""
        return self.references[0]

    def home_weights(self, marks: np.ndarray) -> np.ndarray:
        """How far one admission more would move the log rate ratio of the first group, shape (n, T)."""
        marks = marks if self.average == "bed_day" else per_home(self.sample, marks)
        if self.cohorts is None:
            return home_month_weights(self.saturated, contrast(self.saturated, marks[:1]))
        of_home = np.repeat(np.arange(marks.shape[1]), [g.rows.stop - g.rows.start for g in self.sample.cohorts])
        return np.where(self.sample.exposure > 0, self.contrast(marks[:1]).weights[0][of_home], 0.0)

    def contrast(self, marks: np.ndarray) -> Contrast:
        """Compare observed with expected over groups; weights hold for homes, up to a number for each home's effect."""
        if self.cohorts is None:
            return contrast(self.saturated, marks)
        return whole_weights(self.cohorts, contrast(self.cohorts, marks))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimate:
    """Log rate ratios, and admissions averted, of R groups.

    Parameters
    ----------
    keys : list, length R
    observed, expected, exposure, n_homes, n_clusters : ndarray, shape (R,)
        O, C, bed-days, homes with a month in the group, and clusters with such a home. Averaged per home, O and C are
        sums of the homes' rates and `exposure` counts homes.
    n_compared, treated_share, compared_share : ndarray, shape (R,)
        Clusters that serve as comparison, and the largest part of one cluster on either side (`sides`).
    numbers_observed, numbers_expected : ndarray, shape (R,)
        Admissions, whatever is averaged over.
    scores, gap_scores, averted_scores : ndarray, shape (R, clusters of the panel)
        What each cluster contributes to each log rate ratio, to each C − O, and to each number averted; where homes are
        clustered in two ways, by the one, by the other and by both, one after the other.
    df, gap_df, averted_df, effective : ndarray, shape (R,)
        Degrees of freedom of the three, and the log rate ratio's effective number of clusters.
    edges : tuple of int
        Columns of `scores` at which one way of clustering ends and the next begins.
    """

    keys: list
    observed: np.ndarray
    expected: np.ndarray
    exposure: np.ndarray
    n_homes: np.ndarray
    n_clusters: np.ndarray
    n_compared: np.ndarray
    treated_share: np.ndarray
    compared_share: np.ndarray
    numbers_observed: np.ndarray
    numbers_expected: np.ndarray
    scores: np.ndarray
    gap_scores: np.ndarray
    averted_scores: np.ndarray
    df: np.ndarray
    gap_df: np.ndarray
    averted_df: np.ndarray
    effective: np.ndarray
    edges: tuple[int, ...] = ()

    @property
    def gap(self) -> np.ndarray:
        """C − O, shape (R,)."""
        return np.where(self.bounded, self.expected - self.observed, np.nan)

    @property
    def averted(self) -> np.ndarray:
        """Admissions expected less observed, shape (R,)."""
        return np.where(self.bounded, self.numbers_expected - self.numbers_observed, np.nan)

    @property
    def log_ratio(self) -> np.ndarray:
        """Log O − log C, shape (R,); missing where nothing can be said to be expected (`comparable`)."""
        with np.errstate(divide="ignore"):
            return np.where(self.comparable, np.log(self.observed) - np.log(self.expected), np.nan)

    @property
    def comparable(self) -> np.ndarray:
        """Whether anything was expected, and not a number without bound, shape (R,)."""
        return (self.numbers_expected > NOTHING) & self.bounded

    @property
    def bounded(self) -> np.ndarray:
        """Whether what is expected is a number that could be, shape (R,)."""
        return self.numbers_expected < RUNS_OFF * np.maximum(self.numbers_observed, 1.0)

    @property
    def covariance(self) -> np.ndarray:
        """Covariance of the log rate ratios, shape (R, R)."""
        return _square(self.scores, self.edges)

    @property
    def std_error(self) -> np.ndarray:
        """Standard error of the log rate ratios, shape (R,)."""
        return self._error(self.scores)

    @property
    def gap_std_error(self) -> np.ndarray:
        """Standard error of C − O, shape (R,)."""
        return self._error(self.gap_scores)

    @property
    def averted_std_error(self) -> np.ndarray:
        """Standard error of admissions averted, shape (R,)."""
        return self._error(self.averted_scores)

    def by_coarser(self) -> np.ndarray:
        """Scores of the log rate ratios by the coarser clusters, shape (R, m)."""
        return self.scores[:, : self.edges[0]] if self.edges else self.scores

    def _error(self, scores):
        if not self.edges:
            return np.sqrt((scores**2).sum(axis=1))
        return np.sqrt([_square(row[None], self.edges)[0, 0] for row in scores])

    def rows(self, rows: slice) -> "Estimate":
        """Take some of the groups."""
        return replace(self, **{name: getattr(self, name)[rows] for name in self._each()})

    def followed_by(self, other: "Estimate") -> "Estimate":
        """Append other groups, from a fit of the same panel."""
        arrays = {name: np.concatenate([getattr(self, name), getattr(other, name)]) for name in self._each()[1:]}
        return replace(self, keys=[*self.keys, *other.keys], **arrays)

    def _each(self):
        return [name for name in self.__dataclass_fields__ if name != "edges"]


def fit_both(
    setting: Setting, sample: Sample, vcov: Vcov, effects: Kind = "home", *, like: NoiseFit | None = None
) -> PoissonFit:
    """Fit the saturated and the common-effect model.

    Parameters
    ----------
    like : NoiseFit, optional
        Of another fit. If that is one of the same homes and months it is this one's too, whatever homes were compared
        with and averaged over: it knows of neither.
    """
    started = (setting.cohort_time(sample) >= 0).astype(float)
    saturated = fit_effects(as_cohorts(sample) if effects == "cohort" else sample)
    noise = noise_as(like, sample, started, (vcov, effects), setting.groupings) if like else None
    noise = noise or fit_noise(sample, started, saturated.month_rates, (vcov, effects), setting.groupings)
    return PoissonFit(
        saturated=spread(sample, saturated) if effects == "cohort" else saturated,
        references=noise.references,
        corrected=noise.corrected,
        common_effect=noise.common_effect,
        n_clusters=tuple(int(by.max()) + 1 for by in setting.groupings),
        converged=saturated.converged and noise.converged,
        kind=sample.of_cohorts(setting.kind),
        cohorts=saturated if effects == "cohort" else None,
        average=setting.average,
        weighted=balanced(setting) if setting.weights.size else None,
    )


def estimate(fit: PoissonFit, groups: Groups) -> Estimate:
    """Effects over groups, averaged as the fit says."""
    size = max(1, CELLS // max(1, groups.marks[0].size)) if len(groups.keys) else 1
    edges = range(0, max(1, len(groups.keys)), size)
    parts = (_estimate(fit, Groups(keys=groups.keys[a : a + size], marks=groups.marks[a : a + size])) for a in edges)
    return reduce(Estimate.followed_by, parts)


def estimate_by(fit: PoissonFit, groups: Groups) -> dict[Vcov, Estimate]:
    """Effects over groups by either error, of a fit made for CR2: all else is theirs in common."""
    usual = replace(fit, corrected=())
    return dict(zip(("CR2", "CR1"), _by_each_error((fit, usual), groups), strict=True))


def _estimate(fit, groups):
    return next(_by_each_error((fit,), groups))


def _by_each_error(fits: Sequence[PoissonFit], groups) -> Iterator[Estimate]:
    """Yield what fits say that differ in nothing but whether they are made for CR2."""
    fit = fits[0]
    answers, R = _answers(fit, groups.marks), len(groups.keys)
    answer, numbers = answers[0], answers[-1]
    weights = np.concatenate([answer.weights, *map(weights_of_averted, answers)])
    homes, who = touched(fit.sample, groups.marks), _sides(fit, groups.marks)
    for own in fits:
        variance = _variance(own, weights)
        yield Estimate(
            keys=groups.keys,
            observed=answer.observed,
            expected=answer.expected,
            exposure=answer.exposure,
            n_homes=homes.sum(axis=1),
            n_clusters=np.min([_clusters(reference, homes) for reference in fit.references[:2]], axis=0),
            n_compared=who.compared,
            treated_share=who.treated_share,
            compared_share=who.compared_share,
            numbers_observed=numbers.observed,
            numbers_expected=numbers.expected,
            scores=variance.scores[:R],
            gap_scores=variance.scores[R : 2 * R],
            averted_scores=variance.scores[-R:],
            df=variance.df[:R],
            gap_df=variance.df[R : 2 * R],
            averted_df=variance.df[-R:],
            effective=variance.effective[:R],
            edges=tuple(np.cumsum(fit.n_clusters)[:-1].tolist()),
        )


def _answers(fit, marks):
    """Contrasts as they are averaged, and of admissions as they are counted: one where these are the same."""
    counted = fit.contrast(marks)
    return (counted,) if fit.average == "bed_day" else (fit.contrast(per_home(fit.sample, marks)), counted)


def _clusters(reference, homes):
    """Clusters with a home in each group, shape (R,)."""
    if len(reference.clusters) == len(reference.cluster):
        return homes.sum(axis=1)
    return np.array([len(np.unique(reference.cluster[row])) for row in homes])


def _sides(fit, marks) -> Sides:
    saturated = fit.saturated
    marks = marks if fit.average == "bed_day" else per_home(fit.sample, marks)
    means = saturated.fitted, saturated.counterfactual
    parts = sides(fit.sample, means, fit.kind, (marks, saturated.expected))
    return by_cluster(parts, tuple(reference.cluster for reference in fit.references[:2]))


def errors(fit: PoissonFit, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give standard errors and degrees of freedom of R numbers, from their weights (R, G, T)."""
    found = _variance(fit, weights)
    edges = np.cumsum(fit.n_clusters)[:-1]
    return np.sqrt([_square(row[None], edges)[0, 0] for row in found.scores]), found.df


def _square(scores, edges):
    """Covariance of R numbers from their scores, shape (R, R)."""
    return two_way(*np.split(scores, edges, axis=1)) if len(edges) else scores @ scores.T


def _variance(fit, weights):
    """Scores by every cluster of the panel, and the smaller numbers where homes are clustered in two ways."""
    parts, scores = [*_by_each_way(fit, weights)], []
    if fit.weighted is not None and len(fit.reference.clusters) == len(fit.sample.homes):
        left, df = fit.weighted.unexplained(parts[0].scores, fit.sample.homes)
        parts = [replace(parts[0], scores=left, df=np.minimum(parts[0].df, df))]
    for part, reference, m in zip(parts, fit.references, fit.n_clusters, strict=True):
        scores.append(np.zeros((len(weights), m)))
        scores[-1][:, reference.clusters] = part.scores
    df, effective = (np.min([getattr(part, name) for part in parts[:2]], axis=0) for name in ("df", "effective"))
    return Clustered(scores=np.concatenate(scores, axis=1), df=df, effective=effective)


def _by_each_way(fit, weights) -> Iterator[Clustered]:
    if fit.corrected:
        yield from (cr2(weights, corrected) for corrected in fit.corrected)
    else:
        residuals = fit.sample.counts - fit.saturated.fitted
        yield from (cr1(weights, residuals, reference) for reference in fit.references)
