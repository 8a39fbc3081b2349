"""Files that were refused for the wrong reason, or came in without a word."""

from tests.sources.corpus.case import Case, clean, csv_of, each, row_of, some
from tests.sources.corpus.files import nhs_number, with_people
from tests.sources.corpus.other_tables import table


def councils(*, apart: bool = False, named: bool = False) -> bytes:
    """Return two councils that number their homes from 1, in the same months or (`apart`) one after the other."""
    rows = []
    for place, row in enumerate(clean()):
        home, second = place // 24, place // 24 >= 6
        if not apart or (place % 24 >= 12) == second:
            name = row["name"] if named else ""
            council = "Southtown" if second else "Northtown"
            rows.append({"local_authority": council, **row, "location_id": str(home % 6 + 1), "name": name})
    return csv_of(rows)


def some_beds(homes: int) -> bytes:
    """Return the clean table with beds in use, which vary, for bed-days in some homes."""
    rows = clean()
    for place in range(row_of(0, 0), row_of(homes, 0)):
        rows[place]["bed_days"] = str(round(int(rows[place]["bed_days"]) / 30.4))
    return csv_of(rows)


def residents(row: dict[str, str]) -> dict[str, str]:
    return {"bed_days": str(round(int(row["bed_days"]) / 30.4))}


def wide(*rows: str) -> bytes:
    return "\n".join(["CQC ID,Jan-23,Feb-23,Mar-23,Apr-23,May-23,Jun-23", *rows, ""]).encode()


RATINGS = "id,date,rating"
SPELLS = "location_id,admidate,admimeth,spellid"
BLANK_EDGES = ("1-101,,1,2,,1,", "1-102,1,,1,1,,1", "1-103,2,1,,1,1,", "1-104,1,1,1,,1,2")
NOTE = "Mrs S, NHS 943 476 5919"

CASES = (
    Case(number=0, title="ids nested in councils", outcome="warn", fault="ids unique only within a council", row=2,
         column="location_id", make=councils),
    Case(number=0, title="ids nested apart and named", outcome="warn", fault="ids unique only within a council", row=2,
         column="location_id", make=lambda: councils(apart=True, named=True)),
    Case(number=0, title="ids nested apart", outcome="ask", fault="ids unique only within a council", row=2,
         column="location_id", make=lambda: councils(apart=True)),
    Case(number=0, title="beds in five homes", outcome="warn", fault="beds among bed-days", row=2, column="bed_days",
         make=lambda: some_beds(5)),
    Case(number=0, title="residents for bed-days", outcome="ask", fault="bed-days in another unit", row=2,
         column="bed_days", make=each(residents)),
    Case(number=0, title="residents answered", outcome="note", fault="bed-days in another unit", row=2,
         column="bed_days", make=each(residents), say={"unit of bed-days": "residents"}),
    Case(number=0, title="thousands of bed-days", outcome="ask", fault="bed-days in another unit", row=2,
         column="bed_days", make=each(lambda row: {"bed_days": str(int(row["bed_days"]) / 1000)})),
    Case(number=0, title="population for bed-days", outcome="ask", fault="bed-days in another unit", row=2,
         column="bed_days", make=each(lambda row: {"bed_days": "30000", "beds": "40"})),
    Case(number=0, title="code 99 says why", outcome="rows", fault="code for missing", row=2, column="admissions",
         make=some({0: {"admissions": "99"}})),
    Case(number=0, title="a picture named xlsx", outcome="reject", fault="not a table", file="table.xlsx",
         make=lambda: b"\x89PNG\r\n\x1a\n" + bytes(200)),
    Case(number=0, title="plain ratings", outcome="accept",
         make=lambda: table("location_id,date,rating", "1-1,2023-01-15,Good", "1-2,2023-02-15,Inadequate")),
    Case(number=0, title="spell repeated in every column", outcome="note", fault="repeated rows", row=3,
         column="spellid", make=lambda: table(SPELLS, "1-1,2020-02-06,25,19", "1-1,2020-02-06,25,19",
                                              "1-1,2020-03-01,22,22")),
    Case(number=0, title="spell number on differing rows", outcome="warn", fault="one spell number on differing rows",
         row=3, column="spellid", make=lambda: table(SPELLS, "1-1,2020-02-06,25,19", "1-1,2020-02-07,25,19")),
    Case(number=0, title="wide blanks unanswered", outcome="ask", fault="absent months",
         make=lambda: wide(*BLANK_EDGES), say={"cells": "admissions"}),
    Case(number=0, title="wide cell unreadable", outcome="warn", fault="not a number", row=2, column="Jan-23",
         make=lambda: wide("1-101,0,1,?,1,1,1", "1-102,1,0,1,1,1,1"), say={"cells": "admissions"}),
    Case(number=0, title="monthly share by council", outcome="accept",
         make=lambda: table("area_code,period,indicator,value", "E06000046,2023-01,share,0.31",
                            "E06000046,2023-02,share,0.33")),
    Case(number=75, title="people in a column of notes", outcome="reject", fault="personal data", row=1,
         column="notes", make=lambda: with_people("notes", lambda place: NOTE if place == 200 else "")),
    Case(number=75, title="born in a column of notes", outcome="reject", fault="personal data", row=1, column="notes",
         make=lambda: with_people("notes", lambda place: "S Smith, DOB 17/05/1931" if place == 7 else "ok")),
    Case(number=75, title="NHS numbers in an extra column", outcome="reject", fault="personal data", row=1,
         column="code", make=lambda: with_people("code", lambda place: nhs_number(400000000 + place))),
    Case(number=75, title="births in an extra column", outcome="reject", fault="personal data", row=1, column="day",
         make=lambda: with_people("day", lambda place: f"{1920 + place % 30}-03-04")),
    Case(number=75, title="titled names in an extra column", outcome="reject", fault="personal data", row=1,
         column="remarks", make=lambda: with_people("remarks", lambda place: f"Mrs {'ABCDE'[place % 5]} O'Neill")),
    Case(number=1, title="names of homes and of one person in an extra column", outcome="accept",
         make=lambda: with_people("called", lambda place: "Mr Dean" if place == 5 else "Rose Hill")),
    Case(number=1, title="harmless extra columns", outcome="accept",
         make=lambda: with_people("notes", lambda place: f"0161 496 0{place:03d}, opened 2015-03-04, NHS")),
)  # fmt: skip
