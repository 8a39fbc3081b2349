"""What may be wrong with a path, in words, and how is a folder of answers written whole or not at all?

A folder is written beside its place, every file of it safely on the disk, and renamed as a whole: whoever looks sees
the earlier answer or this one, and never half of either. What a broken run left beside is cleared by the next one.
"""

import errno
import io
import os
import shutil
import stat
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import AnalysisError

FAULTS: Mapping[int, tuple[str, str]] = {
    errno.ENOENT: ("there is nothing there", "Check the path and try again."),
    errno.ENOTDIR: ("a part of this path is a file, not a folder", "Give a path below a folder."),
    errno.EISDIR: ("this is a folder, not a file", "Give the path of a file."),
    errno.EEXIST: ("this is a file, not a folder", "Give the path of a folder."),
    errno.ENAMETOOLONG: ("the name is longer than this computer allows", "Give a shorter one."),
    errno.ELOOP: ("its links lead round in a circle", "Give a path without them."),
    errno.EACCES: ("this computer does not let you read or write there", "Choose a folder of your own."),
    errno.EPERM: ("this computer does not let you read or write there", "Choose a folder of your own."),
    errno.EROFS: ("this disk can only be read", "Choose a folder on another disk."),
    errno.ENOSPC: ("the disk is full", "Free some space and try again; nothing was changed."),
    errno.EDQUOT: ("your share of the disk is full", "Free some space and try again; nothing was changed."),
}
"""What an operating system says, what that means, and what to do."""
LONGEST_SHOWN = 120
"""Characters of a path that are repeated to the reader."""


def shown(path: Path | str) -> str:
    """Show a path, short and without what a terminal would obey."""
    text = "".join(c if c.isprintable() else "�" for c in str(path))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


@contextmanager
def paths_in_words(path: Path) -> Iterator[None]:
    """Say what is wrong with a path in words; anything else is a bug and stays what it is.

    Raises
    ------
    AnalysisError
        Where the operating system refuses the path.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None or error.errno not in FAULTS:
            raise
        wrong, do = FAULTS[error.errno]
        raise AnalysisError(f"{shown(path)}: {wrong}.", do=do) from error
    except ValueError as error:  # a path with a NUL, or with half a character
        if "null" not in str(error) and not isinstance(error, UnicodeError):
            raise
        raise AnalysisError(
            f"{shown(path)}: a path cannot hold these characters.", do="Check the path and try again."
        ) from error


def exists(path: Path) -> bool:
    """Whether there is anything; a path that cannot be is told in words."""
    return _mode(path) != 0


def is_file(path: Path) -> bool:
    """Whether there is a file; a path that cannot be is told in words."""
    return stat.S_ISREG(_mode(path))


def is_folder(path: Path) -> bool:
    """Whether there is a folder; a path that cannot be is told in words."""
    return stat.S_ISDIR(_mode(path))


def _mode(path: Path) -> int:
    """Kind and rights of what stands at a path; 0 where there is nothing."""
    with paths_in_words(path):
        try:
            return path.stat().st_mode
        except FileNotFoundError:
            return 0


def refuse_unwritable(folder: Path) -> None:
    """Refuse a place where no folder of answers can be, before work that takes long is done for it.

    Raises
    ------
    AnalysisError
        If a file stands there, or the path cannot be, or nothing may be written where it would stand.
    """
    kind = _mode(folder)
    if kind and not stat.S_ISDIR(kind):
        raise AnalysisError(
            "The answer is written into a folder.", found=f"{shown(folder)}, a file", do="Name a folder."
        )
    with paths_in_words(folder):
        beside = folder.resolve().parents  # where it is written before it is put into its place
        there = next((path for path in beside if path.exists()), folder)
        if not os.access(there, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there))


def write_whole(folder: Path, content: Mapping[str, bytes], earlier: Collection[str] = ()) -> tuple[Path, ...]:
    """Write a folder of files, all of them or none; the paths written.

    Parameters
    ----------
    folder : Path
        Made where it is missing. One that holds these files, all or some, is replaced.
    content : mapping of str to bytes
        Name of each file to what it holds.
    earlier : collection of str
        Names that an earlier answer may hold besides.

    Raises
    ------
    AnalysisError
        If the folder holds anything else, or cannot be written. It is then as it was.
    """
    refuse_unwritable(folder)
    with paths_in_words(folder):
        folder = folder.resolve()
        _clear(folder)
        _refuse_others(folder, {*content, *earlier})
        beside = folder.with_name(f"{folder.name}.{os.getpid()}.new")
        try:
            beside.mkdir(parents=True)
            for name, text in content.items():
                _write_through(beside / name, text)
            _into_place(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    return tuple(folder / name for name in content)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Put files into one; of the same files it is the same, whenever it is made."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return room.getvalue()


def _clear(folder: Path) -> None:
    """Bring back the folder a broken run had moved aside, and clear what such runs left."""
    old = sorted(folder.parent.glob(f"{_literal(folder.name)}.*.old")) if folder.parent.is_dir() else []
    if old and not folder.exists():
        old.pop().replace(folder)
    left = [path for path in folder.parent.glob(f"{_literal(folder.name)}.*.new") if not _alive(path)]
    for path in (*old, *left):
        shutil.rmtree(path, ignore_errors=True)


def _literal(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _alive(path: Path) -> bool:
    """Whether the run that writes a folder beside its place still runs, as far as this computer says."""
    number = path.suffixes[-2:-1]
    if not number or not number[0][1:].isdigit() or os.name == "nt":
        return False
    try:
        os.kill(int(number[0][1:]), 0)
    except (OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _refuse_others(folder: Path, content: Collection[str]) -> None:
    others = sorted(path.name for path in folder.iterdir() if path.name not in content) if folder.is_dir() else []
    if others:
        raise AnalysisError(
            f"{shown(folder)} holds other things than an earlier answer, and nothing was written into it.",
            found=", ".join(map(shown, others[:3])),
            do="Name a new folder, or an empty one.",
        )


def _write_through(path: Path, text: bytes) -> None:
    with path.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _into_place(beside: Path, folder: Path) -> None:
    """Put a finished folder in its place; the earlier one is gone only when the new one stands."""
    if not folder.exists():
        beside.replace(folder)
        return
    aside = folder.with_name(f"{folder.name}.{os.getpid()}.old")
    folder.replace(aside)
    try:
        beside.replace(folder)
    except OSError:
        aside.replace(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)
