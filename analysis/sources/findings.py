"""What the door has to say about a file: one sentence per fault, with what was done or what to do.

Every fault has one outcome; together the outcomes account for every row that came in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from analysis.sources.characters import visible

Outcome = Literal["note", "warn", "rows", "ask", "reject"]
"""`note`: repaired, and said. `warn`: kept, with a caveat. `rows`: rows set aside and listed.
`ask`: the reader must choose before anything is loaded. `reject`: nothing of the file is loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault of one file.

    Parameters
    ----------
    outcome : Outcome
        What was decided.
    fault : str
        Short stable name, such as ``"suppressed counts"``; the same in code, catalogue and report.
    file, sheet, row, column : where it is
        `row` is the row number that a spreadsheet or editor shows (the first row is 1); None for the whole file.
    found, expected : str
        What stood there, and what should have.
    do : str
        What was done, or what to do.
    rows : int
        How many rows it concerns.
    question, options : str, tuple of str
        For `ask`: the key to answer under (``homeward load --say KEY=OPTION``) and what may be answered.
    """

    outcome: Outcome
    fault: str
    file: str
    found: str
    expected: str
    do: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    rows: int = 0
    question: str | None = None
    options: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One sentence: file, sheet, row, column, found, expected, what to do."""
        place = [self.file]
        place += [f"sheet {self.sheet!r}"] if self.sheet else []
        place += [f"row {self.row:,}"] if self.row is not None else []
        place += [f"column {self.column!r}"] if self.column else []
        return visible(f"{', '.join(place)}: found {self.found}; expected {self.expected}. {self.do}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """One file, read and checked: what it is, what it holds in tidy form, and what was found wrong.

    Parameters
    ----------
    file : str
        The file's own name (never a path).
    digest : str
        SHA-256 of its bytes.
    layout : str
        Which layout it was recognised as.
    tables : mapping of str to DataFrame
        Tidy frames by the names and with the columns of `schema.TABLES`.
    findings : tuple of Finding
        Every fault, in the order of the file.
    rows_in, rows_used, rows_dropped : int
        Data rows (without header, banner and blank rows) read, used, and dropped by a stated rule
        (such as exact duplicates). ``rows_in == rows_used + len(set_aside) + rows_dropped``.
    set_aside : DataFrame
        One row per data row set aside: row, column, found, expected, fault.
    mapping : mapping of str to str
        The file's column used for each field, where columns were recognised under other names.
    columns : tuple of str
        Every column of the file, so that a reader can say which one was meant.
    """

    file: str
    digest: str
    layout: str
    tables: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...] = ()
    rows_in: int
    rows_used: int
    rows_dropped: int = 0
    set_aside: pd.DataFrame
    mapping: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[Finding, ...]:
        """What the reader must choose before this file can be loaded."""
        return tuple(finding for finding in self.findings if finding.outcome == "ask")

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """Why nothing of this file can be loaded."""
        return tuple(finding for finding in self.findings if finding.outcome == "reject")
