"""The specification as a reader uses it."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from analysis.admissions import StaggeredRates
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.contrasts import contrast, home_month_weights
from analysis.admissions.engine.saturated import fit_saturated
from analysis.admissions.uncertainty.scales import carried
from analysis.design import NEVER
from analysis.errors import AnalysisError
from analysis.results import AVERTED, RATE_DIFFERENCE, RATE_RATIO
from tests.admissions.conftest import small_panel

RATIO = "term == 'rate_ratio'"


def ratio(effects):
    return effects.tidy().query(RATIO).iloc[0]


def changed(panel, **arrays):
    return replace(panel, digest="", **arrays)


def test_one_cohort_with_one_month_is_the_textbook_regression_with_its_textbook_cr2():
    panel, design = small_panel(starts=(11, 11, 11, 11), missing=0.0)
    answer = ratio(StaggeredRates(leads=0).fit(panel, design))
    n, T = panel.counts.shape
    treated = (design.start[:, None] == 11) & (np.arange(T) == 11)
    X = np.hstack([
        np.kron(np.eye(n), np.ones((T, 1))), np.tile(np.eye(T), (n, 1))[:, 1:], treated.reshape(-1, 1)
    ])  # fmt: skip
    fit = sm.GLM(panel.counts.ravel(), X, sm.families.Poisson(), offset=np.log(panel.exposure.ravel())).fit(tol=1e-13)
    assert np.log(answer["estimate"]) == pytest.approx(fit.params[-1], rel=1e-9)
    root = np.sqrt(fit.mu)
    XW = X * root[:, None]
    bread = np.linalg.inv(XW.T @ XW)
    left, coefficient = np.eye(n * T) - XW @ bread @ XW.T, bread[-1] @ XW.T
    scores, rows = [], []
    for home in range(n):
        here = slice(home * T, (home + 1) * T)
        value, vector = np.linalg.eigh(left[here, here])
        z = np.zeros(n * T)
        z[here] = (vector * np.where(value > 1e-9, np.maximum(value, 1e-9) ** -0.5, 0)) @ vector.T @ coefficient[here]
        scores.append(z @ ((panel.counts.ravel() - fit.mu) / root))
        rows.append(left @ z)
    G = np.array(rows) @ np.array(rows).T
    assert answer["std_error"] / answer["estimate"] == pytest.approx(np.sqrt(np.sum(np.square(scores))), rel=1e-8)
    table = StaggeredRates(leads=0).fit(panel, design).diagnostics["degrees_of_freedom"]
    assert table["df"][0] == pytest.approx(np.trace(G) ** 2 / np.sum(G**2), rel=1e-8)


def test_the_three_terms_say_the_same(panel_and_design):
    effects = StaggeredRates().fit(*panel_and_design)
    cells = effects.augment().query("event_time >= 0")
    observed, expected = cells["observed"].sum(), cells["counterfactual"].sum()
    values = effects.tidy().set_index("term")["estimate"]
    panel, design = panel_and_design
    bed_days = panel.exposure[(design.start != NEVER)[:, None] & (np.arange(12) >= design.start[:, None])].sum()
    assert values["rate_ratio"] == pytest.approx(observed / expected)
    assert values["rate_difference_per_1000_bed_days"] == pytest.approx(1000 * (observed - expected) / bed_days)
    assert values["admissions_averted"] == pytest.approx(expected - observed)
    for by in ("overall", "event_time", "cohort", "calendar", "subgroup"):
        table = effects.tidy(by)
        difference, averted = (table[table["term"] == term] for term in (RATE_DIFFERENCE, AVERTED))
        for name in ("p_value", "statistic"):
            np.testing.assert_allclose(np.abs(difference[name]), np.abs(averted[name]), rtol=1e-12)
        per = difference["estimate"].to_numpy() / averted["estimate"].to_numpy()
        np.testing.assert_allclose(difference["conf_low"], per * averted["conf_high"], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(difference["conf_high"], per * averted["conf_low"], rtol=1e-9, atol=1e-12)


def test_the_reader_is_told_where_ratio_and_number_fall_on_different_sides_of_no_effect():
    told = {seed: disagreement(seed) for seed in range(40)}
    assert {apart for apart, _ in told.values()} == {True, False}
    assert all(apart == said for apart, said in told.values())


def disagreement(seed):
    """Whether the two intervals part, and whether a note says so."""
    panel, design = small_panel(seed=seed, missing=0.0)
    effects = StaggeredRates(leads=0, subgroups=(), permutations=0).fit(panel, design)
    ends = effects.tidy().set_index("term")[["conf_low", "conf_high"]]
    ratio, averted = ends.loc[RATE_RATIO], ends.loc[AVERTED]
    apart = (ratio["conf_low"] <= 1 <= ratio["conf_high"]) != (averted["conf_low"] <= 0 <= averted["conf_high"])
    return apart, any("measured in proportions" in note for note in effects.notes)


def test_averages_over_event_times_cohorts_and_months_add_up_to_the_whole(panel_and_design):
    effects = StaggeredRates().fit(*panel_and_design)
    whole = effects.tidy().query("term == 'admissions_averted'")["estimate"].iloc[0]
    for by, part in (("event_time", "event_time >= 0"), ("cohort", ""), ("calendar", "")):
        table = effects.tidy(by).query("term == 'admissions_averted'")
        assert table.query(part)["estimate"].sum() if part else table["estimate"].sum() == pytest.approx(whole)


def test_row_order_names_and_units_of_exposure_do_not_matter(panel_and_design):
    panel, design = panel_and_design
    order = np.random.default_rng(0).permutation(len(panel.counts))
    other = changed(
        panel, units=panel.units.iloc[order], counts=panel.counts[order], exposure=panel.exposure[order] * 30
    )
    moved = replace(design, start=design.start[order])
    a, b = StaggeredRates().fit(panel, design), StaggeredRates().fit(other, moved)
    for by in ("overall", "event_time", "cohort", "calendar", "subgroup"):
        x, y = a.tidy(by), b.tidy(by)
        per = x["term"].str.startswith("rate_difference").to_numpy()
        for name in ("estimate", "std_error", "conf_low", "conf_high"):
            np.testing.assert_allclose(x[name], y[name] * np.where(per, 30, 1), rtol=1e-9, atol=1e-12)


def test_the_same_data_give_the_same_bytes(panel_and_design):
    first, second = (StaggeredRates().fit(*panel_and_design) for _ in range(2))
    for by in first.tables:
        assert first.tidy(by).to_csv() == second.tidy(by).to_csv()


def test_months_before_the_start_are_compared_with_all_earlier_ones():
    panel, design = small_panel(starts=(8,) * 15, n=40, missing=0.0, rate=30.0, effect=0.0)
    counts = panel.counts.copy()
    counts[:15, 6:8] *= 3
    effects = StaggeredRates(leads=2).fit(changed(panel, counts=counts), design)
    leads = effects.tidy("event_time").query(f"{RATIO} and event_time < 0")
    assert leads["event_time"].tolist() == [-2, -1]
    assert leads["estimate"].between(2.5, 3.5).all()
    assert effects.diagnostics["pre_trend"]["p_value"][0] < 0.01


def test_the_band_holds_every_interval_of_the_event_study(panel_and_design):
    effects = StaggeredRates(permutations=0).fit(*panel_and_design)
    points, band = effects.tidy("event_time").query(RATIO).reset_index(drop=True), effects.diagnostics["bands"]
    np.testing.assert_allclose(points["estimate"], band["estimate"])
    known = points["conf_low"].notna()
    assert known.sum() == len(points) - 1  # one event time has no admission, so no interval
    assert (band["conf_low"] < points["conf_low"])[known].all()
    assert (band["conf_high"] > points["conf_high"])[known].all()
    assert band["conf_low"][~known].isna().all()


def test_a_home_without_admissions_is_left_out_and_named(panel_and_design):
    panel, design = panel_and_design
    counts = panel.counts.copy()
    counts[12] = 0
    effects = StaggeredRates().fit(changed(panel, counts=counts), design)
    without = changed(
        panel,
        units=panel.units.drop("H012"),
        counts=np.delete(counts, 12, 0),
        exposure=np.delete(panel.exposure, 12, 0),
    )
    start = np.delete(design.start, 12)
    other = StaggeredRates().fit(without, replace(design, start=start, included=np.ones((15, 12), bool)))
    assert effects.diagnostics["dropped"]["unit"].tolist() == ["H012"]
    assert effects.glance()["dropped"][0] == 1
    assert any("no admissions in any month" in note for note in effects.notes)
    assert ratio(effects)["conf_low"] == pytest.approx(ratio(other)["conf_low"], rel=1e-12)


def test_a_home_treated_from_the_first_month_is_left_out_and_said(panel_and_design):
    panel, design = panel_and_design
    start = design.start.copy()
    start[0] = 0
    effects = StaggeredRates().fit(panel, replace(design, start=start))
    assert effects.diagnostics["dropped"]["unit"].tolist() == ["H000"]
    assert any("nothing before it" in note for note in effects.notes)


def test_months_in_which_nobody_is_left_to_compare_with_are_not_estimated_and_said():
    panel, design = small_panel(starts=(5,) * 8 + (9,) * 8, missing=0.0)
    effects = StaggeredRates().fit(panel, design)
    assert effects.tidy("calendar")["calendar"].max().month == 9
    assert any("not estimated" in note for note in effects.notes)
    assert any("in the end" in note for note in effects.notes)


def test_a_comparison_month_without_admissions_stays_in_the_sums_with_nothing_expected(panel_and_design):
    """Dropped months look at the outcome: null rate ratios of 0.73 to 0.93 were seen where a quarter of them went."""
    panel, design = panel_and_design
    counts = panel.counts.copy()
    counts[design.start == NEVER, 10] = 0
    effects = StaggeredRates().fit(changed(panel, counts=counts), design)
    cells = effects.augment().query("event_time >= 0")
    treated = (design.start != NEVER)[:, None] & (np.arange(12) >= design.start[:, None])
    assert cells["observed"].sum() == counts[treated & (panel.exposure > 0)].sum()
    assert cells.loc[cells["month"].dt.month == 11, "counterfactual"].max() < 1e-3
    expected = cells["observed"].sum() / cells["counterfactual"].sum()
    assert effects.tidy()["estimate"].iloc[0] == pytest.approx(expected, rel=1e-6)
    month = effects.tidy("calendar").query("calendar.dt.month == 11 and term == 'rate_ratio'").iloc[0]
    assert np.isnan(month[["estimate", "std_error", "p_value", "conf_low", "conf_high"]].astype(float)).all()
    assert np.isfinite(effects.tidy()["conf_low"]).all()
    assert any("expected number is 0" in note for note in effects.notes)


def start_at(design, value, homes=slice(None)):
    start = np.full_like(design.start, NEVER)
    start[homes] = value
    return replace(design, start=start)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p, d: (p, start_at(d, NEVER)), "no effect to estimate"),
        (lambda p, d: (p, start_at(d, 6)), "told apart from the calendar"),
        (lambda p, d: (p, start_at(d, 0, slice(0, 4))), "nothing before it"),
        (lambda p, d: (p, start_at(d, 40, slice(0, 4))), "start after the last month"),
        (lambda p, d: (changed(p, counts=p.counts * 0), d), "no admissions"),
        (lambda p, d: (changed(p, exposure=p.exposure * 0), d), "no bed-days"),
        (lambda p, d: (changed(p, counts=np.where(p.months < p.months[5], p.counts, 0)), start_at(d, 5, slice(0, 4))),
         "can be compared"),
        (lambda p, d: (changed(p, counts=np.where((np.arange(12) >= 5) & (np.arange(16) < 4)[:, None], 0, p.counts)),
                       start_at(d, 5, slice(0, 4))), "rate ratio is zero"),
        (lambda p, d: (changed(p, exposure=np.where(np.arange(16)[:, None] == 0, p.exposure, 0)), d), "only one home"),
    ],
)  # fmt: skip
def test_what_has_no_estimate_is_refused_in_words(panel_and_design, change, words):
    with pytest.raises(AnalysisError, match=words):
        StaggeredRates().fit(*change(*panel_and_design))


def test_two_months_give_an_estimate_and_the_warning_that_nothing_shows_the_trend():
    panel, design = small_panel(starts=(1,) * 5, T=2, missing=0.0)
    effects = StaggeredRates().fit(panel, design)
    assert np.isfinite(ratio(effects)["conf_high"])
    assert effects.diagnostics["pre_trend"].empty
    assert any("only two months" in note for note in effects.notes)


def test_a_subgroup_with_an_effect_of_its_own_is_found():
    panel, design = small_panel(starts=(6,) * 12, n=40, rate=60.0, effect=0.0, missing=0.0)
    nursing = (panel.units["home_type"] == "nursing").to_numpy()
    after = (design.start != NEVER)[:, None] & (np.arange(12) >= 6)
    counts = np.where(after & nursing[:, None], panel.counts // 2, panel.counts)
    table = StaggeredRates().fit(changed(panel, counts=counts), design).tidy("subgroup").query(RATIO)
    found = table.set_index("subgroup")["estimate"]
    assert found["home_type: nursing"] == pytest.approx(0.5, abs=0.06)
    assert found["home_type: residential"] == pytest.approx(1.0, abs=0.1)


def test_one_treated_home_gets_a_rank_and_no_interval():
    panel, design = small_panel(starts=(6,), n=20, missing=0.0)
    effects = StaggeredRates().fit(panel, design)
    row, inference = ratio(effects), effects.diagnostics["inference"].iloc[0]
    assert np.isnan(row[["std_error", "conf_low", "conf_high"]].to_numpy(float)).all()
    assert (row["p_value"] * 20) % 1 == pytest.approx(0, abs=1e-9)
    assert "rank" in inference["method"]
    assert inference["usual_high"] / inference["usual_low"] < 2
    assert any("No interval is trustworthy" in note for note in effects.notes)
    assert np.isnan(effects.tidy("event_time")["conf_low"]).all()


def test_two_treated_homes_get_the_inverted_randomisation_interval():
    panel, design = small_panel(starts=(6, 7), n=20, missing=0.0, rate=20.0, effect=-0.5)
    effects = StaggeredRates(permutations=399).fit(panel, design)
    row = ratio(effects)
    assert np.isnan(row["std_error"])
    assert row["conf_low"] < row["estimate"] < row["conf_high"]
    assert "randomisation" in effects.diagnostics["inference"]["method"][0]
    assert any("Two homes" in note for note in effects.notes)


def test_the_randomisation_test_knows_which_homes_were_treated_in_whatever_order_they_come():
    panel, design = small_panel(starts=(6, 8), n=18, missing=0.0, effect=-0.8, rate=12.0)
    order = np.random.default_rng(3).permutation(18)
    other = changed(panel, units=panel.units.iloc[order], counts=panel.counts[order], exposure=panel.exposure[order])
    first, second = (
        StaggeredRates(permutations=400).fit(*given).diagnostics["inference"]["randomisation_p"][0]
        for given in ((panel, design), (other, replace(design, start=design.start[order])))
    )
    assert first == second < 0.05  # 306 assignments, every one tried


def test_from_three_homes_degrees_of_freedom_and_the_randomisation_p_stand_beside_the_interval():
    panel, design = small_panel(starts=(6, 7, 8), n=20, missing=0.0)
    effects = StaggeredRates().fit(panel, design)
    inference = effects.diagnostics["inference"].iloc[0]
    assert 0 < inference["randomisation_p"] <= 1
    assert inference["df"] < 4
    assert any("degrees of freedom" in note for note in effects.notes)
    assert inference["conf_high"] - inference["conf_low"] > inference["usual_high"] - inference["usual_low"]


def test_clustering_by_provider_sums_the_scores_of_its_homes():
    panel, design = small_panel(starts=(5, 5, 6, 6, 7, 7, 8, 8), n=24, missing=0.0)
    units = panel.units.assign(provider=[f"P{i // 2}" for i in range(24)])
    other = changed(panel, units=units)
    home, provider = (
        StaggeredRates(cluster=by, vcov="CR1").fit(other, design).covariance["overall"] for by in ("home", "provider")
    )
    sample = Setting.of(other, design).sample()
    fit = fit_saturated(sample)
    weights = home_month_weights(fit, contrast(fit, sample.treated_cells[None]))
    scores = (weights * (sample.counts - fit.fitted)).sum(axis=1)
    together = np.bincount(sample.homes // 2, scores)
    assert home[0, 0] == pytest.approx(24 / 23 * (scores**2).sum())
    assert provider[0, 0] == pytest.approx(12 / 11 * (together**2).sum())
    effects = StaggeredRates(cluster="provider").fit(other, design)
    assert effects.glance()["n_clusters"][0] == 12
    assert np.isfinite(effects.tidy()["conf_low"]).all()


def test_two_treated_providers_are_too_few_however_many_homes_they_have():
    panel, design = small_panel(starts=(5, 5, 6, 6, 7, 7), n=24, missing=0.0)
    units = panel.units.assign(provider=["A"] * 3 + ["B"] * 3 + [f"P{i}" for i in range(18)])
    effects = StaggeredRates(cluster="provider").fit(changed(panel, units=units), design)
    assert effects.tidy()["conf_low"].isna().all()
    assert any("belong to 2" in note for note in effects.notes)


@pytest.mark.parametrize(("clusters", "words"), [(1, "rank among all clusters"), (2, "inverted randomisation")])
def test_few_providers_treated_as_a_whole_change_places_as_a_whole(clusters, words):
    panel, design = small_panel(starts=(6,) * 3 * clusters, n=60, missing=0.0, rate=20.0, effect=-0.5)
    units = panel.units.assign(provider=[f"P{i // 3:02d}" for i in range(60)])
    effects = StaggeredRates(cluster="provider", permutations=199).fit(changed(panel, units=units), design)
    inference = effects.diagnostics["inference"].iloc[0]
    assert words in inference["method"]
    assert "treated cluster" in inference["why"]
    assert inference["randomisation_p"] * (20 if clusters == 1 else 190) % 1 == pytest.approx(0, abs=1e-9)
    assert np.isfinite(ratio(effects)["conf_low"]) == (clusters == 2)
    assert any("change places" in note for note in effects.notes)


@pytest.mark.filterwarnings("error")
def test_limits_carried_over_keep_the_side_of_no_effect():
    observed, expected = np.full(4, 70.0), np.full(4, 100.0)
    ends = np.log([0.5, 0.9, 0.9]), np.log([0.8, 1.0, 1.1])
    low, high = carried(np.append(ends[0], -np.inf), np.append(ends[1], np.inf), observed, expected)
    np.testing.assert_allclose(low, [70 / 0.8 - 70, 0, -10, -np.inf], atol=1e-12)
    np.testing.assert_allclose(high, [70.0, 10.0, 10.0, np.inf])


def test_an_unknown_cluster_is_refused_in_words(panel_and_design):
    with pytest.raises(AnalysisError, match="nothing says which provider"):
        StaggeredRates(cluster="provider").fit(*panel_and_design)


@pytest.mark.bench
def test_the_test_of_the_months_before_keeps_its_size():
    rejected = []
    for seed in range(60):
        panel, design = small_panel(seed=seed, starts=(7,) * 6 + (9,) * 6, n=36, missing=0.0, effect=-0.2)
        effects = StaggeredRates(leads=3, permutations=0, subgroups=()).fit(panel, design)
        rejected.append(effects.diagnostics["pre_trend"]["p_value"][0] < 0.2)
    assert 0.05 < np.mean(rejected) < 0.38  # 0.2, give or take three and a half standard errors
