"""Tables of monitoring, as they are read."""

from analysis.months import month_said
from analysis.tables.columns import Column, number

GLANCE = (
    Column("Homes", "name"),
    Column("Last rate", "value", number(2)),
    Column("Chart", "kind"),
    Column("The last point is", "variation"),
    Column("The target is", "assurance", lambda told: told or "not set"),
)
"""Of groups of homes at a glance."""
POINTS = (
    Column("From", "period", month_said),
    Column("Admissions (to the nearest 5)", "events", number(0)),
    Column("Rate", "value", number(2)),
    Column("Centre", "centre", number(2)),
    Column("Limits", ("lower", "upper"), lambda low, high: f"{low:.2f} to {high:.2f}"),
    Column("It is", "what"),
    Column("Because of", "rules"),
)
"""Of a control chart."""
APART = (
    Column("Home", "name"),
    Column("Location ID", "location_id"),
    Column("Kind", "home_type"),
    Column("Admissions (to the nearest 5)", "observed", number(0)),
    Column("Expected", "expected", number(0)),
    Column("Times as many", "ratio", number(2)),
    Column("Limits (one in 500 outside by chance)", ("lower", "upper"), lambda low, high: f"{low:.2f} to {high:.2f}"),
    Column("It lies", "where"),
)
"""Of homes outside a funnel's limits."""
