"""What is this file really, and is it safe to read?

The name is only a label. The first bytes decide the kind; a name that says otherwise is refused, because a renamed
file is either a mistake or an attack. Sizes are checked before anything is unpacked, and the digest is streamed.
"""

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from analysis.sources.findings import Finding
from analysis.sources.reading import refusal
from analysis.sources.reading.refusal import refuse

Source = Path | BinaryIO | bytes
Kind = Literal["text", "json", "xlsx", "ods", "parquet"]

ENDINGS: dict[str, tuple[str, ...]] = {
    "text": ("csv", "tsv", "txt"),
    "json": ("json", "jsonl", "ndjson"),
    "xlsx": ("xlsx",),
    "ods": ("ods",),
    "parquet": ("parquet",),
}
NEVER: dict[bytes, tuple[str, str]] = {
    b"\xd0\xcf\x11\xe0": (
        "a password-protected or old Excel file (.xls)",
        "Open it in Excel, remove the password, and save it as .xlsx or .csv.",
    ),
    b"MZ": ("a program for Windows", "Do not open it; ask its sender for the data as .csv or .xlsx."),
    b"\x7fELF": ("a program", "Do not open it; ask its sender for the data as .csv or .xlsx."),
    b"%PDF": ("a PDF document", "Ask for the table itself as .csv or .xlsx."),
    b"\x80\x02": ("a Python pickle, which can run programs", "Save the table as .csv or .parquet."),
    b"\x80\x03": ("a Python pickle, which can run programs", "Save the table as .csv or .parquet."),
    b"\x80\x04": ("a Python pickle, which can run programs", "Save the table as .csv or .parquet."),
    b"\x80\x05": ("a Python pickle, which can run programs", "Save the table as .csv or .parquet."),
    **{
        magic: (f"a picture ({kind})", "Load the table that it shows, as .csv or .xlsx.")
        for magic, kind in {
            b"\x89PNG\r\n": "PNG",
            b"\xff\xd8\xff": "JPEG",
            b"GIF8": "GIF",
            b"II*\0": "TIFF",
            b"MM\0*": "TIFF",
            b"RIFF": "WebP",
            b"\0\0\1\0": "icon",
        }.items()
    },
    b"7z\xbc\xaf": ("a 7-Zip archive", "Unpack it and load the table inside."),
    b"Rar!": ("a RAR archive", "Unpack it and load the table inside."),
}
WANTED = "a table as .csv, .xlsx, .ods or .parquet, or CQC documents as .json"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenFile:
    """A file whose kind is known and whose size is safe.

    Parameters
    ----------
    name : str
        Its own name; never used as a path.
    source : Path, BinaryIO or bytes
        Where its bytes are.
    kind : Kind
        What its bytes say it is.
    packed : bool
        Whether it is gzipped text.
    size : int
        Bytes.
    digest : str
        SHA-256 of its bytes.
    findings : tuple of Finding
        What opening had to say.
    """

    name: str
    source: Source
    kind: Kind
    packed: bool
    size: int
    digest: str
    findings: tuple[Finding, ...] = ()

    def text_bytes(self) -> bytes:
        """Return the whole text, unpacked, refusing one that unpacks beyond the limits."""
        with stream(self.source) as data:
            if not self.packed:
                return data.read()
            return _unpack(self.name, data, self.size)


@contextmanager
def stream(source: Source) -> Iterator[BinaryIO]:
    """Give the bytes of `source` from their start; close only what was opened here."""
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, Path):
        with source.open("rb") as data:
            yield data
    else:
        source.seek(0)
        yield source


def digest_of(source: Source) -> str:
    """Return the SHA-256 of the bytes, without holding them."""
    sha = hashlib.sha256()
    with stream(source) as data:
        while chunk := data.read(1 << 20):
            sha.update(chunk)
    return sha.hexdigest()


def open_file(name: str, source: Source) -> OpenFile:
    """Decide what `source` is, and refuse what is not safe to read.

    Raises
    ------
    Refused
        With the finding that says why.
    """
    _check_name(name)
    size = _size(source)
    if size == 0:
        refuse(name, "empty file", "0 bytes", WANTED, "Save the table again and load that.")
    if size > refusal.MAX_FILE_BYTES:
        limit = f"at most {refusal.MAX_FILE_BYTES // 1_000_000} MB"
        refuse(name, "file too large", f"{size / 1e6:,.0f} MB", limit, "Keep only care homes, or split it by year.")
    with stream(source) as data:
        start = data.read(4096)
        packed = start[:2] == b"\x1f\x8b"
        if packed:
            start = _unpacked_start(name, data)
    kind = _kind(name, source, start)
    _check_ending(name, kind, packed)
    return OpenFile(name=name, source=source, kind=kind, packed=packed, size=size, digest=digest_of(source))


def _check_name(name: str) -> None:
    if any(part in name for part in ("/", "\\", "\0")) or name in ("", ".", ".."):
        do = "Rename the file and load it again; nothing was opened or written under that name."
        refuse(
            Path(name.replace("\\", "/").replace("\0", "")).name or "?", "unsafe name", repr(name), "a plain name", do
        )


def _size(source: Source) -> int:
    with stream(source) as data:
        return data.seek(0, io.SEEK_END)


def _unpacked_start(name: str, data: BinaryIO) -> bytes:
    data.seek(0)
    try:
        return gzip.GzipFile(fileobj=data).read(4096)
    except (OSError, EOFError, zlib.error):
        refuse(name, "damaged gzip", "gzip that does not unpack", WANTED, "Download or pack it again.")


def _unpack(name: str, data: BinaryIO, size: int) -> bytes:
    limit = min(refusal.MAX_UNPACKED_BYTES, size * refusal.MAX_RATIO)
    try:
        text = gzip.GzipFile(fileobj=data).read(limit + 1)
    except (OSError, EOFError, zlib.error):
        refuse(name, "damaged gzip", "gzip that breaks off", WANTED, "Download or pack it again.")
    if len(text) > limit:
        found = f"{size:,} bytes that unpack to more than {limit:,}"
        refuse(name, "unpacks too far", found, "an ordinary packed text", "Unpack it yourself and load the text.")
    return text


def _kind(name: str, source: Source, start: bytes) -> Kind:
    for magic, (found, do) in NEVER.items():
        if start.startswith(magic):
            refuse(name, "not a table", found, WANTED, do)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"PK"):
        return _zip_kind(name, source)
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "json" if head[:1] in (b"{", b"[") else "text"


def _zip_kind(name: str, source: Source) -> Kind:
    try:
        with stream(source) as data, zipfile.ZipFile(data) as book:
            members = set(book.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        refuse(name, "damaged workbook", "a workbook that does not unpack", WANTED, "Save or download it again.")
    if "xl/workbook.xml" in members:
        return "xlsx"
    if "content.xml" in members:
        return "ods"
    do = "Unpack it and load the tables inside one by one (.xlsb: save as .xlsx first)."
    refuse(name, "not a workbook", f"a zip archive holding {', '.join(sorted(members)[:3]) or 'nothing'}", WANTED, do)


def _check_ending(name: str, kind: Kind, packed: bool) -> None:
    ending = name.lower().removesuffix(".gz").rpartition(".")[2] if "." in name else ""
    known = ENDINGS[kind] + (("xlsm",) if kind == "xlsx" else ())
    if ending and ending not in known:
        found = f"{'gzipped ' if packed else ''}{kind} content under the ending .{ending}"
        do = "Check where the file comes from; if it is right, rename it and load it again."
        refuse(name, "ending does not fit", found, f"the ending .{ENDINGS[kind][0]}", do)
