"""Tables of an early warning, as they are read."""

from analysis.tables.columns import Column, number


def _share(value: float) -> str:
    return f"{value:.1%}"


CALIBRATION = (
    Column("Fifth by chance", "fifth"),
    Column("Foretold", "foretold", _share),
    Column("Happened", "happened", _share),
    Column("Looks at homes", "landmarks"),
)
CURVE = (
    Column("Acting from a chance of", "threshold", lambda value: f"{value:.0%}"),
    Column("By the warning", "model", number(4)),
    Column("By the simple rule", "rule", number(4)),
    Column("On everybody", "everybody", number(4)),
)
STABILITY = (
    Column("By", "by"),
    Column("Kind", "kind"),
    Column("Looks at homes", "landmarks"),
    Column("Events", "events"),
    Column("Foretold", "foretold", number(1)),
)
HOMES = (
    Column("Home", "name"),
    Column("Location ID", "location_id"),
    Column("Rating", "rating"),
    Column("Chance", "chance", lambda value: f"{value:.0%}"),
    Column("By the simple rule", "rule", lambda value: f"{value:.0%}"),
)
"""Of homes with the highest chances; beside it stands how such chances came true."""
