"""How much of an intervention did each home have in each month?

Every row of the interventions file adds its dose to the months it runs in, from the day it began to the day it ended, a
month in which it ran for ten days of thirty at a third. So elements that come into place one after the other are rows
side by side, a dose that rises or falls is rows one after the other, and an intervention that pauses is a gap between
two. A row without a dose leaves the months it runs in unknown.
"""

import numpy as np
import pandas as pd

DAY = np.timedelta64(1, "D")


def doses_by_month(
    units: pd.Index, months: np.ndarray, rows: pd.DataFrame, length: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Add up what ran.

    Parameters
    ----------
    units : Index, length N
    months : ndarray of datetime64[M], shape (T,)
    rows : DataFrame
        unit, started, ended and dose, a row for each spell or element; without an end where it still runs.
    length : int
        Months in a period: `months` are the first of each.

    Returns
    -------
    dose : ndarray, shape (N, T)
        Zero where nothing ran, missing where something ran and nobody said how much.
    runs : ndarray of bool, shape (N, T)
        Home-months in which some row ran on some day.
    """
    home = units.get_indexer(rows["unit"].array)
    share = running(months, rows["started"], rows["ended"], length)
    dose, runs = np.zeros((len(units), len(months))), np.zeros((len(units), len(months)), bool)
    amount = pd.to_numeric(rows["dose"]).to_numpy(float)[:, None]
    np.add.at(dose, home, np.where(share > 0, share * amount, 0.0))
    np.logical_or.at(runs, home, share > 0)
    return dose, runs


def running(months: np.ndarray, started: pd.Series, ended: pd.Series, length: int = 1) -> np.ndarray:
    """Part of the days of each month, or period, on which each row ran, first and last day among them, shape (R, T)."""
    first, after = months.astype("datetime64[D]"), (months + length).astype("datetime64[D]")
    begun = started.to_numpy("datetime64[D]")[:, None]
    until = ended.to_numpy("datetime64[D]")[:, None] + DAY
    until = np.where(np.isnat(until), after[None, :], until)
    days = (np.minimum(until, after) - np.maximum(begun, first)) / DAY
    return np.clip(np.where(np.isnat(begun), 0.0, days), 0.0, None) / ((after - first) / DAY)
