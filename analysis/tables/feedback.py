"""Tables of feedback, as they are read."""

from analysis.journal import DOMAINS, SCALE
from analysis.months import day_said, month_said
from analysis.tables.columns import Column, number, yes_or_no


def _step(value: float) -> str:
    return SCALE[int(value)] if value == value else SCALE[0]  # noqa: PLR0124 - missing is not itself


VISITS = (
    Column("Day", "day", day_said),
    Column("Home", "home"),
    Column("Who", "sort"),
    Column("Role", "role"),
    *(Column(label, name, _step) for name, label in DOMAINS.items()),
    Column("In words", "text"),
    Column("Shared with the manager", "shared", yes_or_no),
)
"""Of visits and audits."""
TRENDS = (
    Column("Quarter from", "quarter", month_said),
    Column("Domain", "domain"),
    Column("Visits", "visits"),
    Column("Mean step (1 to 4)", "mean", number(2)),
    Column("With a concern", "concerns", lambda share: f"{share:.0%}"),
)
"""Of domains by quarter."""
