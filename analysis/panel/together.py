"""How many admissions had many homes together, month by month, as it may be shown?

Counts of homes in bands (`panel.in_bands`) smooth a single month away: of 60 homes their sum strays by 10 to 13 from
115 admissions, as far as a month does by chance. So a cell of homes has its months rounded to the nearest 5 as a whole,
where that tells of none of them:

* **Once.** A total that is rounded anew when a home is added, corrected or moved, or when bed-days come, shows the
  difference. Which homes stand in a cell is remembered by the store when they are first counted
  (`store.let_out`), and what is rounded are the counts as they were first held, whatever else is known of them.
* **Of many.** Of `FEWEST_HOMES` homes that are told to have more than a small count, none with more than
  `LARGEST_SHARE` of all.
* **Within.** A total near the least or the most that the bands of its homes allow would say where in its band each
  home lies. Such a month, and every month of other cells, is the sum of counts drawn from the bands; that it is such a
  month leaves every home the whole of its band (`totals_allowed`; attack: `tests/disclosure/test_together.py`).

What is rounded as a whole is then divided among its homes as their counts are shown: so homes can be grouped, and left
out, in any way, and nothing is worked out from more than the bands and the one total.
"""

import numpy as np
import pandas as pd

from analysis.disclosure import HES
from analysis.disclosure.estimates import as_shown
from analysis.panel.in_bands import BASE, CountsInBands

FEWEST_HOMES = 10
"""Homes with more than a small count, in a cell whose months are rounded as a whole."""
LARGEST_SHARE = 0.5
"""Of a cell's events in one home: with more, its total tells of that home."""


def counts_together(told: CountsInBands, first: np.ndarray, by_chance: np.ndarray, cells: pd.DataFrame) -> np.ndarray:
    """Give counts that add up to what is shown of many homes together, shape (R, T).

    Parameters
    ----------
    told : CountsInBands
    first : ndarray of int64, shape (R, T)
        Counts as first held.
    by_chance : ndarray of int64, shape (R, T)
        Drawn from the bands of these.
    cells : DataFrame
        location_id, area, home_type, load: with whom each registration is added up.
    """
    found, there = by_chance.astype(float), told.whole.days > 0
    even = as_shown(told.held, told.whole.days, told.anchor)
    low, high = bounds_by_bands(told, there)
    of = cells.set_index("location_id").reindex(told.whole.registrations)
    for _, rows in of.reset_index(drop=True).groupby(["area", "home_type", "load"]).indices.items():
        if not _of_many(told.held[rows].sum(axis=1)):
            continue
        rounded = HES.base * np.floor(first[rows].sum(axis=0) / HES.base + 0.5)
        least, most = totals_allowed(low[rows].sum(axis=0), high[rows].sum(axis=0))
        spread = even[rows].sum(axis=0)
        whole = (rounded >= least) & (rounded <= most) & (spread > 0)
        scale = np.divide(rounded, spread, out=np.zeros_like(spread), where=spread > 0)
        found[rows] = np.where(whole, even[rows] * scale, found[rows])
    return found


def _of_many(own: np.ndarray) -> bool:
    """Whether homes are many enough, by what is told of the counts of each, shape (n,)."""
    return bool((own > HES.hidden_to).sum() >= FEWEST_HOMES and own.max() <= LARGEST_SHARE * own.sum())


def bounds_by_bands(told: CountsInBands, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the least and the most that each month could hold by its bands alone, shape (R, T)."""
    month, anchor = np.arange(told.held.shape[1]), told.anchor[:, None]
    counted_anew = (month == anchor) | (month == anchor - 1)
    low = np.where(counted_anew, told.held, np.maximum(told.held - (BASE - 1), 0))
    return np.where(there, low, 0), np.where(there, told.held + BASE - 1, 0)


WIDEST = 2 * (BASE - 1)
"""By so much the least and the most that a month of one home could hold differ at most."""


def totals_allowed(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the least and the most rounded total that is shown of months that could hold `low` to `high`.

    With a smaller one no home could have the most that its band allows; and that it is smaller than shown must allow it
    as well. Either way `WIDEST` admissions are left between the total and the end.
    """
    half = (HES.base - 1) // 2
    least = HES.base * np.ceil((low + WIDEST + half + 1) / HES.base)
    return least, HES.base * np.floor((high - WIDEST - half - 1) / HES.base)
