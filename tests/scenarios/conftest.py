"""A county and its baseline, made once."""

import pytest

from analysis import simulate
from analysis.scenarios.baseline import baseline_of, months_without


@pytest.fixture(scope="session")
def county():
    return simulate.simulate_county(simulate.SEED)


@pytest.fixture(scope="session")
def county_baseline(county):
    panel = county.panel()
    return baseline_of(panel, months_without(panel, county.spells()))
