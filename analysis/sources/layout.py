"""What does a file layout look like, and what comes out of it?

A `Layout` knows the columns of one kind of file under every name they go by. It recognises the file by them
(never by the file's name), says which columns it wants (nothing else is kept), and turns the strings it is given
into the tidy tables of `schema.TABLES`. Reading happens before it (`reading`), storing after it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import pandas as pd

from analysis.sources.findings import Finding

SET_ASIDE = ("row", "column", "found", "expected", "fault")
"""Columns of every list of rows set aside."""

ERRORS = frozenset({"#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!"})
"""What a spreadsheet writes where a formula failed."""
ERROR_CELLS = "error cells"
"""The fault of a row with such a cell in a column that it needs."""

Say = Mapping[str, str]
"""The reader's answers: question key to option (``homeward load --say KEY=OPTION``)."""


PERSONAL = re.compile(
    r"\b(nhs (number|no|num)|nhsnumber|nhsno|date of birth|dateofbirth|dob|birth date"
    r"|(patient|resident|service user|client)s? (fore|sur|first |last |full )?name"
    r"|(patient|resident|service user|client)s? (postcode|post code|address|dob)|usual address|hospital number"
    r"|birthdate|birthday|born|forename|surname|first name|last name|family name|given name)\b"
)
"""Columns that only a list of people has. Managers' and providers' names in directories are left unread instead."""


def personal(column: str) -> bool:
    """Whether a column of this name is about one person."""
    return bool(PERSONAL.search(plain(column)))


@lru_cache(maxsize=4096)
def plain(column: str) -> str:
    """Return a column name as it is compared: lower case, words parted by one space, punctuation dropped."""
    return re.sub(r"[\W_]+", " ", column.casefold()).strip()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawTable:
    """One table of one file as it was read: strings, not yet judged.

    Parameters
    ----------
    file, sheet : str
        Where it stands; `sheet` is None for files that have none.
    header_row : int
        Row number of the header, the first row being 1.
    columns : tuple of str
        Every column as found, also those that were not kept.
    mapping : mapping of str to str
        Field of the layout to column as found, for the fields that are there.
    frame : DataFrame of str, index ``row``
        The wanted columns, named by field (extra columns by their own name). The index is the row number an editor
        shows. Text stands as found; blank cells are missing; dates of workbooks are ISO, whole numbers have no point.
    findings : tuple of Finding
        What reading had to say.
    set_aside : DataFrame
        Rows that reading already took out of `frame` (error cells, notes under the table), columns `SET_ASIDE`.
    serial_dates : "1900" or "1904"
        How numbers standing for dates are to be counted.
    above : tuple of tuple of str
        The rows above the header, cell by cell: published tables say there what period they are of.
    """

    file: str
    sheet: str | None = None
    header_row: int = 1
    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    frame: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    set_aside: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SET_ASIDE)))
    serial_dates: Literal["1900", "1904"] = "1900"
    above: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Documents:
    """The documents of one JSON file, with only the wanted keys kept.

    Parameters
    ----------
    file : str
        The file's own name.
    columns : tuple of str
        Every top-level key found in the first documents.
    documents : mapping of int to dict
        Line (JSON lines) or position (list), counted from 1, to document.
    findings : tuple of Finding
        What reading had to say.
    set_aside : DataFrame
        Lines that are not a document, columns `SET_ASIDE`.
    """

    file: str
    columns: tuple[str, ...]
    documents: Mapping[int, Mapping[str, Any]]
    findings: tuple[Finding, ...] = ()
    set_aside: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SET_ASIDE)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parsed:
    """What a layout made of a table: tidy frames, and an account of every row it was given.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By the names and with the columns of `schema.TABLES`; empty where a finding asks or rejects.
    findings : tuple of Finding
        In the order of the file.
    set_aside : DataFrame
        One row per data row set aside, columns `SET_ASIDE`.
    rows_used, rows_dropped : int
        Rows given to ``parse`` that were used, and that a stated rule dropped (exact duplicates).
    """

    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    set_aside: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SET_ASIDE)))
    rows_used: int = 0
    rows_dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """One kind of file.

    Parameters
    ----------
    name, title, holds : str
        Stable name (``"cqc latest ratings"``), heading, and one plain sentence on what the file holds.
    required, optional : mapping of str to tuple of str
        Field to the names its column goes by, in any case and punctuation. A file is of this layout when every
        required field is found.
    parse : callable (RawTable or Documents, Say) -> Parsed
        What the file says, in tidy form. Sees only fields that were found.
    form : "table" or "documents"
        Rows and columns, or JSON documents (whose columns are their top-level keys).
    sheet : str, optional
        The sheet to prefer where several of a workbook are recognised.
    beside : bool
        Whether it stands beside the table of a workbook and is read with it, such as a list of dual registrations.
    extra : callable (columns) -> columns, optional
        Columns to keep beside the fields, under their own names (such as one column per month).
    fits : callable (columns) -> bool, optional
        What else must be true of a file's columns, where names alone do not tell (such as several months among them).
    forgiving : tuple of str
        Fields whose cells may hold a spreadsheet's failed formula and not cost their row: `parse` deals with them.
    repeated : bool
        Whether columns may bear one name, as blocks of a published table do; the second is then called "name (2)".
    never : str
        Sheets that are not meant, as a pattern of their names, whatever their columns.
    private : bool
        Whether evaluators make such files themselves, so that columns that are not wanted are searched for people.
    """

    name: str
    title: str
    holds: str
    required: dict[str, tuple[str, ...]]
    optional: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parse: Callable[[Any, Say], Parsed]
    form: Literal["table", "documents"] = "table"
    sheet: str | None = None
    beside: bool = False
    extra: Callable[[tuple[str, ...]], tuple[str, ...]] = lambda columns: ()
    fits: Callable[[tuple[str, ...]], bool] = lambda columns: True
    forgiving: tuple[str, ...] = ()
    repeated: bool = False
    never: str = ""
    private: bool = False

    def mapping(self, columns: Iterable[str], say: Say | None = None) -> dict[str, str]:
        """Return field to column as found; an answer ``{"field": "column"}`` of the reader goes first."""
        say, found = say or {}, {plain(column): column for column in reversed(list(columns)) if column}
        answered = {key: found[plain(value)] for key, value in say.items() if plain(value) in found}
        fields = self.required | self.optional
        return {
            name: answered.get(name) or next(found[plain(known)] for known in names if plain(known) in found)
            for name, names in fields.items()
            if name in answered or any(plain(known) in found for known in names)
        }

    def told_apart(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Return the columns, those of one name told apart by number where the layout allows for them."""
        if not self.repeated:
            return tuple(columns)
        seen: dict[str, int] = {}
        named = []
        for column in columns:
            seen[plain(column)] = seen.get(plain(column), 0) + 1
            named.append(f"{column} ({seen[plain(column)]})" if column and seen[plain(column)] > 1 else column)
        return tuple(named)

    def missing(self, columns: Iterable[str], say: Say | None = None) -> tuple[str, ...]:
        """Return the required fields that no column stands for."""
        mapping = self.mapping(columns, say)
        return tuple(name for name in self.required if name not in mapping)

    def recognise(self, columns: Iterable[str], say: Say | None = None) -> bool:
        """Whether these are the columns of this layout."""
        return not self.missing(columns, say) and self.fits(tuple(columns))
