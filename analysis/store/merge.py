"""How does a file's table join what the store already holds?

A row whose key (`schema.KEYS`) the store already holds takes its place: the later file counts. Only for locations,
whose attributes come from several files that each know some of them, a missing value says nothing and replaces nothing.
Ratings remember between which lists of latest ratings they stood. Admissions have no key; there a later file either
adds to the home-months it shares with earlier ones or replaces them, and the reader says which.
"""

import duckdb

from analysis.sources.schema import KEYS, TABLES

COMPLETED = ("locations",)
"""Tables in which a missing value of a later file leaves the earlier one."""

LISTED = {"ratings": {"first_listed": "least", "last_listed": "greatest"}}
"""Columns that widen rather than being replaced: as of when the first and the last list held the fact."""

SHARED = """
    SELECT DISTINCT held.location_id, date_trunc('month', held.admitted) AS month
    FROM {table} AS held JOIN incoming AS new
    ON held.location_id = new.location_id AND date_trunc('month', held.admitted) = date_trunc('month', new.admitted)
"""


def incoming(connection: duckdb.DuckDBPyConnection, table: str, frame) -> int:
    """Hold a file's table as the temporary table ``incoming``; its number of rows."""
    connection.register("frame", frame.copy())  # a reversed view is more than DuckDB 2.0 can read
    columns = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in TABLES[table].items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incoming AS SELECT {columns} FROM frame")
    connection.unregister("frame")
    return len(frame)


def shared_home_months(connection: duckdb.DuckDBPyConnection) -> int:
    """Home-months with admissions in the store and in ``incoming``."""
    return _one(connection, f"SELECT count(*) FROM ({SHARED.format(table='admission_events')})")[0]


def merge(connection: duckdb.DuckDBPyConnection, table: str, load: int, overlap: str | None) -> tuple[int, int, int]:
    """Join ``incoming`` to a table; facts repeated, values changed, rows replaced."""
    if KEYS[table]:
        repeated, changed = _repeated(connection, table)
        if table in COMPLETED:
            _complete(connection, table)
        for name, widest in LISTED.get(table, {}).items():
            _widen(connection, table, name, widest)
        connection.execute(f'DELETE FROM "{table}" AS held USING incoming AS new WHERE {_same(table)}')
        replaced = 0
    else:
        repeated, changed, replaced = 0, 0, _replace_shared(connection, table) if overlap == "replace" else 0
    connection.execute(f'INSERT INTO "{table}" SELECT *, {load} FROM incoming ORDER BY ALL')
    return repeated, changed, replaced


def _same(table: str) -> str:
    """Write the SQL condition that two rows are about one fact."""
    return " AND ".join(f'held."{key}" IS NOT DISTINCT FROM new."{key}"' for key in KEYS[table])


def _values(table: str) -> list[str]:
    return [name for name in TABLES[table] if name not in KEYS[table]]


def _repeated(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int]:
    """Facts that the store already holds, and how many of their values differ."""
    said = 'new."{0}" IS NOT NULL AND ' if table in COMPLETED else ""
    values = [name for name in _values(table) if name not in LISTED.get(table, {})]
    differ = [f'({said}new."{{0}}" IS DISTINCT FROM held."{{0}}")::INTEGER'.format(name) for name in values]
    changed = " + ".join(differ) or "0"
    count = (
        f'SELECT count(*), coalesce(sum({changed}), 0) FROM "{table}" AS held JOIN incoming AS new ON {_same(table)}'
    )
    return _one(connection, count)


def _complete(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Fill what ``incoming`` does not know from what the store holds."""
    filled = ", ".join(f'"{name}" = coalesce(new."{name}", held."{name}")' for name in _values(table))
    connection.execute(f'UPDATE incoming AS new SET {filled} FROM "{table}" AS held WHERE {_same(table)}')


def _widen(connection: duckdb.DuckDBPyConnection, table: str, name: str, widest: str) -> None:
    """Let what the store holds widen a column of ``incoming``; a missing day says nothing."""
    wider = f'"{name}" = {widest}(new."{name}", held."{name}")'
    connection.execute(f'UPDATE incoming AS new SET {wider} FROM "{table}" AS held WHERE {_same(table)}')


def _replace_shared(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Take out the admissions, or stays, of every home-month that ``incoming`` gives again."""
    where = f"{table}.location_id = shared.location_id AND date_trunc('month', admitted) = shared.month"
    return _one(connection, f"DELETE FROM {table} USING ({SHARED.format(table=table)}) AS shared WHERE {where}")[0]


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> tuple:
    [row] = connection.execute(query).fetchall()
    return tuple(int(value) for value in row)
