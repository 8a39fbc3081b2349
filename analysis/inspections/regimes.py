"""When did the rules of rating change, so that ratings before and after do not simply compare?

Five breaks in England's ratings of care homes, as data: charts mark them, models split time at them.

Sources: Care Quality Commission, announcements and notices in its published files (October 2014, April 2019, 16 March
2020, mid-2021, November 2023 to early 2024).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A change of the rules.

    Parameters
    ----------
    first, last : str
        First and last day ("2020-03-16"); the same day for a change without a length.
    label : str
        In few words, for a chart.
    says : str
        What it means for whoever compares ratings across it.
    """

    first: str
    last: str
    label: str
    says: str


BREAKS = (
    Break(
        first="2014-10-01", last="2014-10-01", label="ratings begin",
        says="Four ratings and five key questions begin on 1 October 2014; nothing earlier compares.",
    ),
    Break(
        first="2019-04-01", last="2019-04-01", label="ratings inherited",
        says="From 1 April 2019 a home that is registered anew keeps the rating of its earlier registration.",
    ),
    Break(
        first="2020-03-16", last="2021-06-30", label="routine inspection paused",
        says="From March 2020 to mid-2021 inspectors went only where they were worried, often without giving a rating.",
    ),
    Break(
        first="2023-11-21", last="2024-03-31", label="single assessment framework",
        says="From late 2023 to early 2024 a new framework with scores came in; homes with several services show “Not "
        "rated”.",
    ),
)  # fmt: skip

PERIODS = ("before the pause", "in the pause", "after the pause", "single assessment framework")
"""Stretches of time within which ratings compare, in order."""

STARTS = ("2020-03-16", "2021-07-01", "2023-11-21")
"""First day of every period but the first."""


def breaks(first: pd.Timestamp | None = None, last: pd.Timestamp | None = None) -> pd.DataFrame:
    """List the breaks that touch a window: first, last, label, says; in order of time.

    Parameters
    ----------
    first, last : Timestamp, optional
        Window; by default all of time.
    """
    rows = pd.DataFrame(
        [(b.first, b.last, b.label, b.says) for b in BREAKS], columns=["first", "last", "label", "says"]
    )
    rows = rows.assign(first=pd.to_datetime(rows["first"]), last=pd.to_datetime(rows["last"]))
    begins, ends = pd.Timestamp.min if first is None else first, pd.Timestamp.max if last is None else last
    return rows.loc[(rows["last"] >= begins) & (rows["first"] <= ends)].reset_index(drop=True)


def period(days: pd.Series) -> pd.Series:
    """Say in which of `PERIODS` each day lies (ordered; missing days stay missing)."""
    position = np.searchsorted(np.array(STARTS, "datetime64[D]"), days.to_numpy("datetime64[D]"), side="right")
    codes = np.where(days.isna(), -1, position)
    return pd.Series(pd.Categorical.from_codes(codes, list(PERIODS), ordered=True), days.index)
