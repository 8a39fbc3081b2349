"""Beds where bed-days belong: homes with thirty times the rate are not chosen from, and that is said."""

import numpy as np
import pandas as pd
import pytest

from analysis import sources
from analysis.evaluation import material
from analysis.outcomes import EMERGENCIES
from analysis.panel import beds_for_days, build_panel
from analysis.panel.doubtful import FACT
from analysis.store import Store
from pages.shared.cached import Loaded, past

ODD = ["1-100", "1-101", "1-102", "1-103", "1-104"]


def table(odd, seed=5):
    """Forty homes over three years; some give the residents of a month's last day for bed-days."""
    rng, rows = np.random.default_rng(seed), ["location_id,month,emergency_admissions,bed_days"]
    months = pd.date_range("2021-01-01", periods=36, freq="MS")
    for k in range(40):
        home, residents = f"1-{100 + k}", rng.integers(20, 60)
        for month in months:
            days = residents if home in odd else residents * month.days_in_month
            rows.append(f"{home},{month:%Y-%m-%d},{rng.poisson(residents * 0.075)},{days}")
    return "\n".join(rows).encode()


@pytest.fixture(scope="module", params=[[], ODD], ids=["none", "five"])
def loaded(request):
    store = Store.in_memory()
    reading = sources.read("homes.csv", table(request.param))
    store.load(reading)
    return request.param, store, reading


def test_homes_with_beds_for_bed_days_are_found_and_nobody_else(loaded):
    odd, store, reading = loaded
    panel = build_panel(store)
    assert panel.units.index[beds_for_days(panel)].tolist() == odd
    facts = material(store, EMERGENCIES).shown.facts
    assert facts.loc[facts["fact"] == FACT, "homes"].tolist() == [5] * bool(odd)
    assert any(finding.fault == "beds among bed-days" for finding in reading.findings) == bool(odd)


def test_what_if_and_targeting_are_without_them_and_say_so(loaded):
    odd, store, _ = loaded
    given = past(Loaded(store=store, name="homes", digest=store.digest()))
    assert not set(odd) & set(given.shown.units.index)
    assert len(given.shown.units) == 40 - len(odd)
    assert given.left_out.startswith("5 homes are left out") == bool(odd)


def test_small_homes_and_homes_of_high_rates_are_no_beds(sample_past):
    assert not beds_for_days(sample_past[0]).any()
