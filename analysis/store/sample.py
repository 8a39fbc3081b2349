"""The sample's files, in the order in which they are loaded, and the store they make."""

from collections.abc import Hashable, Mapping
from pathlib import Path

from analysis.sources import read
from analysis.store import disk_cache
from analysis.store.store import Store

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample"
SAMPLE_FILES = (
    "cqc_api_locations.jsonl.gz",
    "cqc_latest_ratings.csv",
    "emergency_admissions.csv",
    "resident_days.csv",
    "interventions.csv",
)
COUNCIL_FILES = ("delayed_transfers.csv", "permanent_admissions.csv")
RESIDENT_FILES = (
    "cqc_api_locations.jsonl.gz",
    "interventions.csv",
    "resident_spells.csv",
    "person_admissions.csv",
)


def stored(files: tuple[str, ...]) -> tuple[Store, disk_cache.Known]:
    """Give a store of some of the sample's files, and what had been worked out of it before this start."""
    paths = [SAMPLE / name for name in files]
    if before := disk_cache.taken(paths):
        return before
    store = Store.in_memory()
    for path in paths:
        store.load(read(path.name, path))
    return store, {}


def keep(files: tuple[str, ...], store: Store, answers: Mapping[Hashable, object]) -> None:
    """Keep a store of these files, and what was worked out of it, for the next start."""
    disk_cache.keep([SAMPLE / name for name in files], store, answers)
