"""Is what is asked of stays known of nearly all, and alike on both sides?

The hour of an admission, and the days on which somebody was ready and left, are recorded by hospitals, more carefully
in some years than in others. Stays without them take no part. Where they are missing at random nothing is lost but
numbers; where homes with the intervention begin to send residents to a hospital that records them otherwise, the answer
is about recording.
"""

import numpy as np
import pandas as pd

from analysis.design import NEVER, Design
from analysis.outcomes import Stays
from analysis.panel import Panel
from analysis.panel.stays import UNKNOWN
from analysis.results import Check, Fitted

NAME = "Is it known of nearly every stay?"
OUTCOMES = (Stays,)
MANY = 0.05
"""Part of the stays that may lack it: a twentieth missing on one side alone moves a ratio by about as much."""
COLUMNS = ("homes", "months", "part_missing")
SIDES = ("with the intervention", "the others")


def stays_recorded(fitted: Fitted[Panel, Design]) -> Check:
    """Say what part of the stays do not say what is asked, with the intervention and without, before and after."""
    panel, design = fitted.observed, fitted.design
    if UNKNOWN not in panel.also:
        reading = "Every emergency stay in the files says what is asked of it."
        return Check(name=NAME, passed=True, table=pd.DataFrame(columns=list(COLUMNS)), reading=reading)
    rows = [*_rows(panel.also[UNKNOWN], design)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    parts = table["part_missing"].dropna()
    most, apart = float(parts.max()), float(parts.max() - parts.min())
    reading = (
        f"Up to {most:.0%} of the emergency stays of homes do not say what is asked of them, and take no part; among "
        f"homes with the intervention and the others, before and after, that part differs by up to {apart:.0%}."
    )
    if most > MANY:
        reading += " Ask the hospitals why, and whether it changed when the intervention began."
    return Check(name=NAME, passed=most <= MANY, table=table, reading=reading, number=f"{most:.0%} missing")


def _rows(unknown: Panel, design: Design):
    supported = design.start != NEVER
    first = int(design.start[supported].min()) if supported.any() else 0
    month = np.arange(len(unknown.months))
    start = np.where(supported, design.start, first)
    for side, homes in zip(SIDES, (supported, ~supported), strict=True):
        for when in ("before", "after"):
            cells = homes[:, None] & ((month >= start[:, None]) == (when == "after"))
            stays = unknown.exposure[cells].sum()
            missing = round(float(unknown.counts[cells].sum() / stays), 2) if stays > 0 else np.nan
            yield side, when, missing
