"""Starts that are codes for never, that are dates long past, or that cannot be read; optional cells gone wrong."""

from tests.sources.corpus.case import Case, clean, csv_of, each, row_of, some

NEVER = (
    "NaN", "nan", "NaT", "None", "NA", "<NA>", "null", "0", "0.0", "-1", "-1.0", "-1000", "10000", "Inf", "inf",
    "Infinity", ".", ".a", "-", "never", "Never treated", "never_treated", "untreated", "control", "n/a", "9999-12",
    "9999-12-31", "31/12/9999", "Dec-9999", "2099-12", "2099-12-01 00:00:00", "2958465",
)  # fmt: skip
"""How software says that a home never began (R: did, did2s, fixest; Stata: csdid; pandas; spreadsheets)."""
UNREADABLE = ("TBC", "soon", "2023-02-31", "2023", "Q3 2023", "99", "999", "-99", "12", "#N/A", "?")
LONG_PAST = ("1900-01", "1900-01-01", "1970-01-01", "1899-12-30")


def coded(code: str, column: str = "start_month") -> bytes:
    """Return the clean table with every blank start written as `code`."""
    return csv_of([{**row, column: row.get(column) or code} for row in clean()])


def listed(*rows: str) -> bytes:
    return "\n".join(["location_id,intervention,start,end,dose,window_from", *rows, ""]).encode()


def once_more(start: str) -> bytes:
    """Return the clean table with one cell of a home that says elsewhere when it began."""
    return some({row_of(1, 3): {"start_month": start}})()


def with_column(name: str, usual: str, odd: str):
    return each(lambda row: {name: odd if row["month"] == "2022-02-01" else usual})


CASES = (
    *(Case(number=0, title=f"never coded {code}", outcome="note", fault="codes for never", row=98,
           column="start_month", make=lambda code=code: coded(code)) for code in NEVER),
    *(Case(number=0, title=f"start unreadable {code}", outcome="ask", fault="starts that cannot be read", row=98,
           column="start_month", make=lambda code=code: coded(code)) for code in UNREADABLE),
    *(Case(number=0, title=f"start long ago {code}", outcome="ask", fault="starts long ago", row=98,
           column="start_month", make=lambda code=code: coded(code)) for code in LONG_PAST),
    Case(number=0, title="start unreadable answered", outcome="note", fault="starts that cannot be read", row=98,
         column="start_month", make=lambda: coded("TBC"), say={"unread starts": "not known"}),
    Case(number=0, title="start long ago answered", outcome="note", fault="starts long ago", row=98,
         column="start_month", make=lambda: coded("1900-01"), say={"old starts": "before the first month"}),
    Case(number=0, title="start unreadable in one row of a home", outcome="warn", fault="a date that cannot be read",
         row=29, column="start_month", make=lambda: once_more("TBC")),
    Case(number=0, title="end unreadable", outcome="ask", fault="ends that cannot be read", row=2, column="end_month",
         make=lambda: coded("TBC", "end_month")),
    Case(number=0, title="beds unreadable", outcome="warn", fault="not a number", row=3, column="beds",
         make=with_column("beds", "60", "unknown")),
    Case(number=0, title="beds a failed formula", outcome="warn", fault="not a number", row=3, column="beds",
         make=with_column("beds", "60", "#REF!")),
    Case(number=0, title="avoidable unreadable", outcome="warn", fault="not a number", row=3, column="avoidable",
         make=with_column("avoidable", "0", "?")),
    Case(number=0, title="dose unreadable", outcome="warn", fault="not a number", row=3, column="dose",
         make=lambda: listed("1-1,a,2023-03-15,,1,", "1-2,a,2023-03-15,,much,")),
    Case(number=0, title="listed start unreadable", outcome="ask", fault="starts that cannot be read", row=3,
         column="start", make=lambda: listed("1-1,a,2023-03-15,,,", "1-2,a,TBC,,,")),
    Case(number=0, title="listed start a failed formula", outcome="ask", fault="starts that cannot be read", row=3,
         column="start", make=lambda: listed("1-1,a,2023-03-15,,,", "1-2,a,#REF!,,,")),
    Case(number=0, title="selection window unreadable", outcome="warn", fault="not a date", row=3, column="window_from",
         make=lambda: listed("1-1,a,2023-03-15,,,2022-01", "1-2,a,2023-03-15,,,spring")),
)  # fmt: skip
