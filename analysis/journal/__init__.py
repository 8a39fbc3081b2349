"""What did people write down: what they saw in homes, and what was decided about them?

Entries are only ever added. Each holds who wrote it down, when, and a seal: SHA-256 of the entry and of the seal before
it, so that whoever changes, takes out or puts in an entry later breaks the chain, and reading says so. A correction is
another entry that names the one it corrects; both stay.

One SQLite file that its owner chose, or memory for a visitor's session. SQLite and not the store's DuckDB, because
people write at the same time: DuckDB lets one process at a time hold a file, SQLite lets many take their turns, and an
entry that was being written when the power went is rolled back when the file is next opened. Entries are text from
people: they are never part of the store, its digests, or an answer that is handed on.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from analysis.errors import AnalysisError
from analysis.journal.decision import Decision, interventions_of
from analysis.journal.visit import DOMAINS, LONGEST_TEXT, SCALE, SORTS, Visit, wrong_with
from analysis.paths import is_folder, shown
from analysis.written import from_text, to_json

__all__ = [
    "DOMAINS",
    "LONGEST_TEXT",
    "SCALE",
    "SORTS",
    "Decision",
    "Journal",
    "Visit",
    "interventions_of",
    "wrong_with",
]

T = TypeVar("T", Visit, Decision)
WAIT_SECONDS = 30
"""For another who is writing: an entry takes some thousandths of a second, so that nobody waits so long in vain."""
TABLE = """
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, written TEXT NOT NULL, entry TEXT NOT NULL,
    seal TEXT NOT NULL UNIQUE
);
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
CREATE TRIGGER IF NOT EXISTS never_removed BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never removed'); END;
"""
FIRST = "0" * 64
"""What stands for the seal before the first entry."""


class Journal:
    """What was written down, in the order in which it was.

    Parameters
    ----------
    path : Path or None
        Its file, made by the first entry; None for memory, which lives as long as this object.
    """

    def __init__(self, path: Path | None = None):
        self.path = path
        self._turn = threading.Lock()
        self._memory = None if path else sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)

    def write(self, entry: Visit | Decision, when: datetime | None = None) -> int:
        """Add an entry, whole or not at all; its number.

        Parameters
        ----------
        entry : Visit or Decision
        when : datetime, optional
            By default now.

        Raises
        ------
        AnalysisError
            If the journal cannot be written.
        """
        number = 0
        with self._writing() as connection:
            number = _add(connection, entry, when)
        return number

    def write_all(self, entries: Iterable[Visit | Decision], when: datetime | None = None) -> None:
        """Add several entries, all of them or none; otherwise as `write`."""
        with self._writing() as connection:
            for entry in entries:
                _add(connection, entry, when)

    def entries(self, kind: type[T]) -> list[tuple[int, datetime, T]]:
        """Give all entries of a kind: number, when it was written, and what it says.

        Raises
        ------
        AnalysisError
            If an entry was changed, taken out or put in since it was written.
        """
        return [
            (number, datetime.fromisoformat(at), from_text(kind, text, f"Entry {number}"))
            for number, name, at, text in self._rows()
            if name == kind.__name__
        ]

    def standing(self, kind: type[T]) -> list[tuple[int, datetime, T]]:
        """Give those entries of a kind that no later one corrects."""
        every = self.entries(kind)
        corrected = {entry.corrects for _, _, entry in every}
        return [row for row in every if row[0] not in corrected]

    def __len__(self) -> int:
        return len(self._rows())

    def _rows(self) -> list[tuple[int, str, str, str]]:
        if self.path is not None and not self.path.exists():
            return []
        with self._opened() as connection:
            rows = connection.execute(
                "SELECT number, kind, written, entry, seal FROM entries ORDER BY number"
            ).fetchall()
        before = FIRST
        for place, (number, kind, at, text, seal) in enumerate(rows, start=1):
            if number != place or seal != _seal(before, number, kind, at, text):
                raise AnalysisError(
                    "The journal was changed after it was written.", found=f"entry {place} does not fit the one before",
                    do="Bring back a copy of the file from before; what stands in it now cannot be relied on.",
                )  # fmt: skip
            before = seal
        return [row[:4] for row in rows]

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Take the turn, before the last seal is read, and write all or nothing."""
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            if self._memory is not None:
                with self._turn:
                    self._memory.executescript(TABLE)
                    yield self._memory
                return
            assert self.path is not None
            if is_folder(self.path):
                raise AnalysisError(f"{shown(self.path)} is a folder; a journal is one file.", do="Give a path in it.")
            with closing(sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous = FULL")  # what is said to be written is on the disk
                connection.executescript(TABLE)
                yield connection
        except sqlite3.Error as error:
            raise _in_words(error, self.path) from error


def _add(connection: sqlite3.Connection, entry: Visit | Decision, when: datetime | None) -> int:
    at = (when or datetime.now(UTC)).isoformat(timespec="seconds")
    kind, text = type(entry).__name__, to_json(entry)
    last = connection.execute("SELECT number, seal FROM entries ORDER BY number DESC LIMIT 1").fetchone()
    number, before = (last[0] + 1, last[1]) if last else (1, FIRST)
    seal = _seal(before, number, kind, at, text)
    connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?)", (number, kind, at, text, seal))
    return number


def _seal(before: str, number: int, kind: str, at: str, text: str) -> str:
    return hashlib.sha256("\x1f".join([before, str(number), kind, at, text]).encode()).hexdigest()


def _in_words(error: sqlite3.Error, path: Path | None) -> AnalysisError:
    name, said = path.name if path else "The journal in memory", str(error)
    for words, what, do in FAULTS:
        if words in said:
            return AnalysisError(f"{name}: {what}", do=do)
    return AnalysisError(
        f"{name} cannot be used as a journal.", found=said, do="Bring back a copy, or give another path."
    )


FAULTS = (
    ("not a database", "this file is no journal.", "Give the path of a journal, or a new path."),
    ("unable to open", "the journal cannot be opened.", "Make its folder, or give another path."),
    ("readonly", "the journal may not be written by you.", "Ask for the right to write it."),
    ("locked", "another program holds the journal.", "Close it there and try again; nothing was written."),
    ("full", "the disk is full.", "Free some space and try again; nothing was written."),
)
"""What SQLite's own words hold, what is wrong in ours, and what to do."""
