"""Tables of a worklist, as they are read."""

import re

from analysis.months import month_said
from analysis.tables.columns import Column, number

PROPOSED = {"start": "start support", "wait": "wait for a place", "end": "end support", "go on": "go on"}
UNTIL = re.compile(r" \(to [^)]*\)")
"""Up to which month numbers were looked at: the same month in every row, which the headline says."""
ROWS = (
    Column("Place", "place"),
    Column("Home", ("name", "location_id"), lambda name, number: f"{name or 'Home'} ({number})"),
    Column("Proposed", "proposed", lambda name: PROPOSED[name]),
    Column("Because it is, or has", "reasons", lambda text: UNTIL.sub("", text)),
    Column("Rating", "rating"),
    Column("Times its kind’s admissions", "times", number(2)),
    Column("Months supported, goals held", ("supported_for", "goals_held"), lambda on, held: f"{on}, {held}"),
)
"""Of homes that qualify or are supported."""
KEPT = (
    Column("Month", "month", month_said),
    Column("Homes that qualify", "qualifying"),
    Column("Supported", "supported"),
    Column("Waiting", "waiting"),
)
"""Of the rehearsal."""
DECIDED = (
    Column("Entry", "number"),
    Column("Written (UTC)", "written"),
    Column("Home", "home"),
    Column("Decided", "decision"),
    Column("From", "day"),
    Column("By", "by"),
    Column("Why", "why"),
    Column("Corrects entry", "corrects"),
)
"""Of decisions, in the order in which they were written."""
