"""Both sides are counted: who is compared matters as much as who was supported, for every set of effects."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import words
from analysis.admissions import StaggeredRates
from analysis.checks.few_clusters import few_clusters
from analysis.design import NEVER
from tests.admissions.conftest import small_panel
from tests.fitted import on

LIMITS = ["std_error", "p_value", "conf_low", "conf_high"]


def fit(panel, design, **options):
    return StaggeredRates(**({"leads": 0, "subgroups": (), "permutations": 199} | options)).fit(panel, design)


def with_areas(panel, area):
    units = panel.units.assign(area=area, provider=[f"P{i}" for i in range(len(area))])
    return replace(panel, units=units, digest="")


def doubts(effects):
    return [caveat.doubt for caveat in effects.caveats]


def headline(effects):
    return words.headline(effects, words.Subject(intervention="the ward round"))


def test_one_home_to_compare_with_leaves_a_rank_and_no_interval_of_any_effect():
    """39 and 1: a true null was rejected in 77% of draws, and the page said 20 degrees of freedom were enough."""
    panel, design = small_panel(starts=(6,) * 39, n=40, missing=0.0, rate=8.0, effect=-0.5)
    effects = fit(panel, design)
    inference = effects.diagnostics["inference"].iloc[0]
    assert inference["method"].startswith("rank among all homes")
    assert inference["randomisation_p"] * 40 % 1 == pytest.approx(0, abs=1e-9)
    for by in ("overall", "event_time", "cohort", "calendar"):
        limits = effects.tidy(by)[["conf_low", "conf_high"]]
        assert limits.isna().all(axis=None)
    assert effects.diagnostics["bands"][["conf_low", "conf_high"]].isna().all(axis=None)
    assert doubts(effects)[0] == "one to compare with"
    assert "Only one home is there to compare with" in headline(effects)
    check = few_clusters(on(panel, design, StaggeredRates(), effects))
    assert check.passed is False
    assert "only one to compare with" in check.reading
    assert "enough" not in check.reading


def test_one_untreated_home_is_ranked_as_one_treated_home_is():
    """The comparison of one with all others is the same whichever side it stands on."""
    panel, design = small_panel(starts=(6,), n=20, missing=0.0, rate=9.0)
    turned = replace(design, start=np.where(design.start == NEVER, 6, NEVER))
    found = [fit(panel, each).diagnostics["inference"]["p_value"].iloc[0] for each in (design, turned)]
    assert found[0] == pytest.approx(found[1])


@pytest.mark.parametrize("compared", [2, 3])
def test_two_or_three_homes_to_compare_with_keep_the_interval(compared):
    panel, design = small_panel(starts=(6,) * 20, n=20 + compared, missing=0.0, rate=8.0)
    effects = fit(panel, design)
    assert np.isfinite(effects.tidy()["conf_low"]).all()
    assert effects.diagnostics["degrees_of_freedom"]["df"].iloc[0] < 4


MORE = (
    {"cluster": "provider and area"},
    {"cluster": "area", "effects": "cohort"},
    {"cluster": "area", "average": "home"},
)


@pytest.mark.parametrize("options", [{"cluster": "area"}, *MORE])
def test_four_supported_areas_and_one_to_compare_with(options):
    panel, design = small_panel(starts=(6,) * 20, n=25, missing=0.0, rate=8.0)
    starts = np.where(design.start == NEVER, 4, 0)
    area = starts.copy()
    area[design.start != NEVER] = np.arange(20) // 5
    effects = fit(with_areas(panel, [f"A{a}" for a in area]), design, **options)
    assert effects.tidy()["conf_low"].isna().all()
    assert effects.diagnostics["degrees_of_freedom"]["compared_clusters"].iloc[0] == 1
    assert "one to compare with" in doubts(effects)
    assert "group of homes" in headline(effects)


def test_the_last_step_of_a_wedge_rests_on_the_homes_still_to_start():
    panel, design = small_panel(starts=(3, 4, 5, 6, 7, 8, 9), n=7, missing=0.0, rate=20.0)
    effects = fit(panel, design)
    told = effects.diagnostics["degrees_of_freedom"].query("by == 'calendar'")
    assert told["compared_clusters"].tolist() == [6, 5, 4, 3, 2, 1]
    months = effects.tidy("calendar").query("term == 'rate_ratio'")
    assert np.isfinite(months["conf_low"]).tolist() == [True] * 5 + [False]
    assert np.isfinite(effects.tidy()["conf_low"]).all()


def test_all_at_once_but_one_is_one_home_to_compare_with():
    panel, design = small_panel(starts=(4,) * 15 + (10,), n=16, missing=0.0, rate=8.0)
    effects = fit(panel, design)
    assert effects.tidy()["conf_low"].isna().all()
    assert "one to compare with" in doubts(effects)


@pytest.mark.parametrize("side", ["supported", "compared"])
@pytest.mark.parametrize(("times", "shown"), [(15, True), (300, False)])
def test_a_home_that_carries_its_side_reaches_the_headline(side, times, shown):
    panel, design = small_panel(starts=(6,) * 10, n=20, missing=0.0, rate=8.0)
    one = np.flatnonzero((design.start == NEVER) == (side == "compared"))[0]
    counts, exposure = panel.counts.copy(), panel.exposure.copy()
    counts[one], exposure[one] = times * counts[one], times * exposure[one]
    effects = fit(replace(panel, counts=counts, exposure=exposure, digest=""), design)
    assert "carried by one" in doubts(effects)
    assert "carries" in headline(effects)
    assert np.isfinite(effects.tidy()["conf_low"]).all() == shown
    assert ("no interval can be trusted" in headline(effects)) != shown


def test_many_homes_alike_carry_no_warning():
    effects = fit(*small_panel(starts=(6,) * 12, n=30, missing=0.0, rate=8.0))
    assert not effects.caveats


def test_few_admissions_and_the_usual_error_are_said_in_the_headline():
    panel, design = small_panel(starts=(6,) * 12, n=30, missing=0.0, rate=8.0)
    rare = replace(panel, counts=(panel.counts > 11).astype(panel.counts.dtype), digest="")
    assert "few events" in doubts(fit(rare, design))
    for average in ("bed_day", "home"):
        effects = fit(panel, design, vcov="CR1", average=average)
        assert "usual error" in doubts(effects)
        assert "(CR1)" in headline(effects)
        assert ("far too narrow" in headline(effects)) == (average == "home")


def test_a_dose_against_one_home_has_no_interval():
    panel, design = small_panel(starts=(6,) * 12, n=13, missing=0.0, rate=8.0)
    dosed = replace(design, dose=np.where(design.start == NEVER, np.nan, 2.0))
    effects = fit(panel, dosed, dose="log-linear")
    assert effects.tidy("dose")[["conf_low", "conf_high"]].isna().all(axis=None)
