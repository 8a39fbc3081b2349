"""Which share of a home's posts is vacant, and which share of its staff left within a year?

Staff are people, and their counts are protected as those of residents are. A home's vacancies and leavers are nearly
always 1 to 7, which may not be shown; so each share is told as the span in which it lies by the counts as they may be
shown: 0, from 1 to 7, or within two of a multiple of 5. Where fewer than 8 posts are filled nothing is told.

    vacant: v / (v + f),   left: l / f

with f the filled posts (Skills for Care, "The state of the adult social care sector and workforce in England": vacancy
rate and turnover rate).
"""

import numpy as np
import pandas as pd

from analysis.disclosure import HES, instead

FEWEST_FILLED = HES.hidden_to + 1
AROUND = HES.base // 2
"""A count that was rounded to the nearest 5 lies within two of it."""
RECENT_DAYS = 365
"""Days before the last count of all in which a home's last count is set beside its peers'."""


def shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Lay out staffing as it may be shown.

    Parameters
    ----------
    rows : DataFrame
        counted, filled, vacant, left_in_a_year.

    Returns
    -------
    DataFrame
        counted, filled (to the nearest 5), vacant_low, vacant_high, left_low, left_high (per cent; missing where not
        known), in the order of days; only where enough posts are filled.
    """
    rows = rows[rows["filled"].fillna(0) >= FEWEST_FILLED].sort_values("counted")
    filled = instead(rows["filled"].to_numpy(float))
    found = pd.DataFrame({"counted": rows["counted"].to_numpy(), "filled": filled.astype(int)})
    fewest, most = filled - AROUND, filled + AROUND
    low, high = _band(rows["vacant"])
    found["vacant_low"], found["vacant_high"] = 100 * low / (low + most), 100 * high / (high + fewest)
    low, high = _band(rows["left_in_a_year"])
    found["left_low"], found["left_high"] = 100 * low / most, 100 * high / fewest
    return found


def _band(counts):
    """Between which numbers a count lies, by what may be shown of it."""
    count = pd.to_numeric(counts, errors="coerce").to_numpy(float, na_value=np.nan)
    hidden = (count > 0) & (count < FEWEST_FILLED)
    rounded = instead(count)
    low = np.where(hidden, 1, np.where(count == 0, 0, np.maximum(rounded - AROUND, FEWEST_FILLED)))
    high = np.where(hidden, HES.hidden_to, np.where(count == 0, 0, rounded + AROUND))
    return np.where(np.isnan(count), np.nan, low), np.where(np.isnan(count), np.nan, high)


def latest(rows: pd.DataFrame) -> pd.DataFrame:
    """Give every home's last shares, in the middle of what may be shown: index location_id; vacant, left in per cent.

    Parameters
    ----------
    rows : DataFrame
        location_id beside what `shares` takes.
    """
    rows = rows[rows["filled"].fillna(0) >= FEWEST_FILLED].sort_values("counted")
    recent = rows[rows["counted"] >= rows["counted"].max() - pd.Timedelta(days=RECENT_DAYS)]
    last = recent.drop_duplicates("location_id", keep="last").set_index("location_id")
    filled, vacant, left = (
        instead(last[name].to_numpy(float, na_value=np.nan)) for name in ("filled", "vacant", "left_in_a_year")
    )
    return pd.DataFrame({"vacant": 100 * vacant / (vacant + filled), "left": 100 * left / filled}, index=last.index)


def span_said(low: float, high: float) -> str:
    """Say a span of shares in whole per cent, outwards: ``3% to 18%``, ``none``, or ``not told``."""
    if np.isnan(low):
        return "not told"
    if high == 0:
        return "none"
    return f"{np.floor(low):.0f}% to {np.ceil(high):.0f}%"
