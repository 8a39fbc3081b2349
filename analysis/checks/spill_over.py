"""Did the intervention reach homes that are taken for comparison?

Homes of one provider learn from one another; homes of one postcode district or local authority share practices, nurses
and a hospital. If such homes changed when the first of them started, they are no picture of what would have happened
otherwise, and the answer is too small. They are asked about as if they had had the intervention from then on, against
homes further off; and the answer is worked out without them. Of several ways of being near, the smallest p-value is
held to as many (Bonferroni).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.checks.bare import NOT_TOLD, Ratio, ask_again, ratio
from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.plural import counted
from analysis.results import NOT_SHOWN, Check, Fitted, interval

NAME = "Did it reach other homes, of the same provider or near by?"
OUTCOMES = (Rate,)
FEWEST = 3
"""Such homes below which nothing can be told of them."""
ALPHA = 0.05
WAYS = {"provider": "provider", "district": "postcode district", "area": "local authority"}
"""Attribute of homes to what it is called."""

COLUMNS = ("what", "homes", "estimate", "conf_low", "conf_high")
GIVEN = "the answer"


@dataclass(frozen=True, slots=True)
class _Reached:
    """Homes near one with the intervention, in one way: what is found of them, and the answer without them."""

    way: str
    homes: int
    found: Ratio
    without: Ratio


def spill_over(fitted: Fitted[Panel, Design]) -> Check:
    """Ask about homes without the intervention whose provider, or neighbours, have it."""
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    looked = {way: _looked_at(fitted, way) for way in WAYS}
    found = [each for each in looked.values() if isinstance(each, _Reached)]
    silent = [each for each in looked.values() if isinstance(each, str)]
    if not found:
        return Check.cannot_say(NAME, COLUMNS, f"This cannot be looked at here: {'; '.join(silent)}.")
    rows = [(GIVEN, 0, *ratio(fitted.effects)[:3])]
    for each in found:
        rows += [(f"other homes of the same {each.way}", each.homes, *each.found[:3]),
                 (f"the answer without those of the same {each.way}", each.homes, *each.without[:3])]  # fmt: skip
    p = np.array([each.found[3] for each in found]) * len(found)
    passed = None if np.isnan(p).all() else not bool(np.nanmin(p) < ALPHA)
    return Check(
        name=NAME, passed=passed, table=pd.DataFrame(rows, columns=list(COLUMNS)),
        reading=" ".join(_reading(found, silent, passed)),
        number=next((f"{each.found[0]:.2f} in {each.homes:,} of the same {each.way}"
                     for each in found if np.isfinite(each.found[0])), "no estimate"),
    )  # fmt: skip


def _looked_at(fitted: Fitted[Panel, Design], way: str) -> _Reached | str:
    """Ask about homes near in one way; or say why not."""
    panel, design, called = fitted.observed, fitted.design, WAYS[way]
    first = _first_of(panel, design, way)
    if first is None:
        return f"nothing says the {called} of a home"
    never = (design.start == NEVER) & (design.included & (panel.exposure > 0)).any(axis=1)
    reached, others = never & (first != NEVER), never & (first == NEVER)
    if reached.sum() < FEWEST:
        shares = f"{counted(reached.sum(), 'other home')} {'shares' if reached.sum() == 1 else 'share'}"
        return f"{shares} a {called} with homes that have it, too few to look at"
    if others.sum() < FEWEST:
        return f"no home without it lies in a {called} of its own to compare with"
    alone = design.included & (design.start == NEVER)[:, None]
    reaching = replace(design, start=np.where(reached, first, NEVER), included=alone)
    without = replace(design, included=design.included & ~reached[:, None])
    found, left = (_asked(fitted, one) for one in (reaching, without))
    return _Reached(called, int(reached.sum()), found, left)


def _asked(fitted: Fitted[Panel, Design], design: Design) -> Ratio:
    try:
        return ask_again(fitted.model, fitted.observed, design)
    except AnalysisError:
        return NOT_TOLD


def _first_of(panel: Panel, design: Design, way: str) -> np.ndarray | None:
    """Month in which the first home of each home's group started, shape (N,); `NEVER` where none did."""
    if way not in panel.units or panel.units[way].isna().all():
        return None
    starts = pd.Series(np.where(design.start == NEVER, np.inf, design.start), index=panel.units.index)
    first = starts.groupby(panel.units[way]).transform("min").reindex(panel.units.index).fillna(np.inf)
    return np.where(np.isfinite(first), first, NEVER).astype(np.int64)


def _reading(found: list[_Reached], silent: list[str], passed: bool | None) -> Iterator[str]:
    for each in found:
        theirs = (
            f"from its first start on their rate ratio is {interval(*each.found[:3])}"
            if np.isfinite(each.found[0])
            else "what became of them cannot be told"
        )
        yield (
            f"{each.homes:,} homes without the intervention share a {each.way} with homes that have it; {theirs}, and "
            f"without them the answer is {interval(*each.without[:3])}."
        )
    if passed is False:
        yield "More than chance gives: they changed too, so they are no picture of what would have happened otherwise."
    else:
        yield "That is no more than chance gives." if passed else "That cannot be told from chance."
    if silent:
        yield f"Not looked at: {'; '.join(silent)}."
