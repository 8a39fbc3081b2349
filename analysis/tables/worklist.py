"""Tables of a worklist, as they are read."""

from analysis.months import month_said
from analysis.tables.columns import Column, number

ROWS = (
    Column("Place", "place"),
    Column("Home", ("name", "location_id"), lambda name, number: f"{name or 'Home'} ({number})"),
    Column("Proposed", "proposed"),
    Column("Because of", "criteria"),
    Column("Rating", "rating"),
    Column("Times its kind", "times", number(2)),
    Column("Months supported", ("supported_for", "goals_held"), lambda on, held: f"{on}, goals {held}" if on else "–"),
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
