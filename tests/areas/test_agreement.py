"""An interval and its p-value say the same of "no difference", whatever the method, the level and the areas."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from synthdid.datasets import load_california_prop99

from analysis.areas import SyntheticControl
from analysis.areas.answer import EVENTS, placebo
from analysis.areas.conformal import AROUND, inverted, rejects
from analysis.areas.segmented import fixed_b_limit, fixed_b_p
from analysis.areas.verdict import across_years
from analysis.design import NEVER, Design
from analysis.panel import Panel
from analysis.questions.area_methods import METHODS
from analysis.simulate.areas import AreaSpec
from tests.areas.test_placebos import drawn
from tests.costs import draws, one_in

LEVELS = (0.90, 0.95, 0.99)
SETS = {
    "few areas": (AreaSpec(n_areas=12, n_months=40, start=27), 1),
    "a true fall": (AreaSpec(n_areas=24, n_months=54, start=36, effect=(-0.7,), spread=0.12), 2),
    "after a spike": (AreaSpec(n_areas=21, n_months=60, start=36, after_a_spike=True), 3),
    "wandering": (AreaSpec(n_areas=16, n_months=48, start=30, correlation=0.97, spread=0.6), 4),
}


def agree(p, low, high, none, conf_level):
    """Where there is an interval and a p-value, "no difference" is outside the one exactly where the other rejects."""
    there = np.isfinite(p) & ~np.isnan(low) & ~np.isnan(high)
    outside = (np.asarray(low) > none) | (np.asarray(high) < none)
    np.testing.assert_array_equal(outside[there], rejects(np.asarray(p)[there], conf_level))


@pytest.mark.parametrize("conf_level", one_in(3, (0.95, 0.90, 0.99)))
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("areas", SETS)
def test_every_method_s_intervals_agree_with_their_p_values(areas, method, conf_level):
    panel, design, _ = drawn(*SETS[areas])
    effects = replace(METHODS[method], conf_level=conf_level).fit(panel, design)
    found = effects.diagnostics["intervals"]
    agree(found["p_value"], found["conf_low"], found["conf_high"], 1, conf_level)
    agree(found["own_p"], found["own_low"], found["own_high"], 1, conf_level)
    for by in ("overall", "year"):
        tidy = effects.tidy(by)
        for term, none in ((EVENTS, 0), ("rate_ratio", 1)):
            rows = tidy[tidy["term"] == term]
            agree(rows["p_value"], rows["conf_low"], rows["conf_high"], none, conf_level)


@settings(deadline=None, max_examples=draws(60))
@given(
    st.integers(0, 2**32 - 1), st.integers(2, 45), st.sampled_from(LEVELS), st.sampled_from([0.0, 0.3, 3.0, np.inf]),
    st.booleans(),
)  # fmt: skip
@example(0, 19, 0.95, 3.0, False)
def test_ranks_agree_with_their_intervals_for_any_areas(seed, n, conf_level, size, ties):
    rng = np.random.default_rng(seed)
    log_ratio = rng.standard_normal((n, 3)).round(1 if ties else 12)
    log_ratio[0] *= size if np.isfinite(size) else 1e6
    scale = np.exp(rng.standard_normal((n, 1))).repeat(3, axis=1)
    for ranking in (placebo, across_years):
        found = ranking(log_ratio, scale, 0, conf_level)
        agree(found["p_value"], found["conf_low"], found["conf_high"], 0, conf_level)


@settings(deadline=None, max_examples=draws(100))
@given(st.integers(0, 2**32 - 1), st.floats(-2, 2), st.sampled_from(LEVELS))
def test_any_test_however_ragged_is_inverted_to_an_interval_that_agrees(seed, estimate, conf_level):
    """A test whose kept set has gaps, or leaves out the estimate: the interval is the run from end to end."""
    rng = np.random.default_rng(seed)
    edges, p = np.sort(rng.uniform(-5, 5, 12)), rng.choice([0.005, 0.02, 0.07, 0.5], 13)
    p_none, (low, high) = inverted(lambda effect: float(p[np.searchsorted(edges, effect)]), estimate, conf_level)
    asked = np.r_[estimate - AROUND, estimate, estimate + AROUND, 0.0]
    kept = asked[~rejects(p[np.searchsorted(edges, asked)], conf_level)]
    if not len(kept):
        assert np.isnan([low, high]).all() and rejects(p_none, conf_level)
        return
    assert low <= kept.min() and high >= kept.max()
    agree([p_none], [low], [high], 0, conf_level)


@pytest.mark.parametrize("T", [30, 66, 107])
def test_fixed_b_p_values_are_the_levels_at_their_limits(T):
    limits = np.array([fixed_b_limit(T, level) for level in LEVELS])
    assert fixed_b_p(T, limits) == pytest.approx([0.10, 0.05, 0.01])
    assert (np.diff(fixed_b_p(T, np.linspace(0, 12, 200))) < 0).all()


def california():
    """Packs of cigarettes a thousand people and year, one year in the place of a month, tax from 1989."""
    rows = load_california_prop99()
    since = (rows["Year"] - 1970).map(lambda n: pd.DateOffset(months=int(n)))
    frame = pd.DataFrame({
        "unit": rows["State"], "name": rows["State"], "month": pd.Timestamp("2000-01-01") + since,
        "count": (1_000 * rows["PacksPerCapita"]).round(), "exposure": 1_000.0,
    })  # fmt: skip
    panel = Panel.from_frame(frame, outcome="packs", exposure_unit="people")
    start = np.where(panel.units.index == "California", 1989 - 1970, NEVER)
    return panel, Design(intervention="tax", start=start, included=np.ones(panel.counts.shape, dtype=bool))


def test_california_after_its_tobacco_tax_has_an_interval_around_its_estimate():
    """The kept set has gaps there: walked out from the estimate, its interval was 0.19 to 0.7557 around 0.7557."""
    panel, design = california()
    found = SyntheticControl(scale="rate").fit(panel, design).diagnostics["intervals"].set_index("year").loc[0]
    assert found["estimate"] == pytest.approx(0.7557, abs=2e-4)
    assert found["own_p"] == pytest.approx(3 / 31, abs=1e-9)
    assert found["own_low"] < found["estimate"] < 1 < found["own_high"]
