"""Were homes chosen because of the very ratings they are judged by?

A home rated badly is often rated better next time, whatever is done. The models allow for the rating that stood on the
day of the start and for whether the home had just fallen to it; what a home was chosen for beyond that (a willing
manager, an owner with money) they cannot see. Told, never passed or failed.
"""

import pandas as pd

from analysis.inspections import Inspections, spells_of
from analysis.outcomes import Ratings
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

NAME = "Were homes chosen because of their ratings?"
OUTCOMES = (Ratings,)
COLUMNS = ("group", "homes", "rated", "below_good", "share_below_good")


def chosen_by_rating(fitted: Fitted[Inspections, Support]) -> Check:
    """Set supported homes' ratings on the day they started beside other homes' on the day of the first start."""
    support, seen = fitted.design, fitted.design.seen(fitted.observed)
    frame = spells_of(seen, support.key_question).frame
    started = support.started
    own = _ratings_at_start(frame, frame["home"].map(started))
    first = started.min()
    others = _ratings_at_start(frame.loc[~frame["home"].isin(started.index)], first)
    rows = [
        ("homes with the intervention, when they started", len(started), *own),
        ("other homes, when the first of these started", int((~seen.homes.index.isin(started.index)).sum()), *others),
    ]
    table = pd.DataFrame([(*row, row[3] / row[2] if row[2] else float("nan")) for row in rows], columns=list(COLUMNS))
    return Check(name=NAME, passed=None, table=table, reading=_reading(table, support.chosen_by))


def _ratings_at_start(frame: pd.DataFrame, day) -> tuple[int, int]:
    """Count homes with a rating that stood on a day, and those below Good."""
    stood = frame.loc[(frame["start"] <= day) & (frame["end"] > day)]
    return stood["home"].nunique(), stood.loc[stood["rating"] < "Good", "home"].nunique()


def _reading(table: pd.DataFrame, chosen_by: str) -> str:
    own, others = table.iloc[0], table.iloc[1]
    who = f"Homes were chosen by: {chosen_by}. " if chosen_by else "Nobody said how homes were chosen. "
    told = (
        f"Of rated homes, {own['below_good']:,} of {own['rated']:,} with the intervention stood below Good when they "
        f"started, and {others['below_good']:,} of {others['rated']:,} other homes then."
    )
    return (
        f"{who}{told} Such homes are set beside others at the same rating, come to from the same side, so what becomes "
        "of them anyway is expected; what they were chosen for beyond that is not seen."
    )
