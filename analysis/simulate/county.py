"""What is seen in a fictional county, when its truth is known?

`simulate_county(seed)` draws Marlshire: 160 homes from January 2018 to December 2023, their inspections, their
admissions one by one, their resident-days, and three interventions (`supports`). Homes differ by a gamma of
coefficient of variation 0.4; shocks, winter and trend are those of `rates`. No pandemic: admissions and occupancy run
through 2020 as in any other year; only inspections pause.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.panel import Panel
from analysis.simulate import rates, supports
from analysis.simulate.admissions import emergency_rows, in_order, planned_rows
from analysis.simulate.inspections import Timetable, inspect_homes
from analysis.simulate.register import AREA, REGION, register

HOMES = 160
MONTHS = np.arange("2018-01", "2024-01", dtype="datetime64[M]")
INSPECTED_UNTIL = np.datetime64("2024-07-01")
EXTRACTED = pd.Timestamp("2024-08-01")
"""When the county's files were drawn: what was published later is not in them."""
HOME_CV = 0.4
SHOCK_SD = 0.25
"""Good and bad spells; a little smaller than in the size table, as homes of one county share much."""
OCCUPANCY, OCCUPANCY_SD = 0.86, 0.10
OCCUPANCY_SHOCK_SD = 0.03
"""Month to month, about a home's own level."""
OCCUPANCY_RANGE = (0.55, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class County:
    """A fictional county and its truth.

    Parameters
    ----------
    seed : int
    months : ndarray of datetime64[M], shape (T,)
    homes : DataFrame, one row per home (N)
        See `register`; and `closed`, the day a home closed for good, or missing.
    inspections : DataFrame
        See `inspect_homes`.
    interventions : DataFrame
        One row per home and spell: home, intervention, start, dose, chosen_by, chosen_from, chosen_to.
    admissions : DataFrame
        One row per admission, planned ones too: home, admitted, method, diagnosis.
    counts : ndarray of int64, shape (N, T)
        Emergency admissions.
    bed_days : ndarray of float64, shape (N, T)
    expected, untreated : ndarray of float64, shape (N, T)
        Expected emergency admissions over these bed-days, with the interventions and without.
    own_rate : ndarray of float64, shape (N,)
        Emergency admissions per bed-day of each home in an average month of the first year, good and bad spells aside.
    """

    seed: int
    months: np.ndarray
    homes: pd.DataFrame
    inspections: pd.DataFrame
    interventions: pd.DataFrame
    admissions: pd.DataFrame
    counts: np.ndarray
    bed_days: np.ndarray
    expected: np.ndarray
    untreated: np.ndarray
    own_rate: np.ndarray

    def started(self, intervention: str) -> np.ndarray:
        """First month of each home with the intervention, datetime64[M], NaT where it never starts; shape (N,)."""
        return _started(self.interventions, intervention, len(self.homes))

    def homes_with(self, intervention: str) -> list[str]:
        """Return the units of `panel` that ever start."""
        return self.homes["location_id"][~np.isnat(self.started(intervention))].tolist()

    def panel(self) -> Panel:
        """Return the county's emergency admissions as they would be loaded, without the way through files."""
        homes = self.homes.sort_values("location_id")
        units = pd.DataFrame(
            {
                "name": homes["name"].to_numpy(),
                "home_type": np.where(homes["nursing"], "nursing", "residential"),
                "beds": homes["beds"].to_numpy(),
                "area": AREA,
                "region": REGION,
                "provider": homes["provider_id"].to_numpy(),
            },
            index=pd.Index(homes["location_id"], name="unit"),
        )
        return Panel(
            units=units,
            months=self.months,
            counts=self.counts[homes.index],
            exposure=self.bed_days[homes.index],
            outcome="emergency admissions",
            exposure_unit="bed-days",
        )

    def spells(self) -> pd.DataFrame:
        """Return the interventions by unit of `panel`: unit, intervention, started, and how homes were chosen."""
        unit = self.homes["location_id"].to_numpy()[self.interventions["home"]]
        frame = self.interventions.drop(columns=["home", "start"])
        dates = {name: pd.to_datetime(self.interventions[name]) for name in ("start", "chosen_from", "chosen_to")}
        return frame.assign(unit=unit, started=dates.pop("start"), ended=pd.NaT, **dates)


def simulate_county(seed: int) -> County:
    """Draw the county; the same seed gives the same county everywhere.

    Parameters
    ----------
    seed : int
        Where all randomness comes from.

    Returns
    -------
    County
    """
    seeds, *others = np.random.SeedSequence(seed).spawn(6)
    inspectors = seeds.spawn(HOMES)
    rng_homes, rng_choice, rng_months, rng_events, rng_planned = map(np.random.default_rng, others)
    homes = register(rng_homes, HOMES, _first_day(MONTHS[0]), _first_day(MONTHS[-1] + 1))
    trained = supports.choose_for_training(rng_choice, inspect_homes(inspectors, _timetables()))
    inspections = inspect_homes(inspectors, _timetables(_started(trained, supports.TRAINING, HOMES)))
    inspections = inspections.loc[inspections["published"] < EXTRACTED]
    closed = pd.Series(pd.to_datetime(inspections.groupby("home")["closes"].last().reindex(homes.index)))
    homes["closed"] = closed
    rounds = supports.choose_for_ward_round(rng_choice, homes, _taken(trained))
    supported = _started(rounds, supports.WARD_ROUND, HOMES)
    bed_days = _bed_days(rng_months, homes, supported)
    own_rate = _own_rates(rng_months, homes["nursing"].to_numpy())
    untreated = bed_days * _rates(rng_months, own_rate)
    expected = untreated * _rate_ratio(homes["nursing"].to_numpy(), supported)
    counts = rates.draw_counts(rng_events, expected)
    emergencies = emergency_rows(rng_events, counts, MONTHS, closed)
    planned = planned_rows(rng_planned, homes["nursing"].to_numpy(), bed_days, MONTHS, closed)
    rapid = supports.choose_for_rapid_response(counts, bed_days, MONTHS, _taken(trained, rounds))
    return County(
        seed=seed,
        months=MONTHS,
        homes=homes,
        inspections=inspections,
        interventions=pd.concat([rounds, trained, rapid], ignore_index=True),
        admissions=in_order(emergencies, planned),
        counts=counts,
        bed_days=bed_days,
        expected=expected,
        untreated=untreated,
        own_rate=own_rate,
    )


def _first_day(month: np.datetime64) -> np.datetime64:
    return month.astype("datetime64[D]")


def _timetables(trained: np.ndarray | None = None) -> list[Timetable]:
    """Say what inspectors know of each home; `trained` is its month of training or NaT, shape (N,)."""
    starts = np.full(HOMES, np.datetime64("NaT", "M")) if trained is None else trained
    return [
        Timetable(until=INSPECTED_UNTIL, trained_from=start, odds_of_improving=supports.ODDS_OF_IMPROVING)
        for start in starts
    ]


def _started(spells: pd.DataFrame, intervention: str, n: int) -> np.ndarray:
    started = np.full(n, np.datetime64("NaT", "M"))
    own = spells["intervention"].to_numpy() == intervention
    started[spells["home"].to_numpy()[own]] = spells["start"].to_numpy()[own].astype("datetime64[M]")
    return started


def _taken(*spells: pd.DataFrame) -> np.ndarray:
    """Homes that have an intervention already, shape (N,)."""
    return np.isin(np.arange(HOMES), np.concatenate([frame["home"] for frame in spells]))


def _bed_days(rng: np.random.Generator, homes: pd.DataFrame, supported: np.ndarray) -> np.ndarray:
    """Whole resident-days by home and month, shape (N, T); none once a home has closed."""
    shape = (len(homes), len(MONTHS))
    own = np.clip(OCCUPANCY + OCCUPANCY_SD * rng.standard_normal(shape[0]), *OCCUPANCY_RANGE)
    shocks = rates.monthly_shocks(rng, shape, sd=OCCUPANCY_SHOCK_SD)
    left = 1 - supports.BED_DAYS_LOST * supports.share_after(MONTHS, supported, reached_in=supports.MONTHS_TO_LOSE_THEM)
    taken = np.minimum(own[:, None] + shocks, 1) * left * homes["beds"].to_numpy()[:, None]
    first, after = MONTHS.astype("datetime64[D]"), (MONTHS + 1).astype("datetime64[D]")
    closed = homes["closed"].to_numpy().astype("datetime64[D]")
    closed = np.where(np.isnat(closed), after[-1], closed)
    days_open = np.clip((closed[:, None] - first).astype(int), 0, (after - first).astype(int))
    return np.round(taken * days_open)


def _own_rates(rng: np.random.Generator, nursing: np.ndarray) -> np.ndarray:
    """Emergency admissions per bed-day of each home in an average month of the first year, shape (N,)."""
    per_year = np.where(nursing, rates.NURSING_PER_RESIDENT_YEAR, rates.RESIDENTIAL_PER_RESIDENT_YEAR)
    return per_year / rates.DAYS_PER_YEAR * rates.home_multipliers(rng, len(nursing), HOME_CV)


def _rates(rng: np.random.Generator, own: np.ndarray) -> np.ndarray:
    """Emergency admissions per bed-day without any intervention, shape (N, T)."""
    shocks = rates.monthly_shocks(rng, (len(own), len(MONTHS)), sd=SHOCK_SD)
    return own[:, None] * rates.winter_and_trend(MONTHS) * np.exp(shocks - SHOCK_SD**2 / 2)


def _rate_ratio(nursing: np.ndarray, supported: np.ndarray) -> np.ndarray:
    """Effect of the ward round on each home-month's rate, as a rate ratio of shape (N, T)."""
    final = np.log(np.where(nursing, supports.RATE_RATIO[True], supports.RATE_RATIO[False]))
    share = supports.share_after(MONTHS, supported, reached_in=supports.MONTHS_TO_FULL_EFFECT)
    return np.exp(final[:, None] * share)
