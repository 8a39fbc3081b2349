"""Would the method have found an effect a year before there was anything to find?

The start is moved back and the months from the true start on are cut off. An "effect" then is the method's own failing:
it follows the area badly, or the area was already on its way.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.areas.question import FEWEST
from analysis.design import NEVER, Design
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Model

EARLIER = 12
"""Months by which the start is moved back: a whole year, so that every season is before and after it alike."""


def placebo_in_time(model: Model, panel: Panel, design: Design, months: int = EARLIER) -> pd.DataFrame:
    """Fit as if the start had been earlier, on months before the true start only.

    Returns
    -------
    DataFrame
        One row: start (month), estimate, conf_low, conf_high, p_value; no row where too few months would be left.
    """
    treated = int(np.flatnonzero(design.start != NEVER)[0])
    true = int(design.start[treated])
    start = true - months // panel.length
    used = np.flatnonzero(design.included[treated, : max(start, 0)])
    columns = ["start", "estimate", "conf_low", "conf_high", "p_value"]
    if len(used) < FEWEST[panel.length]:
        return pd.DataFrame(columns=columns)
    included = design.included & (np.arange(len(panel.months)) < true)
    moved = replace(design, start=np.where(design.start == NEVER, NEVER, start), included=included)
    tidy = model.fit(panel, moved).tidy()
    row = tidy.loc[tidy["term"] == RATE_RATIO].iloc[0]
    told = [row[name] for name in ("estimate", "conf_low", "conf_high", "p_value")]
    return pd.DataFrame([(pd.Timestamp(panel.months[start]), *told)], columns=columns)
