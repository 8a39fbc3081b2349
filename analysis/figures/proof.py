"""How do we know the numbers are right? Told from the tables that the proofs themselves wrote."""

from collections.abc import Iterator

import pandas as pd

from analysis.figures.figure import Figure, Table
from analysis.sources.proofs import mended, proof
from analysis.tables.columns import Column

PROOFS = (
    ("size", "", "Intervals about admissions: how often do they hold the truth?", "covers_pct", "95%"),
    ("power", "", "Intervals of planned studies: how often do they hold the truth?", "held", "95%"),
    ("helpful", "", "Programmes that did nothing for ratings: how often are they called helpful?",
     "beta_binomial_percent", "at most 2.5%"),
    ("curve", "world != 'effect'", "Every defensible analysis, where nothing was done: how often do they deny it?",
     "rejects_pct", "5%"),
    ("matched", "match != 'none'", "Homes made alike: how often do intervals hold the truth?", "coverage_pct", "95%"),
    ("projection", "level == 0.9", "What came to be, of what was projected: within the 90% interval", "held", "90%"),
)  # fmt: skip
"""Table, which of its rows, what was asked, its column, and what it ought to be."""
TOLD = (
    Column("What was asked", "asked"), Column("Ought to be", "ought"), Column("Found in", "found"),
    Column("Worlds or settings", "settings"), Column("Table", "table"),
)  # fmt: skip
MENDED = (Column("Issue", "issue"), Column("Faults put right", "faults"))
RIGHT = (
    "Every estimator is held to another implementation that we did not write, or to brute force, in a test. How "
    "often its "
    "intervals hold the truth is counted in worlds where the truth is known; the counts below are read from the "
    "tables "
    "that these simulations wrote, whether they flatter or not."
)


def figures() -> Iterator[Figure]:
    """Yield the proofs and the faults that were put right; nothing where the proofs are not beside the code."""
    rows = _rows()
    if rows.empty:
        return
    yield Figure(
        title="How we know the numbers are right", sentence=RIGHT,
        tables=(Table(tidy=rows, columns=TOLD, name="proofs", title=""),),
    )  # fmt: skip
    faults = mended()
    if len(faults):
        by_issue = faults.groupby("issue", sort=False).size().rename("faults").reset_index()
        yield Figure(
            title="What was wrong, and is right now",
            sentence=f"{len(faults):,} faults were found and put right, each with a test that fails on the old code.",
            tables=(Table(tidy=by_issue.sort_values("issue"), columns=MENDED, title=""),),
        )


def _rows() -> pd.DataFrame:
    rows = []
    for name, which, asked, column, ought in PROOFS:
        found = proof(name)
        if which and len(found):
            found = found.query(which)
        if len(found):
            values = found[column].dropna() * (100 if found[column].max() <= 1 else 1)
            low, high = f"{values.min():.3g}%", f"{values.max():.3g}%"
            told = low if low == high else f"{low} to {high}"
            rows.append((asked, ought, told, len(values), f"bench/{name}.csv"))
    return pd.DataFrame(rows, columns=["asked", "ought", "found", "settings", "table"])
