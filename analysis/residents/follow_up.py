"""How long was each new resident followed, in the home and in hospital, and what happened meanwhile?

Exposure is the days lived in the home less those in hospital (a resident in hospital cannot be admitted again), as in
the published evaluations; bed-days are counted over all days followed. Days in hospital that two admissions share
count once.
"""

import numpy as np
import pandas as pd

from analysis.residents.counted import A_AND_E_ALL, BED_DAYS, EMERGENCIES, PLANNED_ALL
from analysis.residents.records import A_AND_E, EMERGENCY, PLANNED

BY_KIND = {EMERGENCIES: EMERGENCY, A_AND_E_ALL: A_AND_E, PLANNED_ALL: PLANNED}
SHORTEST = 1.0
"""Days that a stay counts at least: whoever moves in and goes to hospital on one day was there for a part of it."""


def followed(residents: pd.DataFrame, admissions: pd.DataFrame) -> pd.DataFrame:
    """Count what happened to each resident until the end of follow-up.

    Parameters
    ----------
    residents : DataFrame
        One row each, index 0 … n − 1: stay, moved_in, end (the day after the last full day of follow-up), last (the
        last day whose admissions count).
    admissions : DataFrame
        stay, day, kind, nights.

    Returns
    -------
    DataFrame
        Counts by the names of `BY_KIND`, hospital_bed_days, days (followed), at_risk (days in the home) and
        first_admission (days from moving in to the first emergency admission, the day of moving in being 1; NaN where
        there was none).
    """
    place = pd.Series(residents.index, index=residents["stay"])
    row = place.reindex(admissions["stay"]).to_numpy(float)
    own = admissions.loc[~np.isnan(row)].assign(row=row[~np.isnan(row)].astype(np.int64))
    start, end, last = (residents[name].to_numpy() for name in ("moved_in", "end", "last"))
    own = own.loc[own["day"].to_numpy() <= last[own["row"]]].sort_values(["row", "day"], kind="stable")
    at, day, n = own["row"].to_numpy(), own["day"].to_numpy(), len(residents)
    found = {name: np.bincount(at[own["kind"] == kind], minlength=n) for name, kind in BY_KIND.items()}
    emergency = own["kind"].to_numpy() == EMERGENCY
    first = np.full(n, np.inf)
    np.minimum.at(first, at[emergency], (day - start[at] + 1)[emergency].astype(float))
    days = np.maximum(end - start, SHORTEST).astype(float)
    away = _nights(at, day, own["nights"].to_numpy(), end)
    return pd.DataFrame({
        **found, BED_DAYS: np.bincount(at, away, minlength=n), "days": days,
        "at_risk": np.maximum(days - np.bincount(at, away, minlength=n), SHORTEST),
        "first_admission": np.where(np.isfinite(first), first, np.nan),
    }, index=residents.index)  # fmt: skip


def _nights(at: np.ndarray, day: np.ndarray, nights: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Give the nights of each admission that no earlier one covers, shape (n,); rows by resident and day."""
    if not len(at):
        return np.zeros(0)
    until = np.minimum(day + nights, end[at])
    # running latest end within a resident: residents are set so far apart that no end reaches into the next
    apart = at * 1e7
    covered = np.concatenate([[-np.inf], np.maximum.accumulate(until + apart)[:-1]]) - apart
    return np.maximum(until - np.maximum(day, covered), 0.0)
