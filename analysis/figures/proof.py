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
    ("declared", "years == 1", "Homes chosen for a bad year that is named and left out, nothing done: how often is an "
     "effect claimed?", "rejected_pct", "4% to 6%"),
    ("projection", "level == 0.9", "What came to be, of what was projected: within the 90% interval", "held", "90%"),
)  # fmt: skip
"""Table, which of its rows, what was asked, its column, and what it ought to be."""
TOLD = (
    Column("What was asked", "asked"), Column("Ought to be", "ought"), Column("Found in", "found"),
    Column("Worlds or settings", "settings"), Column("Table", "table"),
)  # fmt: skip
MISSED, COMFORT = 80, 10
"""Percent of worlds where a doubt is true: it is named if it speaks in fewer, or is called no concern in more."""
SPAN = {"yes": "", "no": "_not"}
DOUBTS = (
    Column("Answers on", "question"), Column("Doubt", "doubt"),
    Column("Speaks where it should", "concern"), Column("Called no concern there", "no_concern"),
    Column("Speaks where it should not", "concern_not"), Column("Worlds", "worlds"),
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
    if len(counted := proof("doubts")):
        yield doubts(counted)
    faults = mended()
    if len(faults):
        by_issue = faults.groupby("issue", sort=False).size().rename("faults").reset_index()
        yield Figure(
            title="What was wrong, and is right now",
            sentence=f"{len(faults):,} faults were found and put right, each with a test that fails on the old code.",
            tables=(Table(tidy=by_issue.sort_values("issue"), columns=MENDED, title=""),),
        )


def doubts(counted: pd.DataFrame) -> Figure:
    """Tell how often each doubt speaks where it is true and where it is not, and name those that miss."""
    by = counted.groupby(["question", "doubt"], sort=False)
    rows = pd.DataFrame([{"question": of[0], "doubt": of[1], **_spans(part)} for of, part in by])
    true = counted.loc[counted["speaks"] == "yes"]
    worst = counted.loc[counted["speaks"] == "no", "concern_pct"].max()
    silent = _named(true.loc[true["concern_pct"] < MISSED])
    comforted = _named(true.loc[true["no_concern_pct"] > COMFORT])
    return Figure(
        title="How often each doubt speaks",
        sentence=f"{len(rows)} doubts, each in worlds where it is true and in others where it is not; where it is not, "
        f"none speaks in more than {worst:.3g}% of them.",
        notes=(
            f"In some worlds where they are true these speak in fewer than {MISSED}%: {silent or 'none'}. Their "
            "silence is no proof.",
            f"In some worlds where they are true these are called no concern in more than {COMFORT}%: "
            f"{comforted or 'none'}.",
            f"What is in each world, and how far chance moves each share, stands in bench/doubts.md; of few worlds "
            f"({int(counted['worlds'].min())}) a share can be {counted['error_pct'].max():.0f} points off and more.",
        ),
        tables=(Table(tidy=rows, columns=DOUBTS, name="doubts_counted", title=""),),
    )  # fmt: skip


def _spans(lines: pd.DataFrame) -> dict[str, str | int]:
    """Give the least and most of each share, over worlds where a doubt is true and where it is not."""
    spans: dict[str, str | int] = {"worlds": int(lines["worlds"].sum())}
    for speaks, end in SPAN.items():
        part = lines.loc[lines["speaks"] == speaks]
        for name in ("concern", "no_concern"):
            spans[name + end] = _span(part[f"{name}_pct"])
    return spans


def _span(values: pd.Series) -> str:
    low, high = f"{values.min():.3g}%", f"{values.max():.3g}%"
    return low if low == high else f"{low} to {high}"


def _named(lines: pd.DataFrame) -> str:
    return "; ".join(dict.fromkeys(f"{row.doubt} ({row.question})" for row in lines.itertuples()))


def _rows() -> pd.DataFrame:
    rows = []
    for name, which, asked, column, ought in PROOFS:
        found = proof(name)
        if which and len(found):
            found = found.query(which)
        if len(found):
            values = found[column].dropna() * (100 if found[column].max() <= 1 else 1)
            rows.append((asked, ought, _span(values), len(values), f"bench/{name}.csv"))
    return pd.DataFrame(rows, columns=["asked", "ought", "found", "settings", "table"])
