"""In which quarters, or years, did homes have an intervention for a part only?

Of homes counted by month the month in which a home begins counts as with it, whatever the day. A quarter of which two
months were without it would draw an effect to none by as much, so it is left out; so is the one in which it ended.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.months import MONTH, PERIODS
from analysis.panel.dense import Panel

BEGAN, ENDED = "the {period} in which it began part of the way", "the {period} in which it ended part of the way"


def in_part(panel: Panel, first: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """Yield a reason and a mask of home-periods, shape (N, T), for beginning and for ending; nothing of months.

    Parameters
    ----------
    first : DataFrame
        unit, started and ended of each home's first spell; dates missing where they are not known.
    """
    if panel.length == MONTH:
        return
    a_month = pd.DateOffset(months=1)
    for reason, name, beside in ((BEGAN, "started", -a_month), (ENDED, "ended", a_month)):
        known = first.loc[first[name].notna()]
        day = pd.to_datetime(known[name])
        period = panel.month_index(day)
        inside = (period >= 0) & (period < len(panel.months)) & (period == panel.month_index(day + beside))
        mask = np.zeros(panel.counts.shape, bool)
        mask[panel.units.index.get_indexer(known["unit"].array)[inside], period[inside]] = True
        yield reason.format(period=PERIODS[panel.length]), mask
