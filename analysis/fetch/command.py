"""How are today's files fetched from a terminal, into a folder and into a store?"""
# ruff: noqa: PLC0415

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from analysis.errors import AnalysisError

CQC = "cqc"

FETCH = """\
Fetches into DIR, with a ledger beside it (fetched.csv: file, address asked, when, digest, licence), and with --store
also loads what it fetched. Run it again after any interruption: what is whole is not asked for again.
  cqc        every care home from the CQC's API, one document a line; with --since only those that changed since
             needs a key, which is free: export CQC_API_KEY=…    It goes in a header and is written nowhere.
  cqc-files  the CQC's monthly files: care directory with filters, latest ratings, deactivated locations
  drd        NHS England's Discharge Ready Date, every month, the newest revision of each
  ascof      the adult social care outcomes framework

examples:
  homeward fetch cqc --out today --store my.duckdb
  homeward fetch cqc --since 2026-10-01 --out today --store my.duckdb
  homeward fetch drd --out today --store my.duckdb
"""


def add_fetch(command: Callable[..., argparse.ArgumentParser], store: Callable[..., None], run: Callable) -> None:
    """Add the verb to the command line."""
    parser = command("fetch", run, "fetch today's files from their publishers", FETCH)
    parser.add_argument("what", choices=[CQC, "cqc-files", "drd", "ascof"], help="what is fetched")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder it is fetched into")
    parser.add_argument("--since", default="", metavar="DAY", help="of cqc: changes from this day on, as 2026-10-01")
    parser.add_argument("--address", default="", metavar="ADDRESS", help="ask there, and not at the publisher")
    store(parser, required=False)


def fetched(asked: argparse.Namespace) -> tuple[Path, ...]:
    """Carry out what was asked; the files fetched."""
    from dataclasses import replace

    from analysis.fetch import PUBLICATIONS, Asker, fetch_files, fetch_locations
    from analysis.fetch.locations import BASE, KEY, Wanted

    if asked.since and asked.what != CQC:
        raise AnalysisError("Only the CQC's API tells what changed since a day.", do="Leave --since out.")
    if asked.what == CQC:
        until = datetime.now(UTC).date().isoformat() if asked.since else ""
        wanted = Wanted(since=_day(asked.since), until=until, base=(asked.address or BASE).rstrip("/"))
        asker = Asker(key=os.environ.get(KEY, ""))
        return (fetch_locations(asked.out, wanted, asker, _told),)
    publication = PUBLICATIONS[asked.what]
    publication = replace(publication, page=asked.address) if asked.address else publication
    return fetch_files(asked.out, publication, Asker(), _told)


def loaded(paths: Sequence[Path], store: Path) -> tuple[list[str], int]:
    """Load what was fetched into a store: what is said, and how many files were not loaded."""
    from analysis import sources
    from analysis.store import Store

    held, said, failed = Store(store), [], 0
    for path in paths:
        try:
            said.append(str(held.load(sources.read(path.name, path))))
        except AnalysisError as error:
            said.append(str(error))
            failed += 1
    return said, failed


def _day(text: str) -> str:
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise AnalysisError("A day is written as year, month and day.", found=text, do="As 2026-10-01.") from None


def _told(words: str) -> None:
    """Say how far it is, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\033[K{words}"[:200], end="", file=sys.stderr, flush=True)
