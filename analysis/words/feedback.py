"""What visits say together, in sentences."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.monitoring.visits import FEWEST_PAIRS, GOOD_ENOUGH, Agreement
from analysis.months import day_said
from analysis.words.phrases import homes

CANNOT = (
    "Who visits, and where, is not by lot: homes that worry people are visited more, and by people who look for "
    "worries. A mean that moves may be another mix of homes or visitors.",
    "Steps are one person's view on one day. They enter no score, no early warning and no worklist: nobody has shown "
    "yet that they tell beforehand what happens to a home.",
)


def headline(rows: pd.DataFrame) -> str:
    """Say how many visits there are, of how many homes, and how many were shared."""
    if rows.empty:
        return "Nothing has been written down yet."
    n, shared = len(rows), int(rows["shared"].sum())
    audits = int(rows["sort"].str.endswith("audit").sum())
    first, last = day_said(rows["day"].min()), day_said(rows["day"].max())
    visits = f"{n:,} {'entry' if n == 1 else 'entries'}"
    return (
        f"{visits} of {homes(rows['home'].nunique())} from {first} to {last}, {audits} of them audits. {shared} "
        f"{'was' if shared == 1 else 'were'} shared with the manager."
    )


def agreement(found: Sequence[Agreement]) -> tuple[str, ...]:
    """Say how far visitors agree."""
    said = []
    for one in found:
        if not np.isfinite(one.alpha):
            said.append(
                f"{one.domain}: {one.pairs} pairs of visits to one home in one quarter; {FEWEST_PAIRS} are needed."
            )
            continue
        told = f"{one.domain}: {one.alpha:.2f} (95% interval {one.low:.2f} to {one.high:.2f}, {one.pairs} pairs)"
        said.append(f"{told}{'' if one.low >= GOOD_ENOUGH else ': too little to tell one home from another by it'}.")
    return tuple(said)


AGREE = (
    "Krippendorff’s alpha: 1 where two visits to one home in one quarter say the same, 0 where they agree no more than "
    f"visits to any two homes. Below {GOOD_ENOUGH} steps do not tell homes apart."
)


def of_home(rows: pd.DataFrame) -> str:
    """Say what was written of one home."""
    if rows.empty:
        return ""
    audits = int(rows["sort"].str.endswith("audit").sum())
    n, last = len(rows), day_said(rows["day"].max())
    steps = rows[["appearance", "environment", "interaction", "staffing"]].to_numpy(float)
    concerns = int((steps <= 2).any(axis=1).sum())
    entries = f"{n} visit{'' if n == 1 else 's'} and audits ({audits} audits)"
    return f"{entries} of it are written down, the last on {last}; {concerns} saw a concern in one of four domains."
