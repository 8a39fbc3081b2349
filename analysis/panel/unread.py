"""What is the panel without, because rows of a file could not be read?

The door sets aside a row that it cannot use and keeps its home, month and reason. Here those that no other file made
up for are counted: home-months, and homes of which nothing is left.
"""

from collections.abc import Iterator

import pandas as pd

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


def unread_facts(store: Store, same: pd.DataFrame, window: dict[str, str], present: pd.DataFrame) -> Iterator[tuple]:
    """Yield facts (fact, homes, home_months, reading) about what was lost at the door.

    Parameters
    ----------
    same : DataFrame
        location_id and home, where registrations are one home.
    window : mapping
        ``first`` and ``last`` day asked for.
    present : DataFrame
        unit and month (first day) of every home-month in the panel.
    """
    with store.reading() as connection:
        connection.register("same_home", same)
        lost = connection.execute(QUERY, window).df()
        connection.unregister("same_home")
    if lost.empty:
        return
    made_up = pd.MultiIndex.from_frame(lost[["unit", "month"]]).isin(pd.MultiIndex.from_frame(present))
    lost = lost[~made_up]
    if lost.empty:
        return
    # a row may be one person's admission, so home-months are counted and never rows
    by_reason = lost.drop_duplicates(["unit", "month", "why"])["why"].value_counts(sort=False).sort_index()
    by_reason = by_reason.sort_values(ascending=False, kind="stable")
    reasons = ", ".join(f"{why} ({n:,})" for why, n in by_reason.head(NAMED).items())
    yield ROWS, lost["unit"].nunique(), _home_months(lost), f"set aside when the files were read: {reasons}"
    gone = lost[lost["unit"].notna() & ~lost["unit"].isin(present["unit"])]
    if len(gone):
        reading = "nothing is left of these homes, whether or not they had the intervention: mend the files"
        yield HOMES, gone["unit"].nunique(), _home_months(gone), reading


def _home_months(lost: pd.DataFrame) -> int:
    """Count home-months, and one for all rows that do not say which."""
    return len(lost.drop_duplicates(["unit", "month"]))
