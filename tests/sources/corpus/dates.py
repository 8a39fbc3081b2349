"""Dates that mean two things, none, or something else."""

from datetime import date, timedelta

from tests.sources.corpus.case import Case, Rows, clean, csv_of, each, some

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def uk(text: str, day: str = "01") -> str:
    return f"{day}/{text[5:7]}/{text[:4]}"


def both(row: dict[str, str], day: str = "01") -> dict[str, str]:
    """The month and the start in the British way."""
    return {"month": uk(row["month"], day), "start_month": uk(row["start_month"], day) if row["start_month"] else ""}


def serial(text: str, zero: date) -> str:
    return str((date.fromisoformat(text) - zero).days) if text else ""


def excel(zero: date):
    return each(lambda row: {name: serial(row[name], zero) for name in ("month", "start_month")})


def financial(row: dict[str, str]) -> dict[str, str]:
    year, month = int(row["month"][:4]), int(row["month"][5:7])
    first = year if month >= 4 else year - 1
    return {"month": f"{first}/{(first + 1) % 100:02d} M{(month - 4) % 12 + 1}"}


def weekly() -> bytes:
    rows: Rows = []
    for row in clean():
        if row["month"].startswith("2022-"):
            first = date(2022, 1, 3) + timedelta(days=28 * (int(row["month"][5:7]) - 1))
            rows += [{**row, "month": str(first + timedelta(days=7 * week)), "bed_days": "140"} for week in range(4)]
    return csv_of(rows)


def no_day_first() -> bytes:
    """Return one row per admission whose dates never pass the twelfth."""
    return csv_of([
        {"location_id": f"1-10000{n % 5:04d}", "admission_date": f"0{1 + n % 9}/0{1 + n % 7}/2023", "admimeth": "21"}
        for n in range(60)
    ])  # fmt: skip


CASES = (
    Case(number=1, title="clean", outcome="accept", make=each(lambda row: {})),
    Case(number=2, title="ddmmyyyy", outcome="note", make=each(both), fault="dates day first", row=2, column="month"),
    Case(number=2, title="ddmm ambiguous days", outcome="ask", make=no_day_first, fault="ambiguous dates", row=2,
         column="admission_date", apart="the catalogue's own second half: without evidence in the file, ask"),
    Case(number=2, title="ddmm ambiguous and answered", outcome="note", make=no_day_first, fault="dates day first",
         row=2, column="admission_date", say={"dates": "day first"}),
    Case(number=3, title="ddmm unambiguous mid month", outcome="note", make=each(lambda row: both(row, "15")),
         fault="dates day first", row=2, column="month"),
    Case(number=4, title="mixed dd mm and iso", outcome="ask", fault="mixed dates", row=6, column="month",
         make=some({4: {"month": "01/05/2022"}, 7: {"month": "01/08/2022"}})),
    Case(number=5, title="excel serial numbers", outcome="note", make=excel(date(1899, 12, 30)), fault="day numbers",
         row=2, column="month"),
    Case(number=6, title="excel serial 1904", outcome="ask", make=excel(date(1904, 1, 1)), fault="day numbers", row=2,
         column="month"),
    Case(number=6, title="excel serial 1904 answered", outcome="note", make=excel(date(1904, 1, 1)), row=2,
         fault="day numbers", column="month", say={"excel days": "1904"}),
    Case(number=7, title="two digit year", outcome="note", row=2, column="month", fault="years of two digits",
         make=each(lambda row: {"month": f"{MONTHS[int(row['month'][5:7]) - 1]}-{row['month'][2:4]}"})),
    Case(number=8, title="month names no year", outcome="reject", row=2, column="month", fault="months without a year",
         make=each(lambda row: {"month": MONTHS[int(row["month"][5:7]) - 1]})),
    Case(number=9, title="financial year months", outcome="ask", row=2, column="month", fault="financial months",
         make=each(financial)),
    Case(number=10, title="future months", outcome="rows", row=25, column="month", fault="future date",
         make=some({23: {"month": "2099-12-01"}})),
    Case(number=11, title="impossible 31 feb", outcome="rows", row=3, column="month", fault="impossible date",
         make=lambda: csv_of([{**row, **both(row, "15")} for row in clean()]).replace(b"15/02/2022", b"31/02/2022", 1)),
    Case(number=12, title="weekly not monthly", outcome="reject", row=2, column="month",
         fault="rows that are not months", make=weekly),
    Case(number=13, title="timestamp tz bst", outcome="note", row=2, column="month", fault="times with a zone",
         make=each(lambda row: {"month": f"{row['month']}T00:00:00Z"})),
    Case(number=0, title="not a date", outcome="rows", row=9, column="month", fault="not a date",
         make=some({7: {"month": "soon"}})),
    Case(number=0, title="no month", outcome="rows", row=9, column="month", fault="missing date",
         make=some({7: {"month": ""}})),
    Case(number=0, title="years long ago", outcome="rows", row=2, column="month", fault="date too long ago",
         make=some({0: {"month": "1922-01-01"}})),
)  # fmt: skip
