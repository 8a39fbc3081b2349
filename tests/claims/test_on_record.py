"""What is on record of the four headline claims comes out of the claims themselves (domain.md E1 to E4)."""

import math

import numpy as np
import pytest
from statsmodels.stats.rates import power_poisson_ratio_2indep

from analysis import written
from analysis.claims import Claim, FewerAdmissions, Window, appraise
from analysis.claims.admissions import admissions_needed
from analysis.claims.regression import OCCUPANCY, chance_of_so_few, expected_after, highest_of
from analysis.claims.shrinkage import Prior, shrunk
from analysis.planning.ratings import services_needed
from analysis.sources.evidence import written_beside

TABLE = {  # homes, beds, between-home variation: falls over 12, 6 and 3 months, and the chance of 60% over three
    (7, 50, 0.25): (10, 17, 25, 10),
    (7, 50, 0.40): (6, 11, 19, 7),
    (21, 44, 0.25): (14, 23, 34, 14),
    (21, 44, 0.40): (9, 15, 26, 9),
    (7, 80, 0.40): (4, 8, 14, 2),
}


def headline(start):
    text = next(text for name, text in written_beside("claims").items() if name.startswith(start))
    return appraise(written.from_text(Claim, text))


def test_nearly_63_per_cent_is_5_of_8_or_10_of_16_and_comes_by_itself():
    found = headline("1_")
    assert found.counts[["better", "of"]].values.tolist() == [[5, 8], [10, 16]]
    assert found.counts[["wilson_low", "wilson_high"]].mul(100).round().values.tolist() == [[31, 86], [39, 82]]
    assert found.counts[["exact_low", "exact_high"]].mul(100).round().values.tolist() == [[24, 91], [35, 85]]
    chances = found.bases.set_index(found.bases["share"].round(3))
    assert chances.loc[0.57, "fewest"] == pytest.approx(0.52, abs=0.005)
    assert chances.loc[0.60, "most"] == pytest.approx(0.53, abs=0.005)
    assert found.appraised.low < 0.583 < found.appraised.high
    assert "inspected" in [one.place for one in found.lacking]


def test_159_services_in_each_group_would_show_57_becoming_72():
    assert math.ceil(services_needed(0.57, 0.72)) == 159
    assert headline("1_").numbers["needed_more"].value == math.ceil(services_needed(0.583, 0.733))


@pytest.mark.parametrize(("world", "falls"), TABLE.items())
def test_the_highest_of_several_homes_falls_by_itself_as_on_record(world, falls):
    homes, beds, between = world
    made = [highest_of(homes, *2 * (beds * OCCUPANCY * months / 12,), 0.77, between) for months in (12, 6, 3)]
    assert [100 * one.fall for one in made] == pytest.approx(falls[:3], abs=1.0)  # printed whole, and drawn
    assert 100 * made[2].at_least == pytest.approx(falls[3], abs=1.0)
    assert [100 * one.fall_elsewhere for one in made] == pytest.approx([0, 0, 0], abs=1.0)


def test_what_a_count_is_to_become_is_what_it_becomes_in_homes_drawn_so():
    rng = np.random.default_rng(3)
    true = rng.gamma(1 / 0.4**2, 0.4**2 * 0.77, 2_000_000)
    before, after = rng.poisson(true * 9), rng.poisson(true * 9)
    those = before == 15
    assert expected_after(15, 9, 9, 0.77) == pytest.approx(after[those].mean(), rel=0.01)
    assert chance_of_so_few(6, 15, 9, 9, 0.77) == pytest.approx((after[those] <= 6).mean(), abs=0.005)


def test_20_to_8_beside_what_is_known_is_28_per_cent_fewer():
    found = shrunk(8, 20, Prior(ratio=0.82, spread=0.20, source=""))
    assert [round(end, 2) for end in (found.value, found.low, found.high)] == [0.72, 0.50, 1.02]


def test_the_same_numbers_stand_in_an_appraisal_of_that_claim():
    said = FewerAdmissions(count_before=20, count_after=8, beds=44, support="enhanced support",
                           before=Window(months=3), after=Window(months=3))  # fmt: skip
    number = appraise(said).numbers["shrunk"]
    assert [round(1 + end, 2) for end in (number.value, number.low, number.high)] == [0.72, 0.50, 1.02]


@pytest.mark.parametrize("ratio", [0.5, 0.82])
def test_the_admissions_that_would_settle_it_give_that_power(ratio):
    n = admissions_needed(ratio)
    power = power_poisson_ratio_2indep(ratio, 1.0, n, nobs_ratio=1, value=1, alpha=0.05, method_var="alt",
                                       alternative="two-sided", return_results=False)  # fmt: skip
    assert power == pytest.approx(0.8, abs=0.005)


def test_england_fell_by_5_per_cent_while_permanent_admissions_were_claimed_down_60():
    found = headline("3_")
    assert found.numbers["elsewhere"].value == pytest.approx(-0.054, abs=0.0005)
    asked = [one.place for one in found.lacking]
    assert {"value_before", "earlier", "population", "comparison.how"} <= {*asked}


def test_delays_fell_from_a_spike_and_the_fall_was_gone_by_the_second_year():
    found = headline("4_")
    first, second = (found.periods.set_index("period").loc[at] for at in (1, 2))
    assert [round(100 * first[name]) for name in ("change", "change_elsewhere", "relative")] == [-47, -12, -39]
    assert [round(100 * second[name], 1) for name in ("change", "change_elsewhere")] == [-25.9, -26.2]
    assert found.numbers["from_earlier"].value == pytest.approx(-0.26, abs=0.005)
    assert found.appraised.value == pytest.approx(0, abs=0.01)
    assert [one.place for one in found.remarks] == ["percent_fewer"]


def test_social_care_s_delays_as_on_record():
    from dataclasses import replace  # noqa: PLC0415

    social = replace(headline("4_").claim, percent_fewer=None, earlier=(177, 965), value_before=3188, value_after=1136,
                     later=(2131,), elsewhere=(420, 563, 776, 694, 494))  # fmt: skip
    found = appraise(social)
    first, second = (found.periods.set_index("period").loc[at] for at in (1, 2))
    assert [round(100 * first[name]) for name in ("change", "relative")] == [-64, -60]
    assert [round(100 * second[name], 1) for name in ("change", "change_elsewhere")] == [-33.2, -36.3]
    assert found.numbers["from_earlier"].value == pytest.approx(0.18, abs=0.005)


def test_a_scaled_up_total_rests_on_a_fourteenth_of_it():
    found = headline("5_")
    assert found.numbers["times"].value == pytest.approx(13.9, abs=0.05)
    assert found.numbers["homes"].value == pytest.approx(1088, abs=1)
    assert found.numbers["total_left"].low < 0 < found.numbers["total_left"].high
    assert "pandemic" in found.numbers["trend"].source
    assert {"of_homes", "percent_fewer", "before.first"} <= {one.place for one in found.lacking}


@pytest.mark.parametrize("start", ["1_", "2_", "3_", "4_", "5_"])
def test_every_number_carries_its_source(start):
    found = headline(start)
    assert all(one.source and one.what for one in found.numbers.values())
    assert found.maryland[0] == 1
