"""How often did each method's own 95% interval hold the truth where nothing was done?

Counted by ``bench/areas.py`` (1,000 simulations a world; `bench/areas.csv`); a test holds these figures to that table.
"""

from collections.abc import Mapping

TOO_NARROW = 0.90
"""An interval that holds the truth less often than this leaves it out more than twice as often as it promises."""

OWN: Mapping[str, tuple[float, float]] = {}
"""Least and most coverage of the method's own interval over years and over the steady and the wandering world."""
