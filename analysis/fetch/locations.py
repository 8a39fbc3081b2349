"""Which care homes does the CQC's syndication API hold, and what does it say of each?

First the list, page by page, then the document of every location; with a day, only those that changed since. Each page
of the list and each page of documents is a file of its own, kept whole or not at all, so that a run that is killed goes
on from the last whole page. At the end the pages become one file of documents, a location a line, in the order of
their ids: the same locations give the same bytes, however often the run was broken off.

Which locations there are is settled first, and stays settled until the run has ended: a new run over the same folder
begins anew once the file of documents is there, unless it is asked only for changes.

Source: Care Quality Commission, syndication API v1: ``/locations``, ``/locations/{id}``, ``/changes/location``; header
``Ocp-Apim-Subscription-Key``; answers of 429 where too much is asked.
"""

import gzip
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from analysis.errors import AnalysisError
from analysis.fetch.asking import Asker, changed
from analysis.fetch.ledger import Line, by_name, digest_of, keep

BASE = "https://api.service.cqc.org.uk/public/v1"
KEY = "CQC_API_KEY"
"""Name of the environment variable that holds the key."""
PAGE = 500
AT_ONCE = 4
"""Documents asked for at the same time: with more the API answers 429, and waiting for it takes longer."""
PAGES = "pages"
Heard = Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of the API.

    Parameters
    ----------
    since : str
        First day of the changes asked for ("2026-10-01"); empty for every care home.
    until : str
        Last day of the changes.
    base : str
        Where the API stands.
    page : int
        Locations on a page.
    """

    since: str = ""
    until: str = ""
    base: str = BASE
    page: int = PAGE

    @property
    def file(self) -> str:
        """Name of the file of documents."""
        return f"cqc_locations_{self.since}_to_{self.until}.jsonl.gz" if self.since else "cqc_locations.jsonl.gz"


def fetch_locations(folder: Path, wanted: Wanted, asker: Asker, tell: Heard = lambda words: None) -> Path:
    """Fetch the documents of care homes into a folder; the path of their file.

    Raises
    ------
    AnalysisError
        If there is no key, or the API does not answer, or answers in another form; what was fetched is kept.
    """
    if not asker.key:
        raise AnalysisError(
            "The CQC's API needs a key, and there is none.", found=f"the environment variable {KEY} is empty",
            do=f"Ask for a key at the CQC's developer portal, then: export {KEY}=… It is written nowhere.",
        )  # fmt: skip
    pages = folder / PAGES
    if (folder / wanted.file).is_file():  # of a run that ended
        shutil.rmtree(pages, ignore_errors=True)
    done = by_name(pages)
    ids = _listed((pages, done), wanted, asker, tell)
    parts = [ids[first : first + wanted.page] for first in range(0, len(ids), wanted.page)]
    with ThreadPoolExecutor(AT_ONCE) as workers:
        for number, part in enumerate(parts, 1):
            name = f"documents_{number:05d}.jsonl"
            if name not in done or done[name].address != _these(wanted, part):
                documents = list(workers.map(lambda one: _document(asker, wanted, one), part))
                keep(pages, name, _lines(documents), _these(wanted, part))
            tell(f"{min(number * wanted.page, len(ids)):,} of {len(ids):,} locations")
    return _joined(folder, wanted, len(parts))


def _listed(kept: tuple[Path, Mapping[str, Line]], wanted: Wanted, asker: Asker, tell: Heard) -> list[str]:
    """Ask which locations there are, page by page; sorted, each once. `kept`: the pages' folder, and what is whole."""
    found: list[str] = []
    number, last = 1, 1
    while number <= last:
        told = _list_page(kept, wanted, asker, number)
        found += told["ids"]
        last = told["pages"]
        tell(f"list, page {number:,} of {last:,}")
        number += 1
    return sorted(set(found))


def _list_page(kept: tuple[Path, Mapping[str, Line]], wanted: Wanted, asker: Asker, number: int) -> Mapping[str, Any]:
    """Give one page of the list, from the folder where it is whole."""
    (pages, done), name = kept, f"list_{number:05d}.json"
    address, asked = _list_address(wanted)
    key = f"{address}?{urlencode({**asked, 'page': number, 'perPage': wanted.page})}"
    if name in done and done[name].address == key:
        return json.loads((pages / name).read_bytes())
    told = asker.json_of(address, **asked, page=number, perPage=wanted.page)
    ids = None if told is None else _ids(told)
    if told is None or ids is None or not isinstance(told.get("totalPages"), int):
        raise changed(address, f"keys {', '.join(sorted(told or {})[:8]) or 'none'}")
    page = {"ids": ids, "pages": told["totalPages"]}
    keep(pages, name, json.dumps(page).encode(), key)
    return page


def _list_address(wanted: Wanted) -> tuple[str, dict[str, str]]:
    if not wanted.since:
        return f"{wanted.base}/locations", {"careHome": "Y"}
    span = {"startTimestamp": f"{wanted.since}T00:00:00Z", "endTimestamp": f"{wanted.until}T23:59:59Z"}
    return f"{wanted.base}/changes/location", span


def _ids(told: Mapping[str, Any]) -> list[str] | None:
    """Give the ids of a page, which are texts in a list of changes and stand in objects elsewhere."""
    rows = told.get("locations", told.get("changes"))
    if not isinstance(rows, list):
        return None
    ids = [row.get("locationId") if isinstance(row, dict) else row for row in rows]
    return ids if all(isinstance(one, str) and one for one in ids) else None


def _these(wanted: Wanted, ids: Iterable[str]) -> str:
    """Say which documents were asked for: an address, and a digest of the ids."""
    return f"{wanted.base}/locations/… {digest_of(' '.join(ids).encode())[:16]}"


def _document(asker: Asker, wanted: Wanted, one: str) -> Mapping[str, Any] | None:
    """Give one location's document; None where the API has none (any more)."""
    address = f"{wanted.base}/locations/{one}"
    told = asker.json_of(address)
    if told is not None and told.get("locationId") != one:
        raise changed(address, f"keys {', '.join(sorted(told)[:8]) or 'none'}")
    return without_contacts(told) if told is not None else None


def without_contacts(document: Mapping[str, Any]) -> dict[str, Any]:
    """Leave the names of managers out: they are people, and are never kept."""
    activities = document.get("regulatedActivities")
    if not isinstance(activities, list):
        return dict(document)
    kept = [{key: value for key, value in one.items() if key != "contacts"} if isinstance(one, dict) else one
            for one in activities]  # fmt: skip
    return {**document, "regulatedActivities": kept}


def _lines(documents: Iterable[Mapping[str, Any] | None]) -> bytes:
    return b"".join(
        json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        for one in documents if one is not None
    )  # fmt: skip


def _joined(folder: Path, wanted: Wanted, parts: int) -> Path:
    """Put the pages into one file, of the same bytes for the same documents, and say so in the ledger."""
    whole = b"".join((folder / PAGES / f"documents_{number:05d}.jsonl").read_bytes() for number in range(1, parts + 1))
    keep(folder, wanted.file, gzip.compress(whole, mtime=0), f"{wanted.base}/locations")
    return folder / wanted.file
