"""Where kind, size, area or rating tells exactly who had it, words say so; by lot they seldom do."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.checks.others_alike import CALLED, HELD_BACK, TOGETHER, others_alike
from analysis.design import NEVER
from analysis.matching.scores import log_odds
from analysis.results import Effects, Fitted
from analysis.simulate import PanelSpec, simulate_panel

NOTHING = Effects(tables={}, summary={}, cells=pd.DataFrame())


@pytest.fixture(scope="module")
def county():
    panel, truth = simulate_panel(PanelSpec(n_homes=60, n_months=36, starts=(24,) * 20), 3)
    areas = [f"place {k % 6}" for k in range(60)]
    return replace(panel, units=panel.units.assign(area=areas)), truth.design()


def said(panel, design, treated=None):
    own = design if treated is None else replace(design, start=np.where(treated, 24, NEVER))
    return others_alike(Fitted(observed=panel, design=own, model=None, effects=NOTHING))  # type: ignore[arg-type]


def ways(panel):
    size = panel.exposure[:, :24].mean(axis=1)
    nursing, place = (panel.units["home_type"] == "nursing").to_numpy(), panel.units["area"].to_numpy(str)
    return {
        "home_type": nursing, "area": np.isin(place, ["place 0", "place 3"]),
        "size": size >= np.sort(size)[-20], TOGETHER: nursing == (size >= np.median(size[nursing])),
    }  # fmt: skip


@pytest.mark.parametrize("way", ["home_type", "area", "size"])
def test_what_tells_exactly_who_had_it_is_named_in_words(county, way):
    check = said(*county, ways(county[0])[way])
    assert check.passed is False and "tells exactly which of them had it" in check.reading
    assert CALLED[way] in check.reading and check.number.startswith("0% have a like")


def test_three_things_together_may_tell_what_none_does_alone(county):
    """Small residential homes and large nursing homes had it: each kind and each size has others without it."""
    panel, design = county
    size, nursing = panel.exposure[:, :24].mean(axis=1), (panel.units["home_type"] == "nursing").to_numpy()
    score = np.log(size) + 3 * nursing  # a line in size and kind
    table = said(panel, design, score >= np.sort(score)[-20]).table.set_index("alike_in")
    assert table.loc[TOGETHER, "homes_with_a_like"] <= 2
    z = np.column_stack([np.log(size), nursing])
    found = log_odds(z, score >= np.sort(score)[-20], HELD_BACK)
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - another's ridge

    scaled = (z - z.mean(axis=0)) / z.std(axis=0)
    other = LogisticRegression(C=1 / 0.1, tol=1e-10, max_iter=10_000).fit(scaled, score >= np.sort(score)[-20])
    assert found == pytest.approx(other.decision_function(scaled), abs=1e-4)


def test_of_homes_by_lot_each_number_is_that_of_counting_by_hand(county):
    panel, design = county
    check, treated = said(*county), design.start != NEVER
    table = check.table.set_index("alike_in")
    for name in ("home_type", "area"):
        values = panel.units[name].to_numpy(str)
        alike = sum(any(values[i] == values[j] for j in np.flatnonzero(~treated)) for i in np.flatnonzero(treated))
        assert tuple(table.loc[CALLED[name]]) == (20, alike, alike / 20)
    assert check.passed is True and "What is not listed here may still differ." in check.reading


def test_places_of_one_home_each_are_no_kind_and_all_homes_with_it_are_left_to_the_reader(county):
    panel, design = county
    alone = replace(panel, units=panel.units.assign(area=[f"village {k}" for k in range(60)]))
    assert CALLED["area"] not in set(said(alone, design).table["alike_in"])
    everybody = said(panel, design, np.ones(60, bool))
    assert everybody.passed is None and "Every home had it in the end" in everybody.reading
