"""Did occupancy move with the start, and not only admissions?

Admissions are told per bed-day. If homes emptied or filled as the intervention came, the residents are others than
before, and a rate may change without anybody being cared for differently. The same model is asked about bed-days per
open month in place of admissions per bed-day: who is compared with whom, and the interval, are those of the answer.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.checks.bare import bare, leaves_out_no_effect, ratio
from analysis.design import Design
from analysis.errors import AnalysisError
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import Check, Fitted, interval

NAME = "Did occupancy move with the start?"
OUTCOMES = (Rate,)
MONTH = 30.0
"""Days of a month: bed-days become residents, whose numbers are of the size of counts."""
LARGE = 0.1
"""A tenth more or fewer bed-days is enough for the residents to be others than before."""

NEAR = 0.005
"""A change of less than half a percent is none: where bed-days hardly vary, the interval is as narrow as rounding."""
COLUMNS = ("what", "estimate", "conf_low", "conf_high")


def occupancy_moved(fitted: Fitted[Panel, Design]) -> Check:
    """Ask of bed-days what was asked of admissions."""
    panel = fitted.observed
    open_months = (panel.exposure > 0).astype(float)
    beds = replace(panel, counts=panel.exposure / MONTH, exposure=open_months, exposure_unit="months", digest="")
    try:
        estimate, low, high, _ = ratio(bare(fitted.model).fit(beds, fitted.design))
    except AnalysisError as said:
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=str(said))
    table = pd.DataFrame([("bed-days per open month", estimate, low, high)], columns=list(COLUMNS))
    told = (
        f"Bed-days per open month in homes with the intervention were {interval(estimate, low, high)} times what they "
        "would have been"
    )
    number = f"{abs(estimate - 1):.0%} {'more' if estimate >= 1 else 'fewer'} bed-days"
    if not np.isfinite([low, high]).all():
        return Check(name=NAME, passed=None, table=table, reading=f"{told}. {NO_INTERVAL}", number=number)
    moved = leaves_out_no_effect(low, high) and abs(estimate - 1) >= NEAR
    passed = False if moved else (None if abs(estimate - 1) > LARGE else True)
    return Check(name=NAME, passed=passed, table=table, reading=f"{told}{_end(passed)}", number=number)


NO_INTERVAL = "There are too few homes for an interval, so what chance gives cannot be said."


def _end(passed: bool | None) -> str:
    if passed is False:
        return (
            ", more than chance: other people live there than before, so part of a change in admissions per bed-day "
            "may be theirs. Ask why homes emptied or filled."
        )
    if passed is None:
        return ": large, though chance may explain it. A change in who lives there cannot be ruled out."
    return ": no more than chance. Residents may have changed without their number changing; that is not seen."
