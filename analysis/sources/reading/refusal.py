"""What stops a file at the door, and how much of anything the door lets in.

Reading raises `Refused` where nothing of a file can be used; `sources.read` turns it into a finding.
"""

from typing import Any, NoReturn

from analysis.sources.findings import Finding

MAX_FILE_BYTES = 50_000_000
"""No file larger than this is opened: the largest real one, the ratings of all England, is about 20 MB."""
MAX_UNPACKED_BYTES = 200_000_000
"""What is held in memory while it is read (text, gzip, XLSX) unpacks to no more than this."""
MAX_RATIO = 100
"""... and to no more than this times its packed size; office files of plain tables stay under 30."""
MAX_STREAMED_BYTES = 4_000_000_000
"""The XML of an ODS is streamed and never held, so it may be longer: the real ratings file passes 1 GB ..."""
MAX_STREAMED_RATIO = 300
"""... at about 100 to 1, since every cell repeats its markup; a bomb made of one repeated byte reaches 1,000 to 1."""
MAX_MEMBERS = 100
"""Parts of one workbook."""
MAX_COLUMNS = 200
"""The widest real layout (HSCA active locations) has about 130."""
MAX_ROWS = 2_000_000
"""Twice what a spreadsheet can hold."""
MAX_CELLS = 40_000_000
"""Cells between the corners of one XLSX sheet, which its reader lays out whole: 2 million rows of 20 columns."""


class Refused(Exception):  # noqa: N818 - a decision, not a fault
    """Nothing of this file can be loaded; `finding` says why."""

    def __init__(self, finding: Finding):
        super().__init__(str(finding))
        self.finding = finding


def refuse(file: str, fault: str, found: str, expected: str, do: str, **place: Any) -> NoReturn:
    """Refuse `file`: `found` instead of `expected`, and what to `do`; `place` is sheet, row, column."""
    raise Refused(
        Finding(outcome="reject", fault=fault, file=file, found=found, expected=expected, do=do, **place)
    ) from None
