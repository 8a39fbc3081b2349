"""Tables of one home, as they are read."""

from analysis.monitoring.staffing import span_said
from analysis.months import day_said, month_said
from analysis.tables.columns import Column, named, number, yes_or_no

RATED = (
    Column("Key question", "key_question"),
    Column("Rating", ("rating", "unrated"), lambda rating, unrated: rating if isinstance(rating, str) else unrated),
    Column("Visited", "visited", lambda day: day_said(day) or "not known"),
    Column("Published", "published", day_said),
    Column("Period of rating", "period"),
    Column("Framework", "regime"),
    Column("Given to an earlier registration", "inherited", yes_or_no),
)
"""Of ratings."""
PERIODS = (
    Column("From", "period", month_said),
    Column("Rate", "value", number(2)),
    Column("Centre", "centre", number(2)),
    Column("Limits", ("lower", "upper"), lambda low, high: f"{low:.2f} to {high:.2f}"),
    Column("It is", "what"),
    Column("Because of", "rules"),
)
"""Of a control chart of one home, which has no counts."""
BESIDE = (
    Column("Measure", ("measure", "unit"), lambda measure, unit: f"{measure} ({unit})"),
    Column("This home", "here", number(1)),
    Column("Middle of its peers", "middle", number(1)),
    Column("Middle half of its peers", ("low", "high"), lambda low, high: f"{low:.1f} to {high:.1f}"),
    Column("Peers", "homes"),
)
"""Of a home beside its peers."""
STAFFED = (
    Column("Counted on", "counted", day_said),
    Column("Posts filled, to the nearest 5", "filled"),
    Column("Share of posts vacant", ("vacant_low", "vacant_high"), span_said),
    Column("Left within 12 months, of posts filled", ("left_low", "left_high"), span_said),
)
"""Of staffing, as it may be shown."""
DONE = (
    Column("Intervention", "intervention", named),
    Column("Started", "started", lambda day: day_said(day) or "not known"),
    Column("Ended", "ended", lambda day: day_said(day) or "goes on"),
    Column("How it was chosen", "chosen_by", lambda text: text if isinstance(text, str) else "not said"),
    Column("By months from", "chosen_from", lambda day: "" if not day_said(day) else month_said(day)),
    Column("to", "chosen_to", lambda day: "" if not day_said(day) else month_said(day)),
)
"""Of what was done in a home."""
