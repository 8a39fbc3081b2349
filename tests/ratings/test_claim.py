"""Is "nearly 63%" worth what the record says (domain.md E1)?"""

import pandas as pd
import pytest

from analysis.ratings.claim import beside_base_rate, denominators


def claims(*counts):
    return pd.DataFrame(counts, columns=["better", "of"])


def test_what_prints_as_nearly_63_per_cent_of_at_most_twenty():
    assert denominators(0.62, 0.63, 20).values.tolist() == [[5, 8], [10, 16]]


@pytest.mark.parametrize(("count", "wilson", "exact"), [((5, 8), (31, 86), (24, 91)), ((10, 16), (39, 82), (35, 85))])
def test_intervals_are_those_on_record(count, wilson, exact):
    row = beside_base_rate(claims(count), 98, 169).iloc[0].mul(100).round()
    assert row[["wilson_low", "wilson_high"]].tolist() == [*wilson]
    assert row[["exact_low", "exact_high"]].tolist() == [*exact]


@pytest.mark.parametrize(("count", "rate", "chance"), [((5, 8), (57, 100), 0.52), ((10, 16), (60, 100), 0.53)])
def test_as_many_would_have_been_rated_better_anyway(count, rate, chance):
    assert beside_base_rate(claims(count), *rate)["anyway"].iloc[0] == pytest.approx(chance, abs=0.005)


def test_the_claim_against_the_south_west_in_its_own_window():
    found = beside_base_rate(claims((5, 8), (10, 16)), 98, 169)
    assert found["expected"].tolist() == pytest.approx([8 * 98 / 169, 16 * 98 / 169])
    assert (found["conf_low"] < 1).all()
    assert (found["conf_high"] > 1).all()
    assert found["anyway_mid_p"].between(0.3, 0.6).all()
