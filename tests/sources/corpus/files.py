"""Headers, encodings, workbooks and text that could act on a program."""

import io
import zipfile

from tests.sources.corpus.case import Case, clean, csv_of, each, some, xlsx_of


def renamed() -> bytes:
    names = {"admissions": "Emerg Adms", "bed_days": "OBDs"}
    return csv_of([{names.get(name, name): cell for name, cell in row.items()} for row in clean()])


def lacking(column: str) -> bytes:
    return csv_of([{name: cell for name, cell in row.items() if name != column} for row in clean()])


def wide() -> bytes:
    homes: dict[str, dict[str, str]] = {}
    for row in clean():
        homes.setdefault(row["location_id"], {"location_id": row["location_id"]})[row["month"][:7]] = row["admissions"]
    return csv_of(list(homes.values()))


def text(change) -> bytes:
    return change(csv_of(clean()).decode())


def nhs_number(nine: int) -> str:
    digits = [int(digit) for digit in f"{nine:09d}"]
    check = -sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=True)) % 11
    return f"{nine:09d}{check}" if check < 10 else nhs_number(nine + 1000)


def with_people(column: str, value) -> bytes:
    return csv_of([{**row, column: value(place)} for place, row in enumerate(clean())])


def second_sheet() -> bytes:
    def spoil(book):
        book.copy_worksheet(book.active).title = "again"

    return xlsx_of(clean(), spoil)


def hidden_rows() -> bytes:
    def spoil(book):
        for row in (5, 6, 7):
            book.active.row_dimensions[row].hidden = True

    return xlsx_of(clean(), spoil)


def merged_ids() -> bytes:
    def spoil(book):
        for home in range(12):
            book.active.merge_cells(start_row=2 + 24 * home, end_row=25 + 24 * home, start_column=1, end_column=1)

    return xlsx_of(clean(), spoil)


def cell(where: str, value):
    def spoil(book):
        book.active[where] = value

    return lambda: xlsx_of(clean(), spoil)


def serials() -> bytes:
    def spoil(book):
        for row in range(2, 290):
            for column in ("C", "F"):
                found = book.active[f"{column}{row}"]
                found.number_format = "0"

    return xlsx_of(clean(), spoil)


def with_macro() -> bytes:
    out = io.BytesIO(xlsx_of(clean()))
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/vbaProject.bin", b"Sub Auto_Open")
    return out.getvalue()


def titled(lines: str) -> bytes:
    return lines.encode() + csv_of(clean())


def named(name: str):
    return some({7: {"name": name}})


def commas() -> bytes:
    return text(lambda table: table.replace("Home B", "Home B, The", 5).encode())


CASES = (
    Case(number=64, title="renamed columns", outcome="ask", fault="no column for admissions", make=renamed),
    Case(number=64, title="renamed columns answered", outcome="accept", make=renamed,
         say={"admissions": "Emerg Adms", "bed_days": "OBDs"}),
    Case(number=65, title="missing required column", outcome="reject", fault="no column for bed_days",
         make=lambda: lacking("bed_days")),
    Case(number=65, title="missing counts column", outcome="reject", fault="no column for admissions",
         make=lambda: lacking("admissions")),
    Case(number=66, title="duplicate column names", outcome="reject", fault="duplicate columns", row=1,
         column="admissions", make=lambda: text(lambda table: table.replace("name", "admissions", 1).encode())),
    Case(number=67, title="wide months as columns", outcome="ask", fault="months as columns", column="2022-01",
         make=wide),
    Case(number=67, title="wide months answered", outcome="note", fault="months as columns", column="2022-01",
         make=wide, say={"cells": "admissions"}),
    Case(number=68, title="title rows above header", outcome="note", fault="title rows", row=3,
         make=lambda: titled("Emergency admissions from care homes\nProduced by the intelligence team\n")),
    Case(number=69, title="header only", outcome="reject", fault="no rows",
         make=lambda: csv_of(clean()).split(b"\n")[0] + b"\n"),
    Case(number=70, title="empty file", outcome="reject", fault="empty file", make=lambda: b""),
    Case(number=71, title="semicolon delimiter", outcome="note", make=lambda: csv_of(clean(), ";")),
    Case(number=72, title="tab delimiter named csv", outcome="note", make=lambda: csv_of(clean(), "\t")),
    Case(number=73, title="ragged rows", outcome="reject", fault="ragged rows", row=26, make=commas),
    Case(number=74, title="unclosed quote", outcome="reject",
         make=lambda: text(lambda table: table.replace("Home B", '"Home B', 1).encode())),
    Case(number=75, title="person level NHS number", outcome="reject", fault="personal data",
         make=lambda: with_people("NHS number", lambda place: nhs_number(400000000 + place))),
    Case(number=75, title="person level date of birth", outcome="reject", fault="personal data",
         make=lambda: with_people("DOB", lambda place: "1931-05-17")),
    Case(number=75, title="person level surname", outcome="reject", fault="personal data",
         make=lambda: with_people("Surname", lambda place: "Smith")),
    Case(number=75, title="person level resident postcode", outcome="reject", fault="personal data",
         make=lambda: with_people("Resident postcode", lambda place: "PO30 1UD")),
    Case(number=75, title="a list of people and nothing else", outcome="reject", fault="personal data", row=1,
         column="NHS Number", make=lambda: b"NHS Number,Surname,month\n9434765919,Smith,2023-01\n"),
    Case(number=75, title="NHS numbers under another name", outcome="reject", fault="personal data", row=2,
         column="patient ref", make=lambda: with_people("patient ref", lambda place: nhs_number(400000000 + place))),
    Case(number=76, title="utf8 bom", outcome="note", make=lambda: b"\xef\xbb\xbf" + csv_of(clean())),
    Case(number=77, title="utf16", outcome="note", make=lambda: text(lambda table: table.encode("utf-16"))),
    Case(number=78, title="cp1252 pound apostrophe", outcome="note",
         make=lambda: text(lambda table: table.replace("Home C", "St Mary’s £").encode("cp1252"))),
    Case(number=79, title="mojibake", outcome="warn", make=named("St Maryâ€™s")),
    Case(number=80, title="null bytes", outcome="reject",
         make=lambda: csv_of(clean()).replace(b"Home D", b"Home\0D", 1)),
    Case(number=81, title="cr only line ends", outcome="note", make=lambda: csv_of(clean()).replace(b"\n", b"\r")),
    Case(number=82, title="clean xlsx", outcome="accept", file="table.xlsx", make=lambda: xlsx_of(clean())),
    Case(number=83, title="serial dates xlsx numeric", outcome="note", fault="day numbers", row=2, column="month",
         file="table.xlsx", make=serials),
    Case(number=84, title="merged id cells", outcome="note", fault="merged cells", file="table.xlsx", make=merged_ids),
    Case(number=85, title="data on two sheets", outcome="ask", file="table.xlsx", make=second_sheet),
    Case(number=85, title="hidden rows", outcome="ask", file="table.xlsx", make=hidden_rows),
    Case(number=86, title="formula cells without cached values", outcome="reject", file="table.xlsx",
         make=cell("D4", "=1+1")),
    Case(number=87, title="error cells", outcome="rows", fault="error cells", row=4, column="admissions",
         make=some({2: {"admissions": "#REF!"}})),
    Case(number=87, title="error cells xlsx", outcome="rows", fault="error cells", row=4, column="admissions",
         file="table.xlsx", make=cell("D4", "#DIV/0!")),
    Case(number=88, title="password protected", outcome="reject", file="table.xlsx",
         make=lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)),
    Case(number=89, title="xls renamed csv", outcome="reject",
         make=lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)),
    Case(number=90, title="xlsm macro", outcome="reject", fault="macros", file="table.xlsm", make=with_macro),
    Case(number=101, title="formula injection csv", outcome="note", fault="formula in text", row=9, column="name",
         make=named("=HYPERLINK(A1)")),
    Case(number=101, title="command injection csv", outcome="note", fault="formula in text", row=9, column="name",
         make=named("@SUM(A1:A9)")),
    Case(number=102, title="html script in name", outcome="note", fault="HTML in text", row=9, column="name",
         make=named("<script>alert(1)</script>")),
    Case(number=103, title="markdown latex in name", outcome="note", fault="markdown in text", row=9, column="name",
         make=named("$$x$$ :red[Home]")),
    Case(number=104, title="sql in id", outcome="note", fault="SQL in text", row=2, column="location_id",
         make=each(lambda row: {"location_id": row["location_id"].replace("1-10000", "'; DROP TABLE p;--")})),
    Case(number=0, title="unknown columns", outcome="reject", fault="unknown layout", make=lambda: b"a,b\n1,2\n"),
)  # fmt: skip
