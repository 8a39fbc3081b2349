"""A projection in words: the same on every page that shows one."""

import pandas as pd

from analysis.scenarios import Money, Projection, display, published
from analysis.words import scenarios as told_as


def headline(projection: Projection) -> str:
    """Say to how many it is offered, and what it averts."""
    averted = dict(zip(("estimate", "low", "high"), published.rounded(projection.total_averted), strict=True))
    without = published.a_year(float(projection.without.sum(0).mean()), projection)
    _, least, most = published.span(projection.taken_up.max(0))
    offered = projection.offered
    who = {"offered": offered.homes, "among": len(offered.rows) * offered.by_lot, "least": least, "most": most}
    return told_as.what_if(projection.scenario.title, who, len(projection.months), averted, without)


def worth(found: Money) -> str:
    """Say what it costs and frees, and how likely it is to be worth its cost."""
    return told_as.worth(_together(found), float((found.net > 0).mean()))


def worth_table(found: Money) -> pd.DataFrame:
    """Lay the same out with its intervals."""
    return display.worth(_together(found))


def _together(found: Money) -> dict:
    return published.by_payer(found).iloc[-1].to_dict()
