"""Ids that are not one home each, and home-months that are there twice or not at all."""

from tests.sources.corpus.case import Case, Rows, clean, csv_of, each, row_of, some


def without(places: set[int]) -> bytes:
    return csv_of([row for place, row in enumerate(clean()) if place not in places])


def doubled(change: dict[str, str]) -> bytes:
    rows = clean()
    return csv_of([*rows, {**rows[5], **change}])


def reregistered() -> bytes:
    rows = clean()
    for place in range(row_of(3, 12), row_of(4, 0)):
        rows[place]["location_id"] = "1-200000003"
    return csv_of(rows)


def merged() -> bytes:
    rows = clean()
    for month in range(12, 24):
        rows[row_of(6, month)]["bed_days"] = str(
            int(rows[row_of(6, month)]["bed_days"]) + int(rows[row_of(5, month)]["bed_days"])
        )
    return csv_of([row for place, row in enumerate(rows) if not row_of(5, 12) <= place < row_of(6, 0)])


def with_total(ids: tuple[str, ...]) -> bytes:
    total = {"name": "", "month": "", "admissions": "999", "bed_days": "1", "start_month": ""}
    return csv_of([*clean(), *({"location_id": label, **total} for label in ids)])


def quarters() -> bytes:
    rows: Rows = []
    for place, row in enumerate(clean()):
        rows.append(row)
        if place % 3 == 2:
            rows.append({**row, "month": f"Q{place % 12 // 3 + 1} {row['month'][:4]} total"})
    return csv_of(rows)


def first_of_each() -> bytes:
    ids = {place: row["location_id"] for place, row in enumerate(clean()) if place % 24 == 0}
    return csv_of([{**row, "location_id": ids.get(place, "")} for place, row in enumerate(clean())])


ABSENT = {row_of(2, 7), row_of(2, 8), row_of(5, 3)}
ZEROS = [place for place, row in enumerate(clean()) if row["admissions"] == "0"]

CASES = (
    Case(number=14, title="duplicate home month identical", outcome="note", fault="repeated rows", row=290,
         column="month", make=lambda: doubled({})),
    Case(number=15, title="duplicate home month conflicting", outcome="reject", fault="contradicting rows", row=7,
         column="month", make=lambda: doubled({"admissions": "77"})),
    Case(number=16, title="missing months gap", outcome="warn", fault="absent months", row=71, column="month",
         make=lambda: without(ABSENT)),
    Case(number=17, title="missing zero rows", outcome="ask", fault="absent months", column="month",
         make=lambda: without(set(ZEROS))),
    Case(number=17, title="missing zero rows answered", outcome="warn", fault="homes that stop early", column="month",
         make=lambda: without(set(ZEROS)), say={"absent months": "zero"}),
    Case(number=18, title="location id changed", outcome="ask", fault="changed ids", row=86, column="location_id",
         make=reregistered),
    Case(number=18, title="location id changed answered", outcome="note", fault="changed ids", row=86,
         column="location_id", make=reregistered, say={"changed ids": "same home"}),
    Case(number=19, title="home closed midway", outcome="warn", fault="homes that stop early", row=107, column="month",
         make=lambda: without(set(range(row_of(4, 10), row_of(5, 0))))),
    Case(number=20, title="homes merged", outcome="warn", fault="homes that may have merged", row=146,
         column="bed_days", make=merged),
    Case(number=21, title="id trailing space case", outcome="note", fault="untidy ids", row=5, column="location_id",
         make=some({3: {"location_id": " 1-100000000 "}})),
    Case(number=22, title="id excel date mangled", outcome="reject", fault="ids turned into dates", row=2,
         column="location_id", make=each(lambda row: {"location_id": f"1-{int(row['location_id'][-2:]) + 1}-23"})),
    Case(number=22, title="id excel month mangled", outcome="reject", fault="ids turned into dates", row=5,
         column="location_id", make=some({3: {"location_id": "Jan-00"}})),
    Case(number=23, title="id scientific notation", outcome="reject", fault="ids turned into rounded numbers", row=2,
         column="location_id", make=each(lambda row: {"location_id": "1.00E+08"})),
    Case(number=24, title="id blank", outcome="rows", fault="missing home", row=12, column="location_id",
         make=some({10: {"location_id": ""}})),
    Case(number=25, title="id unknown in cqc", outcome="accept", make=some({}),
         apart="one file cannot know the CQC directory; the store, which holds both, warns"),
    Case(number=26, title="total row at bottom", outcome="rows", fault="total rows", row=290, column="location_id",
         make=lambda: with_total(("Total",))),
    Case(number=27, title="subtotal rows", outcome="rows", fault="subtotal rows", row=5, column="month", make=quarters),
    Case(number=84, title="merged id cells in csv", outcome="note", fault="merged cells", row=3, column="location_id",
         make=first_of_each),
)  # fmt: skip
