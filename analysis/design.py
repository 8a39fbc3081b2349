"""Who is compared with whom, over which months?"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

NEVER = -1
"""Start index of a unit that never receives the intervention."""

Comparison = Literal["never_treated", "not_yet_treated"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """Who is compared with whom, over which window.

    Parameters
    ----------
    intervention : str
        Its name.
    start : ndarray of int64, shape (N,)
        Index into the panel's months of each unit's first month with the intervention; `NEVER` for comparison units.
    included : ndarray of bool, shape (N, T)
        Unit-months that take part: False where something was left out (selection window, anticipation, after the
        intervention ended, months excluded by the protocol). Months without exposure never take part anyway.
    comparison : Comparison
        Which untreated unit-months serve as comparison.
    left_out : DataFrame
        One row per rule that left something out: reason, units, unit_months.
    """

    intervention: str
    start: np.ndarray
    included: np.ndarray
    comparison: Comparison = "not_yet_treated"
    left_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["reason", "units", "unit_months"]))
