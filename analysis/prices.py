"""What is a pound of one year worth in another, and a pound of a later year today?

Prices: GDP deflator at market prices (HM Treasury); a financial year such as "2016/17" is the mean of its two calendar
years. Discounting: Green Book (2026, chapter 6, and supplementary guidance, annex A): the factor of year n is
1 / (1 + r)^n, year 0 being the first twelve months, r 3.5% for money and 1.5% for effects on health.
"""

from dataclasses import dataclass

import numpy as np

from analysis.sources.evidence import gdp_deflator, published_unit_costs

BASE_YEAR = "2024"
"""All money is shown in pounds of this year: the last of the deflator table."""

MONEY_RATE, HEALTH_RATE = 0.035, 0.015
"""Social time preference rate, and the health rate, of years 0 to 30."""

USED = ("emergency_admission", "ae_attendance", "ambulance")
"""Unit costs that enter the sum. Others of the table would count the same bed twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCost:
    """What one unit costs.

    Parameters
    ----------
    key, what : str
        Such as "ambulance", and its name in words.
    low, high : float
        Pounds of `price_year`; anything between is equally likely.
    price_year : str
        "2018" or "2018/19".
    payer : str
        Whose budget or capacity it frees.
    source : str
    verified : bool
    """

    key: str
    what: str
    low: float
    high: float
    price_year: str
    payer: str
    source: str
    verified: bool = False

    @property
    def middle(self) -> float:
        """Middle of its range, in pounds of `BASE_YEAR`."""
        return (self.low + self.high) / 2 * uprate(self.price_year)


def published(key: str) -> UnitCost:
    """Take one row of `analysis/evidence/unit_costs.csv`."""
    row = published_unit_costs().loc[key]
    text = {name: str(row[name]) for name in ("what", "price_year", "payer", "source")}
    return UnitCost(key=key, low=float(row["low"]), high=float(row["high"]), verified=bool(row["verified"]), **text)


def deflator(price_year: str) -> float:
    """Index of a calendar year, or of a financial year as the mean of its two.

    Raises
    ------
    KeyError
        If the table does not hold the year; `known_year` asks first.
    """
    index, first = gdp_deflator(), int(price_year[:4])
    return float(index[first]) if len(price_year) == 4 else float(index[first] + index[first + 1]) / 2


def known_year(price_year: str) -> bool:
    """Whether a year can be converted: "2018", or "2018/19" with both its calendar years in the table."""
    first, slash, second = price_year.partition("/")
    if not (first.isdigit() and len(first) == 4 and int(first) in gdp_deflator().index):
        return False
    return not slash or (second == f"{(int(first) + 1) % 100:02d}" and int(first) + 1 in gdp_deflator().index)


def uprate(price_year: str, to: str = BASE_YEAR) -> float:
    """Multiplier that turns pounds of one year into pounds of another."""
    return deflator(to) / deflator(price_year)


def discount_factor(year: np.ndarray, rate: float = MONEY_RATE) -> np.ndarray:
    """Value now of one pound in so many whole years, shape of `year`."""
    return (1 + rate) ** -np.asarray(year, float)


UNIT_COSTS = tuple(published(key) for key in USED)
