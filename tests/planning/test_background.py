"""The noise read from a panel is the noise it was made with."""

import numpy as np
import pandas as pd
import pytest

from analysis.baseline import months_without
from analysis.errors import AnalysisError
from analysis.planning import background
from analysis.simulate import PanelSpec, simulate_panel


def read(spec, seeds):
    """Mean of what is read from several panels: σ, φ, between-home variation, growth a year."""
    found = []
    for seed in seeds:
        panel, _ = simulate_panel(spec, seed)
        b = background(panel, np.ones(panel.counts.shape, bool))
        found.append((b.shock_sd, b.shock_correlation, b.home_cv, 12 * b.growth, b.season[0]))
    return np.mean(found, axis=0)


@pytest.mark.parametrize(("sd", "correlation"), [(0.3, 0.8), (0.2, 0.5)])
def test_shocks_of_known_size_and_length_are_found(sd, correlation):
    spec = PanelSpec(n_homes=160, n_months=48, starts=(), shock_sd=sd, shock_correlation=correlation)
    found = read(spec, range(10))
    assert found[0] == pytest.approx(sd, abs=0.025)
    assert found[1] == pytest.approx(correlation, abs=0.1)


def test_seasons_growth_and_differences_between_homes_are_found():
    spec = PanelSpec(n_homes=160, n_months=60, starts=(), nursing_share=0, home_cv=0.4, winter=0.12, trend=0.05)
    found = read(spec, range(6))
    assert found[2] == pytest.approx(0.4, abs=0.05)
    assert found[3] == pytest.approx(np.log(1.05), abs=0.012)
    assert found[4] == pytest.approx(1.12, abs=0.015)


def test_homes_without_bad_spells_have_none():
    assert read(PanelSpec(n_homes=100, n_months=36, starts=(), shock_sd=0), range(6))[0] < 0.08


def test_rates_are_nearer_the_true_ones_than_the_raw_ones_are():
    raw_errors, drawn_errors = [], []
    for seed in range(8):
        panel, truth = simulate_panel(PanelSpec(n_homes=200, n_months=12, starts=(), shock_sd=0), seed)
        true = truth.untreated.sum(axis=1) / panel.exposure.sum(axis=1)
        raw = panel.counts.sum(axis=1) / panel.exposure.sum(axis=1)
        drawn = background(panel, np.ones(panel.counts.shape, bool)).rate
        raw_errors.append(((raw - true) ** 2).mean())
        drawn_errors.append(((drawn - true) ** 2).mean())
    assert np.mean(drawn_errors) < 0.8 * np.mean(raw_errors)


def test_months_from_the_first_intervention_on_are_left_out():
    panel, _ = simulate_panel(PanelSpec(n_homes=5, n_months=12, starts=()), 1)
    unit = panel.units.index
    spells = pd.DataFrame(
        {
            "unit": [unit[0], unit[0], unit[3], "elsewhere", unit[4]],
            "started": [panel.months[6], panel.months[3], panel.months[0], panel.months[1], pd.NaT],
        }
    )
    assert months_without(panel, spells).sum(axis=1).tolist() == [3, 12, 12, 0, 12]


def test_data_that_show_too_little_are_refused_in_words():
    panel, _ = simulate_panel(PanelSpec(n_homes=10, n_months=11, starts=()), 1)
    with pytest.raises(AnalysisError, match="at least three homes and 12 months"):
        background(panel, np.ones(panel.counts.shape, bool))
