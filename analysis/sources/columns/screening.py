"""What was decided about the rows of a table, and where each decision leaves them?

A `Screening` is findings, rows set aside and rows dropped; screenings add up, and `parsed` closes the account:
rows given = used + set aside + dropped.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.sources.findings import Finding, Outcome
from analysis.sources.layout import SET_ASIDE, Parsed, RawTable, Say, plain

STOPS = ("ask", "reject")
LONGEST_QUOTE = 60  # characters of a cell that a message repeats


_NOTHING = pd.DataFrame(columns=list(SET_ASIDE))
_NO_ROWS = pd.Index([], dtype="int64")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Screening:
    """What one check found.

    Parameters
    ----------
    findings : tuple of Finding
        One per kind of fault.
    set_aside : DataFrame
        Rows that cannot be used, columns `SET_ASIDE`.
    dropped : Index
        Row numbers that a stated rule drops.
    """

    findings: tuple[Finding, ...] = ()
    set_aside: pd.DataFrame = field(default_factory=lambda: _NOTHING)
    dropped: pd.Index = field(default_factory=lambda: _NO_ROWS)

    def __add__(self, other: "Screening") -> "Screening":
        """Both, a row set aside twice being kept for the first reason."""
        both = [frame for frame in (self.set_aside, other.set_aside) if len(frame)]
        rows = pd.concat(both, ignore_index=True).drop_duplicates("row") if both else self.set_aside
        dropped = self.dropped.union(other.dropped) if len(other.dropped) else self.dropped
        return Screening(findings=self.findings + other.findings, set_aside=rows, dropped=dropped)

    @property
    def stops(self) -> bool:
        """Whether nothing can be loaded before the reader acts."""
        return any(finding.outcome in STOPS for finding in self.findings)

    def keep(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of `frame` that are neither set aside nor dropped."""
        gone = frame.index.isin(self.set_aside["row"]) | frame.index.isin(self.dropped)
        return frame[~gone]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadColumn:
    """One column, turned into values (index: row number) with what was found on the way."""

    values: pd.Series
    screening: Screening = field(default_factory=Screening)


def screening(
    outcome: Outcome, raw: RawTable, name: str | None, cells: pd.Series | None = None, /, **words: Any
) -> Screening:
    """Say one kind of fault once, naming its first row; with outcome ``rows``, set all its rows aside.

    Parameters
    ----------
    name : str or None
        Field it concerns.
    cells : Series, optional
        What stands in the rows concerned (index: row number). Empty means there is nothing to say.
    **words
        ``fault``, ``expected`` and ``do``; ``found`` where the first cell does not speak for itself;
        ``question`` and ``options`` with outcome ``ask``.
    """
    there: pd.Series = pd.Series(dtype=str) if cells is None else cells
    words = {"found": _quoted(there), **words}
    column = raw.mapping.get(name, name) if name else None
    row = int(there.index[0]) if len(there) else None
    place = {"file": raw.file, "sheet": raw.sheet, "row": row, "column": column}
    finding = Finding(outcome=outcome, rows=len(there), **place, **words)
    return Screening(findings=(finding,), set_aside=_rows(finding, there) if outcome == "rows" else _NOTHING)


def more(others: int, what: str = "row like it", plural: str = "rows like it") -> str:
    """Return how many others there are, to be put after the first, in words."""
    return f", and {others:,} more {what if others == 1 else plural}" if others > 0 else ""


def rows_were(rows: int) -> str:
    """Return ``The row was`` or ``5 rows were``, to begin what was done with them."""
    return "The row was" if rows == 1 else f"{rows:,} rows were"


def one_row_each(raw: RawTable, rows: pd.DataFrame, key: list[str], name: str, **words: str) -> Screening:
    """Drop rows that stand there twice, and refuse those that contradict each other.

    Parameters
    ----------
    key : list of str
        Columns that say what a row is of; the first is what it is known by.
    name : str
        Field that the fault is told of.
    **words
        ``expected``; and ``differ``, what two rows of one are that differ, such as "two different rows of one day".
    """
    expected, known_by = words["expected"], key[0]
    again = rows.index[rows.duplicated()]
    clash = rows.drop(again)
    clash = clash.loc[clash.duplicated(key, keep=False), known_by]
    if len(clash):
        return screening(
            "reject", raw, name, clash, fault="contradicting rows", found=f"{clash.iloc[0]} with {words['differ']}",
            expected=expected, do="Keep the right one, and load the file again.",
        )  # fmt: skip
    if again.empty:
        return Screening()
    said = screening(
        "note", raw, name, rows.loc[again, known_by], fault="repeated rows",
        found="a row that stands there already", expected=expected, do=f"{rows_were(len(again))} dropped.",
    )  # fmt: skip
    return said + Screening(dropped=again)


def set_apart(raw: RawTable, decided: Screening) -> RawTable:
    """Return the table without the rows that `decided` set aside, so that no other column is judged on them."""
    return replace(raw, frame=decided.keep(raw.frame)) if len(decided.set_aside) else raw


def _quoted(cells: pd.Series) -> str:
    if cells.empty:
        return "nothing"
    first = "a blank cell" if pd.isna(cells.iloc[0]) else repr(str(cells.iloc[0])[:LONGEST_QUOTE])
    return first if len(cells) == 1 else f"{first} and {len(cells) - 1:,} more like it"


def _rows(finding: Finding, cells: pd.Series) -> pd.DataFrame:
    found = cells.astype("str").str.slice(0, LONGEST_QUOTE).fillna("").to_numpy()
    stated = {"row": cells.index.to_numpy(), "column": finding.column or "", "found": found}
    return pd.DataFrame({**stated, "expected": finding.expected, "fault": finding.fault})


def set_aside_words(raw: RawTable, name: str | None, cells: pd.Series, fault: str, expected: str) -> Screening:
    """Set aside the rows of `cells`, if there are any, and say so in the usual words."""
    if cells.empty:
        return Screening()
    do = f"{rows_were(len(cells))} set aside."
    return screening("rows", raw, name, cells, fault=fault, expected=expected, do=do)


def kept_without(raw: RawTable, name: str, cells: pd.Series, fault: str, expected: str) -> Screening:
    """Say that rows are kept without a cell that cannot be read and that they can do without."""
    if cells.empty:
        return Screening()
    do = "The row is kept without it." if len(cells) == 1 else f"{len(cells):,} rows are kept without it."
    return screening("warn", raw, name, cells, fault=fault, expected=expected, do=do)


def spared(said: Screening) -> Screening:
    """Return a verdict on a column that rows can do without: what it set aside is kept, without that cell."""
    did = {1: "The row is kept without it."}
    findings = tuple(
        replace(f, outcome="warn", do=did.get(f.rows, f"{f.rows:,} rows are kept without it."))
        if f.outcome == "rows"
        else f
        for f in said.findings
    )
    return replace(said, findings=findings, set_aside=_NOTHING)


def answer(say: Say, question: str, options: tuple[str, ...]) -> str | None:
    """Return the option that the reader chose, if they chose one of them."""
    said = plain(next((value for key, value in say.items() if plain(key) == plain(question)), ""))
    return next((option for option in options if plain(option) == said), None)


def by_value(column: pd.Series, judge: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Apply `judge` to the distinct values of a column and hand each row its own; blanks stay missing."""
    codes, values = pd.factorize(column)
    judged = judge(pd.Series(values, dtype="object"))
    return judged.reindex(codes).set_axis(column.index)


def fits(column: pd.Series, pattern: str) -> pd.Series:
    """Return where the whole cell fits a pattern (bool); blanks do not. Each distinct value is looked at once."""
    codes, values = pd.factorize(column)
    match = re.compile(pattern).fullmatch
    fitting = np.array([*(match(value) is not None for value in values), False])
    return pd.Series(fitting[codes], index=column.index)


def parsed(raw: RawTable, decided: Screening, tables: Callable[[], Mapping[str, pd.DataFrame]]) -> Parsed:
    """Close the account: build the tables unless something stops them."""
    if decided.stops:
        return Parsed(findings=decided.findings)
    gone = decided.dropped.difference(pd.Index(decided.set_aside["row"]))
    used = len(raw.frame) - len(decided.set_aside) - len(gone)
    counted = {"rows_used": used, "rows_dropped": len(gone)}
    if used == 0:
        words = {"found": f"no usable row among {len(raw.frame):,}", "expected": "rows that can be used"}
        nothing = screening("reject", raw, None, fault="no usable rows", do="See what is said of its rows.", **words)
        return Parsed(findings=decided.findings + nothing.findings)
    return Parsed(tables=tables(), findings=decided.findings, set_aside=decided.set_aside, **counted)
