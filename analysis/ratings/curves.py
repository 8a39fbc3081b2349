"""How soon were supported homes rated better, and how soon were homes like them?

Supported homes wait from the day they started. Homes like them, never supported, wait from the same days, if they stood
at the same rating then; they count for as much as there are supported homes of that rating and day, so both groups have
one mix of ratings and one follow-up. With many starts the others wait from the nearest of a few days
(`programme.nearest_of_few`); supported homes keep their own day.

Leaving the register is an end of its own (Aalen–Johansen). Intervals take the mix as given and hold where homes wait
more than once.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inference.incidence import Incidence
from analysis.inspections import Spells
from analysis.ratings.other_interventions import until_other
from analysis.ratings.programme import nearest_of_few
from analysis.ratings.waits import incidence, last_day, waits_since

SUPPORTED, OTHERS = "supported homes", "homes like them"

FEWEST_WAITING = 3
"""Curves end where fewer supported homes wait: one home would then be a step of a third of what is left."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curves:
    """Share rated better, and share that left, since the start.

    Parameters
    ----------
    frame : DataFrame
        who (`SUPPORTED` or `OTHERS`), years (to the day on which both groups still have `FEWEST_WAITING`), better,
        better_low, better_high, left, left_low, left_high.
    homes : mapping of str to int
        Homes in each group.
    unmatched : int
        Supported homes for which no other home stood at the same rating, left out of both groups.
    """

    frame: pd.DataFrame
    homes: dict[str, int]
    unmatched: int

    @property
    def drawn(self) -> bool:
        """Whether enough homes of both groups were followed for there to be a curve."""
        return bool((self.frame["years"] > 0).any())


def supported_curves(spells: Spells, started: pd.Series, other: pd.Series | None = None) -> Curves:
    """Follow supported homes and homes like them.

    Parameters
    ----------
    spells : Spells
    started : Series of datetime64, index home
        Day each supported home started.
    other : Series of datetime64, index home, optional
        Day from which homes had another intervention, until which they are followed.
    """
    spells = until_other(spells, started, other)
    own = waits_since(spells, started.groupby(level=0).min())
    own = own.assign(day=nearest_of_few(own["start"]))
    frame = spells.frame.loc[~spells.frame["home"].isin(started.index)]
    homes, days = pd.unique(frame["home"]), pd.unique(own["day"])
    asked = pd.Series(np.repeat(days, len(homes)), index=np.tile(homes, len(days)))
    never = Spells(frame=frame.reset_index(drop=True), key_question=spells.key_question, until=spells.until,
                   homes_left=spells.homes_left, homes_again=spells.homes_again)  # fmt: skip
    others = waits_since(never, asked)
    others = others.assign(day=others["start"])
    like = ["from_rating", "day"]
    n, m = (part.groupby(like, observed=True).size().rename("size") for part in (others, own))
    weight = others.join((m / n).rename("weight").dropna(), on=like)["weight"].fillna(0.0)
    compared = own.join(n, on=like)["size"].notna()
    others, own = others.loc[weight > 0], own.loc[compared]
    kept = weight[weight > 0].to_numpy()
    last = min(last_day(own, FEWEST_WAITING), last_day(others, FEWEST_WAITING, kept))
    found = {SUPPORTED: incidence(own, also=[last]), OTHERS: incidence(others, kept, also=[last])}
    parts = [_framed(who, curve, last) for who, curve in found.items()]
    counts = {SUPPORTED: own["home"].nunique(), OTHERS: others["home"].nunique()}
    return Curves(frame=pd.concat(parts, ignore_index=True), homes=counts, unmatched=int((~compared).sum()))


def _framed(who: str, found: Incidence, last: float) -> pd.DataFrame:
    columns = {"years": found.days / 365.25}
    for cause, name in enumerate(("better", "left")):
        parts = {"": found.estimate, "_low": found.low, "_high": found.high}
        columns |= {f"{name}{end}": values[:, cause] for end, values in parts.items()}
    start = pd.DataFrame({name: [0.0] for name in columns})  # nothing can have happened on the day itself
    frame = pd.DataFrame(columns).loc[(found.days > 0) & (found.days <= last)]
    return pd.concat([start, frame], ignore_index=True).assign(who=who)
