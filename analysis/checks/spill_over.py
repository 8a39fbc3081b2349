"""Did the intervention reach homes that are taken for comparison?

Homes of a provider learn from one another. If a provider's other homes changed when its first home started, they are no
picture of what would have happened otherwise, and the answer is too small. They are asked about as if they had had the
intervention from then on, against homes of providers that run none with it; and the answer is worked out without them.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.checks.bare import ask_again, leaves_out_no_effect, ratio
from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import NOT_SHOWN, Check, Fitted, interval

NAME = "Did it reach other homes of the same provider?"
OUTCOMES = (Rate,)
FEWEST = 3
"""Such homes below which nothing can be told of them."""

COLUMNS = ("what", "homes", "estimate", "conf_low", "conf_high")
REACHED, GIVEN, WITHOUT = "other homes of the same providers", "the answer", "the answer without those homes"


def spill_over(fitted: Fitted[Panel, Design]) -> Check:
    """Ask about the other homes of providers that run homes with the intervention."""
    panel, design, model = fitted.observed, fitted.design, fitted.model
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    first = _first_of_provider(panel, design)
    if first is None:
        return Check.cannot_say(
            NAME,
            COLUMNS,
            "Nothing says which provider runs a home, so it cannot be told which homes might have been reached.",
        )
    reached = (design.start == NEVER) & (first != NEVER) & (panel.exposure > 0).any(axis=1)
    if reached.sum() < FEWEST:
        return Check.cannot_say(
            NAME,
            COLUMNS,
            f"Providers that run homes with the intervention run {int(reached.sum())} others: too few to look at.",
        )
    never = design.included & (design.start == NEVER)[:, None]
    reaching = replace(design, start=np.where(reached, first, NEVER), included=never)
    without = replace(design, included=design.included & ~reached[:, None])
    try:
        found, left = (ask_again(model, panel, one) for one in (reaching, without))
    except AnalysisError as said:
        return Check.cannot_say(NAME, COLUMNS, f"This cannot be told apart here. {said}")
    given, n = ratio(fitted.effects), int(reached.sum())
    rows = [(REACHED, n, *found[:3]), (GIVEN, 0, *given[:3]), (WITHOUT, n, *left[:3])]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    known = bool(np.isfinite(found[1:3]).all())
    passed = not leaves_out_no_effect(*found[1:3]) if known else None
    return Check(
        name=NAME, passed=passed, table=table, reading=_reading(n, found, left, passed),
        number=f"{found[0]:.2f} in {n:,} other homes",
    )  # fmt: skip


def _first_of_provider(panel: Panel, design: Design) -> np.ndarray | None:
    """Month in which each home's provider first started, shape (N,); `NEVER` where it did not."""
    if "provider" not in panel.units or panel.units["provider"].isna().all():
        return None
    starts = pd.Series(np.where(design.start == NEVER, np.inf, design.start), index=panel.units.index)
    first = starts.groupby(panel.units["provider"]).transform("min").reindex(panel.units.index).fillna(np.inf)
    return np.where(np.isfinite(first), first, NEVER).astype(np.int64)


def _reading(n: int, found: tuple, left: tuple, passed: bool | None) -> str:
    told = (
        f"{n:,} homes without the intervention belong to providers that run homes with it; from the provider's first "
        f"start on their rate ratio is {interval(*found[:3])}, and without them the answer is {interval(*left[:3])}"
    )
    if passed is False:
        return f"{told}. They changed too, so they are no picture of what would have happened otherwise."
    return f"{told}. {'They ran like the others.' if passed else 'That cannot be told from chance.'}"
