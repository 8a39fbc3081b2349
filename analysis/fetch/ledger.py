"""What was asked of whom, when, and what came?

One file beside what was fetched, ``fetched.csv``: a line for each file that is whole. A line is written after its file,
so a file without a line is not there yet: it is asked for again. A file that is no longer what its line says is, too.
"""

import csv
import hashlib
import os
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from analysis.paths import paths_in_words

NAME = "fetched.csv"
OGL = "Open Government Licence v3.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One file that is whole.

    Parameters
    ----------
    file, address, asked, digest, licence : str
        Its name, what was asked for, when (UTC), SHA-256 of its bytes, and under which licence it may be used.
    """

    file: str
    address: str
    asked: str
    digest: str
    licence: str = OGL


def digest_of(content: bytes) -> str:
    """SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def lines(folder: Path) -> tuple[Line, ...]:
    """Give the lines whose files are there and what they were."""
    return tuple(line for line in _written(folder) if _whole(folder, line))


def _written(folder: Path) -> Iterator[Line]:
    path = folder / NAME
    if not path.is_file():
        return
    names = [field.name for field in fields(Line)]
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if all(row.get(name) for name in names):  # the last line may have been cut
                yield Line(**{name: row[name] for name in names})


def _whole(folder: Path, line: Line) -> bool:
    path = folder / line.file
    return path.is_file() and digest_of(path.read_bytes()) == line.digest


def by_name(folder: Path) -> dict[str, Line]:
    """Give the last whole line of each file."""
    return {line.file: line for line in lines(folder)}


def keep(folder: Path, name: str, content: bytes, address: str, licence: str = OGL) -> Line:
    """Write a file, whole or not at all, and then its line."""
    with paths_in_words(folder / name):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}.new")
        _through(beside, content, "wb")
        beside.replace(path)
        asked = datetime.now(UTC).isoformat(timespec="seconds")
        line = Line(file=name, address=address, asked=asked, digest=digest_of(content), licence=licence)
        _add(folder / NAME, line)
    return line


def _add(path: Path, line: Line) -> None:
    new = not path.is_file() or not path.stat().st_size
    with path.open("a+b") as file:
        file.seek(0, os.SEEK_END)
        if not new and not _ends_a_line(path):
            file.write(b"\n")
        if new:
            file.write((",".join(field.name for field in fields(Line)) + "\n").encode())
        file.write((",".join(f'"{cell}"' for cell in astuple(line)) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _through(path: Path, content: bytes, mode: str) -> None:
    with path.open(mode) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
