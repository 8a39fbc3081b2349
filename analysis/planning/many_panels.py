"""How does the default method answer many simulated panels at once?

Simulated panels of one study differ in their counts only: bed-days, starts and expected admissions are the same. So
whatever depends on expected admissions alone is worked out once, by the very functions that fit a real panel
(`analysis.admissions`) on the *expected* admissions: the information, the bias-reduced errors (CR2), their degrees of
freedom. What depends on the counts is worked out for all B panels together, two matrix products a step:

- the saturated model (effects of every cohort and month) and the one-effect model (whose residuals measure the noise),
  each by Newton steps with the information at the expected admissions. A month in which S admissions were drawn where
  μ̄ were expected has S / μ̄ times that information, and a step with too little of it goes too far: with twice as many
  as expected, in a month that only one cohort informs, further every time. So a score S − μ enters as μ̄ log(S / μ),
  which is zero at the same rates and has the same slope whatever was drawn. A panel not at rest after `STEPS` (one in
  300 where cohorts are of two homes) is fitted by itself;
- the log rate ratio log O − log C, as in `analysis.admissions.engine.contrasts`;
- its standard error √Σ_i s_i², with s_i = q_i' r_i from the residuals r of the one-effect model. The weights q are the
  bias-reduced ones at the expected admissions, their part from O rescaled to the O that was drawn:
  q = (Ō / O) q_O − q_C. Because CR2 corrects linearly, K_i q_i is what the correction makes of the residual K_i a_i
  (K_i as in `analysis.inference.clustered`), so q comes out of the function that corrects residuals.

Estimates are those of the full method. Standard errors and degrees of freedom differ from it by terms of the second
order in the noise; how little that matters is measured in the tests, panel by panel.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from analysis.admissions.compared.groups import everything
from analysis.admissions.compared.sample import Sample, take
from analysis.admissions.engine.common_effect import fit_common
from analysis.admissions.engine.contrasts import contrast
from analysis.admissions.engine.saturated import fit_saturated
from analysis.errors import AnalysisError
from analysis.inference.clustered import Reference, correct, cr2
from analysis.inference.refits import SaturatedFit, Solver, whole_sample

TOLERANCE = 1e-6
"""Steps end when no log rate moves further: a ten-thousandth of the smallest standard error in sight."""
STEPS = 40
LONGEST = 1.0
"""Longest step in a log rate."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AtExpected:
    """A study's expected admissions, made ready for any number of simulated ones.

    Parameters
    ----------
    sample : Sample
        Expected admissions over bed-days, homes sorted by cohort.
    model : SaturatedFit
        The saturated fit of it.
    solver : Solver
        Steps of the saturated model.
    inverse : ndarray, shape (T + 1, T + 1)
        Of the information about months and the one effect.
    started : ndarray of bool, shape (G, T)
    of_observed, of_expected : ndarray, shape (n, T)
        q_O and q_C.
    effect : float
        The log rate ratio of the expected admissions.
    df : float
        Degrees of freedom.
    """

    sample: Sample
    model: SaturatedFit
    solver: Solver
    inverse: np.ndarray
    started: np.ndarray
    of_observed: np.ndarray
    of_expected: np.ndarray
    effect: float
    df: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """What the default method says of B simulated panels; each of shape (B,).

    `common` is the effect of the one-effect model. A panel without an answer has NaN.
    """

    log_ratio: np.ndarray
    std_error: np.ndarray
    common: np.ndarray
    df: float

    def detected(self, level: float = 0.95) -> np.ndarray:
        """Whether the interval excludes "no difference"."""
        return np.abs(self.log_ratio) > stdtrit(self.df, 0.5 + level / 2) * self.std_error

    def holds(self, log_ratio: float, level: float = 0.95) -> np.ndarray:
        """Whether the interval holds a value."""
        return np.abs(self.log_ratio - log_ratio) <= stdtrit(self.df, 0.5 + level / 2) * self.std_error


def at_expected(expected: np.ndarray, bed_days: np.ndarray, start: np.ndarray) -> AtExpected:
    """Fit the default method to expected admissions.

    Parameters
    ----------
    expected, bed_days : ndarray, shape (N, T)
    start : ndarray of int64, shape (N,)
        First treated month; T for homes never treated.

    Raises
    ------
    AnalysisError
        If such a study has no estimate.
    """
    sample = take(expected, bed_days, start, stratum=np.zeros(len(start), int), never_only=False)
    if not sample.treated_cells.any():
        raise AnalysisError(
            "Such a study cannot answer: in no month is there a home with the intervention and one without.",
            do="Let homes start in different months, or compare with homes that do not start.",
        )
    first = np.array([g.first for g in sample.cohorts])
    started = np.arange(len(sample.months)) >= first[:, None]
    saturated = fit_saturated(sample)
    common = fit_common(sample, started, saturated.month_rates)
    reference = Reference(
        counts=common.fitted, fitted=common.fitted, rows=tuple(g.rows for g in sample.cohorts),
        regressor=started.astype(float), inverse=common.basis_inverse, cluster=np.arange(len(sample.homes)),
    )  # fmt: skip
    answer, corrected = contrast(saturated, everything(sample.treated_cells).marks), correct(reference)
    own = answer.marks[0] / answer.observed[0]
    model = SaturatedFit(
        counts=saturated.fitted, fitted=saturated.fitted, rows=reference.rows,
        counterfactual=np.where(sample.treated, saturated.counterfactual, 0.0),
        first=tuple(first.tolist()), informs=(True,) * len(first),
    )  # fmt: skip
    return AtExpected(
        sample=sample,
        model=model,
        solver=whole_sample(model),
        inverse=common.basis_inverse,
        started=started,
        of_observed=_corrected(own, corrected),
        of_expected=_corrected(own - answer.weights[0], corrected),
        effect=common.effect,
        df=float(cr2(answer.weights, corrected).df[0]),
    )


def _corrected(weights, corrected):
    """Make bias-reduced weights of home-months (n, T) of weights of cohort-months (G, T)."""
    mu, rows = corrected.reference.fitted, corrected.reference.rows
    a = np.concatenate([np.broadcast_to(w, mu[r].shape) for w, r in zip(weights, rows, strict=True)])
    mean = (mu * a).sum(axis=1) / mu.sum(axis=1)
    moved = mu * (a - mean[:, None])
    return np.divide(corrected.again(mu + moved).residuals, mu, out=np.zeros_like(mu), where=mu > 0)


def answer_each(study: AtExpected, counts: np.ndarray) -> Answers:
    """Answer B simulated panels.

    Parameters
    ----------
    counts : ndarray, shape (T, B, n)
        Admissions by month, panel and home, in the order of the study's sample.
    """
    edges = [g.rows.start for g in study.sample.cohorts]
    totals = counts.sum(axis=0, dtype=float).T
    sums = np.add.reduceat(counts, edges, axis=2, dtype=float).transpose(2, 0, 1)
    log_ratio, relative = _log_ratios(study, totals, sums)
    informed = (_by_month(sums, study.model.treated[:, :, None]) > 0).all(axis=0) & (relative > 0)
    for b in np.flatnonzero(np.isnan(log_ratio) & informed):
        log_ratio[b] = _by_itself(study, counts[:, b].T)
    effect, held, rates = _one_effect(study, totals, sums)
    of_observed, of_expected = (_scores(study, counts, held, rates, q) for q in (study.of_observed, study.of_expected))
    with np.errstate(divide="ignore", invalid="ignore"):
        std_error = np.sqrt(((of_observed / relative - of_expected) ** 2).sum(axis=0))
    answered = np.isfinite(log_ratio) & np.isfinite(std_error)
    log_ratio, std_error, effect = (np.where(answered, x, np.nan) for x in (log_ratio, std_error, effect))
    return Answers(log_ratio=log_ratio, std_error=std_error, common=effect, df=study.df)


def _log_ratios(study, totals, sums):
    """Log O − log C of every panel, and O over its expectation, each of shape (B,)."""
    model, treated = study.model, study.model.treated[:, :, None]
    fitted = study.sample.by_cohort(model.fitted)[:, :, None]
    empty = treated & (sums == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        months = np.log(_by_month(sums, treated) / _by_month(fitted, treated))
        logs = np.where(treated, np.log(sums / fitted), months)
    for _ in range(STEPS):
        scores = sums - _means(model, totals, logs)
        month_step, step = study.solver.step(_evened(scores, sums, fitted, treated), empty)
        step = np.clip(step, -LONGEST, LONGEST)
        logs, months = logs + step, months + np.clip(month_step, -LONGEST, LONGEST)
        moved = np.abs(step).max(axis=(0, 1))
        if not np.nanmax(moved) > TOLERANCE:
            break
    months[:, ~(moved <= TOLERANCE)] = np.nan
    observed = (sums * study.sample.treated_cells[:, :, None]).sum(axis=(0, 1))
    expected = np.zeros(len(observed))
    for g, rows in enumerate(model.rows):
        if model.counterfactual[rows].any():
            home = totals[rows] / model.totals[rows, None] / (model.share[rows] @ np.exp(logs[g]))
            expected += (home * (model.counterfactual[rows] @ np.exp(months))).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(observed) - np.log(expected), observed / model.observed.sum()


def _by_itself(study, counts):
    """Log rate ratio of one panel (n, T), fitted as a real one is."""
    n, first = len(counts), np.minimum(study.sample.first, counts.shape[1])
    sample = take(counts.astype(float), study.sample.exposure, first, stratum=np.zeros(n, int), never_only=False)
    fit = fit_saturated(sample)
    answer = contrast(fit, everything(sample.treated_cells).marks)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(answer.observed[0] / answer.expected[0]) if fit.converged else np.nan


def _by_month(values, treated):
    """Sum over cohorts that have not started, shape (T, B)."""
    return np.where(treated, 0, values).sum(axis=0)


def _evened(scores, sums, fitted, treated):
    """Scores as if each month had as many admissions as were expected, shape (G, T, B)."""
    own = _as_expected(scores, sums, fitted)
    score, of_month = _by_month(scores, treated), _by_month(fitted, treated)
    of_all = _as_expected(score, _by_month(sums, treated), of_month)
    share = np.divide(of_all, score, out=np.ones_like(score), where=score != 0)
    return np.where(treated, own, scores * share)


def _as_expected(score, observed, expected):
    """Give expected · log(observed / mean) for the score observed − mean: zero where that is, straight in log rates."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(observed > 0, expected * np.log(observed / (observed - score)), score)


def _means(model, totals, logs):
    """Mean of every cohort and month at changed log rates, shape (G, T, B)."""
    means = np.empty_like(logs)
    for g, rows in enumerate(model.rows):
        rate, share = np.exp(logs[g]), model.share[rows]
        means[g] = rate * (share.T @ (totals[rows] / (share @ rate)))
    return means


def _one_effect(study, totals, sums):
    """Effect of the one-effect model (B,), homes' levels (n, B) and rates of cohorts and months (G, T, B) in it.

    Expected admissions follow that model exactly, so both models start from the same fit.
    """
    model, started = study.model, study.started[:, :, None]
    observed, fitted = (_margins(x, started) for x in (sums, study.sample.by_cohort(model.fitted)[:, :, None]))
    months, effect = np.zeros((sums.shape[1], sums.shape[2])), np.zeros(sums.shape[2])
    for _ in range(STEPS):
        score = observed - _margins(_means(model, totals, months + effect * started), started)
        step = np.clip(_step(study.inverse, _as_expected(score, observed, fitted)), -LONGEST, LONGEST)
        months, effect = months + step[:-1], effect + step[-1]
        moved = np.abs(step).max(axis=0)
        if not np.nanmax(moved) > TOLERANCE:
            break
    effect = np.where(moved <= TOLERANCE, effect, np.nan)
    rates = np.exp(months + effect * started)
    held = np.concatenate([totals[r] / (model.share[r] @ rate) for r, rate in zip(model.rows, rates, strict=True)])
    return study.effect + effect, held, rates


def _step(inverse, score):
    """Step in months and effect, shape (T + 1, B), the first month held where it is: homes absorb the level."""
    score[0] = -score[1:-1].sum(axis=0)
    step = inverse @ score
    step[:-1] -= step[0]
    return step


def _margins(values, started):
    """Sum every month and all started months, shape (T + 1, B)."""
    return np.vstack([values.sum(axis=0), (values * started).sum(axis=(0, 1))])


def _scores(study, counts, held, rates, q):
    """Give what each home contributes, q' r, shape (n, B)."""
    weighted = q * study.model.share
    fitted = np.concatenate([weighted[r] @ rate for r, rate in zip(study.model.rows, rates, strict=True)])
    return np.einsum("tbn,tn->bn", counts, np.ascontiguousarray(q.T, dtype=counts.dtype)).T - held * fitted
