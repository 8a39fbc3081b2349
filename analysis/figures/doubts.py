"""What was doubted about an answer, and what did the data say to it?"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis import charts, tables, words
from analysis.figures.figure import Figure, Source, Table
from analysis.results import Check, interval
from analysis.tables.columns import Column, named

SPAN = ("estimate", "conf_low", "conf_high")
MOST_DRAWN = 14
"""Rows of a picture; more are told in its table."""
GLANCE = (
    Column("What came of it", "verdict"), Column("Doubt", "doubt"), Column("Number", "number"),
)  # fmt: skip
GLANCE_TITLE = "All doubts at a glance"
RATIOS = "Numbers are rate ratios: 1 is no difference, 0.80 is 20% fewer."
OBSERVED = "Numbers are homes rated better over those expected: 1 is as many as among homes like them."
LINES = " Lines are {level:g}% intervals where there are any."
FEWEST_DRAWN = 2
"""Rows a picture must have: one has nothing to be held against, and is told already."""


def doubts(checks: Sequence[Check]) -> Iterator[Figure]:
    """Tell every check with its reading."""
    if checks:
        yield Figure(title="Doubts, examined")
    for check in checks:
        yield Figure(
            title=check.name,
            level=3,
            sentence=f"{words.verdict(check)}. {check.reading}",
            tables=_computed(check),
        )


def worst_first(checks: Sequence[Check]) -> list[Check]:
    """Put concerns first, those that must stand beside the answer before others; then what the reader must judge."""
    order = {False: 0, None: 1, True: 2}
    return sorted(checks, key=lambda check: (order[check.passed], not check.beside, not len(check.table)))


BESIDE = 2
"""Doubts that stand beside the answer: more are not read there."""


def gravest(checks: Sequence[Check]) -> list[str]:
    """Say the worst concerns, but those that the answer tells already, each with its number."""
    worst = [check for check in worst_first(checks) if check.passed is False][:BESIDE]
    return [words.concern(check) for check in worst if not check.beside]


def at_a_glance(checks: Sequence[Check]) -> Figure:
    """Tell all doubts in one table, the gravest first: the readings, too long for a cell, are in its download."""
    ranked = worst_first(checks)
    rows = [(check.name, words.verdict(check), check.number or "–", check.reading) for check in ranked]
    tidy = pd.DataFrame(rows, columns=["doubt", "verdict", "number", "reading"])
    return Figure(
        title=GLANCE_TITLE,
        sentence=_counted(ranked),
        tables=(Table(tidy=tidy, columns=GLANCE, name="doubts", title=""),),
    )


def each(checks: Sequence[Check], source: Source, numbers: str = RATIOS) -> Iterator[Figure]:
    """Tell each doubt with its picture where it has one, the gravest first; `numbers` says what the pictures show."""
    for check in worst_first(checks):
        chart = _drawn(check)
        yield Figure(
            title=check.name,
            sentence=f"{words.verdict(check)}. {check.reading}",
            chart=chart,
            caption=source.caption(_at_level(numbers, check)) if chart is not None else "",
            tables=_computed(check),
        )


def _counted(checks: Sequence[Check]) -> str:
    """Say how many doubts are a concern, how many the reader must judge, and how many are none."""
    concern, judge, fine = (sum(check.passed is passed for check in checks) for passed in (False, None, True))
    return (
        f"{len(checks)} doubts were examined, the gravest first: {concern or 'none'} a concern, {judge or 'none'} on "
        f"which the data leave the judgement to the reader or cannot say, {fine or 'none'} of no concern."
    )


def _computed(check: Check) -> tuple[Table, ...]:
    title = f"What was computed: {check.name[:1].lower()}{check.name[1:]}"
    if check.conf_level and SPAN[1] in check.table:
        title += f" ({100 * check.conf_level:g}% intervals)"
    return (Table(tidy=tables.computed(check.table), title=title),) if len(check.table) else ()


def _at_level(numbers: str, check: Check) -> str:
    return numbers + (LINES.format(level=100 * check.conf_level) if check.conf_level else "")


def _drawn(check: Check):
    """Draw the rate ratios that a doubt computed; nothing where it computed none."""
    table = check.table
    if "estimate" not in table or not _ratios(table):
        return None
    rows = table.reindex(columns=[*table.columns, *(name for name in SPAN if name not in table)])
    rows = rows.loc[rows["estimate"].astype(float) > 0]
    known = rows[[*SPAN[1:]]].notna().all(axis=1)
    rows = (rows.loc[known] if known.any() else rows).head(MOST_DRAWN)
    if len(rows) < FEWEST_DRAWN:
        return None
    told = [interval(row[SPAN[0]], row[SPAN[1]], row[SPAN[2]]) for row in rows.to_dict("records")]
    drawn = rows.assign(told=told if known.any() else [f"{value:.2f}" for value in rows["estimate"]])
    return charts.forest(drawn.assign(group=_labels(rows)), "group", check.name)


def _ratios(table: pd.DataFrame) -> bool:
    """Whether the estimates are ratios of one kind: above zero, and not counts or percentages."""
    if "term" in table and len(set(table["term"])) > 1:
        return False
    values = table["estimate"].astype(float).dropna()
    return bool(len(values)) and bool(((values >= 0) & (values < FARTHEST)).all()) and "std_error" not in table


FARTHEST = 50.0
"""No rate ratio of a whole programme lies so far off."""


def _labels(rows: pd.DataFrame) -> list[str]:
    """Name each row by what is said of it in words; those that share it, or have none, by their first number too."""
    other = rows.drop(columns=["told", *SPAN], errors="ignore")
    said = other.select_dtypes(exclude="number").columns
    in_words = tables.computed(other[said]).astype(str).agg(", ".join, axis=1) if len(said) else None
    if in_words is not None and in_words.is_unique:
        return [_short(label) for label in in_words]
    first = str(other.columns.difference(said, sort=False)[0])
    numbers = [f"{value:g} {named(first)}" if np.isfinite(value) else named(first) for value in other[first]]
    if in_words is None:
        return numbers
    return [
        _short(f"{label}, {number}") if value else _short(label)
        for label, number, value in zip(in_words, numbers, other[first], strict=True)
    ]


def _short(label: str) -> str:
    """Leave out the home's number, which is in the table."""
    return re.sub(r" \(\d[\d-]+\)", "", label)
