"""Which layout does this file have, and which of its tables is meant?

Nothing is guessed: where two tables could be meant, or rows are hidden, the reader is asked. A list that stands beside
the table of a workbook is read with it, and the sheets that were not read are named.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

from analysis.sources.findings import Finding
from analysis.sources.layout import Documents, Layout, RawTable, Say
from analysis.sources.reading import documents
from analysis.sources.reading.file_kinds import OpenFile
from analysis.sources.reading.refusal import Refused, refuse
from analysis.sources.reading.tables import Found, Header, Progress, read_tables, refuse_people

SHOWN = 12
"""Columns named in a message before it says how many more there are."""
OFFERED = 2
"""Layouts that a file is nearly of, named with what it lacks: the nearest alone may not be the one meant."""


def choose(
    file: OpenFile, layouts: Sequence[Layout], say: Say, progress: Progress
) -> tuple[Layout, RawTable | Documents]:
    """Return the layout of `file` and its table or documents, without what stands beside them."""
    return choose_all(file, layouts, say, progress)[0]


def choose_all(
    file: OpenFile, layouts: Sequence[Layout], say: Say, progress: Progress
) -> list[tuple[Layout, RawTable | Documents]]:
    """Return the layout of `file` and its table or documents, and then what is read beside them.

    Raises
    ------
    Refused
        Where no layout fits, or the reader must choose first (the finding then asks).
    """
    if file.kind == "json":
        return [_documents(file, [layout for layout in layouts if layout.form == "documents"])]
    tables = [layout for layout in layouts if layout.form == "table"]
    found, others, said = read_tables(file, tables, say, progress)
    if not found:
        _unknown(file.name, others, tables, say)
    beside = [one for one in found if one.layout.beside]
    one = _only(file.name, [one for one in found if not one.layout.beside] or beside)
    read = [one, *(other for other in beside if other is not one)]
    for each in read:
        _ask_hidden(file.name, each)
    first = replace(one.table, findings=(*said, *one.table.findings, *_not_read(file.name, others)))
    return [(one.layout, first), *((other.layout, other.table) for other in read[1:])]


def _not_read(file: str, others: list[Header]) -> list[Finding]:
    """Name the sheets of a workbook that hold no table that is known."""
    sheets = [repr(header.sheet) for header in others if header.sheet and any(header.columns)]
    if not sheets:
        return []
    found = f"{'sheets' if len(sheets) > 1 else 'sheet'} {', '.join(sheets)} beside the table"
    return [Finding(outcome="note", fault="sheets not read", file=file, found=found, expected="one table",
                    do="Not read: no table that is known stands there.", rows=0)]  # fmt: skip


def _documents(file: OpenFile, layouts: Sequence[Layout]) -> tuple[Layout, Documents]:
    columns = documents.keys_of(file)
    for layout in layouts:
        if layout.recognise(columns):
            # A key may be absent from the first documents and stand in a later one, so every known name is wanted.
            wanted = [name for names in (layout.required | layout.optional).values() for name in names]
            return layout, documents.read_documents(file, columns, wanted)
    _unknown(file.name, [Header(sheet=None, row=1, columns=columns)], layouts, {})


def _only(file: str, found: list[Found]) -> Found:
    if len(found) == 1 and found[0].visible:
        return found[0]
    preferred = [one for one in found if one.visible and one.table.sheet == one.layout.sheet]
    if len(preferred) == 1:
        return preferred[0]
    names = tuple(one.table.sheet or "" for one in found)
    what = "a table on more than one sheet" if len(found) > 1 else "the table on a hidden sheet"
    raise Refused(_question(file, "sheet", what, "one sheet that is meant", names))


def _ask_hidden(file: str, one: Found) -> None:
    if one.hidden_rows:
        found = f"{one.hidden_rows:,} hidden rows on sheet {one.table.sheet!r}"
        raise Refused(_question(file, "hidden rows", found, "every row shown", ("keep", "leave out")))


def _question(file: str, key: str, found: str, expected: str, options: tuple[str, ...]) -> Finding:
    do = f"Choose: {' or '.join(repr(option) for option in options)}."
    return Finding(
        outcome="ask", fault=f"which {key}", file=file, found=found, expected=expected, do=do, question=key,
        options=options,
    )  # fmt: skip


def _unknown(file: str, others: list[Header], layouts: Sequence[Layout], say: Say) -> NoReturn:
    """Refuse a file that no layout recognises, naming the nearest and what it lacks."""
    if not any(any(header.columns) for header in others):
        refuse(file, "no table", "no row with columns", "a header row and rows below it", "Load the table itself.")
    for header in others:
        refuse_people(file, header.sheet, header.row, header.columns)
    near = [
        (layout, header)
        for layout in layouts
        for header in others
        if layout.mapping(header.columns, say) and layout.missing(header.columns, say)
    ]
    if not near:
        header = max(others, key=lambda header: len(header.columns))
        do = "See `homeward sources` for the columns of every file that can be read."
        refuse(file, "unknown layout", f"columns {_listed(header.columns)}", "a known layout", do,
               sheet=header.sheet, row=header.row)  # fmt: skip
    layout, header = max(near, key=lambda pair: _nearness(*pair, say))
    same = [pair for pair in near if pair[1] is header]
    nearest = sorted(same, key=lambda pair: _nearness(*pair, say), reverse=True)[:OFFERED]
    missing = layout.missing(header.columns, say)
    expected = "; or ".join(_lacking(one, header, say) for one, _ in nearest)
    do = f"Add or rename the missing column, or say which one it is (at the command line: --say {missing[0]}=COLUMN)."
    refuse(file, "missing columns", f"columns {_listed(header.columns)}", f"either {expected}" if len(nearest) > 1
           else expected, do, sheet=header.sheet, row=header.row)  # fmt: skip


def _lacking(layout: Layout, header: Header, say: Say) -> str:
    """Say what a file would need to be of a layout."""
    missing = [layout.required[name][0] for name in layout.missing(header.columns, say)]
    return f"the columns of {layout.title}, also with {_listed(missing)}"


def _nearness(layout: Layout, header: Header, say: Say) -> tuple[float, int]:
    missing = len(layout.missing(header.columns, say))
    return 1 - missing / len(layout.required), len(layout.mapping(header.columns, say))


def _listed(columns: Sequence[str]) -> str:
    shown = ", ".join(repr(column[:40]) for column in [column for column in columns if column][:SHOWN])
    return shown + (f" and {len(columns) - SHOWN:,} more" if len(columns) > SHOWN else "")
