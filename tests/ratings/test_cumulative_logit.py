"""Does the cumulative logit give the numbers of R's ordinal and of statsmodels, and of Brant's formula?"""

import numpy as np
import pandas as pd
import pytest
from beside_r import REFERENCE, natural, ordinal
from wine import CONTACT, JUDGE, RATING, WARM

from analysis.ratings.next_rating.cumulative_logit import Ordered, chances, scores, start
from analysis.ratings.next_rating.fit import fit_ordered
from analysis.ratings.next_rating.proportional_odds import brant, examined, separate

X = np.column_stack([WARM, CONTACT])
Y = RATING.ravel() - 1
ONE = np.ones(72)


def in_natural_terms(fit):
    value, jacobian = natural(fit.theta, fit.data.cuts)
    covariance = jacobian @ fit.clusters.inverse @ jacobian.T
    return value, np.sqrt(np.diagonal(covariance))


def test_equals_r_ordinal_without_a_judge_effect():
    fit = fit_ordered(Ordered(y=Y, x=X, weight=ONE))
    estimate, error = in_natural_terms(fit)
    stored = ordinal("fixed")
    assert estimate == pytest.approx(stored["estimate"].iloc[:6].to_numpy(), abs=5e-5)
    assert error == pytest.approx(stored["std_error"].iloc[:6].to_numpy(), abs=5e-5)
    assert fit.maximum.log_likelihood == pytest.approx(stored.loc["log_likelihood", "estimate"], abs=1e-6)


def test_equals_r_ordinal_with_weights():
    fit = fit_ordered(Ordered(y=Y, x=X, weight=1 + (JUDGE + 1) / 10))
    estimate, error = in_natural_terms(fit)
    assert estimate == pytest.approx(ordinal("weighted")["estimate"].to_numpy(), abs=5e-5)
    assert error == pytest.approx(ordinal("weighted")["std_error"].to_numpy(), abs=5e-5)


def test_equals_r_ordinal_with_a_judge_effect():
    fit = fit_ordered(Ordered(y=Y, x=X, weight=ONE, home=JUDGE))
    estimate, error = in_natural_terms(fit)
    stored = ordinal("judge")
    assert estimate[:6] == pytest.approx(stored["estimate"].iloc[:6].to_numpy(), abs=5e-5)
    assert error[:6] == pytest.approx(stored["std_error"].iloc[:6].to_numpy(), abs=5e-5)
    assert fit.sigma == pytest.approx(stored.loc["sigma", "estimate"], abs=5e-5)
    assert fit.maximum.log_likelihood == pytest.approx(stored.loc["log_likelihood", "estimate"], abs=1e-5)


def test_equals_statsmodels():
    from statsmodels.miscmodels.ordinal_model import OrderedModel  # noqa: PLC0415

    theirs = OrderedModel(Y, X, distr="logit").fit(method="bfgs", disp=False, gtol=1e-8)
    fit = fit_ordered(Ordered(y=Y, x=X, weight=ONE))
    assert fit.theta[4:] == pytest.approx(theirs.params[:2], abs=1e-5)
    assert chances(fit.theta, 4, X @ fit.theta[4:]) == pytest.approx(theirs.predict(), abs=1e-5)


@pytest.mark.parametrize("home", [None, JUDGE], ids=["alone", "judges"])
def test_gradient_is_that_of_the_likelihood(home):
    data = Ordered(y=Y, x=X, weight=1 + JUDGE / 10, home=home)
    theta = start(data) + np.linspace(-0.3, 0.3, len(start(data)))
    steps = 1e-6 * np.eye(len(theta))
    numeric = [(scores(theta + s, data)[0].sum() - scores(theta - s, data)[0].sum()) / 2e-6 for s in steps]
    assert scores(theta, data)[1].sum(axis=0) == pytest.approx(numeric, abs=2e-4)


def test_random_intercept_averages_chances_over_homes():
    fit = fit_ordered(Ordered(y=Y, x=X, weight=ONE, home=JUDGE))
    eta = X[:3] @ fit.theta[4:6]
    u = np.random.default_rng(1).standard_normal(400_000) * fit.sigma
    drawn = chances(fit.theta, 4, eta[0] + u).mean(axis=0)
    assert chances(fit.theta, 4, eta, fit.sigma)[0] == pytest.approx(drawn, abs=0.003)


def test_brants_statistic_is_that_of_his_formula():
    drawn, stored = (pd.read_csv(REFERENCE / name) for name in ("drawn.csv", "brant.csv"))
    data = Ordered(y=drawn["rating"].to_numpy(), x=drawn[["supported", "nursing"]].to_numpy(float), weight=np.ones(800))
    fits = separate(data, [0, 1, 2])
    assert np.concatenate([f.theta[1:] for f in fits]) == pytest.approx(stored["estimate"].to_numpy()[:6], abs=1e-5)
    statistic, df, _ = brant(data, fits, [0, 1], np.arange(800))
    # Brant puts the fitted chances into the covariance, this the residuals themselves: equal in large samples.
    assert statistic == pytest.approx(stored["estimate"].iloc[6], rel=0.1)
    assert df == 4


def test_proportional_odds_is_doubted_where_it_does_not_hold():
    drawn = pd.read_csv(REFERENCE / "drawn.csv")
    data = Ordered(y=drawn["rating"].to_numpy(), x=drawn[["supported", "nursing"]].to_numpy(float), weight=np.ones(800))
    check = examined(data, 0, np.arange(800))
    assert check.passed is False
    few = examined(Ordered(y=Y, x=X, weight=ONE), 0, np.arange(72))
    assert few.passed is None or isinstance(few.reading, str)


def test_where_all_improved_the_estimate_has_no_end_and_is_held():
    x = np.repeat([0.0, 1.0], 40)[:, None]
    y = np.concatenate([np.tile([0, 1, 2, 2], 10), np.full(40, 2)])
    fit = fit_ordered(Ordered(y=y, x=x, weight=np.ones(80)))
    assert fit.theta[2] > 8
