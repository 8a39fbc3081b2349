"""Are the fictional councils what they are said to be, and do the methods find what was truly done?"""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.areas import joined
from analysis.areas.measures import TOTAL_DELAYS
from analysis.outcomes import AreaMeasure
from analysis.simulate import SEED
from analysis.simulate.councils import MARLSHIRE, START, WORLD, delayed_transfers, simulate_councils, truth_of
from analysis.sources import read
from analysis.store import Store
from tests.areas.asked import evaluate_area

SHIPPED = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="module")
def councils():
    return simulate_councils(SEED)


def test_truth_beside_the_sample_is_the_drawn_one(councils):
    assert json.loads((SHIPPED / "truth.json").read_text())["councils"] == truth_of(councils)
    assert truth_of(councils)["rate_ratio_by_year"] == {"1": 0.6, "2": 1.0}


def test_causes_add_up_to_the_total_and_every_month_is_there(councils):
    frame = delayed_transfers(councils)
    parts = frame[["delayed_days_nhs", "delayed_days_social_care", "delayed_days_both"]].sum(axis=1)
    assert (parts == frame["delayed_days_total"]).all()
    assert len(frame) == WORLD.n_areas * WORLD.n_months


def test_year_to_year_swings_are_those_of_english_councils(councils):
    counts = councils.panel.counts[1:]
    years = counts.reshape(len(counts), -1, 12).sum(axis=2)
    # 0.25 to 0.32 in English councils, 2014/15 to 2018/19
    assert 0.15 < np.diff(np.log(years), axis=1).std() < 0.35


def test_methods_find_what_was_done_through_the_same_door():
    store = Store.in_memory()
    store.load(read("delayed_transfers.csv", SHIPPED / "delayed_transfers.csv"))
    outcomes = joined(store.table("area_outcomes"))
    found = evaluate_area(outcomes, TOTAL_DELAYS, AreaMeasure(area=MARLSHIRE, start=START))
    comparing = found.years[~found.years["extends_trend"].astype(bool)].set_index("year")
    assert ((comparing.loc[1, "conf_low"] < 0.6) & (comparing.loc[1, "conf_high"] > 0.6)).all()
    assert ((comparing.loc[2, "conf_low"] < 1.0) & (comparing.loc[2, "conf_high"] > 1.0)).all()
    assert found.baseline.is_spike
    assert found.persistence.size == "large" and found.persistence.halved_from == 2
