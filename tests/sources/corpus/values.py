"""Counts and bed-days that are no numbers, other numbers, or numbers no home can have."""

from tests.sources.corpus.case import Case, clean, csv_of, each, row_of, some


def counts(*found: str):
    """Return a maker with these in the first rows' admissions."""
    return some({place: {"admissions": cell} for place, cell in enumerate(found)})


def days(*found: str):
    return some({place: {"bed_days": cell} for place, cell in enumerate(found)})


def home_of(home: int, change) -> bytes:
    rows = clean()
    for place in range(row_of(home, 0), row_of(home + 1, 0)):
        rows[place] |= change(rows[place])
    return csv_of(rows)


def million(row: dict[str, str]) -> dict[str, str]:
    return {"bed_days": f"{int(row['bed_days']):,}"}


CASES = (
    Case(number=28, title="negative counts", outcome="rows", fault="negative number", row=2, column="admissions",
         make=counts("-3")),
    Case(number=29, title="sentinel minus99 999", outcome="rows", fault="code for missing", row=2, column="admissions",
         make=counts("-99", "999")),
    Case(number=30, title="fractional counts", outcome="reject", fault="fractional counts", row=2, column="admissions",
         make=counts("2.5")),
    Case(number=31, title="suppressed star", outcome="warn", fault="suppressed counts", row=2, column="admissions",
         make=counts("*", "<5", "1-7", "[c]")),
    Case(number=32, title="suppressed lt8", outcome="warn", fault="suppressed counts", row=2, column="admissions",
         make=counts("<8")),
    Case(number=33, title="rounded to 5", outcome="warn", fault="rounded counts", row=3, column="admissions",
         make=lambda: csv_of([{**row, "admissions": str(5 * (place % 3))} for place, row in enumerate(clean())])),
    Case(number=34, title="thousands separator", outcome="note", fault="thousands separators", row=218,
         column="bed_days", make=lambda: csv_of([{**row, **(million(row) if place >= row_of(9, 0) else {})}
                                                 for place, row in enumerate(clean())])),
    Case(number=35, title="decimal comma", outcome="ask", fault="decimal comma", row=2, column="bed_days",
         make=days("1.234,5")),
    Case(number=35, title="decimal comma answered", outcome="note", fault="decimal comma", row=2, column="bed_days",
         make=days("500,5"), say={"decimal mark": "comma"}),
    Case(number=36, title="text in number", outcome="rows", fault="not a number", row=2, column="admissions",
         make=counts("n/a", "nil", "TBC")),
    Case(number=37, title="zero exposure", outcome="rows", fault="admissions without bed-days", row=2,
         column="bed_days", make=some({0: {"admissions": "2", "bed_days": "0"}})),
    Case(number=38, title="exposure missing", outcome="rows", fault="missing number", row=2, column="bed_days",
         make=days("")),
    Case(number=39, title="exposure unit switch by home", outcome="warn", fault="beds among bed-days", row=26,
         column="bed_days", make=lambda: home_of(1, lambda row: {"bed_days": "21"})),
    Case(number=39, title="exposure unit switch by month", outcome="warn", fault="beds among bed-days", row=38,
         column="bed_days", make=some({place: {"bed_days": "21"} for place in range(row_of(1, 12), row_of(2, 0))})),
    Case(number=40, title="exposure over capacity", outcome="warn", fault="more bed-days than beds", row=26,
         column="bed_days", make=lambda: csv_of([
             {**row, "beds": "15" if row["location_id"] == "1-100000001" else "60"} for row in clean()])),
    Case(number=41, title="outlier x10", outcome="warn", fault="outlying counts", row=2, column="admissions",
         make=counts("50")),
    Case(number=42, title="all zero home", outcome="warn", fault="homes without admissions", row=74,
         column="admissions", make=lambda: home_of(3, lambda row: {"admissions": "0"})),
    Case(number=43, title="all zero outcome", outcome="warn", fault="no admissions at all", row=2,
         column="admissions", make=each(lambda row: {"admissions": "0"}),
         apart="no estimate is the model's answer; the door loads the zeros and says what they mean"),
    Case(number=44, title="huge integer", outcome="rows", fault="impossibly large number", row=2, column="admissions",
         make=counts("1000000000000000000")),
    Case(number=44, title="huge integer in powers", outcome="rows", fault="impossibly large number", row=2,
         column="admissions", make=counts("1E+18")),
    Case(number=45, title="inf nan text", outcome="rows", fault="not a number", row=2, column="admissions",
         make=counts("inf", "NaN", "-inf")),
    Case(number=46, title="percent sign", outcome="reject", fault="percentages", row=2, column="admissions",
         make=each(lambda row: {"admissions": f"{row['admissions']}.2%"})),
    Case(number=47, title="unicode digits minus", outcome="rows", fault="unusual digits", row=2, column="admissions",
         make=counts("−3", "1\u00a02", "３")),
    Case(number=0, title="count missing", outcome="rows", fault="missing number", row=2, column="admissions",
         make=counts("")),
    Case(number=0, title="bed-days of a town", outcome="rows", fault="impossibly large number", row=2,
         column="bed_days", make=days("250000")),
    Case(number=0, title="bed-days with text", outcome="rows", fault="not a number", row=2, column="bed_days",
         make=days("about 600")),
)  # fmt: skip
