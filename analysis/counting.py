"""How are hospital records by the million counted from a terminal, and where is a country of them to try it on?

What takes long is imported where it is used, so that help comes at once.
"""
# ruff: noqa: PLC0415

import argparse
from collections.abc import Callable
from pathlib import Path

from analysis.paths import paths_in_words, shown

PANEL = """\
Makes one row per home and month of hospital records and stays that are too many to be loaded: counts of emergency,
avoidable and planned admissions, over days of residence. Homes and registrations are those of the store.
  EVENTS  Parquet, a file or a folder: location_id, person (a pseudonym), spell, episode, admitted, discharged,
          method (ADMIMETH), diagnosis (ICD-10)
  STAYS   Parquet, a file or a folder: location_id, moved_in, moved_out
An admission is the first episode of a stay; rows that stand there again count once; who is moved to another hospital is
not admitted again. Where every row went is said. Without --out the answer is loaded into the store, as monthly
admissions and bed-days; with it a Parquet file is written, which holds every count: for yourself, not for release.
Made again on the same files it is the same, whichever engine makes it. --engine spark needs PySpark and Java
(pip install 'homeward[spark]'); started by spark-submit it runs on that cluster.

example:
  homeward sample england --england
  homeward load england/cqc_locations.jsonl.gz england/interventions.csv --store england/england.duckdb
  homeward panel england/events england/stays --store england/england.duckdb
  homeward evaluate england/protocol.toml --store england/england.duckdb --out answer
"""

ENGLAND = (
    "not the county but a country of 15,000 homes over ten years: 20 million hospital records and 75,000 ratings, "
    "a third of a gigabyte, in some minutes"
)


def add_panel(command: Callable[..., argparse.ArgumentParser], store: Callable[..., None], run: Callable) -> None:
    """Add the verb to the command line."""
    parser = command("panel", run, "make counts by home and month of hospital records and stays", PANEL)
    parser.add_argument("events", type=Path, metavar="EVENTS", help="hospital records, Parquet")
    parser.add_argument("stays", type=Path, metavar="STAYS", help="stays of residents, Parquet")
    store(parser)
    parser.add_argument("--engine", choices=["duckdb", "spark"], default="duckdb", help="who does it; duckdb")
    parser.add_argument("--out", type=Path, metavar="FILE.parquet", help="write the panel there, and load nothing")


def made(asked: argparse.Namespace) -> list[str]:
    """Carry out what was asked: what is said."""
    import tempfile

    from analysis.panel.events.panel import in_words, panel_of_events
    from analysis.store import Store

    store = Store(asked.store)
    with tempfile.TemporaryDirectory() as folder:
        out = asked.out or Path(folder) / f"{asked.events.stem}_by_home_and_month.parquet"
        panel = panel_of_events(asked.events, asked.stays, store, out, engine=asked.engine)
        said = [line[0].upper() + line[1:] + "." for line in in_words(panel.account).values()]
        if asked.out:
            return [*said, f"\nwrote {shown(asked.out)}: it holds every count, and is not for release"]
        return [*said, f"\n{store.load(panel.reading())}"]


def england(folder: Path) -> list[str]:
    """Write a country: what is said."""
    from analysis.simulate.england import write_england

    with paths_in_words(folder):
        return [f"wrote {path}" for path in write_england(folder)]
