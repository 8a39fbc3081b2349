"""How does the default method answer many simulated panels at once?

Simulated panels of one study differ in their counts only: bed-days, starts and expected admissions are the same. So
whatever depends on expected admissions alone is worked out once, by the very functions that fit a real panel
(`analysis.admissions`) on the *expected* admissions: the information, the bias-reduced errors (CR2), their degrees of
freedom. What depends on the counts is worked out for all B panels together, two matrix products a step:

- the saturated model (effects of every cohort and month) and the one-effect model (whose residuals measure the noise),
  each by Newton steps with the information at the expected admissions. A treated month of a cohort with S admissions
  where μ were expected has S / μ times the information, so its part of the step is scaled by √(S / μ) on both sides;
- the log rate ratio log O − log C, as in `analysis.admissions.contrasts`;
- its standard error √Σ_i s_i², with s_i = q_i' r_i from the residuals r of the one-effect model. The weights q are the
  bias-reduced ones at the expected admissions, their part from O rescaled to the O that was drawn:
  q = (Ō / O) q_O − q_C. Because CR2 corrects linearly, K_i q_i is what the correction makes of the residual K_i a_i
  (K_i as in `analysis.inference.clustered`), so q comes out of the function that corrects residuals.

Estimates are those of the full method. Standard errors and degrees of freedom differ from it by terms of the second
order in the noise; how little that matters is measured in the tests, panel by panel.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from analysis.admissions.common_effect import fit_common
from analysis.admissions.contrasts import contrast
from analysis.admissions.groups import everything
from analysis.admissions.sample import Sample, take
from analysis.admissions.saturated import fit_saturated
from analysis.errors import AnalysisError
from analysis.inference.clustered import Reference, correct, cr2
from analysis.inference.refits import Model, Solver, whole_sample

TOLERANCE = 1e-6
"""Steps end when no log rate moves further: a ten-thousandth of the smallest standard error in sight."""
STEPS = 40
LONGEST = 1.0
"""Longest step in a log rate."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lens:
    """A study's expected admissions, made ready for any number of simulated ones.

    Parameters
    ----------
    sample : Sample
        Expected admissions over bed-days, homes sorted by cohort.
    model : Model
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
    model: Model
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


def lens(expected: np.ndarray, bed_days: np.ndarray, start: np.ndarray) -> Lens:
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
    answer = contrast(saturated, everything(sample.treated_cells).marks)
    own = answer.marks[0] / answer.observed[0]
    model = Model(
        counts=saturated.fitted, fitted=saturated.fitted, rows=reference.rows,
        counterfactual=np.where(sample.treated, saturated.counterfactual, 0.0),
        first=tuple(first.tolist()), informs=(True,) * len(first),
    )  # fmt: skip
    return Lens(
        sample=sample,
        model=model,
        solver=whole_sample(model),
        inverse=common.basis_inverse,
        started=started,
        of_observed=_corrected(own, reference),
        of_expected=_corrected(own - answer.weights[0], reference),
        effect=common.effect,
        df=float(cr2(answer.weights, correct(reference)).df[0]),
    )


def _corrected(weights, reference):
    """Make bias-reduced weights of home-months (n, T) of weights of cohort-months (G, T)."""
    mu = reference.fitted
    a = np.concatenate([np.broadcast_to(w, mu[r].shape) for w, r in zip(weights, reference.rows, strict=True)])
    mean = (mu * a).sum(axis=1) / mu.sum(axis=1)
    moved = mu * (a - mean[:, None])
    corrected = correct(replace(reference, counts=mu + moved)).residuals
    return np.divide(corrected, mu, out=np.zeros_like(mu), where=mu > 0)


def look(lens: Lens, counts: np.ndarray) -> Answers:
    """Answer B simulated panels.

    Parameters
    ----------
    counts : ndarray, shape (T, B, n)
        Admissions by month, panel and home, in the order of the lens's sample.
    """
    edges = [g.rows.start for g in lens.sample.cohorts]
    totals = counts.sum(axis=0, dtype=float).T
    sums = np.add.reduceat(counts, edges, axis=2, dtype=float).transpose(2, 0, 1)
    log_ratio, relative = _log_ratios(lens, totals, sums)
    effect, held, rates = _one_effect(lens, totals, sums)
    of_observed, of_expected = (_scores(lens, counts, held, rates, q) for q in (lens.of_observed, lens.of_expected))
    with np.errstate(divide="ignore", invalid="ignore"):
        std_error = np.sqrt(((of_observed / relative - of_expected) ** 2).sum(axis=0))
    answered = np.isfinite(log_ratio) & np.isfinite(std_error)
    log_ratio, std_error, effect = (np.where(answered, x, np.nan) for x in (log_ratio, std_error, effect))
    return Answers(log_ratio=log_ratio, std_error=std_error, common=effect, df=lens.df)


def _log_ratios(lens, totals, sums):
    """Log O − log C of every panel, and O over its expectation, each of shape (B,)."""
    model, treated = lens.model, lens.model.treated[:, :, None]
    fitted = lens.sample.by_cohort(model.fitted)[:, :, None]
    relative = np.divide(sums, fitted, out=np.zeros_like(sums), where=treated & (fitted > 0))
    empty = treated & (relative == 0)
    scale = np.sqrt(np.where(treated & ~empty, relative, 1.0))
    with np.errstate(divide="ignore"):
        months = np.log(np.where(treated, 0, sums).sum(axis=0) / np.where(treated, 0, fitted).sum(axis=0))
        logs = np.where(treated, np.log(relative), months)
    for _ in range(STEPS):
        month_step, step = lens.solver.step((sums - _means(model, totals, logs)) / scale, empty)
        step = np.clip(step / scale, -LONGEST, LONGEST)
        logs, months = logs + step, months + np.clip(month_step, -LONGEST, LONGEST)
        if not np.nanmax(np.abs(step)) > TOLERANCE:
            break
    observed = (sums * lens.sample.treated_cells[:, :, None]).sum(axis=(0, 1))
    expected = np.zeros(len(observed))
    for g, rows in enumerate(model.rows):
        if model.counterfactual[rows].any():
            home = totals[rows] / model.totals[rows, None] / (model.share[rows] @ np.exp(logs[g]))
            expected += (home * (model.counterfactual[rows] @ np.exp(months))).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(observed) - np.log(expected), observed / model.observed.sum()


def _means(model, totals, logs):
    """Mean of every cohort and month at changed log rates, shape (G, T, B)."""
    means = np.empty_like(logs)
    for g, rows in enumerate(model.rows):
        rate, share = np.exp(logs[g]), model.share[rows]
        means[g] = rate * (share.T @ (totals[rows] / (share @ rate)))
    return means


def _one_effect(lens, totals, sums):
    """Effect of the one-effect model (B,), homes' levels (n, B) and rates of cohorts and months (G, T, B) in it.

    Expected admissions follow that model exactly, so both models start from the same fit.
    """
    model, started = lens.model, lens.started[:, :, None]
    by_month, in_treated = sums.sum(axis=0), (sums * started).sum(axis=(0, 1))
    months, effect = np.zeros_like(by_month), np.zeros(by_month.shape[1])
    for _ in range(STEPS):
        means = _means(model, totals, months + effect * started)
        score = np.vstack([by_month - means.sum(axis=0), in_treated - (means * started).sum(axis=(0, 1))])
        step = np.clip(lens.inverse @ score, -LONGEST, LONGEST)
        months, effect = months + step[:-1], effect + step[-1]
        if not np.nanmax(np.abs(step)) > TOLERANCE:
            break
    rates = np.exp(months + effect * started)
    held = np.concatenate([totals[r] / (model.share[r] @ rate) for r, rate in zip(model.rows, rates, strict=True)])
    return lens.effect + effect, held, rates


def _scores(lens, counts, held, rates, q):
    """Give what each home contributes, q' r, shape (n, B)."""
    weighted = q * lens.model.share
    fitted = np.concatenate([weighted[r] @ rate for r, rate in zip(lens.model.rows, rates, strict=True)])
    return np.einsum("tbn,tn->bn", counts, np.ascontiguousarray(q.T, dtype=counts.dtype)).T - held * fitted
