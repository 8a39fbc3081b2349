"""Tables of planning: powers, smallest effects, schedules and what to collect, as they are read."""

import numpy as np
import pandas as pd

from analysis.months import month_said
from analysis.tables.columns import Column


def share(value: float) -> str:
    """Write a share as a whole percentage: 0.37 is "37%"."""
    return f"{value:.0%}"


def fall(ratio: float) -> str:
    """Write a rate ratio as a fall: "27%"; "more than was tried" where there is none."""
    return share(1 - ratio) if np.isfinite(ratio) else "more than was tried"


POWER = (
    Column("Fewer admissions", "rate_ratio", fall),
    Column("Found", "power", share),
    Column("Give or take, for so few simulations", ("power_low", "power_high"), lambda a, b: f"{a:.0%} to {b:.0%}"),
    Column("Interval held the truth", "held", share),
    Column("Simulations", "simulations"),
)
"""Of the power of one study by size of effect."""
SMALLEST = (
    Column("Supported homes", "supported"),
    Column("Other homes", "compared"),
    Column("Months before", "before"),
    Column("Months after", "after"),
    Column("Waves", "waves"),
    Column("Smallest fall found four times in five", "rate_ratio", fall),
)
"""Of the smallest effects of several studies."""
SCHEDULE = (
    Column("Home", "name"),
    Column("Location ID", "location_id"),
    Column("Wave", "wave"),
    Column("Starts in", "start_month", month_said),
)
SHARES = (Column("Improve with support", "better", share), Column("Found", "power", share))
"""Of the power of a study of ratings."""
COLLECT = (
    Column("What", "what"),
    Column("When", "when"),
    Column("Why", "why"),
    Column("Where from", "source"),
    Column("File", "file"),
    Column("Columns", "columns"),
)


def balance(counts: pd.DataFrame) -> tuple[Column, ...]:
    """Say how many homes of each kind start in each wave: wave, start_month, homes, then a column for each kind."""
    of_kinds = (name for name in counts if name not in ("wave", "start_month", "homes"))
    first = Column("Wave", "wave"), Column("Starts in", "start_month", month_said), Column("Homes", "homes")
    return *first, *(Column(str(name).capitalize(), str(name)) for name in of_kinds)
