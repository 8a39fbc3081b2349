"""A table of homes whose columns are not all known: which column is which?

Where a column is left that could be the missing one, the reader is asked (and answers with
``--say FIELD=COLUMN``); where none is left, the table cannot be used.
"""

from analysis.sources import fields
from analysis.sources.columns import Screening, parsed, screening
from analysis.sources.layout import Layout, Parsed, RawTable, Say, plain

WORDS = {
    "admissions": "the emergency admissions of each home and month",
    "bed_days": "the bed-days of each home and month (what admissions are compared with)",
}
KNOWN = {*fields.HOME, *fields.NAME, *fields.MONTH, *fields.AVOIDABLE, *fields.BEDS, *fields.HOME_TYPE, *fields.AREA,
         *fields.INTERVENTION, *fields.START, *fields.END}  # fmt: skip


def lacking(raw: RawTable, needed: tuple[str, ...]) -> Screening:
    """Ask, or refuse, for fields that no column is known to hold."""
    known = {plain(name) for name in KNOWN} | {plain(column) for column in raw.mapping.values()}
    left = tuple(column for column in raw.columns if column and plain(column) not in known)
    missing = [name for name in needed if name not in raw.mapping]
    said = Screening()
    for name in missing:
        words = {"fault": f"no column for {name}", "expected": f"a column with {WORDS[name]}"}
        if len(left) < len(missing):
            found = "columns " + ", ".join(map(repr, raw.columns))
            do = f"Add a column {name!r} and load the file again."
            return screening("reject", raw, None, found=found, do=do, **words)
        found = "columns under other names: " + ", ".join(map(repr, left))
        do = "Say which column it is."
        if any("rating" in plain(column) for column in left):
            do += " (A file of ratings has the columns location_id, date and rating, and no others.)"
        said += screening("ask", raw, None, found=found, do=do, question=name, options=left, **words)
    return said


def parse(raw: RawTable, say: Say) -> Parsed:
    """Ask which columns hold what a table by home and month needs."""
    return parsed(raw, lacking(raw, ("admissions", "bed_days")), dict)


HOME_MONTHS = Layout(
    name="home-months under other names",
    title="A table by home and month whose columns have other names",
    holds="One row per home and month; you say which columns hold the admissions and the bed-days.",
    required={"home": fields.HOME, "month": fields.MONTH},
    optional={"admissions": fields.ADMISSIONS, "bed_days": fields.BED_DAYS, "name": fields.NAME, "start": fields.START},
    parse=parse,
    private=True,
)
