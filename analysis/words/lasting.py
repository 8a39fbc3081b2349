"""Did it last? Later years against the first, said."""

import numpy as np
import pandas as pd

from analysis.results import AFTERWARDS
from analysis.words.phrases import change, change_range, homes

TOO_SHORT = (
    "Nothing shows whether it lasts: no home has had it for more than a year, or too few admissions lie on either side "
    "of the first year."
)
ENOUGH, HALF = 20, 1.5
"""Homes followed beyond the first year with which a change by a half is seen in nine of ten panels; of ten homes it is
in one to two of five, of five never (`bench/lasting.csv`)."""
SELDOM = (
    f" With fewer than {ENOUGH} homes followed beyond the first year it could hardly have been seen: a change by a "
    f"half is said nine times in ten of {ENOUGH} homes, twice in five at most of 10, and never of 5."
)
CANNOT = (
    "Homes that were followed for long may be unlike those that started late, and whatever else changed in the later "
    "years is in this too."
)
"""What the comparison of years cannot tell."""


def lasted(found: pd.DataFrame) -> str:
    """Say in one sentence what the declared test comes to.

    Parameters
    ----------
    found : DataFrame
        The diagnostic "lasting".
    """
    row = found.loc[found["year"] == AFTERWARDS]
    if not len(row):
        return TOO_SHORT
    ratio, low, high = (float(row[name].iloc[0]) for name in ("ratio", "conf_low", "conf_high"))
    who = homes(int(row["homes"].iloc[0]))
    if not np.isfinite([ratio, low, high]).all():
        return f"Too few homes were followed beyond the first year ({who}) to say whether it lasts."
    held = f"after the first year than in the first year of the same {who}, each against what was expected"
    if low <= 1 <= high:
        return (
            f"Nothing shows that it grew or faded: anything {change_range(low, high)} {held}, fits the data (95% "
            f"interval).{_seldom(int(row['homes'].iloc[0]), low, high)}"
        )
    begins = "It grew" if high < 1 else "It did not last as it began"
    return f"{begins}: {change(ratio)} admissions {held} (95% interval: {change_range(low, high)})."


def _seldom(followed: int, low: float, high: float) -> str:
    """Say of few homes that it could hardly have been seen, unless their interval leaves out changes by a half."""
    left_out = low > 1 / HALF and high < HALF
    return "" if followed >= ENOUGH or left_out else SELDOM
