"""Comparisons that cannot be made, or only with care. The door loads them; the design and the model decide."""

from tests.sources.corpus.case import Case, Rows, clean, csv_of, row_of

LATER = "decided where months and homes are compared, by the design or the model"


def starting(starts: dict[int, str], months: range = range(24)) -> bytes:
    """Return the clean table with these starts, by home, and none elsewhere."""
    rows = clean()
    kept: Rows = []
    for place, row in enumerate(rows):
        if place % 24 in months:
            kept.append({**row, "start_month": starts.get(place // 24, "")})
    return csv_of(kept)


def after_start(change) -> bytes:
    rows = clean()
    return csv_of([{**row, **change(row)} if row["start_month"] and row["month"] >= row["start_month"] else row
                   for row in rows])  # fmt: skip


def worst_chosen() -> bytes:
    before = [clean()[row_of(home, 0) : row_of(home, 12)] for home in range(12)]
    totals = [sum(int(row["admissions"]) for row in rows) for rows in before]
    worst = sorted(range(12), key=lambda home: totals[home])[-4:]
    return starting(dict.fromkeys(worst, "2023-01-01"))


def covid() -> bytes:
    moved = {"2022": "2019", "2023": "2020"}
    return csv_of([{**row, "month": moved[row["month"][:4]] + row["month"][4:], "start_month": "2020-03-01"
                    if row["start_month"] else ""} for row in clean()])  # fmt: skip


def twice_started() -> bytes:
    rows = clean()
    for place in range(row_of(0, 18), row_of(1, 0)):
        rows[place]["start_month"] = "2023-07-01"
    return csv_of(rows)


def stopped() -> bytes:
    return csv_of([{**row, "end_month": "2023-09-01" if row["start_month"] else ""} for row in clean()])


EVERY = range(12)
LOADS = (
    (48, "all treated same month", lambda: starting(dict.fromkeys(EVERY, "2023-01-01"))),
    (49, "all treated staggered no never", lambda: starting({home: f"2023-{1 + home:02d}-01" for home in EVERY})),
    (50, "single treated home", lambda: starting({0: "2023-03-01"})),
    (51, "two treated homes", lambda: starting({0: "2023-03-01", 1: "2023-05-01"})),
    (52, "none treated", lambda: starting({})),
    (53, "start before data", lambda: starting({0: "2021-03-01", 1: "2021-03-01"})),
    (54, "start after data", lambda: starting({0: "2030-03-01"})),
    (55, "start last month", lambda: starting({0: "2023-12-01", 1: "2023-12-01"})),
    (58, "perfect separation", lambda: after_start(lambda row: {"admissions": "0"})),
    (59, "collinear treatment month", lambda: starting(dict.fromkeys(EVERY, "2023-06-01"))),
    (60, "only two months", lambda: starting({0: "2022-02-01"}, range(2))),
    (61, "one home only", lambda: csv_of(clean()[:24])),
    (62, "treated selected on high rate", worst_chosen),
    (63, "covid window", covid),
)
CASES = (
    *(Case(number=number, title=title, outcome="accept", make=make, apart=LATER) for number, title, make in LOADS),
    Case(number=56, title="two start dates one home", outcome="ask", fault="two starts", row=20, column="start_month",
         make=twice_started),
    Case(number=56, title="two start dates answered", outcome="note", fault="two starts", row=20, column="start_month",
         make=twice_started, say={"starts": "first"}),
    Case(number=57, title="intervention stopped", outcome="ask", fault="an intervention that stopped", row=2,
         column="end_month", make=stopped),
    Case(number=57, title="intervention stopped answered", outcome="note", fault="an intervention that stopped", row=2,
         column="end_month", make=stopped, say={"after the end": "leave out"}),
)  # fmt: skip
