"""How is the store's file opened, and what can a reader put right when that fails?

One connection per operation: between two operations the file is not locked, so a load and a running app do not shut
each other out. Reading opens the file read-only. One thread, because sums over several threads differ between runs.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from analysis.errors import AnalysisError
from analysis.paths import is_file, is_folder, paths_in_words, shown
from analysis.sources.schema import OPTIONAL, TABLES
from analysis.store import let_out

CONFIG = {"threads": 1, "autoinstall_known_extensions": False, "autoload_known_extensions": False}
"""No extension is ever fetched: the store makes no request."""

RECORDS = {
    "loads": """
        load INTEGER, file VARCHAR, digest VARCHAR, layout VARCHAR, loaded TIMESTAMP,
        rows_in BIGINT, rows_used BIGINT, rows_set_aside BIGINT, rows_dropped BIGINT""",
    "load_tables": '"load" INTEGER, "table" VARCHAR, rows BIGINT, repeated BIGINT, changed BIGINT, replaced BIGINT',
    "load_findings": """
        load INTEGER, position INTEGER, outcome VARCHAR, fault VARCHAR, file VARCHAR, found VARCHAR, expected VARCHAR,
        "do" VARCHAR, sheet VARCHAR, "row" BIGINT, "column" VARCHAR, rows BIGINT""",
    "load_set_aside": """
        load INTEGER, position INTEGER, "row" BIGINT, "column" VARCHAR, found VARCHAR, expected VARCHAR,
        fault VARCHAR""",
    "contents": '"table" VARCHAR, rows BIGINT',
    **let_out.RECORDS,
}
"""The ledger: what was loaded, what each load said, how many rows every table must hold, and what was let out."""

FAULTS = (
    ("different configuration", "The store is being written by this program.", "Try again when the load has finished."),
    ("Conflicting lock", "Another program is using the store.", "Wait until it has finished, or close it; try again."),
    ("not a valid DuckDB database", "This file is not a store.", "Give the path of a store, or a new path."),
    ("version number", "The store was written by another version of DuckDB.", "Update Homeward, or load again."),
    ("database does not exist", "There is no store here.", "Make one: homeward load FILE… --store PATH"),
    ("No such file or directory", "The folder of the store does not exist.", "Make the folder, or give another path."),
    ("ermission denied", "The store may not be opened by you.", "Ask for the right to read and write it."),
    ("No space left|Could not write", "The disk is full.",
     "Free some space and load the file again; a file that is in the store after all is not loaded twice."),
    ("orrupt|Could not read|checksum|WAL|Serialization|deserialize|INTERNAL|FATAL", "The store is damaged.",
     "Bring back a copy, or load the files again into a new store."),
)  # fmt: skip
"""What DuckDB's own words say, what is wrong in ours, and what to do."""


State = tuple[int, int, int]
"""Of a file: which it is, how large, and when it was last written."""


def state_of(path: Path) -> State | None:
    """Give the state of a store's file, by which it is known again; None where changes still stand beside it."""
    with suppress(OSError, ValueError):  # a path that cannot be is told in words when it is opened
        if not path.with_name(f"{path.name}.wal").exists():
            found = path.stat()
            return found.st_ino, found.st_size, found.st_mtime_ns
    return None


@contextmanager
def opened(path: Path, *, write: bool, verified: State | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the store's file; what the reader can put right is said in words.

    Parameters
    ----------
    path : Path
    write : bool
    verified : State, optional
        State of the file in which it was verified before: while it is in that state, it need not be again.
    """
    _refuse(path)
    try:
        with duckdb.connect(path, read_only=not write, config=CONFIG) as connection:
            if verified is None or verified != state_of(path):
                verify(connection, path.name)
            yield connection
    except duckdb.Error as error:
        raise in_words(error, path.name) from error


def _refuse(path: Path) -> None:
    """Refuse what DuckDB would take for something else, and paths that cannot be."""
    if str(path).startswith(":"):
        raise AnalysisError(f"{shown(path)} is not the path of a store.", do="Give a path, such as my.duckdb.")
    if is_folder(path):
        example = f"Give a path in it, such as {shown(path / 'my.duckdb')}."
        raise AnalysisError(f"{shown(path)} is a folder; a store is one file.", do=example)
    if is_file(path) and not _is_duckdb(path):
        raise AnalysisError(
            f"{shown(path.name)}: this file is not a store.", do="Give the path of a store, or a new path."
        )


def _is_duckdb(path: Path) -> bool:
    """Whether a file begins as a DuckDB database: given a table, DuckDB opens a database in memory beside it."""
    with paths_in_words(path), path.open("rb") as file:
        return file.read(12)[8:] == b"DUCK"


def in_memory() -> duckdb.DuckDBPyConnection:
    """Open an empty database that never touches the disk."""
    return duckdb.connect(config={**CONFIG, "temp_directory": ""})


def copy(memory: duckdb.DuckDBPyConnection, path: Path, *, write: bool) -> None:
    """Copy a database in memory to a file, or a file into an empty one in memory."""
    name = str(path).replace("'", "''")
    try:
        memory.execute(f"ATTACH '{name}' AS beside {'' if write else '(READ_ONLY)'}")
        memory.execute(f"COPY FROM DATABASE {'memory TO beside' if write else 'beside TO memory'}")
        memory.execute("DETACH beside")
    except duckdb.Error as error:
        raise in_words(error, path.name) from error


def create(path: Path) -> None:
    """Make an empty store beside its place and move it there, so that it is never seen half made."""
    _refuse(path)
    with paths_in_words(path):
        _create(path)


def _create(path: Path) -> None:
    for left in path.parent.glob(f"{path.name}.*.new"):  # of a run that was killed
        left.unlink(missing_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with duckdb.connect(beside, config=CONFIG) as connection:
            create_tables(connection)
        beside.replace(path)
    except duckdb.Error as error:
        raise in_words(error, path.name) from error
    finally:
        beside.unlink(missing_ok=True)


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every table of the schema, with the number of the load each row came from, and the ledger."""
    connection.begin()
    connection.execute("; ".join(f'CREATE TABLE "{table}" ({columns})' for table, columns in RECORDS.items()))
    _create_tables(connection, [*TABLES])
    connection.commit()


def complete(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that a store of an earlier version does not have."""
    _create_tables(connection, sorted(OPTIONAL - tables_of(connection)))


def _create_tables(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    for table in names:
        listed = ", ".join(f'"{name}" {kind}' for name, kind in TABLES[table].items())
        connection.execute(f'CREATE TABLE "{table}" ({listed}, "load" INTEGER)')
    if names:
        connection.execute(f"INSERT INTO contents VALUES {', '.join('(?, 0)' for _ in names)}", [*names])


def tables_of(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the tables that are there."""
    return {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def row_counts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Rows in every table of the schema that is there."""
    return dict(connection.execute(_counted(tables_of(connection))).fetchall())


def note_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Write down how many rows every table holds."""
    counted = _counted(tables_of(connection))
    connection.execute(f'UPDATE contents SET rows = now.rows FROM ({counted}) AS now(name, rows) WHERE "table" = name')


def _counted(there: Collection[str]) -> str:
    return " UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in TABLES if table in there)


def verify(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Check that this is a store and holds the rows its ledger says.

    DuckDB opens a file whose log was cut short without a word, the last rows missing.
    """
    listed = "SELECT table_name, list(column_name) FROM duckdb_columns() GROUP BY table_name"
    found: dict[str, list[str]] = dict(connection.execute(listed).fetchall())
    missing = (set(TABLES) | set(RECORDS)) - {*found, *OPTIONAL}
    if missing and "contents" in found:
        raise _of_another_version(name, sorted(missing))
    if missing:
        raise AnalysisError(
            f"{name} is a database, but not a store.",
            found=f"no table {', '.join(sorted(missing)[:3])}",
            do="Give the path of a store, or a new path.",
        )
    _of_this_version(found, name)
    expected = dict(connection.execute('SELECT "table", rows FROM contents').fetchall())
    counts = dict(connection.execute(_counted(found)).fetchall())
    wrong = [f"{table} {counts[table]:,} rows instead of {n:,}" for table, n in expected.items() if counts[table] != n]
    if wrong or not expected:
        raise AnalysisError(
            f"{name} is damaged: it does not hold what its ledger says was loaded.",
            found=", ".join(wrong) or "an empty ledger",
            do="Bring back a copy, or load the files again into a new store.",
        )


def _of_this_version(found: Mapping[str, Collection[str]], name: str) -> None:
    """Refuse a store whose tables have other columns than this version's."""
    differ = [
        f"{table}.{column}"
        for table, columns in TABLES.items()
        if table in found
        for column in sorted({*columns, "load"} ^ set(found[table]))
    ]
    if differ:
        raise _of_another_version(name, differ)


def _of_another_version(name: str, differ: list[str]) -> AnalysisError:
    return AnalysisError(
        f"{name} was made by another version of Homeward, which keeps other columns.",
        found=", ".join(differ[:3]),
        do="Load the files again into a new store: homeward load FILE… --store PATH",
    )


def in_words(error: duckdb.Error, name: str) -> Exception:
    """Put DuckDB's words for what a reader can put right into ours; anything else is a bug and stays what it is."""
    said = str(error)
    for sign, wrong, do in FAULTS:
        if re.search(sign, said):
            holder = re.search(r"held in .*?([^/\\ ]+) \(PID (\d+)\)", said)
            found = f"{holder[1]}, process {holder[2]}" if holder else None
            return AnalysisError(f"{name}: {wrong[0].lower()}{wrong[1:]}", found=found, do=do)
    return error
