"""What the options that change the question do in cases whose answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.checks.dose_bands import dose_bands
from analysis.design import FAR_AHEAD, NEVER
from analysis.errors import AnalysisError
from tests.admissions.conftest import small_panel
from tests.fitted import on

PLAIN = {"leads": 0, "subgroups": (), "permutations": 0}
BYS = ("overall", "event_time", "cohort", "calendar", "subgroup")


def fit(panel, design, **options):
    return StaggeredRates(**(PLAIN | options)).fit(panel, design)


def ratio(effects):
    return effects.tidy()["estimate"].iloc[0]


def changed(panel, **arrays):
    return replace(panel, digest="", **arrays)


def same(a, b, bys=BYS, rel=1e-8):
    for by in bys:
        for name in ("estimate", "std_error", "conf_low", "conf_high"):
            np.testing.assert_allclose(
                a.tidy(by)[name].astype(float), b.tidy(by)[name].astype(float), rtol=rel, atol=1e-9
            )


EVERY = (
    {"effects": "cohort"}, {"average": "home"}, {"month_effects_by": ("home_type",)}, {"cluster": "provider and area"},
)  # fmt: skip


def furnished(**how):
    """Forty homes with providers, areas and beds."""
    panel, design = small_panel(starts=(5, 5, 6, 6, 7, 7, 8, 8, 9, 9), n=40, missing=0.05, rate=12.0, **how)
    units = panel.units.assign(
        provider=[f"P{k % 13}" for k in range(40)], area=[f"A{k // 2 % 7}" for k in range(40)], beds=30
    )
    return changed(panel, units=units), design


@pytest.mark.parametrize("options", EVERY, ids=str)
def test_order_names_and_units_of_exposure_do_not_matter(options):
    panel, design = furnished()
    order = np.random.default_rng(0).permutation(40)
    other = changed(
        panel, units=panel.units.iloc[order], counts=panel.counts[order], exposure=panel.exposure[order] * 30
    )
    a = fit(panel, design, leads=3, subgroups=("home_type",), **options)
    b = fit(other, replace(design, start=design.start[order]), leads=3, subgroups=("home_type",), **options)
    for by in BYS:
        per = a.tidy(by)["term"].str.startswith("rate_difference").to_numpy()
        for name in ("estimate", "std_error", "conf_low", "conf_high"):
            np.testing.assert_allclose(a.tidy(by)[name], b.tidy(by)[name] * np.where(per, 30, 1), rtol=1e-7, atol=1e-9)


def test_one_kind_is_no_kind():
    panel, design = furnished()
    panel = changed(panel, units=panel.units.assign(region="everywhere"))
    same(fit(panel, design, month_effects_by=("region",)), fit(panel, design))


def test_within_kinds_is_what_each_kind_says_alone_put_together():
    panel, design = furnished()
    nursing = (panel.units["home_type"] == "nursing").to_numpy()
    both = fit(panel, design, month_effects_by=("home_type",)).augment().query("event_time >= 0")
    for kind in (nursing, ~nursing):
        own = replace(design, included=design.included & kind[:, None])
        alone = fit(panel, own).augment().query("event_time >= 0")
        mine = both[both["unit"].isin(panel.units.index[kind])]
        np.testing.assert_allclose(mine["counterfactual"].sum(), alone["counterfactual"].sum(), rtol=1e-9)


def test_homes_of_one_size_with_one_exposure_count_alike_either_way():
    """One home a start, the same bed-days in every month: both averages and their errors are the same."""
    panel, design = small_panel(starts=(5, 7, 9), n=20, missing=0.0, rate=9.0)
    even = changed(panel, exposure=np.full(panel.exposure.shape, 900.0))
    # after the last start only: over all months homes that started early have more bed-days, not more weight
    months = design.included & (
        (design.start == NEVER)[:, None] | (np.arange(12) < design.start[:, None]) | (np.arange(12) >= 9)
    )
    design = replace(design, included=months)
    a, b = fit(even, design, average="home"), fit(even, design)
    same(a, b)
    assert (a.average, b.average) == ("unit", "exposure")


def test_small_homes_count_as_much_as_large_ones_only_per_home():
    panel, design = small_panel(starts=(6,) * 12, n=36, T=14, missing=0.0, rate=80.0, effect=0.0)
    large = np.arange(36) % 2 == 0
    exposure = np.where(large[:, None], 4000.0, 1000.0) * np.ones(panel.exposure.shape)
    rng = np.random.default_rng(5)
    effect = np.where(large, 0.5, 1.0)[:, None] * ((design.start == 6)[:, None] & (np.arange(14) >= 6))
    counts = rng.poisson(0.04 * exposure * np.where(effect > 0, effect, 1))
    other = changed(panel, counts=counts, exposure=exposure)
    assert ratio(fit(other, design)) == pytest.approx((4 * 0.5 + 1) / 5, abs=0.03)
    assert ratio(fit(other, design, average="home")) == pytest.approx(0.75, abs=0.03)


def test_a_home_without_admissions_before_its_start_is_counted_with_another():
    panel, design = small_panel(starts=(6, 6, 6, 8, 8), n=20, missing=0.0, rate=8.0)
    counts = panel.counts.copy()
    counts[0, :6] = 0
    effects = fit(changed(panel, counts=counts), design, average="home")
    assert effects.diagnostics["dropped"].empty
    assert effects.summary["n_treated"] == 5
    assert any("2 homes are counted at rates they have in common" in note for note in effects.notes)


def test_averted_admissions_stay_a_number_of_admissions():
    panel, design = furnished()
    effects = fit(panel, design, average="home")
    cells = effects.augment().query("event_time >= 0")
    told = effects.tidy().set_index("term")["estimate"]
    assert told["admissions_averted"] == pytest.approx((cells["counterfactual"] - cells["observed"]).sum())
    sums = cells.assign(
        days=panel.exposure[panel.units.index.get_indexer(cells["unit"]), panel.month_index(cells["month"])]
    )
    rates = sums.groupby("unit")[["observed", "counterfactual", "days"]].sum()
    by_home = rates[["observed", "counterfactual"]].div(rates["days"], axis=0).mean()
    assert told["rate_ratio"] == pytest.approx(by_home["observed"] / by_home["counterfactual"])
    assert told["rate_difference_per_1000_bed_days"] == pytest.approx(
        1000 * (by_home["observed"] - by_home["counterfactual"])
    )


def test_two_ways_for_every_set_of_effects():
    """Every variance is a + b − ab of the one-way variances, and never below one of them."""
    panel, design = furnished()
    both = changed(panel, units=panel.units.assign(provider=panel.units["provider"] + panel.units["area"]))
    how = {"leads": 3, "subgroups": ("home_type",)}
    two = fit(panel, design, cluster="provider and area", **how)
    a, b = (fit(panel, design, cluster=by, **how) for by in ("provider", "area"))
    ab = fit(both, design, cluster="provider", **how)
    for by in BYS:
        A, B, AB, V = (each.covariance[by] for each in (a, b, ab, two))
        expected = A + B - AB
        np.fill_diagonal(expected, np.max([np.diag(x) for x in (expected, A, B)], axis=0))
        np.testing.assert_allclose(V, expected, rtol=1e-8, atol=1e-14)
    df = [each.diagnostics["degrees_of_freedom"]["df"] for each in (a, b)]
    np.testing.assert_allclose(two.diagnostics["degrees_of_freedom"]["df"], np.minimum(*df), rtol=1e-9)
    assert two.summary["vcov"] == "CR2 by provider and area"
    assert any("two ways" in note for note in two.notes)
    assert 0 < two.diagnostics["pre_trend"]["p_value"][0] <= 1


@pytest.mark.parametrize("cluster", ["area", "provider and area"])
def test_homes_of_one_area_alone_have_an_estimate_and_no_test_of_the_months_before(cluster):
    """A county is one area: the choice stands on the page."""
    panel, design = small_panel(starts=(8,) * 10, n=30, missing=0.0)
    units = panel.units.assign(area="Marlshire", provider=[f"P{n}" for n in range(30)])
    fitted = fit(changed(panel, units=units), design, cluster=cluster, leads=6)
    row = fitted.diagnostics["pre_trend"].iloc[0]
    assert np.isnan(row["p_value"]) and "fewer than three" in row["why"] and len(row["leads"]) == row["df"] > 0


def with_training(design, n, homes, began):
    start = np.full(n, FAR_AHEAD)
    start[homes] = began
    return replace(design, others={"training": start})


def test_another_intervention_that_nobody_had_changes_nothing():
    panel, design = furnished()
    same(fit(panel, with_training(design, 40, [], [])), fit(panel, design))


def test_the_answer_is_net_of_the_other_intervention():
    """Training halves admissions in homes with and without the ward round, which does nothing at all."""
    panel, design = small_panel(starts=(6,) * 12, n=48, T=14, missing=0.0, rate=60.0, effect=0.0)
    homes = np.r_[0:9, 12:20]
    began = np.r_[np.full(9, 6), np.full(8, 4)]
    training = with_training(design, 48, homes, began)
    on = np.arange(14) >= training.others["training"][:, None]
    counts = np.random.default_rng(2).binomial(panel.counts, np.where(on, 0.5, 1.0))
    panel = changed(panel, counts=counts)
    assert ratio(fit(panel, design)) < 0.8
    effects = fit(panel, training)
    assert ratio(effects) == pytest.approx(1.0, abs=0.05)
    assert effects.diagnostics["others"]["rate_ratio"][0] == pytest.approx(0.5, abs=0.04)
    assert "net of training" in effects.summary["estimand"]
    assert effects.diagnostics["others"]["homes"][0] == 8


def test_two_that_always_run_together_are_refused_in_words():
    panel, design = furnished()
    both = replace(design, others={"training": np.where(design.start == NEVER, FAR_AHEAD, design.start)})
    with pytest.raises(AnalysisError, match="training ran too"):
        fit(panel, both)


def test_months_with_both_are_left_out_where_nobody_had_the_other_alone():
    panel, design = furnished()
    began = np.full(40, FAR_AHEAD)
    began[:4] = 8
    effects = fit(panel, replace(design, others={"training": began}))
    left = replace(design, included=design.included & (np.arange(12) < began[:, None]))
    assert ratio(effects) == pytest.approx(ratio(fit(panel, left)), rel=1e-9)
    assert any("another intervention ran there too" in note for note in effects.notes)


def test_another_intervention_after_which_nobody_was_admitted_says_nothing():
    panel, design = furnished()
    began = np.full(40, FAR_AHEAD)
    began[[12, 13]] = 6
    counts = np.where(np.arange(12) >= began[:, None], 0, panel.counts)
    effects = fit(changed(panel, counts=counts), replace(design, others={"training": began}))
    assert effects.summary["converged"]
    left = replace(design, included=design.included & (np.arange(12) < began[:, None]))
    assert ratio(effects) == pytest.approx(ratio(fit(changed(panel, counts=counts), left)), rel=1e-9)


@pytest.mark.parametrize("options", [{"effects": "cohort"}, {"month_effects_by": ("home_type",)},
                                     {"cluster": "provider and area"}, {"average": "home"}])  # fmt: skip
def test_methods_that_do_not_know_the_model_give_no_number_and_say_why(options):
    panel, design = furnished()
    also = ("CR3", "cluster bootstrap", "wild score", "randomisation interval", "start months")
    effects = fit(panel, design, permutations=19, also=also, **options)
    table = effects.diagnostics["methods"].set_index("method")
    silent = table[table["good_for"].str.startswith("Not computed")]
    assert silent[["std_error", "conf_low", "conf_high", "p_value"]].isna().all(axis=None)
    drawn = {"cluster bootstrap"} if options == {"average": "home"} else {*also, "randomisation"} - {"CR3"}
    assert set(silent.index) == (drawn | {"CR3"} if "cluster" in options else drawn)
    assert np.isfinite(table.loc["CR2", "conf_low"])


@pytest.mark.parametrize("treated", [1, 2])
def test_few_homes_without_a_randomisation_test_get_no_interval_and_no_promise_of_one(treated):
    panel, design = small_panel(starts=(6,) * treated, n=20, missing=0.0, rate=9.0)
    effects = fit(panel, design, effects="cohort", permutations=99)
    assert effects.tidy()["conf_low"].isna().all()
    assert any("too few for an interval" in note for note in effects.notes)
    assert not any(
        "randomisation test does not reject" in note or "rank of this home" in note for note in effects.notes
    )


def test_an_attribute_that_goes_with_the_intervention_is_refused_in_words():
    panel, design = furnished()
    units = panel.units.assign(area=np.where(design.start == NEVER, "without", "with"))
    with pytest.raises(AnalysisError, match="no home of its kind"):
        fit(changed(panel, units=units), replace(design, start=np.where(design.start == NEVER, NEVER, 6)),
            month_effects_by=("area",))  # fmt: skip


def test_a_kind_of_one_home_is_left_out_and_named():
    panel, design = furnished()
    area = panel.units["area"].to_numpy().copy()
    area[0], area[39] = "alone with it", "alone without it"
    effects = fit(changed(panel, units=panel.units.assign(area=area)), design, month_effects_by=("area",))
    reasons = effects.diagnostics["dropped"].set_index("unit")["reason"]
    assert "without the intervention to compare with" in reasons["H000"]
    assert "had the intervention" in reasons["H039"]


@pytest.mark.parametrize(
    ("options", "words"),
    [({"month_effects_by": ("colour",)}, "told apart by colour"), ({"cluster": "provider and area"}, "which provider")],
)
def test_what_nothing_is_known_of_is_refused_in_words(options, words):
    with pytest.raises(AnalysisError, match=words):
        fit(*small_panel(), **options)


def test_too_many_kinds_are_refused_in_words():
    panel, design = small_panel(n=400, T=12)
    units = panel.units.assign(area=[f"A{k}" for k in range(400)])
    with pytest.raises(AnalysisError, match="more than can be estimated"):
        fit(changed(panel, units=units), design, month_effects_by=("area",))


WRONG = (
    {"average": "bed-day"}, {"effects": "homes"}, {"dose": "linear"}, {"also": ("CR4",)}, {"vcov": "HC1"},
    {"effects": "cohort", "average": "home"}, {"month_effects_by": "home_type"},
)  # fmt: skip


@pytest.mark.parametrize("options", WRONG, ids=str)
def test_an_option_that_does_not_exist_is_an_error(options):
    with pytest.raises(ValueError, match=r"expected|need an effect"):
        StaggeredRates(**options)


def dosed(missing=(), **how):
    """Admissions fall by a fifth with every unit."""
    panel, design = small_panel(starts=(5,) * 6 + (8,) * 6, n=36, missing=0.0, rate=60.0, effect=0.0, **how)
    dose = np.full(36, np.nan)
    dose[:12] = [1, 1, 2, 2, 3, 3] * 2
    on = (design.start != NEVER)[:, None] & (np.arange(12) >= design.start[:, None])
    kept = 0.8 ** (np.nan_to_num(dose)[:, None] * on)
    counts = np.random.default_rng(8).binomial(panel.counts, kept)
    dose[list(missing)] = np.nan
    return changed(panel, counts=counts), replace(design, dose=dose)


def test_the_dose_is_found_and_its_bands_lie_on_the_line():
    panel, design = dosed()
    model = StaggeredRates(**PLAIN, dose="log-linear")
    effects = model.fit(panel, design)
    assert effects.tidy("dose")["estimate"][0] == pytest.approx(0.8, abs=0.02)
    check = dose_bands(on(panel, design, model, effects))
    assert check.passed
    assert check.table["dose"].tolist() == ["1", "2", "3"]
    assert check.table["rate_ratio"].to_numpy() == pytest.approx(0.8 ** np.arange(1, 4), abs=0.05)


def test_a_dose_that_does_nothing_more_is_seen_through():
    panel, design = dosed()
    dose = np.where(design.dose == 3, 9.0, design.dose)
    check = dose_bands(on(panel, replace(design, dose=dose), model := StaggeredRates(**PLAIN, dose="log-linear"),
                       model.fit(panel, replace(design, dose=dose))))  # fmt: skip
    assert check.passed is False
    assert "does not hold for all doses" in check.reading


def test_homes_without_a_dose_take_no_part_and_are_counted():
    panel, design = dosed(missing=(0, 7))
    effects = fit(panel, design, dose="log-linear")
    without = replace(design, included=design.included & ~np.isin(np.arange(36), (0, 7))[:, None])
    assert effects.tidy("dose")["estimate"][0] == pytest.approx(
        fit(panel, without, dose="log-linear").tidy("dose")["estimate"][0], rel=1e-9
    )
    assert any("No dose is recorded for 2 homes" in note for note in effects.notes)
    check = dose_bands(on(panel, design, StaggeredRates(**PLAIN, dose="log-linear"), effects))
    assert check.table["dose"].iloc[-1] == "not recorded"


def test_no_dose_at_all_is_refused_in_words_and_one_dose_for_all_is_said():
    panel, design = dosed()
    with pytest.raises(AnalysisError, match="no home that can be compared has a dose"):
        fit(panel, replace(design, dose=np.full(36, np.nan)), dose="log-linear")
    alike = fit(panel, replace(design, dose=np.where(design.start == NEVER, np.nan, 4.0)), dose="log-linear")
    assert any("Every home had the same dose (4)" in note for note in alike.notes)


def test_other_units_of_dose_are_other_units_of_its_effect():
    panel, design = dosed()
    a, b = (
        fit(panel, replace(design, dose=d), dose="log-linear").tidy("dose") for d in (design.dose, design.dose * 60)
    )
    assert np.log(a["estimate"][0]) == pytest.approx(60 * np.log(b["estimate"][0]), rel=1e-8)
    assert a["p_value"][0] == pytest.approx(b["p_value"][0], rel=1e-6)
