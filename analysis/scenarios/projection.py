"""What would be expected, month by month, with and without it, and how sure is that?

For home i, month t and draw d:

    without_itd = residents_i · days_t · rate_kind(i) · calendar_t · exp(z_d·se·years_t) · θ_id · spell_td
    with_itd    = without_itd · rate ratio of the kind, of what the home takes up, in month t

θ from the baseline (`baseline`), z the trend's uncertainty over the years since the middle of the data, spells as the
past showed them, an effect and a fidelity drawn once for all homes, uptake drawn home by home. Rates factorise into
home × month, so homes that are of one kind and take up the same enter as one sum: the cost of a draw grows with homes
once, and with months not at all. What happens is then drawn Poisson around it, so that an interval is for the
admissions that would be counted.

Taken as they are: homes stay open, as full as in the last year, and the trend goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from analysis.baseline import Baseline, days_in
from analysis.errors import AnalysisError
from analysis.scenarios.faults import faults_with
from analysis.scenarios.groups import Homes, drawn_sums, expected_falls, expected_sums, rate_ratios
from analysis.scenarios.inputs import draw, place
from analysis.scenarios.lots import WHICH, Offered, offered_to
from analysis.scenarios.ranges import Chance, Draws, Normal
from analysis.scenarios.scenario import Scenario
from analysis.written import refuse

LEVELS, TREND = "county.levels", "county.trend"
"""Keys of draws that belong to the baseline and not to the scenario."""

TINY = 1e-9
"""Admissions a day below which a sum is of no home."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projection:
    """A scenario laid on a baseline: D draws of T months, over all homes offered something.

    Parameters
    ----------
    scenario : Scenario
    months : ndarray of datetime64[M], shape (T,)
    offered : Offered
        Homes offered something, or, where a lot decides, those among which it is drawn.
    without, averted : ndarray, shape (T, D)
        Expected admissions without it, and how many fewer with it.
    counted_without, counted_averted : ndarray of int64, shape (T, D)
        Admissions as they would be counted: with chance.
    taken_up : ndarray, shape (K, D)
        Homes that take up each offer.
    drawn : mapping of str to ndarray, shape (D,)
        Value of every uncertain input in each draw, by its key; of an effect, its log.
    home_without, home_averted : ndarray, shape (n,)
        Expected of each home over all months; averted, once it is offered something.
    home_level : ndarray, shape (n, 2)
        95% interval of each home's level relative to its expectation.
    naive_without : float
        What last year's rates of the same homes would say.
    """

    scenario: Scenario
    months: np.ndarray
    offered: Offered
    without: np.ndarray
    averted: np.ndarray
    counted_without: np.ndarray
    counted_averted: np.ndarray
    taken_up: np.ndarray
    drawn: Mapping[str, np.ndarray]
    home_without: np.ndarray
    home_averted: np.ndarray
    home_level: np.ndarray
    naive_without: float

    @property
    def rows(self) -> np.ndarray:
        """Homes that may be offered something, as rows of the baseline, shape (n,)."""
        return self.offered.rows

    @property
    def total_averted(self) -> np.ndarray:
        """Admissions averted over all months as they would be counted, shape (D,)."""
        return self.counted_averted.sum(0)

    def at_least(self, admissions: float) -> float:
        """Probability that so many admissions, or more, are averted."""
        return float((self.total_averted >= admissions).mean())

    def bed_days(self) -> np.ndarray:
        """Hospital bed-days averted, expected, shape (T, D)."""
        return self.averted * self.drawn["stay_days"]

    def attendances(self) -> np.ndarray:
        """A&E attendances averted, expected, shape (T, D)."""
        return self.averted * self.drawn["attendances"]


def project(
    baseline: Baseline, scenario: Scenario, luck: Chance | None = None, levels: np.ndarray | None = None
) -> Projection:
    """Lay a scenario on a baseline.

    Parameters
    ----------
    baseline : Baseline
    scenario : Scenario
    luck : Draws, OneAtATime or Held, optional
        Draws; or inputs moved one at a time, everything else in its middle and no chance in it.
    levels : ndarray, shape (N, D), optional
        `baseline.draws`, where they are at hand: they do not depend on the scenario.

    Raises
    ------
    AnalysisError
        If the scenario cannot be: every fault at once, in words.
    """
    luck = luck or Draws(seed=scenario.seed)
    months = baseline.calendar.last + 1 + np.arange(max(scenario.months, 0))
    refuse("This scenario cannot be.", faults_with(scenario, months))
    offered = offered_to(baseline, scenario)
    rows = offered.rows
    if not len(rows):
        raise AnalysisError(
            "No home is offered anything.",
            do="Choose another kind of home or area, or allow homes that have had an intervention.",
        )
    drawn = draw(scenario, luck)
    kinds, kind = np.unique(baseline.kind[rows], return_inverse=True)
    homes = Homes(per_day=baseline.per_day()[rows], kind=kind, offered=offered)
    uptake = np.stack([drawn[place(k, "uptake")] for k in range(len(scenario.offers))])
    if isinstance(luck, Draws):
        levels = baseline.draws(luck.rng(LEVELS), luck.n) if levels is None else levels
        sums, taken_up = drawn_sums(homes, levels, rows, uptake, luck.rng("who takes it up"))
    else:
        sums, taken_up = expected_sums(homes, baseline.multiplier[rows], uptake)
        size = (baseline.per_day() * baseline.multiplier)[rows]
        sums = sums * luck.value(LEVELS, _level_of_all(baseline, offered))
        sums = sums * luck.value(WHICH, Normal(1.0, offered.spread(size)))
    calendar, ratio = _calendar(baseline, months, luck), rate_ratios(scenario, months, kinds, drawn)
    without = _spells(baseline, rows, sums, len(months), luck) * sums[:, :, None] * calendar
    averted = (without * (1 - ratio)).sum((0, 1))
    without = without.sum((0, 1))
    rng = luck.rng("counted") if isinstance(luck, Draws) else None
    counted_averted = _counted(averted, rng)
    home = homes.per_day * baseline.multiplier[rows] * calendar.mean(1).sum()
    return Projection(
        scenario=scenario,
        months=months,
        offered=offered,
        without=without,
        averted=averted,
        counted_without=_counted(without - averted, rng) + counted_averted,
        counted_averted=counted_averted,
        taken_up=taken_up,
        drawn=drawn,
        home_without=home,
        home_averted=home * expected_falls(homes, ratio, calendar, uptake),
        home_level=_levels(baseline, rows),
        naive_without=float(
            (baseline.last_year_rate * baseline.beds_taken)[rows] @ offered.chance * days_in(months).sum()
        ),
    )


def _calendar(baseline: Baseline, months: np.ndarray, luck: Chance) -> np.ndarray:
    """Admissions in each month over those of an average day now, with the trend's uncertainty; shape (T, D)."""
    years = baseline.calendar.years_from_centre(months)
    drift = luck.value(TREND, Normal(0.0, baseline.calendar.trend[1]))
    return (baseline.calendar.multiplier(months) * days_in(months))[:, None] * np.exp(years[:, None] * drift)


def _spells(baseline: Baseline, rows: np.ndarray, sums: np.ndarray, T: int, luck: Chance) -> np.ndarray:
    """Good and bad spells to come, averaged over the homes of each sum, shape (kinds, patterns, T, D).

    The average over homes of sizes m has relative variance s · Σm² / (Σm)²; Σm² / Σm is taken over all homes offered.
    """
    if not isinstance(luck, Draws) or not baseline.spells.variance:
        return np.ones((*sums.shape[:2], 1, 1))
    size = (baseline.per_day() * baseline.multiplier)[rows]
    variance = baseline.spells.variance * (size**2).sum() / size.sum() / np.maximum(sums, TINY)
    log_variance = np.where(sums > TINY, np.log1p(variance), 0.0)[:, :, None]
    rho, rng = baseline.spells.correlation, luck.rng("spells")
    noise = rng.standard_normal((*sums.shape[:2], T, sums.shape[2]))
    for t in range(1, T):
        noise[:, :, t] = rho * noise[:, :, t - 1] + np.sqrt(1 - rho**2) * noise[:, :, t]
    return np.exp(np.sqrt(log_variance) * noise - log_variance / 2)


def _level_of_all(baseline: Baseline, offered: Offered) -> Normal:
    """How sure the sum of the homes' levels is, over its expectation."""
    size = (baseline.per_day() * baseline.multiplier)[offered.rows]
    variance = size**2 / baseline.shape[offered.rows]
    return Normal(1.0, float(np.sqrt(variance @ offered.chance) / (size @ offered.chance)))


def _counted(expected: np.ndarray, rng: np.random.Generator | None) -> np.ndarray:
    """Draw what would be counted around what is expected; an increase is a fall below zero."""
    return expected if rng is None else np.sign(expected).astype(np.int64) * rng.poisson(np.abs(expected))


def _levels(baseline: Baseline, rows: np.ndarray) -> np.ndarray:
    """95% interval of each home's level over its expectation, shape (n, 2)."""
    shape = baseline.shape[rows]
    return np.stack([gammaincinv(shape, end) / shape for end in (0.025, 0.975)], axis=1)
