"""What is asked of an engine, and what comes of its answer?

Homes and registrations come from the store; hospital records and stays lie in Parquet files that never enter it. The
answer is one file, written whole or not at all, that `Panel.from_parquet` reads; and it can be loaded into the store as
monthly counts and bed-days, after which everything is as with any other file.

What the door asks of every file is asked here of what can be seen without reading all rows: the columns, their types,
and whether the persons are NHS numbers. That nobody is in two homes at once is not asked.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.panel.events.engines import CONFIG, ENGINES, quoted
from analysis.panel.events.expression import ASIDE, EVENTS, EXPRESSION, STAYS
from analysis.paths import paths_in_words, shown
from analysis.registrations import stored_registrations
from analysis.sources.findings import Reading
from analysis.sources.reading.file_kinds import digest_of
from analysis.sources.reading.people import People
from analysis.store import Store
from analysis.store.database import in_words as in_words_of_a_store

FIRST, LAST = "1970-01", "2069-12"
"""The calendar that an engine is given."""
DATES = {"admitted", "discharged", "moved_in", "moved_out"}
LOOKED_AT = 1_000
"""Persons looked at for NHS numbers."""
LAYOUT = "panel of hospital records and stays"
FACTS = (
    ("later_episodes", "later episodes of a stay: an admission is counted at its first"),
    ("without_home_person_or_day", "rows without home, person or day of admission"),
    ("unknown_methods", "methods of admission that nobody knows"),
    ("repeated", "rows that stand there already: person, spell and both days"),
    ("continued", "went on with a stay: begun before it ended, or a transfer within two days"),
    ("outside", "admissions in months for which the home has no bed-days"),
    ("counted", "admissions in the panel: emergencies and planned ones"),
)
"""Where the rows that were read went, in order, each to one place."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventPanel:
    """A panel as a file, and where the rows went that it was made of.

    Parameters
    ----------
    path : Path
        The file: `expression.COLUMNS`, by unit and month. Home-months without bed-days have no exposure.
    account : DataFrame
        what, rows, reading; ``rows_read`` first, and the rest of them adds up to it.
    engine : str
    """

    path: Path
    account: pd.DataFrame
    engine: str

    def reading(self) -> Reading:
        """Give the panel as a store takes it: monthly counts and bed-days."""
        known = "SELECT * FROM read_parquet(?) WHERE exposure > 0 ORDER BY unit, month"
        with duckdb.connect(config=CONFIG) as connection:
            frame = connection.execute(known, [str(self.path)]).df()
        whole = pd.Series(pd.NA, index=frame.index, dtype="Int64")
        key = {"location_id": frame["unit"], "month": frame["month"]}
        counts = {"admissions": frame["count"], "avoidable": frame["avoidable"], "at_least": whole, "at_most": whole}
        tables = {
            "admission_counts": pd.DataFrame({**key, **counts}),
            "occupancy": pd.DataFrame({**key, "bed_days": frame["exposure"], "basis": "resident days"}),
        }
        return Reading(
            file=self.path.name, digest=digest_of(self.path), layout=LAYOUT, tables=tables, rows_in=len(frame),
            rows_used=len(frame), set_aside=pd.DataFrame(columns=["row", "column", "found", "expected", "fault"]),
        )  # fmt: skip


def panel_of_events(events: Path, stays: Path, store: Store, out: Path, *, engine: str = "duckdb") -> EventPanel:
    """Make a panel of hospital records and stays.

    Parameters
    ----------
    events, stays : Path
        A Parquet file, or a folder of some, with the columns of `expression.EVENTS` and `expression.STAYS`.
    store : Store
        Which homes there are, and which registrations are one home.
    out : Path
        Where the panel goes; replaced where it is there.
    engine : str
        One of `ENGINES`.

    Raises
    ------
    AnalysisError
        If a file is not as asked, or nothing can be counted.
    """
    given = {"events": _pattern(events), "stays": _pattern(stays)}
    for name, columns in (("events", EVENTS), ("stays", STAYS)):
        _refuse(given[name], columns, name)
    with paths_in_words(out), tempfile.TemporaryDirectory(dir=out.parent) as folder:
        relations = {**given, **_small(store, Path(folder))}
        made = Path(folder) / "panel.parquet"
        try:
            ENGINES[engine](EXPRESSION, relations, made)
            account = _account(given["events"], made)
        except duckdb.OutOfMemoryException as error:
            raise AnalysisError("The disk or the memory is full.", do="Free some space and try again.") from error
        except duckdb.Error as error:
            raise in_words_of_a_store(error, out.name) from error
        made.replace(out)
    return EventPanel(path=out, account=account, engine=engine)


def _pattern(path: Path) -> str:
    """Give what engines read: a file, or all Parquet files of a folder."""
    with paths_in_words(path):
        if path.is_dir() and list(path.glob("*.parquet")):
            return str(path / "*.parquet")
        if path.is_file():
            return str(path)
    raise AnalysisError(f"{shown(path)}: there is no Parquet file.", do="Give a file, or a folder of some.")


def _refuse(path: str, columns: tuple[str, ...], name: str) -> None:
    """Refuse files without a column that is asked for, dates that are none, and persons that are NHS numbers."""
    try:
        with duckdb.connect(config=CONFIG) as connection:
            told = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall()
            kinds = {row[0]: row[1] for row in told}
            missing = [column for column in columns if column not in kinds]
            if missing:
                raise AnalysisError(
                    f"The {name} need the columns {', '.join(columns)}; {', '.join(missing)} is missing.",
                    found=", ".join(kinds), do="Name the columns so; one that is not known may be empty.",
                )  # fmt: skip
            wrong = [f"{column}: {kinds[column]}" for column in columns if column in DATES and kinds[column] != "DATE"]
            if wrong:
                raise AnalysisError(
                    f"Days of the {name} must be dates.", found=", ".join(wrong), do="Write them as dates."
                )
            if "person" in columns:
                _no_people(
                    connection.execute("SELECT person FROM read_parquet(?) LIMIT ?", [path, LOOKED_AT]).fetchall()
                )
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        raise AnalysisError(f"The {name} cannot be read as Parquet.", found=str(error).splitlines()[0][:200]) from error


def _no_people(rows: list[tuple]) -> None:
    seen = People()
    for (person,) in rows:
        seen.examine(str(person or ""))
    if found := seen.found():
        do = "Replace them by a pseudonym that says nothing of the person, and write the files again."
        raise AnalysisError("Persons are told by more than a pseudonym.", found=found, do=do)


def _small(store: Store, folder: Path) -> dict[str, str]:
    """Write the small relations: the calendar, the homes, and which registrations are one home."""
    months = np.arange(FIRST, np.datetime64(LAST) + 1, dtype="datetime64[M]")
    days = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int)
    home = stored_registrations(store).home
    same = pd.DataFrame({"location_id": list(home), "home": list(home.values())}, dtype="str")
    columns = ["location_id", "name", "nursing", "residential", "beds", "area_name", "region", "provider_id"]
    frames = {
        "calendar": pd.DataFrame({"month": months.astype("datetime64[s]"), "days": days}),
        "same_home": same, "locations": store.table("locations")[columns],
    }  # fmt: skip
    typed = {"calendar": "month::DATE AS month, days", "same_home": "*", "locations": "*"}
    with duckdb.connect(config=CONFIG) as connection:
        for name, frame in frames.items():
            connection.register("frame", frame)
            path = quoted(folder / f"{name}.parquet")
            connection.execute(f"COPY (SELECT {typed[name]} FROM frame) TO {path} (FORMAT parquet)")
            connection.unregister("frame")
    return {name: str(folder / f"{name}.parquet") for name in frames}


TOTALS = """
SELECT sum(repeated) AS repeated, sum(continued) AS continued,
    sum(count + planned) FILTER (WHERE coalesce(exposure, 0) <= 0) AS outside,
    sum(count + planned) FILTER (WHERE exposure > 0) AS counted
FROM read_parquet(?)
"""


def _account(events: str, made: Path) -> pd.DataFrame:
    """Say where every row went that was read."""
    with duckdb.connect(config=CONFIG) as connection:
        connection.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet({quoted(events)})")
        found = connection.execute(ASIDE).df().iloc[0].to_dict()
        found |= connection.execute(TOTALS, [str(made)]).df().fillna(0).iloc[0].to_dict()
    if not found["counted"]:
        raise AnalysisError(
            "No home has admissions and bed-days in the same month, so there is no panel.",
            found=", ".join(f"{int(n):,} {what.replace('_', ' ')}" for what, n in found.items()),
            do="Give records and stays of the same homes and months, under the same CQC location ids.",
        )
    rows = [("rows_read", int(found["rows_read"]), "rows of hospital records")]
    rows += [(what, int(found[what]), reading) for what, reading in FACTS]
    return pd.DataFrame(rows, columns=["what", "rows", "reading"])


def in_words(account: pd.DataFrame) -> Mapping[str, str]:
    """Say each line of an account."""
    return {row.what: f"{row.rows:,} {row.reading}" for row in account.itertuples()}
