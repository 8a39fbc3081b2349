"""What was loaded, when, from which file, and what does it say?

One DuckDB file, or memory for a visitor's session. A load is one transaction, so a file is in the store as a whole or
not at all; what must be refused is refused before the file on disk is opened for writing. Loading the same bytes again
changes nothing.
"""

import hashlib
from collections.abc import Hashable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from analysis.errors import AnalysisError
from analysis.months import PERIODS
from analysis.paths import exists
from analysis.sources.findings import Finding, Reading
from analysis.sources.schema import BESIDE_ANSWERS, OPTIONAL, TABLES
from analysis.store import again, database, let_out, merge
from analysis.store.report import LoadReport

LOCATIONS, LINKS = "locations", "links"
BY_PERIOD = {"admission_events", "admission_counts", "occupancy"}
"""Tables of what happened in homes by month, or by quarter or year."""
OVERLAP = "overlapping admissions"
"""The question asked where admissions of one home and month come from two files."""

ALL_OF_IT = ("*",)
COUNTS: Mapping[str, tuple[str, ...]] = {
    "admission_events": ALL_OF_IT,  # a row a person
    "hospital_stays": ALL_OF_IT,
    "admission_counts": ("admissions", "avoidable", "at_least", "at_most"),
    "unread_rows": ("rows",),
    "staffing": ALL_OF_IT,
    "resident_spells": ALL_OF_IT,
    "person_admissions": ALL_OF_IT,
    "area_outcomes": ("value", "numerator"),
}
"""Columns that count people, by table: no digest of them is handed on."""
KEPT_BACK = "not given: counts of people could be guessed from it"

FINDING = ("outcome", "fault", "file", "found", "expected", "do", "sheet", "row", "column", "rows")
FOUND = ", ".join(f'"{name}"' for name in FINDING)


class Store:
    """The embedded database.

    Parameters
    ----------
    path : Path or str
        Its file. The first load makes it; reading a store that is not there is an error.
    """

    def __init__(self, path: Path | str):
        self.path: Path | None = Path(path)
        self._memory: duckdb.DuckDBPyConnection | None = None
        self._verified: database.State | None = None
        self._hashed: dict[tuple, str] = {}

    @classmethod
    def in_memory(cls) -> "Store":
        """Make a store that lives as long as this object, and never touches the disk."""
        store = cls("")
        store.path = None
        store._memory = database.in_memory()
        database.create_tables(store._memory)
        return store

    @classmethod
    def copied(cls, path: Path) -> "Store":
        """Make a store in memory that holds what a store's file holds."""
        store = cls("")
        store.path, store._memory = None, database.in_memory()
        database.copy(store._memory, path, write=False)
        return store

    def copy_to(self, path: Path) -> None:
        """Write a copy of a store in memory to a file that is not there yet."""
        if self._memory is not None:
            database.copy(self._memory, path, write=True)

    def load(self, reading: Reading, say: Mapping[str, str] | None = None) -> LoadReport:
        """Load one file, whole or not at all.

        Parameters
        ----------
        reading : Reading
            What a source module made of the file.
        say : mapping of str to str
            Answers to questions, by `OVERLAP`: "add" (other people's admissions) or "replace" (a newer extract); by
            `again.QUESTION`: "one home" or "different homes".

        Raises
        ------
        AnalysisError
            If the file is refused, a question is open, or the store cannot be written. The store is then unchanged.
        """
        _refuse(reading)
        there = self.path is None or exists(self.path)
        with self.reading() if there else nullcontext():  # a file is opened once for all that is asked of it
            if there:
                if (known := self._loaded_before(reading.digest)) is not None:
                    return self.report(known, already_loaded=True)
                self._ask_about_overlap(reading, say or {})
                self._refuse_other_periods(reading)
            reading = self._one_home(reading, say or {})
        if self.path is not None and not self.path.exists():  # asked again: another program may have made it meanwhile
            database.create(self.path)
        with self._opened(write=True) as connection:
            load = _write(connection, reading, (say or {}).get(OVERLAP))
            connection.execute("CHECKPOINT")
        return self.report(load)

    def close(self) -> None:
        """Let go what a store in memory holds; it cannot be asked any more. A store in a file has nothing to let go."""
        if self._memory is not None:
            self._memory.close()

    def table(self, name: str) -> pd.DataFrame:
        """All rows of one table of `schema.TABLES`, in an order that does not depend on how they were loaded."""
        columns = ", ".join(f'"{column}"' for column in TABLES[name])
        with self.reading() as connection:
            if name not in database.tables_of(connection):
                return pd.DataFrame(columns=list(TABLES[name]))
            return connection.execute(f'SELECT {columns} FROM "{name}" ORDER BY ALL').df()

    def ledger(self, *, handed_on: bool = False) -> pd.DataFrame:
        """One row per load: number, file, digest, layout, when, and where its rows went.

        Parameters
        ----------
        handed_on : bool
            Whether the digests of files that count people are kept back: as of `digest`.
        """
        with self.reading() as connection:
            found = connection.execute("SELECT * FROM loads ORDER BY load").df()
        if handed_on:
            found["digest"] = found["digest"].where(~found["load"].isin(self._loads_of(COUNTS)), KEPT_BACK)
        return found

    def let_out(self, name: str) -> pd.DataFrame:
        """All rows of what is remembered of counts let out: `let_out.RECORDS`, in the order in which they came."""
        with self.reading() as connection:
            return connection.execute(f'SELECT "load", * EXCLUDE ("load") FROM "{name}" ORDER BY ALL').df()

    def report(self, load: int, *, already_loaded: bool = False) -> LoadReport:
        """Tell what one load did."""
        with self.reading() as connection:
            found = connection.execute("SELECT * FROM loads WHERE load = ?", [load]).df()
            findings = connection.execute(
                f"SELECT {FOUND} FROM load_findings WHERE load = ? ORDER BY position", [load]
            ).fetchall()
            aside = connection.execute(
                "SELECT * EXCLUDE (load, position) FROM load_set_aside WHERE load = ? ORDER BY position", [load]
            ).df()
            tables = connection.execute("SELECT * EXCLUDE (load) FROM load_tables WHERE load = ?", [load]).df()
        if found.empty:
            raise AnalysisError(f"The store has no load {load}.", do="See its ledger: homeward ledger --store PATH")
        return LoadReport(
            **found.iloc[0].to_dict(),
            tables=tables,
            findings=tuple(Finding(**dict(zip(FINDING, row, strict=True))) for row in findings),
            set_aside=aside,
            already_loaded=already_loaded,
        )

    def digest(self, *, counts: bool = True) -> str:
        """SHA-256 of what the store says, whatever the order and time its files were loaded in.

        Equal contents give equal digests: rows are hashed one by one and the hashes added up.

        Parameters
        ----------
        counts : bool
            Whether counts of people are among it. A digest that is handed on is without: who knows all of a small
            store but one count tries the counts until the digest is right.
        """
        left_out, state = {} if counts else COUNTS, self.state()
        with self.reading() as connection:
            rows = database.row_counts(connection)
        there = (name for name in sorted(TABLES) if name not in OPTIONAL or rows.get(name))  # as before they came
        tables = [name for name in there if left_out.get(name) != ALL_OF_IT and name not in BESIDE_ANSWERS]

        def line(table: str) -> str:
            with self.reading() as connection:
                return f"{table} {self._hashed_once(connection, state, table, left_out.get(table, ()))}"

        with self.reading(), ThreadPoolExecutor(2) as beside:  # sums of whole numbers: the same in whatever order
            lines = [*beside.map(line, tables)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def digest_of(self, table: str) -> str:
        """Digest one table as `digest` digests all, once while the store is in one state; empty where it has none."""
        state = self.state()
        with self.reading() as connection:
            there = table in database.tables_of(connection)
            return self._hashed_once(connection, state, table, ()) if there else ""

    def state(self) -> Hashable:
        """Tell in which state the store is: another once something was loaded; None where that cannot be told."""
        if self.path is not None:
            return database.state_of(self.path)
        with self.reading() as connection:
            return connection.execute("SELECT max(load) FROM loads").fetchall()[0][0] or 0

    def _hashed_once(self, connection, state: Hashable, table: str, left_out: tuple[str, ...]) -> str:
        """Hash a table once while the store is in one state: the digest with counts and that without share most."""
        if state is None:
            return table_digest(connection, table, left_out)
        key = (state, table, left_out)
        hashed = self._hashed.get(key) or table_digest(connection, table, left_out)
        self._hashed = {known: of for known, of in self._hashed.items() if known[0] == state} | {key: hashed}
        return hashed

    def _loads_of(self, tables: Iterable[str]) -> set[int]:
        """Numbers of the loads that put rows into some tables."""
        with self.reading() as connection:
            found = connection.execute('SELECT "load" FROM load_tables WHERE list_contains(?, "table")', [[*tables]])
            return {row[0] for row in found.fetchall()}

    @contextmanager
    def reading(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the store to read from it, for the length of a ``with`` block."""
        with self._opened(write=False) as connection:
            yield connection

    @contextmanager
    def _opened(self, *, write: bool) -> Iterator[duckdb.DuckDBPyConnection]:
        if self._memory is not None:
            with self._memory.cursor() as connection:
                yield connection
        elif self.path is not None:
            state = database.state_of(self.path)
            with database.opened(self.path, write=write, verified=self._verified) as connection:
                self._verified = None if write else state
                yield connection

    def _loaded_before(self, digest: str) -> int | None:
        with self.reading() as connection:
            loads = connection.execute("SELECT load FROM loads WHERE digest = ?", [digest]).fetchall()
        return loads[0][0] if loads else None

    def _refuse_other_periods(self, reading: Reading) -> None:
        """Refuse counts or bed-days of homes by another period than the store's: they have no months in common."""
        if not BY_PERIOD & set(reading.tables):
            return
        with self.reading() as connection:
            held = [connection.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() for table in sorted(BY_PERIOD)]
        if not any(held):
            return
        now, new = (int(table["months"].max()) if len(table) else 1 for table in
                    (self.table("periods"), reading.tables.get("periods", pd.DataFrame())))  # fmt: skip
        if now != new:
            raise AnalysisError(
                f"{reading.file} was not loaded: it counts homes by {PERIODS[new]}, and the store holds them by "
                f"{PERIODS[now]}.",
                do="Load it into a store of its own, or add the shorter periods up and load that.",
            )

    def _one_home(self, reading: Reading, say: Mapping[str, str]) -> Reading:
        """Ask whether numbers that the files together show to be likely one home are; the answer becomes links."""
        if "locations" not in reading.tables:
            return reading
        new = {name: reading.tables.get(name, pd.DataFrame(columns=list(TABLES[name]))) for name in (LOCATIONS, LINKS)}
        there = self.path is None or self.path.exists()
        held = {name: self.table(name) if there else new[name].iloc[:0] for name in new}
        if not any(known[LOCATIONS]["postcode"].notna().any() for known in (held, new)):
            return reading  # no two numbers are known to be of one place
        locations = again.together(held[LOCATIONS], new[LOCATIONS])
        links = pd.concat([held[LINKS].astype(object), new[LINKS].astype(object)])
        dated = again.as_listed(locations, pd.concat([self._listed() if there else None, _listed(reading)]))
        pairs = again.not_linked(again.registered_again(dated), locations, links)
        if pairs.empty:
            return reading
        said = say.get(again.QUESTION)
        if said not in again.OPTIONS:
            options = " or ".join(f"--say '{again.QUESTION}={option}'" for option in again.OPTIONS)
            raise AnalysisError(
                f"{reading.file} was not loaded: with it, homes stand in the files under two numbers.",
                found=again.in_words(pairs),
                do=f"Each pair has one name and postcode, and one number began when the other ended. Say whether they "
                f"are one home or not: {options}.",
            )
        told = pd.concat([new[LINKS].astype(object), again.links_of(pairs, said).astype(object)], ignore_index=True)
        return replace(reading, tables={**reading.tables, LINKS: told})

    def _listed(self) -> pd.DataFrame:
        """When lists of latest ratings held each location, first and last."""
        with self.reading() as connection:
            return connection.execute(
                "SELECT location_id, min(first_listed) AS first_listed, max(last_listed) AS last_listed FROM ratings "
                "WHERE first_listed IS NOT NULL GROUP BY location_id"
            ).df()

    def _ask_about_overlap(self, reading: Reading, say: Mapping[str, str]) -> None:
        if "admission_events" not in reading.tables or say.get(OVERLAP) in ("add", "replace"):
            return
        with self.reading() as connection:
            merge.incoming(connection, "admission_events", reading.tables["admission_events"])
            shared = merge.shared_home_months(connection)
        if shared:
            raise AnalysisError(
                f"{reading.file} was not loaded: it has admissions of homes and months that an earlier file also has.",
                found=f"{shared:,} home-months in both",
                do=f"If these are other people's admissions (another hospital), say --say '{OVERLAP}=add'; if this is "
                f"a newer extract of the same admissions, say --say '{OVERLAP}=replace'.",
            )


def _listed(reading: Reading) -> pd.DataFrame:
    """When a list of latest ratings holds each location; no row for other files."""
    ratings = reading.tables.get("ratings", pd.DataFrame(columns=list(TABLES["ratings"])))
    held = ratings.loc[ratings["first_listed"].notna(), ["location_id", "first_listed", "last_listed"]]
    return held.astype({"first_listed": "datetime64[us]", "last_listed": "datetime64[us]"})


def _refuse(reading: Reading) -> None:
    """Refuse a file that the door refused, or about which a question is open, with every reason at once."""
    stopped = ("reject", "rows") if reading.refusals else ()  # rows set aside explain why none is left
    reasons = [str(finding) for finding in reading.findings if finding.outcome in stopped]
    for asked in reading.questions:
        options = " or ".join(f"--say '{asked.question}={option}'" for option in asked.options)
        reasons.append(f"{asked} Answer with {options}.")
    if reasons:
        raise AnalysisError(
            f"{reading.file} was not loaded, and the store is as it was.", do="".join(f"\n  - {why}" for why in reasons)
        )


def _write(connection: duckdb.DuckDBPyConnection, reading: Reading, overlap: str | None) -> int:
    """Write a file and its ledger entry in one transaction; the load's number."""
    connection.begin()
    try:
        [(load,)] = connection.execute("SELECT coalesce(max(load), 0) + 1 FROM loads").fetchall()
        database.complete(connection)
        concerned = let_out.concerned(reading.tables)
        if concerned:
            let_out.before(connection)
        for table, frame in sorted(reading.tables.items()):
            rows = merge.incoming(connection, table, frame)
            told = merge.merge(connection, table, load, overlap)
            connection.execute("INSERT INTO load_tables VALUES (?, ?, ?, ?, ?, ?)", [load, table, rows, *told])
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        if concerned:
            let_out.after(connection, load, now)
        _record(connection, reading, load, now)
        connection.execute("DROP TABLE IF EXISTS incoming")
        connection.commit()
    except BaseException:
        with suppress(duckdb.Error):  # a full disk has already ended the transaction
            connection.rollback()
        raise
    return load


def _record(connection: duckdb.DuckDBPyConnection, reading: Reading, load: int, when: datetime) -> None:
    """Write the ledger entry: what came in, what was found, what was set aside, what the tables hold now."""
    counts = (reading.rows_in, reading.rows_used, len(reading.set_aside), reading.rows_dropped)
    entry = [load, reading.file, reading.digest, reading.layout, when, *counts]
    connection.execute("INSERT INTO loads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", entry)
    findings = pd.DataFrame(
        [(load, n, *(getattr(f, name) for name in FINDING)) for n, f in enumerate(reading.findings)]
    )
    aside = reading.set_aside.reset_index(drop=True)
    aside = aside.reindex(columns=["row", "column", "found", "expected", "fault"])
    aside = aside.assign(load=load, position=aside.index)[["load", "position", *aside.columns]]
    for name, frame in (("load_findings", findings), ("load_set_aside", aside)):
        if len(frame):
            connection.register("frame", frame)
            connection.execute(f"INSERT INTO {name} SELECT * FROM frame")
            connection.unregister("frame")
    database.note_rows(connection)


def table_digest(connection: duckdb.DuckDBPyConnection, table: str, left_out: tuple[str, ...] = ()) -> str:
    """Count the rows of a table, and add up their digests: the same in whatever order they lie."""
    text = ", ".join(f'coalesce("{name}"::VARCHAR, chr(30))' for name in TABLES[table] if name not in left_out)
    row = f'SELECT md5_number(concat_ws(chr(31), {text})) AS hashed FROM "{table}"'  # each row is hashed once
    sums = f"count(*), sum((hashed >> 64)::UBIGINT), sum((hashed & {2**64 - 1}::UHUGEINT)::UBIGINT)"
    return str(connection.execute(f"SELECT {sums} FROM ({row})").fetchall())
