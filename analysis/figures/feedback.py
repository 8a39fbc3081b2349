"""What do visits and audits say? What is shown of a journal, in the order in which it is read."""
# ruff: noqa: PLC0415

from collections.abc import Iterator

import pandas as pd

from analysis.figures.figure import Figure, Table
from analysis.monitoring.visits import agreement, trends
from analysis.tables import feedback as tables
from analysis.words import feedback as words

WRITTEN = "Written down by people who visit; none of it is checked."


def figures(rows: pd.DataFrame) -> Iterator[Figure]:
    """Yield everything that is shown.

    Parameters
    ----------
    rows : DataFrame
        Of `monitoring.visits.laid_out`.
    """
    yield Figure(title="What was seen", headline=words.headline(rows))
    if rows.empty:
        return
    yield _trends(rows)
    yield Figure(title="Do visitors agree?", sentence=words.AGREE, notes=words.agreement(agreement(rows)))
    yield listed(rows)
    yield Figure(title="What this cannot tell you", notes=words.CANNOT)


def _trends(rows):
    from analysis.charts.feedback import trends as drawn

    found = trends(rows)
    if found.empty:
        return Figure(title="By quarter", sentence="No entry has a step; they are all words.")
    said = (
        "The mean of steps from 1 (serious concern) to 4 (very good), by quarter; a mean of few visits moves by luck."
    )
    table = Table(tidy=found, columns=tables.TRENDS, name="feedback_by_quarter")
    return Figure(title="By quarter", sentence=said, chart=drawn(found), caption=WRITTEN, tables=(table,))


def listed(rows: pd.DataFrame, title: str = "Every entry") -> Figure:
    """List entries, the latest first."""
    table = Table(tidy=rows.iloc[::-1].drop(columns=["quarter"]), columns=tables.VISITS, name="feedback", title="")
    return Figure(title=title, sentence="Entries that were corrected are not among them; they stay in the journal.",
                  caption=WRITTEN, tables=(table,))  # fmt: skip
