"""What stands under the pictures of closures? Counts are of homes; numbers of closures from 1 to 7 are kept back."""

import numpy as np
import pandas as pd

from analysis.disclosure import MARK
from analysis.ratings.closures.alike import ANY
from analysis.results import NOT_SHOWN, OBSERVED_EXPECTED, Effects, interval
from analysis.tables.columns import Column, number

SPAN = ("estimate", "conf_low", "conf_high")


def groups(effects: Effects) -> pd.DataFrame:
    """One row per group: group, estimate, conf_low, conf_high, told."""
    parts = [effects.tidy(by).rename(columns={by: "group"}) for by in ("overall", "subgroup")]  # type: ignore[arg-type]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.loc[rows["term"] == OBSERVED_EXPECTED, ["group", *SPAN]].reset_index(drop=True)
    names = [_group(str(name)) for name in rows["group"]]
    return rows.assign(group=names, told=[_told(*span) for span in rows[[*SPAN]].itertuples(index=False)])


def _group(name: str) -> str:
    told = name.rpartition(": ")[2]
    return {"all": "All", "nursing": "Nursing homes", "residential": "Residential homes"}.get(told, told)


def _told(estimate: float, low: float, high: float) -> str:
    return interval(estimate, low, high) if np.isfinite(estimate) else "too few closures to say"


def left_out_why(effects: Effects) -> str:
    """Say why no number is given; empty where one is."""
    return str(effects.summary.get(NOT_SHOWN, ""))


def _closures(count: object) -> str:
    return MARK if pd.isna(count) else f"{count:,}"


GROUPS = (Column("Homes", "group"), Column("Closures over expected (95% interval)", "told"))
BECAME = (Column("Supported homes", "became"), Column("Homes", "homes", _closures))
ALIKE = (
    Column("From", "since", lambda day: f"{day.day} {day:%B %Y}"), Column("Rating then", "rating"),
    Column("Size", "size"), Column("Kind", "home_type", lambda kind: "any" if kind == ANY else kind),
    Column("Supported", "supported", number(0)), Column("Others", "others", number(0)),
    Column("Others that closed", "others_left", _closures),
)  # fmt: skip
ACCOUNT = (Column("What", "what"), Column("Homes", "homes"), Column("Why", "why"))
