"""How many admissions, over how many bed-days, in which home and month?

A `Panel` is a pair of dense unit × month matrices with the units' attributes beside them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel:
    """Counts and exposure by unit (home or area) and month.

    Parameters
    ----------
    units : DataFrame, index ``unit`` (str), sorted
        Attributes that do not change: name, home_type ("nursing" or "residential"), beds, area, region, provider.
    months : ndarray of datetime64[M], shape (T,)
        Consecutive months.
    counts : ndarray of int64, shape (N, T)
        Events; zero where nothing was observed.
    exposure : ndarray of float64, shape (N, T)
        Bed-days; zero where nothing was observed. A unit-month takes part exactly where exposure is above zero.
    outcome, exposure_unit : str
        What was counted, over what, in words ("emergency admissions", "bed-days").
    digest : str
        SHA-256 of everything above in canonical order.
    """

    units: pd.DataFrame
    months: np.ndarray
    counts: np.ndarray
    exposure: np.ndarray
    outcome: str
    exposure_unit: str
    digest: str
