"""The rank among areas is uniform where nothing was done, and its inversion is its interval."""

import numpy as np
import pytest

from analysis.areas import InterruptedTimeSeries, SyntheticControl, choose
from analysis.areas.answer import moderated, placebo
from analysis.areas.case import ALL, Case
from analysis.areas.conformal import conformal, moving_block
from analysis.areas.in_time import placebo_in_time
from analysis.areas.weights import simplex
from analysis.outcomes import AreaMeasure
from analysis.results import RATE_RATIO, TIDY
from analysis.simulate.areas import AreaSpec, simulate_areas
from tests.costs import draws

SMALL = AreaSpec(n_areas=24, n_months=54, start=36)
MODELS = (
    SyntheticControl(), SyntheticControl(method="ridge_augmented", ridge=1.0), SyntheticControl(method="synthetic_did"),
    InterruptedTimeSeries(), InterruptedTimeSeries(controlled=True, errors="ar1"),
)  # fmt: skip


def drawn(spec=SMALL, seed=1):
    panel, treated = simulate_areas(spec, seed)
    question = AreaMeasure(area=str(panel.units.index[treated]), start=str(panel.months[spec.start]))
    return panel, choose(panel, question).design, treated


def test_rank_and_interval_by_hand():
    theta = np.log(np.array([[0.5], [0.9], [1.2], [0.8], [1.6]]))
    scale = np.ones_like(theta)
    found = placebo(theta, scale, 0, conf_level=0.8).iloc[0]
    assert (found["rank"], found["p_value"]) == (1, 0.2)
    q = np.log(1.6)  # the fourth smallest of four: ⌈0.8 × 5⌉
    assert (found["conf_low"], found["conf_high"]) == (pytest.approx(np.log(0.5) - q), pytest.approx(np.log(0.5) + q))
    assert np.isnan(placebo(theta, scale, 0, conf_level=0.95).loc[0, "conf_low"])  # four areas cannot give 95%


def test_the_interval_holds_the_effects_that_the_rank_does_not_reject():
    rng = np.random.default_rng(3)
    theta, scale = rng.standard_normal((40, 1)), np.exp(rng.standard_normal((40, 1)))
    found = placebo(theta, scale, 5, conf_level=0.9).iloc[0]
    for effect in np.linspace(found["conf_low"] - 1, found["conf_high"] + 1, 200):
        moved = theta.copy()
        moved[5] -= effect
        kept = placebo(moved, scale, 5, conf_level=0.9).loc[0, "p_value"] > 0.1
        assert kept == (found["conf_low"] < effect < found["conf_high"])


def test_rank_p_values_are_uniform_where_nothing_was_done():
    """Gaps of panels, all areas fitted in turn: the p-value is at most d in a share d of them."""
    rng, n, T, before, p, cases = np.random.default_rng(9), 20, 24, 16, [], draws(1_000)
    for _ in range(cases):
        spread = np.exp(0.4 * rng.standard_normal((n, 1)))
        Z = np.outer(1 + 0.5 * rng.standard_normal(n), np.cumsum(0.2 * rng.standard_normal(T)))
        Z = Z + spread * np.cumsum(0.3 * rng.standard_normal((n, T)), axis=1)
        theta, noise = np.empty((n, 1)), np.empty((n, 1))
        for i in range(n):
            others = np.delete(Z, [i, 0] if i else [0], axis=0)  # the treated area stands in for nobody
            gap = Z[i] - simplex(others[:, :before].T, Z[i, :before]) @ others
            theta[i], noise[i] = gap[before:].mean(), np.sqrt((gap[:before] ** 2).mean())
        p.append(placebo(theta, moderated(noise), 0, 0.95).loc[0, "p_value"])
    p = np.array(p)
    for share in (0.05, 0.1, 0.25, 0.5, 0.75):
        # 3 standard errors of a share of so many; the placebos have one donor fewer than the treated area, which costs
        # them a little fit and makes the test no more than slightly cautious
        assert (p <= share).mean() == pytest.approx(share, abs=3 * np.sqrt(share * (1 - share) / cases))


def test_moving_blocks_by_brute_force():
    rng = np.random.default_rng(4)
    for after in (1, 5, 12):
        gaps = rng.standard_normal(30)
        size = np.abs(gaps)
        sums = [np.roll(size, -shift)[:after].sum() for shift in range(30)]
        own = size[-after:].sum()
        assert moving_block(gaps, after) == np.mean(np.array(sums) >= own - 1e-12)


def test_conformal_limits_are_where_the_test_begins_to_reject():
    panel, design, _ = drawn(AreaSpec(n_areas=12, n_months=54, start=36, spread=0.1, effect=(-0.5,)))
    found = SyntheticControl().fit(panel, design).diagnostics["intervals"].set_index("year").loc[1]
    assert found["own_low"] < found["estimate"] < found["own_high"]
    case = Case.of(panel, design)
    window = case.windows[1]
    Z = case.counts / case.exposure
    Z = Z / Z[:, case.before].mean(axis=1, keepdims=True)

    def p(ratio):
        own = Z[case.treated].copy()
        own[window] /= ratio
        months = case.before | window
        others = Z[case.others][:, months]
        gap = own[months] - simplex(others.T, own[months]) @ others
        return moving_block(gap, int(window.sum()))

    for limit, way in ((found["own_low"], 1), (found["own_high"], -1)):
        assert p(limit * (1 - way * 0.01)) <= 0.05 < p(limit * (1 + way * 0.01))


def test_conformal_has_no_limit_where_nothing_is_rejected():
    panel, design, _ = drawn()
    case = Case.of(panel, design)
    theta = np.zeros((len(case.units), len(case.windows)))
    p, limits = conformal(case, lambda row, window: lambda effect: np.ones(40), theta, 0.95)
    assert (p == 1).all()
    assert (limits == [-np.inf, np.inf]).all()


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_every_model_answers_alike(model):
    panel, design, treated = drawn(AreaSpec(n_areas=24, n_months=66, start=42, effect=(-0.7,), spread=0.12))
    effects = model.fit(panel, design)
    assert list(effects.tidy()) == ["overall", *TIDY]
    assert list(effects.tidy("year")) == ["year", *TIDY]
    year = effects.tidy("year").query("term == @RATE_RATIO").set_index("year")
    assert list(year.index) == [1, 2]
    assert year.loc[1, "conf_low"] < 0.55 < year.loc[1, "conf_high"]
    glance = effects.glance().iloc[0]
    assert (glance["n_units"], glance["n_treated"], glance["n_comparison"]) == (24, 1, 23)
    cells = effects.augment()
    assert len(cells) == 24 * 66
    assert set(cells.loc[cells["event_time"].notna(), "unit"]) == {panel.units.index[treated]}
    averted = effects.tidy("year").query("term != @RATE_RATIO").set_index("year")
    window = (cells["event_time"] >= 0) & (cells["event_time"] < 12)
    seen = cells.loc[window, "observed"].sum()
    assert averted.loc[1, "estimate"] == pytest.approx(seen / year.loc[1, "estimate"] - seen)
    assert averted.loc[1, "conf_low"] <= averted.loc[1, "estimate"] <= averted.loc[1, "conf_high"]
    placebos = effects.diagnostics["placebos"]
    assert len(placebos[placebos["year"] == ALL]) == 24


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_units_of_exposure_and_order_of_areas_do_not_matter(model):
    panel, design, _ = drawn()
    first = model.fit(panel, design).diagnostics["intervals"]
    order = np.random.default_rng(0).permutation(len(panel.units))
    other = type(panel)(
        units=panel.units.iloc[order], months=panel.months, counts=panel.counts[order],
        exposure=7 * panel.exposure[order], outcome=panel.outcome, exposure_unit=panel.exposure_unit,
    )  # fmt: skip
    moved = type(design)(intervention="x", start=design.start[order], included=design.included[order])
    second = model.fit(other, moved).diagnostics["intervals"]
    # ties among ridge-free weights aside, only the last digits may move
    np.testing.assert_allclose(first["estimate"], second["estimate"], rtol=1e-6)
    np.testing.assert_allclose(first["p_value"], second["p_value"])


def test_an_area_that_doubles_with_all_others_shows_nothing():
    panel, design, _ = drawn(AreaSpec(n_areas=24, n_months=54, start=36, spread=0.0, loading_sd=0.0, national=0.0))
    counts = np.where(np.arange(54) >= 36, 2 * panel.counts, panel.counts)
    doubled = type(panel)(
        units=panel.units, months=panel.months, counts=counts, exposure=panel.exposure, outcome="x",
        exposure_unit="days",
    )  # fmt: skip
    for model in (SyntheticControl(), InterruptedTimeSeries(controlled=True, trend=False)):
        ratio = model.fit(doubled, design).tidy().set_index("term").loc[RATE_RATIO, "estimate"]
        assert ratio == pytest.approx(1, abs=0.1)


def test_a_start_a_year_earlier_uses_nothing_after_the_true_start():
    panel, design, _ = drawn(AreaSpec(n_areas=24, n_months=60, start=42, effect=(-2.0,)))
    found = placebo_in_time(SyntheticControl(), panel, design)
    changed = type(panel)(
        units=panel.units, months=panel.months, counts=np.where(np.arange(60) >= 42, 9, panel.counts),
        exposure=panel.exposure, outcome="x", exposure_unit="days",
    )  # fmt: skip
    again = placebo_in_time(SyntheticControl(), changed, design)
    assert found["estimate"].iloc[0] == again["estimate"].iloc[0]
    assert str(found["start"].iloc[0])[:7] == "2016-04"
    assert placebo_in_time(SyntheticControl(), *drawn(AreaSpec(n_areas=24, n_months=40, start=30))[:2]).empty


def test_leaving_a_donor_out_is_a_fit_without_it():
    panel, design, _ = drawn()
    effects = SyntheticControl().fit(panel, design)
    row = effects.diagnostics["leave_one_out"].iloc[0]
    out = panel.units.index.get_loc(row["unit"])
    included = design.included.copy()
    included[out] = False
    without = type(design)(intervention="x", start=design.start, included=included)
    again = SyntheticControl().fit(panel, without).tidy("year").query("term == @RATE_RATIO").set_index("year")
    assert row[1] == pytest.approx(again.loc[1, "estimate"], rel=1e-9)
