"""Tables of where homes lie, as they are read."""

import numpy as np

from analysis.tables.columns import Column, number

_MIDDLE = (
    Column("Kilometres east of the middle", "east", number(0)), Column("Kilometres north", "north", number(0)),
    Column("Council of most of them", "area_name"),
)  # fmt: skip
_HOME = (
    Column("Home", "name"), Column("Council", "area_name"), Column("Kilometres east of the middle", "east", number(1)),
    Column("Kilometres north", "north", number(1)),
)  # fmt: skip
RATED_HEXAGONS = (
    *_MIDDLE, Column("Homes", "homes"), Column("Rated", "rated"), Column("Below Good", "below"),
    Column("Share of those rated", "share", lambda value: "–" if np.isnan(value) else f"{value:.0%}"),
)  # fmt: skip
RATED_HOMES = (*_HOME, Column("Latest rating", "rating"))
COMPARED_HEXAGONS = (
    *_MIDDLE, Column("Homes with it", "treated"), Column("Homes compared", "compared"), Column("Neither", "aside"),
)  # fmt: skip
COMPARED_HOMES = (
    *_HOME, Column("It is", "kind"),
    Column("Kilometres to the nearest home with it, or compared", "nearest", number(1)),
)  # fmt: skip
