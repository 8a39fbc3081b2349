"""What will the county's homes see in the years after its files end, had nothing more been done?

The same world goes on: each home's own rate, winter and trend, spells that continue from where they were, and as many
residents as in the last year, month by month a little more or fewer. Nobody who projects knows any of it.
"""

import numpy as np

from analysis.simulate import rates
from analysis.simulate.county import OCCUPANCY_SHOCK_SD, SHOCK_SD, County

CORRELATION = 0.8
"""Of spells from month to month, as in `rates.monthly_shocks`."""


def untreated_futures(county: County, months: int, n: int, seed: int | np.random.SeedSequence) -> np.ndarray:
    """Draw expected emergency admissions without any intervention, shape (n, N, months), in the order of `homes`.

    Parameters
    ----------
    county : County
    months : int
        From the month after the county's last.
    n : int
        How many futures.
    seed : int or SeedSequence
    """
    rng = np.random.default_rng(seed)
    every = np.arange(county.months[0], county.months[-1] + 1 + months)
    ahead = every[len(county.months) :]
    calendar = rates.winter_and_trend(every)[len(county.months) :]
    days = ((ahead + 1).astype("datetime64[D]") - ahead.astype("datetime64[D]")).astype(int)
    spells = _continued(rng, _last_spell(county), (n, months))
    homes = len(county.homes)
    fuller = np.stack([rates.monthly_shocks(rng, (homes, months), sd=OCCUPANCY_SHOCK_SD) for _ in range(n)])
    bed_days = (_residents(county)[:, None] * days) * (1 + fuller)
    return bed_days * county.own_rate[:, None] * calendar * np.exp(spells - SHOCK_SD**2 / 2)


def _last_spell(county: County) -> np.ndarray:
    """Log of each home's spell in its last month with bed-days, shape (N,); zero where it has none."""
    at = county.bed_days.shape[1] - 1 - (county.bed_days[:, ::-1] > 0).argmax(1)
    row = np.arange(len(at))
    expected = county.bed_days[row, at] * county.own_rate * rates.winter_and_trend(county.months)[at]
    with np.errstate(divide="ignore", invalid="ignore"):
        spell = np.log(county.untreated[row, at] / expected) + SHOCK_SD**2 / 2
    return np.where(np.isfinite(spell), spell, 0.0)


def _continued(rng: np.random.Generator, last: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """AR(1) spells from where they were, shape (n, N, months)."""
    n, months = shape
    spells, now = np.empty((n, len(last), months)), np.broadcast_to(last, (n, len(last)))
    for month in range(months):
        new = rng.standard_normal(now.shape) * SHOCK_SD * np.sqrt(1 - CORRELATION**2)
        now = CORRELATION * now + new
        spells[:, :, month] = now
    return spells


def _residents(county: County) -> np.ndarray:
    """Residents on an average day of the last year, none where the home has closed; shape (N,)."""
    recent, months = county.bed_days[:, -12:], county.months[-12:]
    days = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int)
    return np.where(county.bed_days[:, -1] > 0, recent.sum(1) / np.where(recent > 0, days, 0).sum(1).clip(1), 0.0)
