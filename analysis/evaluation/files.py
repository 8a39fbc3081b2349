"""How is an answer laid out in files, so that another program reads it and another machine writes the same?"""

from collections.abc import Mapping
from typing import get_args

import pandas as pd

from analysis import disclosure
from analysis.questions import Question
from analysis.results import TIDY, By, Check, Effects

DIGITS = "%.12g"
"""Digits written: beyond these, numbers of one machine differ from those of another."""


FEW_DIGITS = "%.3g"
"""Digits of what is read beside the answer: more say nothing, and could be worked back to single admissions."""
HANDED_ON = (
    "inference", "pre_trend", "effects", "others", "dose", "degrees_of_freedom", "quality", "became", "strata", "luck",
    "chances", "coefficients", "intensities", "intervals", "residents", "ends", "incidence", "balance",
    "by_home", "homes_differ",
)  # fmt: skip
"""Diagnostics that are written: those that count no people."""


def all_groupings(effects: Effects, question: Question) -> pd.DataFrame:
    """All groupings in one frame: by, group, then the tidy columns; of admissions by group the rate ratio only."""
    parts = []
    for by in (by for by in get_args(By) if by in effects.tables):
        part = question.estimates(effects, by).rename(columns={by: "group"})
        labels = pd.Series([_label(value) for value in part["group"]], part.index, dtype=object)
        parts.append(part.assign(by=by, group=labels))
    frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return frame.reindex(columns=["by", "group", *TIDY])


NOT_FOR_RELEASE = "not for release: small counts can be worked out from these digits"


def marked(frame: pd.DataFrame) -> pd.DataFrame:
    """Say in every row that it is for the owner of the store alone."""
    return frame.assign(release=NOT_FOR_RELEASE)


def _label(value: object) -> object:
    return f"{value:%Y-%m}" if isinstance(value, pd.Timestamp) else value


def diagnostics_in_rows(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give what a careful reader asks for, one value a row: diagnostic, row of the frame it came from, name, value."""
    named = [
        frame.reset_index(drop=True).rename_axis("row").reset_index().melt("row", var_name="name")
        .assign(diagnostic=name) for name, frame in frames.items() if len(frame)
    ]  # fmt: skip
    columns = ["diagnostic", "row", "name", "value"]
    if not named:
        return pd.DataFrame(columns=columns)
    rows = pd.concat(named, ignore_index=True).sort_values(["diagnostic", "row"], kind="stable")
    rows["value"] = [FEW_DIGITS % value if isinstance(value, float) else value for value in rows["value"]]
    return rows[columns]


def csv(frame: pd.DataFrame, digits: str = DIGITS) -> str:
    """Write a frame as CSV; nothing in it runs as a formula."""
    return disclosure.inert(frame).to_csv(index=False, float_format=digits, lineterminator="\n")


def passed(check: Check) -> str:
    """Say how a check came out, in a word for a file."""
    return {True: "yes", False: "no", None: "cannot say"}[check.passed]
