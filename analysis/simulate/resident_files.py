"""How would an evaluator hold the residents of some of the county's homes? Two files, by pseudonym.

Residents of 14 homes with the weekly ward round and of 36 homes without any intervention, from July 2019 to June 2022.
Supported homes take in iller people from their start on, who need hospital more often, so that homes compared over
their resident-days would seem helped by less than they were; the truth is that of `supports.RATE_RATIO`, from the first
day. They are people of their own, who are not those of the county's emergency admissions.
"""

import numpy as np
import pandas as pd

from analysis.simulate import supports
from analysis.simulate.county import County
from analysis.simulate.residents import (
    CONDITIONS,
    HomesOfResidents,
    ResidentWorld,
    SimulatedResidents,
    simulate_residents,
)

FIRST, LAST = np.datetime64("2019-07-01"), np.datetime64("2022-06-30")
SUPPORTED, OTHERS = 14, 36
OWN = 17
"""What sets the draws of residents apart from all others of the county's seed."""


def resident_files(county: County) -> tuple[dict[str, pd.DataFrame], dict]:
    """Give the two files by name, and the truth about them."""
    rng = np.random.default_rng([county.seed, OWN])
    start = county.started(supports.WARD_ROUND)
    some = _homes(county, rng, start)
    nursing = county.homes["nursing"].to_numpy(bool)[some]
    days = (start[some].astype("datetime64[D]") - FIRST).astype(float)
    homes = HomesOfResidents(
        beds=county.homes["beds"].to_numpy(np.int64)[some], nursing=nursing,
        start=np.where(np.isnat(start[some]), np.inf, days),
        rate_ratio=np.where(nursing, supports.RATE_RATIO[True], supports.RATE_RATIO[False]),
    )  # fmt: skip
    world = ResidentWorld(homes=len(some), supported=SUPPORTED, days=int((LAST - FIRST).astype(int)) + 1)
    found = simulate_residents(world, rng, homes)
    pseudonyms = _pseudonyms(rng, len(found.spells))
    ids = county.homes["location_id"].to_numpy(object)[some]
    files = {
        "resident_spells.csv": _spells(found, ids, pseudonyms, rng),
        "person_admissions.csv": _admissions(found, pseudonyms),
    }
    return files, {
        "homes": {"supported": SUPPORTED, "others": OTHERS},
        "rate_ratio": {"residential": supports.RATE_RATIO[False], "nursing": supports.RATE_RATIO[True]},
        "conditions_more_of_newcomers_of_supported_homes": world.iller,
    }


def _homes(county: County, rng: np.random.Generator, start: np.ndarray) -> np.ndarray:
    """Choose homes by lot among those that stayed open under one number: with the ward round, then without anything."""
    whole = (county.homes["closed"].isna() & ~county.homes["observed_earlier"].astype(bool)).to_numpy(bool)
    other = np.isin(np.arange(len(whole)), county.interventions["home"])
    sides = ((whole & ~np.isnat(start), SUPPORTED), (whole & ~other, OTHERS))
    return np.concatenate([np.sort(rng.permutation(np.flatnonzero(side))[:n]) for side, n in sides])


def _pseudonyms(rng: np.random.Generator, n: int) -> np.ndarray:
    """Keys that say nothing by their order, none twice."""
    return np.array([f"R{number:06d}" for number in rng.choice(10**6, n, replace=False)], dtype=object)


def _spells(found: SimulatedResidents, ids: np.ndarray, pseudonyms: np.ndarray, rng) -> pd.DataFrame:
    stays = found.spells
    names = np.array(CONDITIONS, dtype=object)
    told = ["; ".join(sorted(rng.permutation(names)[:n])) if n else "none" for n in stays["conditions"]]
    frame = pd.DataFrame({
        "location_id": ids[stays["home"]], "person_pseudonym": pseudonyms[stays["person"]],
        "moved_in": _dates(stays["moved_in"]), "moved_out": _dates(stays["moved_out"]), "died": _dates(stays["died"]),
        "age_band": stays["age_band"], "sex": stays["sex"], "conditions": told,
    })  # fmt: skip
    return frame.sort_values(["location_id", "moved_in", "person_pseudonym"], ignore_index=True)


def _admissions(found: SimulatedResidents, pseudonyms: np.ndarray) -> pd.DataFrame:
    rows = found.admissions
    frame = pd.DataFrame({
        "person_pseudonym": pseudonyms[rows["person"].to_numpy(np.int64)], "date": _dates(rows["day"]),
        "kind": rows["kind"], "length_of_stay": rows["nights"].astype("Float64").astype("Int64"),
    })  # fmt: skip
    return frame.sort_values(["date", "person_pseudonym", "kind"], ignore_index=True)


def _dates(days: pd.Series) -> list[str]:
    return ["" if pd.isna(day) else str(FIRST + int(day)) for day in days]
