"""What every visitor asks of files that never change is worked out once for this code, and kept beside it.

From a cold start most of the wait was for the sample to be read and its first answers to be worked out, the same every
time. They are kept in a folder that belongs to the project as its code does, which whoever could write there could
change as well. They are known by a digest of all that they depend on: a changed line, file or package makes new ones.
Nothing of a visitor's is ever kept.
"""

import hashlib
import os
import pickle
import shutil
import sys
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp

import duckdb

from analysis.errors import AnalysisError
from analysis.store.store import Store

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "HOMEWARD_KEPT"
"""Environment variable that names the folder; nothing is kept where there is none."""
PACKAGES = ("duckdb", "numpy", "pandas", "pyarrow", "scipy")
"""Packages of which another version might work out, or read, something else."""
STORE, ANSWERS = "store.duckdb", "answers"
UNFIT = (pickle.PickleError, AttributeError, TypeError)
"""What is raised where something cannot be written down, such as a lock, or a function made on the way."""
Known = Mapping[Hashable, bytes]
"""Answers by what was asked, each made again when it is asked for: what it is made of takes time to import."""


def taken(files: Sequence[Path]) -> tuple[Store, Known] | None:
    """Take what was kept of these files: their store, and answers; None where there is nothing."""
    if place := _place(files):
        with suppress(OSError, AnalysisError, EOFError, duckdb.Error, *UNFIT):
            known = pickle.loads((place / ANSWERS).read_bytes())
            return Store.copied(place / STORE), known
    return None


def keep(files: Sequence[Path], store: Store, answers: Mapping[Hashable, object]) -> None:
    """Keep a store and answers, in place of those of other code; where that cannot be, nothing is kept."""
    if not (place := _place(files)):
        return
    with suppress(OSError, AnalysisError, *UNFIT):
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(dir=place.parent))
        try:
            store.copy_to(beside / STORE)
            (beside / ANSWERS).write_bytes(pickle.dumps(dict(_written(answers))))
            beside.rename(place)
        finally:
            for old in {*place.parent.iterdir()} - {place}:
                shutil.rmtree(old, ignore_errors=True)


def _written(answers: Mapping[Hashable, object]) -> Iterator[tuple[Hashable, bytes]]:
    """Yield what can be written down: what is being worked on step by step, or waits for something, cannot."""
    for asked, found in answers.items():
        with suppress(*UNFIT):
            yield asked, pickle.dumps(found)


def _place(files: Sequence[Path]) -> Path | None:
    """Give the folder of these files: one for what they hold, in it one for the digest of all that counts."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return None
    known = hashlib.sha256(" ".join((sys.version, *map(version, PACKAGES))).encode())
    code = sorted(path for room in ("analysis", "pages") for path in (ROOT / room).rglob("*.py"))
    for path in (*code, *files):
        known.update(path.name.encode() + b"\0" + path.read_bytes())
    return Path(folder) / files[0].stem / known.hexdigest()[:32]
