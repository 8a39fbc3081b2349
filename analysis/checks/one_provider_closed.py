"""Does the answer about closures rest on one provider?

A provider that gives up closes several homes, and one that never does keeps several open. Each provider that closed a
home, or runs several supported ones, is left out in turn. A concern is an answer that speaks and would not without one.
"""

import numpy as np
import pandas as pd

from analysis.inspections import Inspections
from analysis.outcomes import Closures
from analysis.ratings.closures import Following
from analysis.ratings.closures.alike import Beside, beside
from analysis.ratings.closures.model import count
from analysis.results import Check, Fitted

NAME = "Does the answer rest on one provider?"
OUTCOMES = (Closures,)
COLUMNS = ("provider", "supported", "estimate", "conf_low", "conf_high")
MOST = 40
"""Providers that are left out, those with most supported homes first."""


def one_provider_closed(fitted: Fitted[Inspections, Following]) -> Check:
    """Leave out each provider in turn."""
    found = beside(fitted.observed, fitted.design)
    given = count(found)
    if given.why_none:
        return Check.cannot_say(NAME, COLUMNS, "Too few closures for a ratio.")
    rows = [(name, n, *_left(found, name)) for name, n in _who(found)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    known = table.dropna(subset=["estimate"])
    if known.empty:
        return Check.cannot_say(NAME, COLUMNS, "No provider runs several supported homes, or closed one of them.")
    speaks = given.ratio.high < 1 or given.ratio.low > 1
    silent = known.loc[(known["conf_low"] <= 1) & (known["conf_high"] >= 1)] if speaks else known.iloc[:0]
    told = (
        f"Without any one provider the ratio is between {known['estimate'].min():.2f} and {known['estimate'].max():.2f}"
    )
    end = "." if silent.empty else f": without {len(silent):,} of them it would not be told from chance."
    number = f"{known['estimate'].min():.2f} to {known['estimate'].max():.2f} without any one"
    return Check(name=NAME, passed=silent.empty, table=table, reading=f"{told}{end}", number=number)


def _who(found: Beside) -> list[tuple[str, int]]:
    """Name providers whose leaving out may change something."""
    homes = found.homes.groupby("provider")["left"].agg(["size", "sum"])
    kept = homes.loc[(homes["size"] > 1) | (homes["sum"] > 0)].sort_values("size", ascending=False)
    return [(str(name), int(n)) for name, n in kept["size"][:MOST].items()]


def _left(found: Beside, provider: str) -> tuple[float, float, float]:
    part = count(found.without(provider))
    nothing = (np.nan, np.nan, np.nan)
    return nothing if part.why_none else (part.ratio.estimate, part.ratio.low, part.ratio.high)
