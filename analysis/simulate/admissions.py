"""Which people went to hospital, on which day, how, and for what?

Counts by home and month become one row per admission, as hospital data hold them: emergency admissions with the
method codes and primary diagnoses (ICD-10) of care-home residents, 41% of them potentially avoidable by the list of
CQC and the Improvement Analytics Unit; and planned ones, which an evaluation of emergencies must leave out. Planned
admissions have a rate of their own, which no intervention touches: what the same model finds in them is error
(`checks.negative_control`).
"""

import numpy as np
import pandas as pd

from analysis.simulate import rates

AVOIDABLE_SHARE = 0.41
"""Of emergency admissions of care-home residents (IAU, July 2019)."""
PLANNED_SHARE = 0.10
"""Planned admissions per emergency one in a county where nothing was done; a judgement."""
PLANNED_CV = 0.4
"""How far homes differ in their planned admissions; as in emergencies, and for reasons of their own."""
EMERGENCY_METHODS = {"21": 0.83, "22": 0.05, "23": 0.02, "24": 0.01, "28": 0.02, "2A": 0.04, "2B": 0.02, "2D": 0.01}
PLANNED_METHODS = {"11": 0.5, "12": 0.3, "13": 0.2}
AVOIDABLE = {
    "J189": 0.26, "J22X": 0.12, "N390": 0.22, "J440": 0.09, "J690": 0.07, "S720": 0.13, "A099": 0.04, "E119": 0.03,
    "L899": 0.02, "S525": 0.02,
}  # fmt: skip
"""Pneumonia, chest and urinary infection, COPD, aspiration, fractures, gut infection, diabetes, pressure sores."""
OTHER = {
    "A419": 0.16, "I500": 0.10, "I639": 0.09, "R296": 0.12, "R55X": 0.07, "N179": 0.10, "S099": 0.10, "K922": 0.07,
    "F03X": 0.06, "R410": 0.13,
}  # fmt: skip
PLANNED_DIAGNOSES = {"H269": 0.4, "Z466": 0.2, "D509": 0.2, "C679": 0.2}


def emergency_rows(rng: np.random.Generator, counts: np.ndarray, months: np.ndarray, closed: pd.Series) -> pd.DataFrame:
    """Turn counts of emergencies into admissions.

    Parameters
    ----------
    rng : Generator
    counts : ndarray of int64, shape (N, T)
        Emergency admissions by home and month.
    months : ndarray of datetime64[M], shape (T,)
    closed : Series of datetime, shape (N,)
        Day a home closed, or missing: nobody is admitted from it afterwards.

    Returns
    -------
    DataFrame
        One row per admission: home, admitted, method, diagnosis.
    """
    # drawn and not used: planned admissions once came from here, and every emergency keeps its day and diagnosis
    unused = rng.poisson(np.round(PLANNED_SHARE * counts, 9))
    rows, _ = _days(rng, counts, months, closed), _days(rng, unused, months, closed)
    avoidable = rng.random(len(rows)) < AVOIDABLE_SHARE
    diagnosis = np.where(avoidable, _drawn(rng, AVOIDABLE, len(rows)), _drawn(rng, OTHER, len(rows)))
    return rows.assign(method=_drawn(rng, EMERGENCY_METHODS, len(rows)), diagnosis=diagnosis)


def planned_rows(
    rng: np.random.Generator, nursing: np.ndarray, bed_days: np.ndarray, months: np.ndarray, closed: pd.Series
) -> pd.DataFrame:
    """Draw planned admissions, which no intervention and no spell of emergencies changes.

    Parameters
    ----------
    rng : Generator
        Of their own: emergencies do not depend on it.
    nursing : ndarray of bool, shape (N,)
    bed_days : ndarray of float64, shape (N, T)
    months, closed
        As of emergencies.

    Returns
    -------
    DataFrame
        One row per admission: home, admitted, method, diagnosis.
    """
    per_year = np.where(nursing, rates.NURSING_PER_RESIDENT_YEAR, rates.RESIDENTIAL_PER_RESIDENT_YEAR)
    own = PLANNED_SHARE * per_year / rates.DAYS_PER_YEAR * rates.home_multipliers(rng, len(nursing), PLANNED_CV)
    rows = _days(rng, rates.draw_counts(rng, own[:, None] * bed_days), months, closed)
    methods, diagnoses = _drawn(rng, PLANNED_METHODS, len(rows)), _drawn(rng, PLANNED_DIAGNOSES, len(rows))
    return rows.assign(method=methods, diagnosis=diagnoses)


def in_order(*rows: pd.DataFrame) -> pd.DataFrame:
    """Put admissions in order of day and home."""
    return pd.concat(rows, ignore_index=True).sort_values(
        ["admitted", "home", "method", "diagnosis"], ignore_index=True
    )


def _days(rng: np.random.Generator, counts: np.ndarray, months: np.ndarray, closed: pd.Series) -> pd.DataFrame:
    """One row per admission: home and a day of the month on which the home was open."""
    home, month = (np.repeat(index, counts[counts > 0]) for index in np.nonzero(counts))
    first = months[month].astype("datetime64[D]")
    next_month = (months[month] + 1).astype("datetime64[D]")
    last_open = closed.to_numpy().astype("datetime64[D]")[home]
    days = np.maximum((np.fmin(next_month, last_open) - first).astype(int), 1)
    return pd.DataFrame({"home": home, "admitted": first + rng.integers(0, days)})


def _drawn(rng: np.random.Generator, shares: dict[str, float], n: int) -> np.ndarray:
    return rng.choice(list(shares), n, p=list(shares.values()))
