"""Delayed transfers of fictional councils whose truth is known: does a method find it, and how often is it fooled?

Expected delayed days of area i in month t = days_t · exp(a_i + c_t·(1 + l_i) + s_t + u_it + β_it):
a_i the size of the area, c_t the national course (a slow random walk), l_i how strongly the area follows it, s_t the
season, u_it an AR(1) deviation whose spread differs from area to area (good and bad spells that last), β_it what was
done. Spread and persistence are those of English councils from 2013 to 2020: the log ratio of one year to the next has
a standard deviation of 0.3, and the Isle of Wight's months a correlation of 0.7 with the month before.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.panel import Panel
from analysis.simulate.rates import draw_counts

PERSON_DELAYED = 14.0
"""People delayed on an average day in a middling council: 2.2 million days over 150 councils and 365 days are 41; the
median is well below the mean."""
SIZE_SD = 0.8
SEASON = 0.06
"""January over the average month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaSpec:
    """What the fictional areas are like, and what is done to one of them.

    Parameters
    ----------
    n_areas, n_months : int
    first_month : str
    start : int
        Month index of the treated area's first month with the intervention.
    effect : tuple of float
        Log rate ratio by year since the start; the last lasts.
    correlation, spread : float
        Of the areas' own deviations: from month to month, and their median standard deviation.
    spread_sd : float
        Of the log of that standard deviation between areas.
    national, loading_sd : float
        Standard deviation of the national course's monthly step, and of how strongly areas follow it.
    after_a_spike : bool
        Whether the treated area is the one that rose most in the year before the start, rather than any.
    """

    n_areas: int = 60
    n_months: int = 66
    first_month: str = "2013-10"
    start: int = 42
    effect: tuple[float, ...] = (0.0,)
    correlation: float = 0.7
    spread: float = 0.35
    spread_sd: float = 0.35
    national: float = 0.03
    loading_sd: float = 0.5
    after_a_spike: bool = False


def simulate_areas(spec: AreaSpec, seed: int | np.random.SeedSequence) -> tuple[Panel, int]:
    """Draw a panel of areas; the same spec and seed give the same panel everywhere.

    Returns
    -------
    panel : Panel
        Delayed days over days.
    treated : int
        Row of the treated area.
    """
    rng = np.random.default_rng(seed)
    months = np.datetime64(spec.first_month, "M") + np.arange(spec.n_months)
    days = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(float)
    log_rate = _log_rates(rng, spec, months)
    treated = _treated(rng, spec, log_rate)
    year = np.clip((np.arange(spec.n_months) - spec.start) // 12, 0, len(spec.effect) - 1)
    after = np.arange(spec.n_months) >= spec.start
    log_rate[treated] += np.where(after, np.asarray(spec.effect)[year], 0.0)
    width = len(str(spec.n_areas))
    names = [f"{number:0{width}d}" for number in range(1, spec.n_areas + 1)]
    frame = {"name": [f"Simulated area {n}" for n in names], "home_type": None, "beds": None, "area": None,
             "region": None, "provider": None}  # fmt: skip
    panel = Panel(
        units=pd.DataFrame(frame, index=pd.Index([f"X{n}" for n in names], name="unit")),
        months=months,
        counts=draw_counts(rng, np.exp(log_rate) * days),
        exposure=np.broadcast_to(days, log_rate.shape).copy(),
        outcome="delayed days, total",
        exposure_unit="days",
    )
    return panel, treated


def by_period(panel: Panel, start: int, length: int) -> tuple[Panel, int]:
    """Add up months to quarters or years that begin with the month of the start, as figures are mostly published.

    Returns
    -------
    panel : Panel
    start : int
        Position of the first period with the intervention.
    """
    first = start % length
    periods = (len(panel.months) - first) // length
    kept = slice(first, first + periods * length)
    shape = (len(panel.units), periods, length)
    counts, exposure = (values[:, kept].reshape(shape).sum(axis=2) for values in (panel.counts, panel.exposure))
    months = panel.months[kept][::length]
    added = replace(panel, months=months, counts=counts, exposure=exposure, length=length, digest="")
    return added, start // length


def _log_rates(rng: np.random.Generator, spec: AreaSpec, months: np.ndarray) -> np.ndarray:
    """Log of people delayed on an average day without the intervention, shape (N, T)."""
    n, T = spec.n_areas, spec.n_months
    own = np.log(PERSON_DELAYED) + SIZE_SD * rng.standard_normal(n)
    course = np.cumsum(spec.national * rng.standard_normal(T))
    follows = 1 + spec.loading_sd * rng.standard_normal(n)
    season = SEASON * np.cos(2 * np.pi * (months.astype(int) % 12) / 12)
    spread = spec.spread * np.exp(spec.spread_sd * rng.standard_normal(n))
    return own[:, None] + np.outer(follows, course) + season + spread[:, None] * _ar1(rng, (n, T), spec.correlation)


def _ar1(rng: np.random.Generator, shape: tuple[int, int], correlation: float) -> np.ndarray:
    """Stationary AR(1) deviations with standard deviation one."""
    steps = rng.standard_normal(shape)
    steps[:, 1:] *= np.sqrt(1 - correlation**2)
    for t in range(1, shape[1]):
        steps[:, t] += correlation * steps[:, t - 1]
    return steps


def _treated(rng: np.random.Generator, spec: AreaSpec, log_rate: np.ndarray) -> int:
    if not spec.after_a_spike:
        return int(rng.integers(spec.n_areas))
    year, before = log_rate[:, spec.start - 12 : spec.start], log_rate[:, spec.start - 24 : spec.start - 12]
    return int((np.exp(year).mean(axis=1) / np.exp(before).mean(axis=1)).argmax())
