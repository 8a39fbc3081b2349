"""What is the panel without, because rows of a file could not be read?

The door sets aside a row that it cannot use and keeps its home, month and reason. Here those that no other file made
up for are counted: home-months, and homes of which nothing is left.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.panel.dense import Panel
from analysis.store import Store

ROWS, HOMES = "rows that could not be read", "homes lost when the files were read"
"""The facts, as the account of an evaluation names them."""
NAMED = 3  # reasons told apart in one sentence

QUERY = """
SELECT coalesce(home, location_id) AS unit, month, why
FROM unread_rows LEFT JOIN same_home USING (location_id)
WHERE month IS NULL OR month BETWEEN $first AND $last
ORDER BY ALL
"""


def unread_facts(store: Store, same: pd.DataFrame, window: dict[str, str], panel: Panel) -> Iterator[tuple]:
    """Yield facts (fact, homes, home_months, reading) about what was lost at the door.

    Parameters
    ----------
    same : DataFrame
        location_id and home, where registrations are one home.
    window : mapping
        ``first`` and ``last`` day asked for.
    panel : Panel
        Of what could be read.
    """
    with store.reading() as connection:
        connection.register("same_home", same)
        lost = connection.execute(QUERY, window).df()
        connection.unregister("same_home")
    if lost.empty:
        return
    row, month = panel.units.index.get_indexer(lost["unit"].array), panel.month_index(lost["month"])
    inside = (row >= 0) & (month >= 0) & (month < len(panel.months))
    lost = lost[~(inside & (panel.exposure[row, np.where(inside, month, 0)] > 0))]
    if lost.empty:
        return
    # a row may be one person's admission, so home-months are counted and never rows
    by_reason = lost.drop_duplicates(["unit", "month", "why"])["why"].value_counts(sort=False).sort_index()
    by_reason = by_reason.sort_values(ascending=False, kind="stable")
    reasons = ", ".join(f"{why} ({n:,})" for why, n in by_reason.head(NAMED).items())
    yield ROWS, lost["unit"].nunique(), _home_months(lost), f"set aside when the files were read: {reasons}"
    gone = lost[lost["unit"].notna() & ~lost["unit"].isin(panel.units.index)]
    if len(gone):
        reading = "nothing is left of these homes, whether or not they had the intervention: mend the files"
        yield HOMES, gone["unit"].nunique(), _home_months(gone), reading


def _home_months(lost: pd.DataFrame) -> int:
    """Count home-months, and one for all rows that do not say which."""
    return len(lost.drop_duplicates(["unit", "month"]))
