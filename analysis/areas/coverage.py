"""How often did each method's own 95% interval hold the truth where nothing was done?

Counted by ``bench/areas.py`` (`bench/areas.csv`: 1,000 draws of the steady world, 100 of the wandering one; by quarter
and by year as many as the table says); a test holds these figures to that table.
"""

from collections.abc import Mapping

from analysis.months import MONTH, QUARTER, YEAR

TOO_NARROW = 0.90
"""An interval that holds the truth less often than this leaves it out more than twice as often as it promises."""

OWN: Mapping[str, tuple[float, float]] = {
    "Synthetic control": (0.94, 0.96),
    "Ridge-augmented synthetic control": (0.96, 0.98),
    "Synthetic difference-in-differences": (0.85, 0.93),
    "Controlled time series, Newey–West": (0.54, 0.77),
    "Controlled time series, AR(1)": (0.74, 0.92),
    "Time series alone, Newey–West": (0.49, 0.76),
    "Time series alone, AR(1)": (0.74, 0.94),
}
"""Least and most coverage of the method's own interval over years and over the steady and the wandering world."""

BY_QUARTER: Mapping[str, tuple[float, float]] = {
    "Synthetic control": (1.0, 1.0),
    "Ridge-augmented synthetic control": (1.0, 1.0),
    "Synthetic difference-in-differences": (0.91, 0.97),
    "Controlled time series, Newey–West": (0.56, 0.85),
    "Controlled time series, AR(1)": (0.91, 0.97),
    "Time series alone, Newey–West": (0.62, 0.88),
    "Time series alone, AR(1)": (0.91, 1.0),
}
BY_YEAR: Mapping[str, tuple[float, float]] = {
    "Synthetic control": (1.0, 1.0),
    "Ridge-augmented synthetic control": (1.0, 1.0),
    "Synthetic difference-in-differences": (0.91, 0.97),
    "Controlled time series, Newey–West": (0.59, 0.78),
    "Controlled time series, AR(1)": (0.75, 0.88),
    "Time series alone, Newey–West": (0.59, 0.78),
    "Time series alone, AR(1)": (0.81, 0.94),
}
OWN_BY_LENGTH: Mapping[int, Mapping[str, tuple[float, float]]] = {MONTH: OWN, QUARTER: BY_QUARTER, YEAR: BY_YEAR}
"""The same by months in a period; by quarter and by year of 32 draws of each world, so within about 8 points."""
