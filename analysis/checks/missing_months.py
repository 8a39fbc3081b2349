"""Are months missing, and more often where it would matter?

Months without bed-days or with suppressed counts take no part. That does no harm while it happens alike everywhere; it
does when homes with the intervention stop reporting, or when small counts are hidden and rates seem higher than they
are.
"""

import numpy as np
import pandas as pd

from analysis.design import NEVER, UNDATED, Design
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.panel.unread import HOMES
from analysis.results import Check, Fitted

NAME = "Are months missing where it matters?"
OUTCOMES = (Rate,)
APART = 0.05
"""Difference in the share of months observed that is worth a second look: a month in 20."""
MOST = 0.8
"""Share of months observed below which what is missing may outweigh what is seen: fewer than four months in five."""
SUPPRESSED = "suppressed counts"

COLUMNS = ("group", "months", "observed", "share")


def missing_months(fitted: Fitted[Panel, Design]) -> Check:
    """Compare how many months are observed, between homes and before and after the start."""
    panel, design = fitted.observed, fitted.design
    observed = panel.exposure > 0
    open_months = np.maximum.accumulate(observed, axis=1) & np.maximum.accumulate(observed[:, ::-1], axis=1)[:, ::-1]
    month, start = np.arange(len(panel.months)), design.start[:, None]
    treated = np.broadcast_to(start != NEVER, observed.shape)
    groups = {
        "homes without the intervention": ~treated,
        "homes with it, before the start": treated & (month < start),
        "homes with it, from the start": treated & (month >= start),
    }
    rows = [(name, int((open_months & where).sum()), int((observed & where).sum())) for name, where in groups.items()]
    table = pd.DataFrame([(*row, row[2] / row[1] if row[1] else np.nan) for row in rows], columns=list(COLUMNS))
    apart = float(np.ptp(table["share"].dropna().to_numpy()))
    hidden = int(panel.facts.loc[panel.facts["fact"] == SUPPRESSED, "home_months"].to_numpy().sum())
    lost, least = _lost(panel, design), float(table["share"].min())
    passed = apart <= APART and not hidden and not lost and not least < MOST
    reading, number = _reading(table, apart, hidden, lost, least), f"{least:.0%} observed at least"
    return Check(name=NAME, passed=passed, table=table, reading=reading, number=number)


def _lost(panel: Panel, design: Design) -> str:
    """Say which homes take no part because a file could not be read or does not say when they began; or nothing."""
    unread = panel.facts.loc[panel.facts["fact"] == HOMES, "homes"]
    undated = design.left_out.loc[design.left_out["reason"] == UNDATED, "units"]
    told = [f"{homes:,} of which no row could be read" for homes in unread]
    told += [f"{homes:,} that had the intervention from a day that is not known" for homes in undated]
    return " and ".join(told)


def _reading(table: pd.DataFrame, apart: float, hidden: int, lost: str, least: float) -> str:
    shares = ", ".join(f"{row['share']:.0%} ({row['group']})" for row in table.dropna().to_dict("records"))
    told = f"Of the months between a home's first and last, {shares} are observed."
    if apart > APART:
        told += " They are missing unevenly: ask why, because the missing months may be the unusual ones."
    elif least < MOST:
        told += (
            " They are missing alike, but so many are that the answer is about the months that happen to be there: ask "
            "what decides whether a month is reported."
        )
    if hidden:
        told += (
            f" {hidden:,} home-months have counts hidden because they are small; leaving them out makes rates look "
            "higher, most of all in small homes. Ask for the counts, or for a longer period per count."
        )
    if lost:
        told += f" Homes lost: {lost}. Put their files right, because the homes lost may be of one kind."
    quiet = not (apart > APART or hidden or lost or least < MOST)
    return f"{told} Nothing suggests that this moves the answer." if quiet else told
