"""One treated area, many that were not: did the series change, against what was to be expected without it?"""

from analysis.areas.interrupted import InterruptedTimeSeries
from analysis.areas.measures import joined, measures, yearly, years_of
from analysis.areas.observed import area_panel
from analysis.areas.question import Chosen, choose
from analysis.areas.synthetic import SyntheticControl

__all__ = [
    "Chosen", "InterruptedTimeSeries", "SyntheticControl", "area_panel", "choose", "joined", "measures",
    "yearly",
    "years_of",
]  # fmt: skip
