"""How many posts of a home are filled, how many are vacant, and how many people left it within a year?

One row per home and day on which it was counted, as homes tell Skills for Care (Adult Social Care Workforce Data Set:
``locationid``, ``totalstaff``, ``totalvacancies``, ``totalleavers``) or CQC before an inspection (provider information
return: ``How_many_staff_have_left_your_service_in_the_past_12_months``). Staff are counted, never named.
"""

import pandas as pd

from analysis.sources import fields
from analysis.sources.columns import (
    DAY,
    counts,
    dates,
    homes,
    one_row_each,
    parsed,
    perhaps_personal,
    personal,
)
from analysis.sources.layout import Layout, Parsed, RawTable, Say, plain
from analysis.sources.schema import TABLES

MOST_STAFF = 2_000
"""Of one home; the largest of England has some hundreds."""
KEY = ["location_id", "counted"]
ONE_A_DAY = {"expected": "one row per home and day", "differ": "two different rows of one day"}
TOLD = ("filled", "vacant", "left_in_a_year")


def parse(raw: RawTable, say: Say) -> Parsed:
    """Read one row per home and day."""
    home, day = homes(raw), dates(raw, "counted", say, DAY)
    given = {
        name: counts(raw, name, say, required=name == "filled", highest=MOST_STAFF)
        for name in TOLD
        if name in raw.frame
    }
    said = sum((column.screening for column in (home, day, *given.values())), personal(raw))
    rows = pd.DataFrame({"location_id": home.values, "counted": day.values}, index=raw.frame.index)
    for name in TOLD:
        rows[name] = given[name].values if name in given else pd.Series(pd.NA, rows.index, dtype="Int64")
    if not said.stops:
        said += one_row_each(raw, said.keep(rows).dropna(subset=KEY), KEY, "counted", **ONE_A_DAY)
    return parsed(raw, said, lambda: {"staffing": said.keep(rows)[list(TABLES["staffing"])].reset_index(drop=True)})


OPTIONAL = {
    "vacant": (
        "vacant", "vacancies", "vacant posts", "total vacancies", "totalvacancies", "staff vacancies",
        "how many staff vacancies do you have",
    ),
    "left_in_a_year": (
        "left_in_a_year", "leavers", "total leavers", "totalleavers", "staff who left", "leavers in 12 months",
        "leavers in the past 12 months", "how many staff have left your service in the past 12 months",
    ),
}  # fmt: skip
SAID = {plain(name) for names in OPTIONAL.values() for name in names}

LAYOUT = Layout(
    name="staffing",
    title="Staffing",
    holds="One row per home and day: posts filled, posts vacant, and staff who left in the 12 months before.",
    required={
        "home": fields.HOME,
        "counted": (
            "counted", "date", "day", "as of", "as at", "date counted", "snapshot date", "effective date",
            "submission date", "pir submission date", "import date", "last updated",
        ),
        "filled": (
            "filled", "filled posts", "posts filled", "total staff", "totalstaff", "staff employed", "staff in post",
        ),
    },
    optional=OPTIONAL,
    parse=parse,
    fits=lambda columns: any(plain(column) in SAID for column in columns),
    private=True,
    extra=perhaps_personal,
)  # fmt: skip
