"""A county, its baseline and a plain scenario, made once."""

import numpy as np
import pytest

from analysis.scenarios import Draws, Effect, Offer, Range, Ratio, Scenario, Who, project
from analysis.scenarios.projection import LEVELS


@pytest.fixture(scope="session")
def levels(county_baseline):
    luck = Draws()
    return county_baseline.draws(luck.rng(LEVELS), luck.n)


def offer(**given):
    """An offer that every home takes up in full at once, with a known effect, unless said otherwise."""
    certain = {
        "name": "ward round", "effect": Effect(source="stated", ratios={"all": Ratio(0.8, 0.8, 0.8)}),
        "uptake": Range(1, 1), "fidelity": Range(1, 1), "ramp_months": 1, "who": Who(most=30),
    }  # fmt: skip
    return Offer(**(certain | given))


def scenario(*offers, **given):
    return Scenario(title="tried", offers=offers or (offer(),), **given)


@pytest.fixture(scope="session")
def projection(county_baseline, levels):
    uncertain = Effect(source="stated", ratios={"residential": Ratio(0.75, 0.6, 0.9), "nursing": Ratio(0.95, 0.8, 1.1)})
    return project(county_baseline, scenario(offer(effect=uncertain, uptake=Range(0.6, 0.9))), levels=levels)


def months(first, n):
    return np.datetime64(first, "M") + np.arange(n)
