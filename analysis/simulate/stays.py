"""When is somebody admitted, when ready to leave, when gone, and where to, when the truth is known?

Stays are drawn for admissions that are there already (`drawn_stays`), from random numbers of their own, so that the
sample's admissions are the same with and without. `simulate_stays` draws whole worlds around them: homes that differ in
size, in how often residents are admitted, at what hours and for how long, with good and bad spells; support in three
waves.

Days of a stay are a Poisson number around a gamma one, so that their mean is exact and their spread that of stays: a
few are very long. Somebody who waits does so for a part of the stay.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.outcomes import StayMeasure
from analysis.simulate import rates
from analysis.simulate.county import County
from analysis.simulate.supports import MONTHS_TO_FULL_EFFECT, WARD_ROUND, share_after
from analysis.sources.findings import Reading
from analysis.sources.layout import SET_ASIDE
from analysis.sources.schema import TABLES
from analysis.store import Store

WEEKDAY_OUT = 0.45
"""Chance that an admission on a working day falls before 8:00 or from 18:30 on; with weekends about six in ten."""
MEAN_DAYS, SHAPE = 8.0, 0.8
"""Days of an emergency stay, and the shape of the gamma: a third stay longer than the mean, one in 50 four times it."""
DELAYED, WAITED = 0.15, 0.5
"""Chance of waiting, and part of the stay that somebody waits who does."""
HOME_SD, SPELL_SD = 0.25, 0.2
"""Of the log of homes' mean stay, and of its good and bad spells; half as much of the chance of the evening."""
OPEN, CLOSE = 480, 1110
"""Minutes of the day between which a practice is open."""
COUNTY_WEEKDAY_OUT_RATIO = 0.85
"""What the sample's ward round does to the chance of the evening, once it works fully; to days it does nothing."""
STREAM = 19
"""Number of the sample's random numbers for stays, beside those of the county."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StayTruth:
    """What support multiplies, by home and month of admission, (N, T) each; ones where there is none.

    Parameters
    ----------
    evening : ndarray
        The chance that an admission on a working day comes out of hours.
    days, waits : ndarray
        The mean days of a stay; the chance of waiting, of those discharged to the home.
    """

    evening: np.ndarray
    days: np.ndarray
    waits: np.ndarray


def drawn_stays(rng: np.random.Generator, rows: pd.DataFrame, months: np.ndarray, truth: StayTruth) -> pd.DataFrame:
    """Draw what is known of each admission beside its day.

    Parameters
    ----------
    rows : DataFrame
        home (row of the truth), admitted.

    Returns
    -------
    DataFrame
        In the order of `rows`: minute, discharged, ready, went_to (row of a home, or -1).
    """
    home, n = rows["home"].to_numpy(), len(rows)
    admitted = rows["admitted"].to_numpy().astype("datetime64[D]")
    month = (admitted.astype("datetime64[M]") - months[0]).astype(int)
    shape = truth.days.shape
    level, spell = HOME_SD * rng.standard_normal(shape[0]), rates.monthly_shocks(rng, shape, sd=SPELL_SD)
    mean = np.exp(level[:, None] + spell - (HOME_SD**2 + SPELL_SD**2) / 2)
    out = np.clip(WEEKDAY_OUT * np.sqrt(mean) * truth.evening, 0, 1)[home, month]
    evening = rng.random(n) < np.round(out, 9)
    days = rng.poisson(np.round(rng.gamma(SHAPE, 1 / SHAPE, n) * (MEAN_DAYS * mean * truth.days)[home, month], 9))
    went_to = np.where(rng.random(n) < 0.9, home, rng.integers(-1, shape[0], n))
    waits = rng.random(n) < np.round(DELAYED * truth.waits[went_to, month], 9)
    waited = np.where(waits, rng.binomial(days, WAITED), 0)
    return pd.DataFrame({
        "minute": _minutes(rng, admitted, evening), "discharged": admitted + days,
        "ready": admitted + days - waited, "went_to": went_to,
    })  # fmt: skip


def _minutes(rng: np.random.Generator, admitted: np.ndarray, evening: np.ndarray) -> np.ndarray:
    """Draw minutes of the day, within opening hours or outside them; at weekends any."""
    inside = rng.integers(OPEN, CLOSE, len(evening))
    outside = (CLOSE + rng.integers(0, 1440 - CLOSE + OPEN, len(evening))) % 1440
    return np.where(evening | (~np.is_busday(admitted) & (inside % 2 == 0)), outside, inside)


def of_county(county: County) -> pd.DataFrame:
    """Draw the stays of the sample county: a row per row of its admissions, in their order."""
    supported = county.started(WARD_ROUND)
    works = share_after(county.months, supported, reached_in=MONTHS_TO_FULL_EFFECT)
    ones = np.ones(county.counts.shape)
    truth = StayTruth(evening=np.exp(np.log(COUNTY_WEEKDAY_OUT_RATIO) * works), days=ones, waits=ones)
    rng = np.random.default_rng([county.seed, STREAM])
    return drawn_stays(rng, county.admissions, county.months, truth)


INTERVENTION = "support"


@dataclass(frozen=True, slots=True, kw_only=True)
class StayWorld:
    """What is true of a world of stays.

    Parameters
    ----------
    homes, supported, months : int
    admissions, evening, days, waits : float
        What support multiplies from its start on.
    """

    homes: int = 60
    supported: int = 20
    months: int = 36
    admissions: float = 1.0
    evening: float = 1.0
    days: float = 1.0
    waits: float = 1.0

    @property
    def ratio(self) -> dict[StayMeasure, float]:
        """The truth by measure of `Stays`, where it is exact: those who wait come from other homes too.

        Delayed days of a home follow the admissions and days of every home that its residents come from, so that only
        where support changes neither they are moved by exactly `waits`.
        """
        own: dict[StayMeasure, float] = {
            "out_of_hours": self.evening, "hospital_bed_days": self.admissions * self.days,
            "length_of_stay": self.days,
        }  # fmt: skip
        waiting: dict[StayMeasure, float] = {"delayed_days": self.waits}
        return own | (waiting if self.admissions == self.days == 1 else {})


def simulate_stays(world: StayWorld, seed: int) -> dict[str, pd.DataFrame]:
    """Draw a world: tables as the store holds them, by name.

    30 beds a home on average, and a rate of 0.7 emergency admissions a resident-year; all of them on working days, so
    that the share out of hours is moved by exactly what moves the evenings.
    """
    rng = np.random.default_rng(seed)
    N, T = world.homes, world.months
    months = np.arange(np.datetime64("2019-01", "M"), np.datetime64("2019-01", "M") + T)
    names = np.array([f"1-{100000001 + home}" for home in range(N)])
    length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int)
    bed_days = np.round(np.maximum(rng.gamma(2.5, 12, N), 8)[:, None] * length)
    start = np.full(N, T)
    start[: world.supported] = np.array([T // 3, T // 2, 2 * T // 3])[np.arange(world.supported) % 3]
    on = np.arange(T) >= start[:, None]
    own = rates.home_multipliers(rng, N, 0.4)[:, None] * np.exp(rates.monthly_shocks(rng, (N, T), sd=0.2))
    counts = rates.draw_counts(rng, bed_days * 0.7 / 365 * own * np.where(on, world.admissions, 1.0))
    home, month = (np.repeat(index, counts[counts > 0]) for index in np.nonzero(counts))
    days = months[month].astype("datetime64[D]") + rng.integers(0, length[month])
    days = np.busday_offset(days, 0, roll="modifiedfollowing")  # which stays within the month
    rows = pd.DataFrame({"home": home, "admitted": days})
    truth = StayTruth(**{name: np.where(on, getattr(world, name), 1.0) for name in ("evening", "days", "waits")})
    stays = drawn_stays(rng, rows, months, truth)
    ids = np.array([*names, None], object)  # -1 is nowhere
    return {
        "admission_events": pd.DataFrame({
            "location_id": names[home], "admitted": days, "emergency": True, "avoidable": False}),
        "hospital_stays": stays.assign(location_id=names[home], admitted=days, emergency=True,
                                       went_to=ids[stays["went_to"]]),
        "occupancy": pd.DataFrame({
            "location_id": np.repeat(names, T), "month": np.tile(months.astype("datetime64[D]"), N),
            "bed_days": bed_days.ravel(), "basis": "resident days"}),
        "interventions": pd.DataFrame({
            "location_id": names[: world.supported], "intervention": INTERVENTION,
            "started": months[start[: world.supported]].astype("datetime64[D]")}),
    }  # fmt: skip


def store_of(tables: dict[str, pd.DataFrame], into: Store | None = None) -> Store:
    """Put tables into a store in memory, or one that is given, as if each had come from a file of its own."""
    store = into or Store.in_memory()
    nothing = pd.DataFrame(columns=list(SET_ASIDE))
    for name, table in tables.items():
        frame = table.reindex(columns=list(TABLES[name]))
        reading = Reading(
            file=name, digest=f"{name} {len(frame)}", layout=name, tables={name: frame}, findings=(),
            rows_in=len(frame), rows_used=len(frame), rows_dropped=0, set_aside=nothing,
        )  # fmt: skip
        store.load(reading)
    return store
