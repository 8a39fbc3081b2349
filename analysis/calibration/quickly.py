"""What does the answer say of a panel of drawn homes, without the panel?

The same as `overall` says of the panel, to the tenth digit: the same two models, the same error, the same rule.

Newton's method begins near its end, and the information it goes by need only be near that of its end (chord method), so
it is made seldom and of numbers with seven digits; the equations themselves are solved in full precision. The weights
of the answer (`engine.contrasts`) are found in the same way, by refinement: what an approximate inverse leaves of the
right-hand side is solved for again until nothing is left. The correction of CR2 is asked for once
(`inference.clustered_once`).

Nothing is said where that does not do, and the panel itself is asked (`injected.said`): where a month or a home may
have nothing to be compared with, where the leverage of one home is large, where the rule of the answer needs more than
the error.

Source: as `engine.saturated`; Higham (2002), Accuracy and Stability of Numerical Algorithms, ch. 12, for refinement.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.admissions import StaggeredRates
from analysis.admissions.compared.groups import touched
from analysis.admissions.compared.sample import Cohort
from analysis.admissions.engine.estimate import Estimate
from analysis.admissions.engine.noise import Vcov
from analysis.admissions.engine.saturated import (
    SLOW,
    STEP,
    TOLERANCE,
    Block,
    blocks_at,
    information_about_months,
    newton_step,
    portions,
    solve_months,
    sums,
    sums_with_products,
)  # fmt: skip
from analysis.admissions.uncertainty.rule import clustered, uncertainty
from analysis.calibration.weighed import Drawn, Sources, Weighed, single, weighed
from analysis.inference.clustered_once import Homes, Once, cr2_once
from analysis.inference.one_thread import compute_on_one_thread

FEWEST = 1_000
"""Homes below which the panel is as quick, and the leverage of one home may be large."""
NEAR = 1e-3
"""A step in log rates below which the information is made once more, and then kept."""
REFINED = 1e-12
"""Refinement ends when no weight moves by more than this part of the largest."""
SLOWEST = 1e-3
"""Part of a step, at least, that the next is thought to be as long as; the error is then below what is asked for."""
MANY = 30
"""Steps that must do."""
NONE = np.empty((0, 0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Common:
    """The model with one effect: rates, (G, T), the inverse of its information, products of homes that never start."""

    rates: np.ndarray
    inverse: np.ndarray
    products: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Saturated:
    """The saturated model: rates and weighted exposure, (G, T) each; homes' levels; what solves its equations nearly."""

    rates: np.ndarray
    weighted: np.ndarray
    levels: tuple[np.ndarray, np.ndarray]
    blocks: list[Block]
    information: np.ndarray


def quickly(sources: Sources, drawn: Drawn, model: StaggeredRates) -> tuple[float, float, float, float] | None:
    """Give log rate ratio, its limits, and the usual error (CR1); nothing where only the panel can say.

    Parameters
    ----------
    model : StaggeredRates
        That says with whom homes are compared, and clusters by home.
    """
    plain = model.effects == "home" and model.average == "bed_day" and not model.month_effects_by
    if not plain or len(drawn.homes) < FEWEST:
        return None
    own = weighed(sources, drawn, never_only=model.comparison == "never_treated")
    found = _found(own, model.vcov) if own else None
    if found is None or not clustered(found[0]):
        return None
    told = uncertainty(found[0], model.conf_level, enough=True).iloc[0]
    return float(told["estimate"]), float(told["conf_low"]), float(told["conf_high"]), found[1]


def _found(weighed: Weighed, vcov: Vcov) -> tuple[Estimate, float] | None:
    compute_on_one_thread()
    started = (np.arange(weighed.events.shape[1]) >= weighed.first).astype(float)
    common = _common(weighed, started)
    fit = _saturated(weighed, common, started) if common else None
    return _answer(weighed, fit, common, vcov) if common and fit else None


def _common(weighed: Weighed, started: np.ndarray) -> _Common | None:
    """Fit the model with one effect; nothing where Newton's method does not end."""
    events, months, effect = weighed.events, weighed.sources.rates, _effect(weighed, started)
    rates, inverse, products = months * np.exp(effect * started), NONE, NONE
    moved, before, kept = np.inf, np.inf, False
    for _ in range(MANY):
        weighted = weighed.sums(rates)
        residual = events - rates * weighted
        if not inverse.size or moved > SLOW * before or (moved < NEAR and not kept):
            kept = moved < NEAR
            products = weighed.products(rates[-1])
            inverse = _inverse(_information(weighed, (rates, weighted, products), started))
        step = inverse @ np.append(residual.sum(axis=0), (residual * started).sum())
        before, moved = moved, np.abs(step).max()
        months, effect = months * np.exp(np.clip(step[:-1], -STEP, STEP)), effect + step[-1]
        rates = months * np.exp(effect * started)
        if moved <= TOLERANCE:
            return _Common(rates=rates, inverse=inverse, products=products)
    return None


def _effect(weighed: Weighed, started: np.ndarray) -> float:
    """Say about what the effect is: each cohort against its own months before."""
    events, expected = weighed.events[:-1], weighed.treated.bed_days[:-1] * weighed.sources.rates
    after = started[:-1] > 0
    level = (events * ~after).sum(axis=1) / (expected * ~after).sum(axis=1)
    return float(np.log((events * after).sum() / (level[:, None] * expected * after).sum()))


def _information(weighed: Weighed, fit: tuple[np.ndarray, ...], started: np.ndarray) -> np.ndarray:
    """Information about months and the one effect, shape (T + 1, T + 1)."""
    (rates, weighted, products), T = fit, started.shape[1]
    H = np.zeros((T + 1, T + 1))
    H[:T, :T] = np.diag((rates * weighted).sum(axis=0)) - np.multiply.outer(rates[-1], rates[-1]) * products
    for some, g in weighed.treated_portions():
        fitted, total = weighed.treated.exposure[some] * rates[g], weighed.treated.totals[some]
        root = fitted * (np.sqrt(total) / fitted.sum(axis=1))[:, None]
        own = np.einsum("it,it->i", root, started[g])
        H[:T, :T] -= root.T @ root
        H[:T, T] += (root * started[g]).T @ np.sqrt(total) - own @ root
        H[T, T] += own @ np.sqrt(total) - own @ own
    H[T, :T] = H[:T, T]
    return H


def _inverse(H: np.ndarray) -> np.ndarray:
    """Moore–Penrose inverse of an information that knows all but the level of the months."""
    T, level = len(H) - 1, np.zeros_like(H)
    level[:T, :T] = size = np.trace(H) / T**2
    whole = np.linalg.inv(H + level)
    whole[:T, :T] -= 1 / (size * T**2)
    return whole


def _saturated(weighed: Weighed, common: _Common, started: np.ndarray) -> _Saturated | None:
    """Fit the saturated model, beginning where the other ended but at each cohort's own level before its start."""
    treated, events, weighted = weighed.treated, weighed.events, sums(weighed.treated, common.rates)
    before = (1 - started[:-1]) * common.rates[-1]
    level = (weighted[:-1] * before).sum(axis=1) / (events[:-1] * (1 - started[:-1])).sum(axis=1)
    own = np.divide(events[:-1], weighted[:-1], out=np.zeros_like(before), where=weighted[:-1] > 0)
    rates, moved = common.rates.copy(), 1.0
    rates[:-1] = np.where(started[:-1] > 0, level[:, None] * own, rates[:-1])
    weighted, products = sums_with_products(treated, rates)
    weighted[-1], products[-1] = weighed.sums_of_others(rates[-1]), common.products
    blocks = blocks_at(treated, rates, weighted, products)
    H = information_about_months(treated, blocks)
    for _ in range(MANY):
        step = newton_step(treated, blocks, H, events - rates * weighted)[1]
        rates = rates * np.exp(np.clip(step, -STEP, STEP))
        weighted, before, moved = weighed.sums(rates), moved, np.abs(step).max()
        if moved * max(moved / before, SLOWEST) <= TOLERANCE:
            return _Saturated(rates=rates, weighted=weighted, levels=weighed.levels(rates), blocks=blocks,
                              information=H)  # fmt: skip
    return None


def _answer(weighed: Weighed, fit: _Saturated, common: _Common, vcov: Vcov) -> tuple[Estimate, float] | None:
    """Average the effects, and give the usual error beside."""
    marks = weighed.treated.treated_cells
    expected = fit.weighted * fit.rates[-1]
    O, C = (float((cells * marks).sum()) for cells in (weighed.events, expected))  # noqa: E741 - observed
    if not O or not C:
        return None
    weights = marks / O - _backward(weighed, fit, marks / C)
    homes = len(weighed.treated.homes) + weighed.times.sum()
    scores = _scores(weighed, (fit.rates, fit.levels), weights)
    usual = Once(variance=_squares(weighed, scores) * homes / (homes - 1), df=homes - 1.0, effective=np.nan)
    error = usual if vcov == "CR1" else _bias_reduced(weighed, common, weights)
    if error is None:
        return None
    n, (compared, *shares) = touched(weighed.treated, marks[None]).sum(), _sides(weighed, fit, marks / C)
    values = {
        "observed": O, "expected": C, "exposure": (weighed.treated.bed_days * marks).sum(), "n_homes": n, "n_clusters": n,
        "n_compared": compared, "treated_share": shares[0], "compared_share": shares[1], "numbers_observed": O,
        "numbers_expected": C, "df": error.df, "gap_df": np.nan, "averted_df": np.nan, "effective": error.effective,
    }  # fmt: skip
    score, none = np.array([[np.sqrt(error.variance)]]), np.full((1, 1), np.nan)
    arrays = {name: np.array([value]) for name, value in values.items()}
    return Estimate(keys=["all"], scores=score, gap_scores=none, averted_scores=none, **arrays), np.sqrt(usual.variance)


def _backward(weighed: Weighed, fit: _Saturated, marks: np.ndarray) -> np.ndarray:
    """Solve for b of every cohort and month, shape (G, T): see `contrasts`; marks are of the group, over C."""
    rates, months, weighted = fit.rates, fit.rates[-1], fit.weighted
    right = -rates * weighed.applied(fit.levels, marks * months)
    right[-1] += (marks * weighted * months).sum(axis=0)
    b, left = np.zeros_like(rates), right
    moved = np.inf
    for _ in range(MANY):
        step = _step(weighed.treated.cohorts, fit, left)
        b += step
        before, moved = moved, np.abs(step).max()
        if moved * max(moved / before, SLOWEST) <= REFINED * np.abs(b).max():
            break
        left = right - rates * (weighted * b - weighed.applied(fit.levels, rates * b))
    empty = (rates == 0) & (weighted > 0)
    if empty.any():
        limit = -weighed.applied(fit.levels, marks * months - b * rates) / np.where(empty, weighted, 1.0)
        b = np.where(empty, limit, b)
    return b


def _step(cohorts: Sequence[Cohort], fit: _Saturated, left: np.ndarray) -> np.ndarray:
    """Solve nearly for b, shape (G, T): months from all that is left of every cohort, then each cohort's own."""
    right, b = np.zeros(left.shape[1]), np.zeros_like(left)
    for cohort, block, own in zip(cohorts, fit.blocks, left, strict=True):
        right[: cohort.first] += own[: cohort.first] - own[cohort.first :] @ block.solved
    theta = solve_months(fit.information, right)
    for g, (cohort, block) in enumerate(zip(cohorts, fit.blocks, strict=True)):
        f = cohort.first
        b[g, :f] = theta[:f] * cohort.informs
        b[g, f:] = left[g, f:] @ block.inverse - block.solved @ b[g, :f]
    return b


def _scores(
    weighed: Weighed, fit: tuple[np.ndarray, tuple[np.ndarray, np.ndarray]], weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """a_g' e_i of homes that start, and of the others, by the rates and levels of either model."""
    (rates, levels), treated = fit, weighed.treated
    own, expected = np.empty(len(treated.homes)), rates * weights
    for g, rows in portions(treated):
        own[rows] = treated.counts[rows] @ weights[g] - levels[0][rows] * (treated.exposure[rows] @ expected[g])
    counted = (weighed.sources.counts @ weights[-1])[weighed.others]
    return own, counted - levels[1] * (weighed.exposure @ expected[-1])


def _squares(weighed: Weighed, scores: tuple[np.ndarray, np.ndarray]) -> float:
    own, others = scores
    return float(own @ own + weighed.times[weighed.others] @ others**2)


def _bias_reduced(weighed: Weighed, common: _Common, weights: np.ndarray) -> Once | None:
    return cr2_once(_homes(weighed, common.rates, weights), common.inverse)


def _homes(weighed: Weighed, rates: np.ndarray, weights: np.ndarray) -> Iterator[Homes]:
    """Yield all homes of a fit, few at a time, in numbers with seven digits but for their scores."""
    levels, treated, counts = weighed.levels(rates), weighed.treated, weighed.sources.single[0]
    own, others = _scores(weighed, (rates, levels), weights)
    started = (np.arange(weights.shape[1]) >= weighed.first).astype(np.float32)
    rates, weights, (of_own, of_others) = single(rates), single(weights), map(single, levels)
    for some, g in weighed.treated_portions():
        fitted = single(treated.exposure[some]) * rates[g] * of_own[some, None]
        yield Homes(counts=single(treated.counts[some]), fitted=fitted, weights=weights[g], regressor=started[g],
                    scores=own[some], times=np.ones(len(fitted)))  # fmt: skip
    for some, rows in weighed.portions():
        fitted = weighed.single[some] * rates[-1] * of_others[some, None]
        yield Homes(counts=counts[rows], fitted=fitted, weights=weights[-1:], regressor=started[-1:],
                    scores=others[some], times=weighed.times[rows])  # fmt: skip


def _sides(weighed: Weighed, fit: _Saturated, marks: np.ndarray) -> tuple[int, float, float]:
    """Homes compared with, and the largest part of one home on either side: see `compared.sides`."""
    treated, rates, (level, of_others) = weighed.treated, fit.rates, fit.levels
    serving = (np.arange(rates.shape[1]) < weighed.first) & np.array([[g.informs] for g in treated.cohorts])
    there = (serving * fit.weighted * rates).sum(axis=0)
    wanted = serving * rates * (marks * fit.weighted * rates[-1]).sum(axis=0) / there
    own, against, expected = np.empty(len(level)), np.empty(len(level)), marks * rates[-1]
    for g, rows in portions(treated):
        exposure = treated.exposure[rows]
        own[rows] = treated.counts[rows] @ marks[g] + level[rows] * (exposure @ expected[g])
        against[rows] = level[rows] * (exposure @ wanted[g])
    others, times = of_others * (weighed.exposure @ wanted[-1]), weighed.times[weighed.others]
    n = (against > 0).sum() + (times * (others > 0)).sum()
    return int(n), own.max() / own.sum(), max(against.max(), others.max()) / (against.sum() + times @ others)
