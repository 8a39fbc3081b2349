"""No count can be bought: a price of a milliard for an admission, and a capacity of one home more, give none."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.baseline import baseline_as_shown, baseline_of
from analysis.disclosure import instead
from analysis.errors import AnalysisError
from analysis.panel import counts_as_shown
from analysis.targeting.benefit import ALL, YearlyOffer, averted_share
from analysis.targeting.contest import MOST, as_shown, record
from analysis.targeting.contest import contest as compete
from tests.disclosure.test_twins import twins


def worst_last_year(known, homes, value=100_000.0):
    """Work back the admissions of the year before the first cut of the k homes with the highest rates, k = 1, 2, …"""
    from analysis.targeting.choice import Capacity  # noqa: PLC0415

    offer = YearlyOffer(effect={ALL: (0.8, 0.8, 0.8)}, value=value, cost_per_home=0.0)
    one_cut = type(known)(cuts=known.cuts[-1:], now=known.now)
    promised = []
    for k in range(1, homes + 1):
        capacity = Capacity(leads=1, homes_per_lead=k, residents_per_lead=100_000)
        table = compete(one_cut, offer, capacity, seed=1).table.set_index("rule")
        promised.append(table.loc[MOST, "promised"])
    share = averted_share(one_cut.cuts[0].baseline, offer)[0]
    return np.diff([0.0, *promised]) / value / share


@pytest.fixture(scope="module")
def known(sample_past):
    panel, _, without = sample_past
    return record(panel, without, seed=1)


def test_the_attack_reads_counts_from_exact_records_and_only_counts_as_shown_from_those_handed_on(
    known, sample_past, sample_shown
):
    counts = known.cuts[-1].last_year
    exact, told = worst_last_year(known, 4), worst_last_year(as_shown(known, sample_shown, sample_past[2]), 4)
    np.testing.assert_allclose(exact, np.rint(exact), atol=1e-6)
    assert set(np.rint(exact)) <= set(counts)
    assert np.isin(np.rint(told), np.unique(instead(counts))).all()
    assert np.isin(np.rint(2 * told) / 2 % 5, [0, 4]).all()  # multiples of five, or the middle of 1 to 7


def test_a_baseline_to_work_with_holds_counts_as_shown(sample_past, sample_shown):
    panel, _, without = sample_past
    shown = baseline_as_shown(baseline_of(panel, without), sample_shown, without)
    assert np.isin(shown.beds_taken % 5, [0, 4]).all()
    assert np.isin(shown.admissions % 5, [0, 4]).all()


@pytest.mark.parametrize("field", ["value", "cost_per_home"])
def test_every_price_has_a_range(field):
    with pytest.raises(AnalysisError, match="between £0 and"):
        YearlyOffer(**{"effect": {ALL: (0.8, 0.7, 0.9)}, "value": 1.0, "cost_per_home": 1.0, field: 1e9})


def test_what_is_counted_of_homes_for_a_choice_follows_from_the_bands_of_their_estimates(known, sample_past):
    """Two roundings of one home leave two or three numbers of it; here twins in the same bands are counted alike."""
    panel, spells, without = sample_past
    told = [
        as_shown(known, counts_as_shown(of, of, spells), without).cuts[-1]
        for of in (panel, *(replace(panel, counts=counts, digest="") for counts in twins(panel, spells)))
    ]
    for one in told[1:]:
        np.testing.assert_array_equal(one.last_year, told[0].last_year)
        np.testing.assert_array_equal(one.followed, told[0].followed)
        np.testing.assert_array_equal(one.baseline.admissions, told[0].baseline.admissions)
        np.testing.assert_allclose(one.expected, told[0].expected, rtol=1e-9)
