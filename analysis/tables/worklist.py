"""Tables of a worklist, as they are read."""

from analysis.months import month_said
from analysis.tables.columns import Column, number

PROPOSED = {"start": "start support", "wait": "wait for a place", "end": "end support", "go on": "go on"}
ROWS = (
    Column("Place", "place"),
    Column("Home", "name"),
    Column("Location ID", "location_id"),
    Column("Proposed", "proposed", lambda name: PROPOSED[name]),
    Column("Because it is, or has", "reasons"),
    Column("Rating", "rating"),
    Column("Times the admissions of its kind", "times", number(2)),
    Column("Months supported", "supported_for"),
    Column("Months goals held", "goals_held"),
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
