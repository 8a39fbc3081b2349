"""What has been published on effects and costs, in the small tables that come with Homeward (`analysis/evidence`)?"""

from functools import cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parents[1] / "evidence"


@cache
def published_effects() -> pd.DataFrame:
    """Read the table of evaluations, indexed by key; `estimate`, `low`, `high` are rate ratios, where printed."""
    return _read("effects.csv", "key")


@cache
def published_unit_costs() -> pd.DataFrame:
    """Read the table of unit costs, indexed by key: low and high in pounds of `price_year`."""
    return _read("unit_costs.csv", "key")


@cache
def gdp_deflator() -> pd.Series:
    """Read the GDP deflator by calendar year, 2024 = 100."""
    return _read("gdp_deflator.csv", "year")["index"]


@cache
def national_events() -> pd.DataFrame:
    """Read the calendar of national events: key, what, first and last month ("2020-03"), touches, verified, source."""
    return _read("national_events.csv", "key").reset_index()


@cache
def admission_rates() -> pd.DataFrame:
    """Read what residents' admissions come to in a year: home_type, what, rate (per resident), verified, source."""
    return _read("admission_rates.csv", "home_type").reset_index()


@cache
def improving_by_year() -> pd.DataFrame:
    """Read how often services were rated better: homes, from_rating, period, year, percent, of, caveat, source."""
    return _read("improving_by_year.csv", "homes").reset_index()


@cache
def trends() -> pd.DataFrame:
    """Read what happened in England: measure, period, first, last, value, unit, verified, source."""
    return _read("trends.csv", "measure").reset_index()


@cache
def written_beside(folder: str) -> dict[str, str]:
    """Read the TOML files of a folder of the evidence ("claims", "cards"): name to text, in the order of names."""
    return {path.stem: path.read_text("utf-8") for path in sorted((FOLDER / folder).glob("*.toml"))}


def _read(name: str, index: str) -> pd.DataFrame:
    frame = pd.read_csv(FOLDER / name, index_col=index)
    if "verified" in frame:
        frame["verified"] = frame["verified"] == "yes"
    text = frame.select_dtypes(exclude=["number", "bool"]).columns
    frame[text] = frame[text].fillna("")
    return frame
