"""A panel whose true effect is known: does a model find it, and how often does its interval hold it?

`simulate_panel(PanelSpec(...), seed)` draws homes, bed-days and admissions in whole matrices (see `rates` for the
equation). Supported homes get exp(effect at that event time + own deviation) times the rate; they may be the worst
homes of a window, and their bed-days may fall once they have started. The default is the design of the size table:
80 homes of log-normal size, 36 months, gamma home rates, AR(1) shocks, winter and trend.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.design import NEVER, Comparison, Design
from analysis.panel import Panel
from analysis.simulate import rates


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelSpec:
    """What the simulated homes are like, and what is done to some of them.

    Parameters
    ----------
    n_homes, n_months : int
        Size of the panel.
    first_month : str
        First month, such as ``"2021-01"``.
    starts : tuple of int
        One month index per supported home: ``(18,) * 5`` is a common start, ``(12, 14, 16)`` a staggered one.
    effect : tuple of float
        Log rate ratio by event time, from the first month with the intervention; the last value lasts.
    nursing_effect : tuple of float, optional
        The same for nursing homes, where it differs.
    effect_sd : float
        Standard deviation of the homes' own deviations from it, on the log scale.
    nursing_share, median_beds, beds_log_sd, occupancy : float
        Mix and size of homes; share of beds taken.
    residential_rate, nursing_rate : float
        Emergency admissions per resident-year.
    home_cv : float
        Coefficient of variation of homes' own rates (gamma).
    shock_correlation, shock_sd : float
        AR(1) log shocks within a home, from month to month.
    winter, trend : float
        January over the average month; growth per year.
    exposure_fall, exposure_fall_months : float, int
        Share of bed-days that supported homes lose after starting, reached in equal steps over so many months.
    enter_late, leave_early : float
        Share of homes that open in, or close after, a month drawn from the middle of the panel.
    worst_in : tuple of int, optional
        Choose as supported the homes with the highest rates in months ``worst_in[0] <= t < worst_in[1]``.
    """

    n_homes: int = 80
    n_months: int = 36
    first_month: str = "2021-01"
    starts: tuple[int, ...] = tuple(range(12, 24))
    effect: tuple[float, ...] = (0.0,)
    nursing_effect: tuple[float, ...] | None = None
    effect_sd: float = 0.0
    nursing_share: float = 0.3
    median_beds: float = 36.0
    beds_log_sd: float = 0.45
    occupancy: float = 0.86
    residential_rate: float = rates.RESIDENTIAL_PER_RESIDENT_YEAR
    nursing_rate: float = rates.NURSING_PER_RESIDENT_YEAR
    home_cv: float = 0.41
    shock_correlation: float = 0.8
    shock_sd: float = 0.3
    winter: float = rates.WINTER
    trend: float = rates.TREND_PER_YEAR
    exposure_fall: float = 0.0
    exposure_fall_months: int = 6
    enter_late: float = 0.0
    leave_early: float = 0.0
    worst_in: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PanelTruth:
    """What was done to the simulated homes, and what it did.

    Parameters
    ----------
    start : ndarray of int64, shape (N,)
        First month with the intervention, or `NEVER`; in the order of the panel's units.
    expected, untreated : ndarray of float64, shape (N, T)
        Expected admissions over the bed-days that were, with the intervention and without it.
    """

    start: np.ndarray
    expected: np.ndarray
    untreated: np.ndarray

    @property
    def treated(self) -> np.ndarray:
        """Which unit-months had the intervention, shape (N, T)."""
        months = np.arange(self.expected.shape[1])
        return (self.start != NEVER)[:, None] & (months >= self.start[:, None])

    @property
    def log_rate_ratio(self) -> float:
        """Log of admissions expected with the intervention over those expected without, over the same bed-days."""
        return float(np.log(self.expected[self.treated].sum() / self.untreated[self.treated].sum()))

    @property
    def averted(self) -> float:
        """Admissions averted, expected."""
        return float((self.untreated - self.expected)[self.treated].sum())

    def design(self, *, comparison: Comparison = "not_yet_treated") -> Design:
        """Compare as was done, leaving nothing out."""
        included = np.ones(self.expected.shape, bool)
        return Design(intervention="simulated", start=self.start, included=included, comparison=comparison)


def simulate_panel(spec: PanelSpec, seed: int | np.random.SeedSequence) -> tuple[Panel, PanelTruth]:
    """Draw a panel and its truth; the same spec and seed give the same panel everywhere.

    Parameters
    ----------
    spec : PanelSpec
        What to draw.
    seed : int or SeedSequence
        Where the randomness comes from.

    Returns
    -------
    panel : Panel
        Counts and bed-days; zero bed-days while a home was not open.
    truth : PanelTruth
        Who started when, and the expected counts with and without.
    """
    rng = np.random.default_rng(seed)
    months = np.datetime64(spec.first_month, "M") + np.arange(spec.n_months)
    units = _units(rng, spec)
    nursing = (units["home_type"] == "nursing").to_numpy()
    beds_taken = _open(rng, spec) * units["beds"].to_numpy()[:, None] * spec.occupancy
    rate = _rates(rng, spec, nursing, months)
    exposure = np.round(beds_taken * _days_in(months))
    counts = rates.draw_counts(rng, rate * exposure)
    start = _starts(rng, spec, counts, exposure)
    months_since = np.where(start == NEVER, -1, np.arange(spec.n_months)[:, None] - start).T
    exposure = np.round(exposure * _exposure_left(spec, months_since))
    untreated = rate * exposure
    expected = untreated * np.exp(_log_effect(rng, spec, nursing, months_since))
    since = months_since >= 0
    counts[since] = rates.draw_counts(rng, expected[since])
    panel = Panel(
        units=units,
        months=months,
        counts=counts,
        exposure=exposure,
        outcome="emergency admissions",
        exposure_unit="bed-days",
    )
    return panel, PanelTruth(start=start, expected=expected, untreated=untreated)


def _units(rng: np.random.Generator, spec: PanelSpec) -> pd.DataFrame:
    """Attributes of simulated homes, sorted by unit."""
    n = spec.n_homes
    width = len(str(n))
    beds = np.maximum(4, np.round(spec.median_beds * np.exp(spec.beds_log_sd * rng.standard_normal(n)))).astype(int)
    nursing = rng.random(n) < spec.nursing_share
    numbers = [f"{number:0{width}d}" for number in range(1, n + 1)]
    columns = {
        "name": [f"Simulated home {number}" for number in numbers],
        "home_type": np.where(nursing, "nursing", "residential"),
        "beds": beds,
        "area": "Simulated area",
        "region": "Simulated region",
        "provider": [f"P{number}" for number in numbers],
    }
    return pd.DataFrame(columns, index=pd.Index([f"H{number}" for number in numbers], name="unit"))


def _open(rng: np.random.Generator, spec: PanelSpec) -> np.ndarray:
    """Whether each home was open in each month, shape (N, T)."""
    month = np.arange(spec.n_months)
    middle = (spec.n_months // 4, 3 * spec.n_months // 4)
    late, early = rng.random(spec.n_homes) < spec.enter_late, rng.random(spec.n_homes) < spec.leave_early
    opens = np.where(late, rng.integers(*middle, spec.n_homes), 0)
    closes = np.where(early, rng.integers(*middle, spec.n_homes), spec.n_months)
    return (month >= opens[:, None]) & (month < np.maximum(closes, opens + 1)[:, None])


def _rates(rng: np.random.Generator, spec: PanelSpec, nursing: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Admissions per bed-day without the intervention, shape (N, T)."""
    shape = (spec.n_homes, spec.n_months)
    base = np.where(nursing, spec.nursing_rate, spec.residential_rate) / rates.DAYS_PER_YEAR
    homes = base * rates.home_multipliers(rng, spec.n_homes, spec.home_cv)
    shocks = rates.monthly_shocks(rng, shape, correlation=spec.shock_correlation, sd=spec.shock_sd)
    calendar = rates.winter_and_trend(months, winter=spec.winter, trend=spec.trend)
    return homes[:, None] * calendar * np.exp(shocks - spec.shock_sd**2 / 2)


def _days_in(months: np.ndarray) -> np.ndarray:
    return ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int)


def _starts(rng: np.random.Generator, spec: PanelSpec, counts: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Give each start month to a home: at random, or to the worst of the window, shape (N,)."""
    start = np.full(spec.n_homes, NEVER, dtype=np.int64)
    if spec.worst_in is None:
        chosen = rng.permutation(spec.n_homes)[: len(spec.starts)]
    else:
        window = slice(*spec.worst_in)
        rate = counts[:, window].sum(1) / np.maximum(exposure[:, window].sum(1), 1)
        chosen = rng.permutation(np.argsort(-rate, kind="stable")[: len(spec.starts)])
    start[chosen] = spec.starts
    return start


def _exposure_left(spec: PanelSpec, months_since: np.ndarray) -> np.ndarray:
    """Share of bed-days left at each event time, shape (N, T)."""
    steps = np.clip((months_since + 1) / spec.exposure_fall_months, 0, 1)
    return 1 - spec.exposure_fall * steps


def _log_effect(rng: np.random.Generator, spec: PanelSpec, nursing: np.ndarray, months_since: np.ndarray) -> np.ndarray:
    """Log rate ratio of each home in each month, shape (N, T); zero before the start."""
    residential_path = np.asarray(spec.effect)
    nursing_path = np.asarray(spec.effect if spec.nursing_effect is None else spec.nursing_effect)
    own = spec.effect_sd * rng.standard_normal(spec.n_homes)
    effect = np.where(nursing[:, None], _at(nursing_path, months_since), _at(residential_path, months_since))
    return np.where(months_since >= 0, effect + own[:, None], 0.0)


def _at(path: np.ndarray, months_since: np.ndarray) -> np.ndarray:
    """Value of an event-time path; its last value lasts."""
    return path[np.clip(months_since, 0, len(path) - 1)]
