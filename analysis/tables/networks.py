"""Tables of networks, as they are read."""

from analysis.tables.columns import Column, number

LEADS = (
    Column("Network", "network"),
    Column("Lead", "lead", lambda value: f"lead {value}" if value else "none"),
    Column("Role", "role"),
    Column("Homes", "homes"),
    Column("Residents (to the nearest 5)", "residents", number(0)),
    Column("Homes with a team", "in_place"),
    Column("Being built", "building"),
    Column("Without", "none"),
)
ELEMENTS = (
    Column("Network", "network"),
    Column("Element", "element"),
    Column("Homes where it is known", "homes"),
    Column("In place", "has"),
)
VARIATION = (
    Column("Network", "network"),
    Column("Homes", "homes"),
    Column("Admissions per 1,000 bed-days", "rate", number(2)),
    Column("Times as many as expected", "ratio", number(2)),
    Column("Limits (one in 500 outside by chance)", ("lower", "upper"), lambda low, high: f"{low:.2f} to {high:.2f}"),
    Column("It lies", "where"),
)
