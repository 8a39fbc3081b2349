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
    block_of,
    information,
    information_about_months,
    newton_step,
    portions,
    solve_months,
    sums,
)  # fmt: skip
from analysis.admissions.uncertainty.rule import clustered
from analysis.admissions.uncertainty.scales import limits
from analysis.calibration.drawn_panels import (
    ALONG,
    COUNTED_ALONG,
    DrawnPanel,
    Sources,
    WeighedPanel,
    Work,
    at_once,
    products_of,
    single,
    weigh,
)
from analysis.inference.clustered_once import ClusterHomes, OneVariance, cr2_once
from analysis.inference.one_thread import compute_on_one_thread

FEWEST = 1_000
"""Homes below which the panel is as quick, and the leverage of one home may be large."""
NEAR = 1e-3
"""A step in log rates below which the information is made once more, and then kept."""
REFINED = 1e-10
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
    """The saturated model: rates, weighted exposure, (G, T) each; homes' levels; what nearly solves its equations."""

    rates: np.ndarray
    weighted: np.ndarray
    levels: tuple[np.ndarray, np.ndarray]
    blocks: list[Block]
    information: np.ndarray


Levels = tuple[np.ndarray, np.ndarray]
"""A number of every home that starts, shape (k,), and of every home drawn from, shape (N,)."""
Answer = tuple[float, float, float, float]
"""Log rate ratio, its limits, and the usual error (CR1)."""


def quickly(sources: Sources, drawn: Sequence[DrawnPanel], model: StaggeredRates) -> list[Answer | None]:
    """Answer some drawn panels; nothing of those of which only the panel can say.

    Parameters
    ----------
    model : StaggeredRates
        That says with whom homes are compared, and clusters by home.
    """
    if model.effects != "home" or model.average != "bed_day" or model.month_effects_by:
        return [None] * len(drawn)
    compute_on_one_thread()
    return at_once([_found(sources, some, model) for some in drawn], sources)


def _found(sources: Sources, drawn: DrawnPanel, model: StaggeredRates) -> Work[Answer | None]:
    """Answer one."""
    own = yield from weigh(sources, drawn, never_only=model.comparison == "never_treated")
    if own is None or len(drawn.homes) < FEWEST:
        return None
    try:
        common = yield from _common(own)
        fit = yield from _saturated(own, common)
        found = yield from _answer(own, fit, common, model.vcov)
    except np.linalg.LinAlgError:  # something does not end, or cannot be inverted
        return None
    if found is None or not clustered(found[0]):
        return None
    one, usual = found
    low, high = limits(one.log_ratio, one.std_error, one.df, model.conf_level)
    return float(one.log_ratio[0]), float(low[0]), float(high[0]), usual


def _common(weighed: WeighedPanel) -> Work[_Common]:
    """Fit the model with one effect; LinAlgError where Newton's method does not end."""
    events, started = weighed.events, weighed.started
    months, effect = weighed.sources.rates, _effect(weighed)
    rates, inverse, products = months * np.exp(effect * started), NONE, NONE
    moved, before, kept = np.inf, np.inf, False
    for _ in range(MANY):
        weighted = yield from weighed.sums(rates)
        residual = events - rates * weighted
        if not inverse.size or moved > SLOW * before or (moved < NEAR and not kept):
            products = _products(weighed, rates[-1], near=moved < np.inf)
            kept = moved < NEAR
            inverse = _inverse(_information(weighed, (rates, weighted, products)))
        step = inverse @ np.append(residual.sum(axis=0), (residual * started).sum())
        before, moved = moved, np.abs(step).max()
        months, effect = months * np.exp(np.clip(step[:-1], -STEP, STEP)), effect + step[-1]
        rates = months * np.exp(effect * started)
        if moved <= TOLERANCE:
            return _Common(rates=rates, inverse=inverse, products=products)
    raise np.linalg.LinAlgError


def _effect(weighed: WeighedPanel) -> float:
    """Say about what the effect is: each cohort against its own months before."""
    events, expected = weighed.events[:-1], weighed.treated.bed_days[:-1] * weighed.sources.rates
    after = weighed.started[:-1] > 0
    level = (events * ~after).sum(axis=1) / (expected * ~after).sum(axis=1)
    return float(np.log((events * after).sum() / (level[:, None] * expected * after).sum()))


def _information(weighed: WeighedPanel, fit: tuple[np.ndarray, ...]) -> np.ndarray:
    """Information about months and the one effect, shape (T + 1, T + 1)."""
    (rates, weighted, products), started, T = fit, weighed.started, fit[0].shape[1]
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


def _products(weighed: WeighedPanel, months: np.ndarray, *, near: bool) -> np.ndarray:
    """Products of homes that never start; at first those of all homes are near enough."""
    sources = weighed.sources
    if near:
        return products_of(sources, weighed.times, months)
    return sources.products * (weighed.times @ sources.totals / sources.totals.sum())


def _inverse(H: np.ndarray) -> np.ndarray:
    """Moore–Penrose inverse of an information that knows all but the level of the months."""
    T, level = len(H) - 1, np.zeros_like(H)
    level[:T, :T] = size = np.trace(H) / T**2
    whole = np.linalg.inv(H + level)
    whole[:T, :T] -= 1 / (size * T**2)
    return whole


def _saturated(weighed: WeighedPanel, common: _Common) -> Work[_Saturated]:
    """Fit the saturated model, beginning where the other ended but at each cohort's own level before its start."""
    treated, events, started = weighed.treated, weighed.events, weighed.started
    weighted = sums(treated, common.rates)
    before = (1 - started[:-1]) * common.rates[-1]
    level = (weighted[:-1] * before).sum(axis=1) / (events[:-1] * (1 - started[:-1])).sum(axis=1)
    own = np.divide(events[:-1], weighted[:-1], out=np.zeros_like(before), where=weighted[:-1] > 0)
    rates, moved = common.rates.copy(), 1.0
    rates[:-1] = np.where(started[:-1] > 0, level[:, None] * own, rates[:-1])
    weighted = yield from weighed.sums(rates)
    of_others = block_of(information(rates[-1], weighted[-1], common.products), rates.shape[1])
    blocks = [*_blocks(weighed, rates, weighted), of_others]
    H = information_about_months(treated, blocks)
    for _ in range(MANY):
        step = newton_step(treated, blocks, H, events - rates * weighted)[1]
        rates = rates * np.exp(np.clip(step, -STEP, STEP))
        weighted = yield from weighed.sums(rates)
        before, moved = moved, np.abs(step).max()
        if moved * max(moved / before, SLOWEST) <= TOLERANCE:
            levels = yield from weighed.levels(rates)
            return _Saturated(rates=rates, weighted=weighted, levels=levels, blocks=blocks, information=H)
    raise np.linalg.LinAlgError


def _blocks(weighed: WeighedPanel, rates: np.ndarray, weighted: np.ndarray) -> Iterator[Block]:
    """Give the information of every cohort of homes that start (`saturated.blocks_at`)."""
    for g, cohort in enumerate(weighed.treated.cohorts[:-1]):
        fitted = weighed.treated.exposure[cohort.rows] * rates[g]
        root = fitted * (np.sqrt(weighed.treated.totals[cohort.rows]) / fitted.sum(axis=1))[:, None]
        H = -(root.T @ root)
        H.flat[:: len(H) + 1] += rates[g] * weighted[g]
        yield block_of(H, cohort.first)


def _answer(weighed: WeighedPanel, fit: _Saturated, common: _Common, vcov: Vcov) -> Work[tuple[Estimate, float] | None]:
    """Average the effects, and give the usual error beside."""
    marks = weighed.treated.treated_cells
    expected = fit.weighted * fit.rates[-1]
    O, C = (float((cells * marks).sum()) for cells in (weighed.events, expected))  # noqa: E741 - observed
    if not O or not C:
        return None
    weights = marks / O - (yield from _backward(weighed, fit, marks / C))
    homes = len(weighed.treated.homes) + weighed.times.sum()
    counted = yield COUNTED_ALONG, weights[-1]
    scores = yield from _scores(weighed, (fit.rates, fit.levels), (weights, counted))
    usual = OneVariance(variance=_squares(weighed, scores) * homes / (homes - 1), df=homes - 1.0, effective=np.nan)
    error = usual if vcov == "CR1" else (yield from _bias_reduced(weighed, common, (weights, counted)))
    if error is None:
        return None
    compared, *shares = yield from _sides(weighed, fit, marks / C)
    n, none = touched(weighed.treated, marks[None]).sum(axis=1), np.full(1, np.nan)
    observed, expected = np.array([O]), np.array([C])
    return Estimate(
        keys=["all"], observed=observed, expected=expected, exposure=none,
        n_homes=n, n_clusters=n, n_compared=np.array([compared]), treated_share=np.array(shares[:1]),
        compared_share=np.array(shares[1:]), numbers_observed=observed, numbers_expected=expected,
        scores=np.array([[np.sqrt(error.variance)]]), gap_scores=none[None], averted_scores=none[None],
        df=np.array([error.df]), gap_df=none, averted_df=none, effective=np.array([error.effective]),
    ), float(np.sqrt(usual.variance))  # fmt: skip


def _backward(weighed: WeighedPanel, fit: _Saturated, marks: np.ndarray) -> Work[np.ndarray]:
    """Solve for b of every cohort and month, shape (G, T): see `contrasts`; marks are of the group, over C."""
    rates, months, weighted = fit.rates, fit.rates[-1], fit.weighted
    right = -rates * (yield from weighed.applied(fit.levels, marks * months))
    right[-1] += (marks * weighted * months).sum(axis=0)
    b, left = np.zeros_like(rates), right
    moved = np.inf
    for _ in range(MANY):
        step = _step(weighed.treated.cohorts, fit, left)
        b += step
        before, moved = moved, np.abs(step).max()
        if moved * max(moved / before, SLOWEST) <= REFINED * np.abs(b).max():
            return (yield from _without_events(weighed, fit, (marks, b)))
        left = right - rates * (weighted * b - (yield from weighed.applied(fit.levels, rates * b)))
    raise np.linalg.LinAlgError


def _without_events(weighed: WeighedPanel, fit: _Saturated, of: tuple[np.ndarray, np.ndarray]) -> Work[np.ndarray]:
    """Give b of treated months without any event its limit (`contrasts.without_events`), from marks over C and b."""
    (marks, b), empty = of, (fit.rates == 0) & (fit.weighted > 0)
    if not empty.any():
        return b
    moved = yield from weighed.applied(fit.levels, marks * fit.rates[-1] - b * fit.rates)
    return np.where(empty, -moved / np.where(empty, fit.weighted, 1.0), b)


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
    weighed: WeighedPanel, fit: tuple, asked: tuple[np.ndarray, np.ndarray]
) -> Work[tuple[np.ndarray, np.ndarray]]:
    """a_g' e_i of homes that start, and of every home drawn from.

    Parameters
    ----------
    fit : pair
        Rates of either model, and homes' levels.
    asked : pair of ndarray, shapes (G, T) and (N,)
        a, and a' y of every home drawn from.
    """
    (rates, levels), (weights, counted), treated = fit, asked, weighed.treated
    own, expected = np.empty(len(treated.homes)), rates * weights
    for g, rows in portions(treated):
        own[rows] = treated.counts[rows] @ weights[g] - levels[0][rows] * (treated.exposure[rows] @ expected[g])
    along = yield ALONG, expected[-1]
    return own, counted - levels[1] * along


def _squares(weighed: WeighedPanel, scores: tuple[np.ndarray, np.ndarray]) -> float:
    own, others = scores
    return float(own @ own + weighed.times @ others**2)


def _bias_reduced(
    weighed: WeighedPanel, common: _Common, asked: tuple[np.ndarray, np.ndarray]
) -> Work[OneVariance | None]:
    levels = yield from weighed.levels(common.rates)
    scores = yield from _scores(weighed, (common.rates, levels), asked)
    return cr2_once(_homes(weighed, (common.rates, *levels), (asked[0], *scores)), common.inverse)


def _homes(weighed: WeighedPanel, fit: tuple[np.ndarray, ...], asked: tuple[np.ndarray, ...]) -> Iterator[ClusterHomes]:
    """Yield all homes of a fit, few at a time, in numbers with seven digits but for their scores."""
    treated, (counts, exposure), (weights, own, others) = weighed.treated, weighed.sources.single, asked
    (rates, of_own, of_others), weights, started = map(single, fit), single(weights), single(weighed.started)
    for some, g in weighed.treated_portions():
        fitted = single(treated.exposure[some]) * rates[g] * of_own[some, None]
        yield ClusterHomes(counts=single(treated.counts[some]), fitted=fitted, weights=weights[g], regressor=started[g],
                    scores=own[some], times=np.ones(len(fitted)))  # fmt: skip
    for rows in weighed.portions():
        fitted = exposure[rows] * rates[-1] * of_others[rows, None]
        yield ClusterHomes(counts=counts[rows], fitted=fitted, weights=weights[-1:], regressor=started[-1:],
                    scores=others[rows], times=weighed.times[rows])  # fmt: skip


def _sides(weighed: WeighedPanel, fit: _Saturated, marks: np.ndarray) -> Work[tuple[int, float, float]]:
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
    along = yield ALONG, wanted[-1]
    others = (weighed.times > 0) * of_others * along
    n = (against > 0).sum() + (weighed.times * (others > 0)).sum()
    return int(n), own.max() / own.sum(), max(against.max(), others.max()) / (against.sum() + weighed.times @ others)
