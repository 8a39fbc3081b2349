"""Formulas against R, which was given none of them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.planning import RatingsStudy, ratings_power, services_needed, smallest_better
from analysis.planning.textbook import homes_for_two_arms, stepped_wedge_variance, two_arms_power

R = Path(__file__).parents[1] / "reference" / "r"


def rows(name):
    return pd.read_csv(R / f"power_{name}.csv").itertuples(index=False)


def test_the_stepped_wedge_formula_is_generalised_least_squares():
    for r in rows("stepped_wedge"):
        T = int(r.before + r.gap * r.waves)
        start = r.before + r.gap * np.sort(np.arange(r.clusters) % r.waves)
        X = (np.arange(T) >= start[:, None]).astype(float)
        assert stepped_wedge_variance(X, r.sigma2, r.tau2) == pytest.approx(r.variance, rel=1e-4)
        without_end = stepped_wedge_variance(X, r.sigma2, np.inf)
        assert without_end == pytest.approx(stepped_wedge_variance(X, r.sigma2, 1e9), rel=1e-6)


def test_the_two_arm_formula_is_near_what_r_simulates():
    for r in rows("two_arms"):
        rates = (r.rate0, r.rate0 * r.ratio)
        power = two_arms_power(r.homes, rates, r.months, r.cv)
        assert power == pytest.approx(r.power, abs=0.03)  # a normal approximation to a t test
        assert homes_for_two_arms(rates, r.months, r.cv, power) == pytest.approx(r.homes, rel=1e-6)


def test_services_needed_are_those_of_r_and_of_the_isle_of_wight():
    for r in rows("proportions"):
        assert services_needed(r.base, r.better) == pytest.approx(r.n, rel=1e-5)
        study = RatingsStudy(supported=60, compared=60, base=r.base)
        assert ratings_power(study, r.better) == pytest.approx(r.power60, rel=1e-6)
    assert np.ceil(services_needed(0.57, 0.72)) == 159
    assert np.ceil(services_needed(0.57, 0.77)) == 86


def test_power_against_a_known_rate_is_that_of_the_exact_interval():
    for r in rows("exact"):
        assert ratings_power(RatingsStudy(supported=r.n, base=r.base), r.better) == pytest.approx(r.power, abs=1e-9)


def test_services_of_one_provider_tell_less():
    alone, shared = (RatingsStudy(supported=80, compared=80, per_provider=m) for m in (1, 5))
    assert ratings_power(shared, 0.75) < ratings_power(alone, 0.75)
    assert shared.worth(70) == pytest.approx(50)


def test_the_smallest_share_is_where_power_reaches_eighty_per_cent():
    study = RatingsStudy(supported=159, compared=159)
    assert smallest_better(study) == pytest.approx(0.72, abs=0.001)
    assert np.isnan(smallest_better(RatingsStudy(supported=3, compared=3, base=0.8)))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"supported": 0}, "At least 1 service"), ({"base": 1.4}, "between 0% and 100%"), ({"icc": 2}, "between 0 and 1"),
     ({"compared": -1}, "fewer than no services"), ({"per_provider": 0}, "at least 1 to each")],
)  # fmt: skip
def test_a_study_of_ratings_that_makes_no_sense_is_refused(wrong, words):
    with pytest.raises(AnalysisError, match=words):
        RatingsStudy(**{"supported": 20} | wrong)
