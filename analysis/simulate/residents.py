"""Who moves in, how ill, goes to hospital how often, and dies when, where the truth is known?

Beds of homes are filled one resident after another. Whoever moves in has an age band, a sex and some conditions, on
which both the rate of emergency admissions and that of death hang; homes differ by a gamma of their own. From its start
on a supported home has `rate_ratio` times the emergency admissions it would have had, and takes in residents who are
iller by `iller` conditions on average. Nothing else changes there: whoever compares homes over their resident-days
takes the iller newcomers for an effect of the support, and whoever compares new residents with others like them does
not.

Rates: Health Foundation, BMJ Quality & Safety 2019, table 5, of new residents (1.04 and 0.87 emergency admissions, 1.44
and 1.10 A&E attendances a year); some 35% of new residents die within a year, as in Nottingham (38% in 11 months).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.simulate.register import AREA

CONDITIONS = (
    "anxiety or depression", "chronic kidney disease", "copd", "dementia", "diabetes", "falls", "fracture",
    "heart failure", "incontinence", "parkinson's disease", "pressure ulcer", "stroke",
)  # fmt: skip
MEAN_CONDITIONS = 2.4
AGES = ("65-74", "75-79", "80-84", "85-89", "90+")
AGE_SHARES = (0.10, 0.14, 0.22, 0.28, 0.26)
FEMALE = 0.68
PER_YEAR = {True: 0.87, False: 1.04}
"""Emergency admissions of new residents a year, nursing and residential."""
ILLNESS_ON_ADMISSIONS, ILLNESS_ON_DEATH = 0.20, 0.25
"""Log rate a condition more."""
DEATHS_PER_YEAR, LEAVE_PER_YEAR, PLANNED_PER_YEAR, A_AND_E_ALONE_PER_YEAR = 0.42, 0.10, 0.18, 0.40
THROUGH_A_AND_E = 0.8
"""Part of emergency admissions that come by A&E."""
NIGHTS, EMPTY_DAYS = 8.0, 21.0
"""Mean length of an admission, and days a bed stands empty."""
HOSPITAL_DEATHS = 0.25
"""Part of those who die who die in hospital, some days after having left the home for it."""
DAYS = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentWorld:
    """A world of residents.

    Parameters
    ----------
    homes, supported : int
        Homes, the first of which are supported.
    beds : int
        Mean beds a home; the least is 6.
    days, start : int
        Days observed, and the day on which support begins.
    rate_ratio : float
        At most 1.
    iller : float
        Conditions more that newcomers of supported homes have from the start on.
    home_cv : float
        Coefficient of variation of homes' own rates.
    """

    homes: int = 80
    supported: int = 20
    beds: int = 30
    days: int = 1096
    start: int = 365
    rate_ratio: float = 0.75
    iller: float = 0.8
    home_cv: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HomesOfResidents:
    """The homes of a world.

    Parameters
    ----------
    beds : ndarray of int64, shape (homes,)
    nursing : ndarray of bool, shape (homes,)
    start : ndarray of float64, shape (homes,)
        Day on which support begins; infinite without it.
    rate_ratio : ndarray of float64, shape (homes,)
        What it does from then on; at most 1.
    """

    beds: np.ndarray
    nursing: np.ndarray
    start: np.ndarray
    rate_ratio: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimulatedResidents:
    """What came of a world; days count from its first.

    Parameters
    ----------
    spells : DataFrame
        home, person, moved_in, moved_out (NaN while there), died (NaN), age_band, sex, conditions (a number).
    admissions : DataFrame
        person, day, kind ("emergency", "A&E", "planned"), nights.
    homes : HomesOfResidents
    """

    spells: pd.DataFrame
    admissions: pd.DataFrame
    homes: HomesOfResidents


def simulate_residents(
    world: ResidentWorld, rng: np.random.Generator, homes: HomesOfResidents | None = None
) -> SimulatedResidents:
    """Draw a world, in homes that are drawn too where none are given."""
    homes, n = homes or _homes(world, rng), world.homes
    beds, nursing, start = homes.beds, homes.nursing, homes.start
    own = rng.gamma(1 / world.home_cv**2, world.home_cv**2, n) if world.home_cv else np.ones(n)
    stays = _stays(world, rng, beds, start)
    home = stays["home"].to_numpy()
    base = np.where(nursing[home], PER_YEAR[True], PER_YEAR[False]) * own[home] / DAYS
    rate = base * np.exp(ILLNESS_ON_ADMISSIONS * (stays["conditions"] - MEAN_CONDITIONS)).to_numpy()
    went = _emergencies(world, rng, stays, rate, homes)
    rest = _others(rng, stays, went)
    spells = stays.assign(
        moved_out=stays["moved_out"].where(stays["moved_out"] < world.days),
        died=stays["died"].where(stays["died"] < world.days),
    )
    admissions = pd.concat([went.assign(kind="emergency"), *rest], ignore_index=True)
    admissions = admissions.loc[admissions["day"] < world.days]
    admissions = admissions.drop_duplicates(["person", "day", "kind"]).sort_values(["person", "day", "kind"])
    return SimulatedResidents(
        spells=spells.drop(columns="first"), homes=homes,
        admissions=admissions[["person", "day", "kind", "nights"]].reset_index(drop=True),
    )  # fmt: skip


def _homes(world: ResidentWorld, rng: np.random.Generator) -> HomesOfResidents:
    n = world.homes
    return HomesOfResidents(
        beds=np.maximum(6, rng.gamma(3.0, world.beds / 3.0, n)).astype(np.int64), nursing=rng.random(n) < 0.3,
        start=np.where(np.arange(n) < world.supported, float(world.start), np.inf),
        rate_ratio=np.full(n, world.rate_ratio),
    )  # fmt: skip


def _stays(world: ResidentWorld, rng, beds: np.ndarray, start: np.ndarray) -> pd.DataFrame:
    """Fill every bed, one resident after another, until the last day."""
    home = np.repeat(np.arange(len(beds)), beds)
    moved_in, parts = -np.floor(rng.exponential(500, len(home))), []
    while len(home):
        iller = world.iller * (moved_in >= start[home])
        part = pd.DataFrame({
            "home": home, "moved_in": moved_in, "age_band": rng.choice(AGES, len(home), p=AGE_SHARES),
            "sex": np.where(rng.random(len(home)) < FEMALE, "female", "male"),
            "conditions": rng.binomial(len(CONDITIONS), (MEAN_CONDITIONS + iller) / len(CONDITIONS)),
        })  # fmt: skip
        hazard = DEATHS_PER_YEAR / DAYS * np.exp(ILLNESS_ON_DEATH * (part["conditions"] - MEAN_CONDITIONS))
        lived = np.floor(np.maximum(moved_in, 0) - moved_in + rng.exponential(1 / hazard))  # there on the first day
        left = np.floor(np.maximum(moved_in, 0) - moved_in + rng.exponential(DAYS / LEAVE_PER_YEAR, len(home)))
        part["died"] = np.where(lived <= left, moved_in + lived, np.nan)
        part["moved_out"] = moved_in + np.minimum(lived, left)
        parts.append(part)
        moved_in = part["moved_out"].to_numpy() + 1 + np.floor(rng.exponential(EMPTY_DAYS, len(home)))
        home, moved_in = home[moved_in < world.days], moved_in[moved_in < world.days]
    stays = pd.concat(parts, ignore_index=True)
    stays = stays.loc[rng.permutation(len(stays))].reset_index(drop=True)
    return stays.assign(person=np.arange(len(stays)), first=np.maximum(stays["moved_in"], 0))


def _emergencies(world: ResidentWorld, rng, stays: pd.DataFrame, rate: np.ndarray, homes: HomesOfResidents):
    """Draw emergency admissions, none while in hospital, and those of the year before moving in."""
    first, last = stays["first"].to_numpy(), np.minimum(stays["moved_out"], world.days).to_numpy()
    found = _spread(rng, rate, first, last)
    home = stays["home"].to_numpy()[found["row"]]
    kept = (found["day"] < homes.start[home]) | (rng.random(len(found)) < homes.rate_ratio[home])
    found = found.loc[kept].sort_values(["row", "day"], ignore_index=True)
    found["nights"] = rng.geometric(1 / NIGHTS, len(found)) - 1
    found = found.loc[_apart(found)]
    before = _spread(rng, rate, stays["moved_in"].to_numpy() - 365, stays["moved_in"].to_numpy())
    before = before.assign(nights=rng.geometric(1 / NIGHTS, len(before)) - 1)
    return pd.concat([found, before.loc[before["day"] >= 0]], ignore_index=True).rename(columns={"row": "person"})


def _spread(rng, rate: np.ndarray, first: np.ndarray, last: np.ndarray) -> pd.DataFrame:
    """Draw events at a rate over days, one row each: row, day."""
    length = np.maximum(last - first, 0)
    row = np.repeat(np.arange(len(rate)), rng.poisson(rate * length))
    return pd.DataFrame({"row": row, "day": first[row] + np.floor(rng.random(len(row)) * length[row])})


def _apart(found: pd.DataFrame) -> np.ndarray:
    """Tell which admissions come when the resident is not in hospital, shape (n,); rows by resident and day."""
    row, day, nights = (found[name].to_numpy() for name in ("row", "day", "nights"))
    kept, until = np.ones(len(found), bool), -np.inf
    for i in range(len(found)):
        if i and row[i] != row[i - 1]:
            until = -np.inf
        kept[i] = day[i] > until
        if kept[i]:
            until = day[i] + nights[i]
    return kept


def _others(rng, stays: pd.DataFrame, went: pd.DataFrame) -> list[pd.DataFrame]:
    """Draw attendances at A&E and planned admissions, which no support changes but through emergencies."""
    first, last = stays["first"].to_numpy(), stays["moved_out"].to_numpy()
    through = went.loc[rng.random(len(went)) < THROUGH_A_AND_E].assign(kind="A&E", nights=np.nan)
    parts = [through]
    for kind, per_year in (("A&E", A_AND_E_ALONE_PER_YEAR), ("planned", PLANNED_PER_YEAR)):
        some = _spread(rng, np.full(len(stays), per_year / DAYS), first, last).rename(columns={"row": "person"})
        nights = rng.geometric(0.5, len(some)) - 1.0 if kind == "planned" else np.nan
        parts.append(some.assign(kind=kind, nights=nights))
    return parts


def as_tables(found: SimulatedResidents, first: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Give stays, admissions and homes as the store holds them; `first` is the date of the first day."""
    day = np.datetime64(first, "D")

    def dates(values: pd.Series) -> np.ndarray:
        known = values.notna().to_numpy()
        whole = day + np.where(known, values.fillna(0), 0).astype(np.int64)
        return np.where(known, whole, np.datetime64("NaT")).astype("datetime64[us]")

    ids = np.array([f"1-{number:09d}" for number in range(len(found.homes.beds))], dtype=object)
    person = "P" + pd.Series(np.arange(found.spells["person"].max() + 1)).astype(str).str.zfill(7)
    spells = pd.DataFrame({
        "location_id": ids[found.spells["home"]], "person": person.to_numpy()[found.spells["person"]],
        **{name: dates(found.spells[name]) for name in ("moved_in", "moved_out", "died")},
        **found.spells[["age_band", "sex"]], "conditions": found.spells["conditions"].astype(str),
    })  # fmt: skip
    admissions = pd.DataFrame({
        "person": person.to_numpy()[found.admissions["person"]], "location_id": None,
        "admitted": dates(found.admissions["day"]), "kind": found.admissions["kind"],
        "nights": found.admissions["nights"].astype("Float64").astype("Int64"),
    })  # fmt: skip
    kind = np.where(found.homes.nursing, "nursing", "residential")
    homes = pd.DataFrame({"beds": found.homes.beds, "area": AREA, "home_type": kind}, index=pd.Index(ids, name="home"))
    return spells, admissions, homes
