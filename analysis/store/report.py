"""What did a load do? In words a person can read."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.sources.findings import Finding

LISTED = 10
"""Rows set aside that are shown in words; the ledger holds them all."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadReport:
    """What one load did.

    Parameters
    ----------
    load : int
        Its number in the store.
    file, digest, layout : str
        The file's name, SHA-256 of its bytes, and what it was recognised as.
    loaded : Timestamp
        When, in UTC.
    rows_in, rows_used, rows_set_aside, rows_dropped : int
        ``rows_in == rows_used + rows_set_aside + rows_dropped``.
    tables : DataFrame
        One row per table: table, rows, repeated (facts the store already held), changed (values of those that differ),
        replaced (rows of earlier files taken out because this one gives their home-months again).
    findings : tuple of Finding
        What was found wrong in the file.
    set_aside : DataFrame
        Rows set aside: row, column, found, expected, fault.
    already_loaded : bool
        True where this file had been loaded before, and nothing was changed.
    """

    load: int
    file: str
    digest: str
    layout: str
    loaded: pd.Timestamp
    rows_in: int
    rows_used: int
    rows_set_aside: int
    rows_dropped: int
    tables: pd.DataFrame
    findings: tuple[Finding, ...]
    set_aside: pd.DataFrame
    already_loaded: bool = False

    def __str__(self) -> str:
        """Several lines: what came in, where it went, what was found, which rows were set aside."""
        if self.already_loaded:
            day = f"{self.loaded.day} {self.loaded:%B %Y}"
            return f"{self.file}: already loaded on {day} (load {self.load}); nothing was changed."
        first = f"{self.file}: loaded as {self.layout} (load {self.load})."
        return "\n".join([first, *(f"  {line}" for line in self._lines())])

    @property
    def rows_in_words(self) -> str:
        """Where the rows that came in went."""
        return (
            f"{self.rows_in:,} rows in = {self.rows_used:,} used + {self.rows_set_aside:,} set aside "
            f"+ {self.rows_dropped:,} dropped by a stated rule."
        )

    def _lines(self) -> Iterator[str]:
        yield self.rows_in_words
        for table in self.tables.itertuples():
            yield _table_line(table)
        for finding in self.findings:
            yield f"{finding.outcome}: {finding}"
        for row, column, found, expected, _ in self.set_aside.head(LISTED).itertuples(index=False):
            yield f"set aside: row {row:,}, column {column!r}: found {found!r}; expected {expected}."
        if len(self.set_aside) > LISTED:
            yield f"… and {len(self.set_aside) - LISTED:,} more rows set aside."


def _table_line(table) -> str:
    said = [f"{table.table}: {table.rows:,} rows"]
    said += [f"{table.repeated:,} of them on facts already held, {table.changed:,} values changed"] * (
        table.repeated > 0
    )
    said += [f"{table.replaced:,} earlier rows replaced"] * (table.replaced > 0)
    return "; ".join(said) + "."
