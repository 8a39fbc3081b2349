"""How are the tables about residents read?"""

import pandas as pd

from analysis.disclosure import MARK
from analysis.residents.counted import COUNTED, ENDS
from analysis.results import interval
from analysis.tables.columns import Column, number

SPAN = ("estimate", "conf_low", "conf_high")


def _count(value: float) -> str:
    return MARK if pd.isna(value) else f"{value:,.0f}"


def _share(value: float) -> str:
    return MARK if pd.isna(value) else f"{100 * value:.0f}%"


def _points(estimate: float, low: float, high: float) -> str:
    return interval(100 * estimate, 100 * low, 100 * high, digits=1, none=0.0)


OUTCOMES = (
    Column("Counted", "outcome", lambda name: COUNTED[name].capitalize() if name[0] != "a" else COUNTED[name]),
    Column("With the support", "events_supported", _count), Column("A resident-year", "per_year_supported", number(2)),
    Column("Like them, without", "events_others", _count),
    Column("A resident-year, without", "per_year_others", number(2)),
    Column("Rate ratio (95% interval)", SPAN, interval),
)  # fmt: skip
AT_HORIZON = (
    Column("By then", "end", lambda name: ENDS[name]), Column("With the support", "supported", _share),
    Column("Like them, without", "others", _share),
    Column("Difference in percentage points (95% interval)", SPAN, _points),
)  # fmt: skip
INCIDENCE = (
    Column("Residents", "who"), Column("Days since moving in", "day", number(0)),
    Column("Still followed", "residents", _count), Column("Gone to hospital", "first_admission", _share),
    Column("Died without", "died_before_admission", _share), Column("Died", "died", _share),
)  # fmt: skip
BALANCE = (
    Column("Known on the day of moving in", "covariate"),
    Column("Apart before (standard deviations)", "before", number(2)),
    Column("Apart after", "after", number(2)),
)  # fmt: skip
KINDS = (Column("Kind of home", "subgroup"), Column("Rate ratio (95% interval)", SPAN, interval))
METHODS = (
    Column("Error", "method"), Column("Rate ratio (95% interval)", SPAN, interval),
    Column("What it is good for", "good_for"),
)  # fmt: skip
ACCOUNT = (
    Column("What", "what"), Column("Homes", "homes"), Column("Residents", "residents"),
    Column("Admissions", "admissions"), Column("Why", "why"),
)  # fmt: skip
