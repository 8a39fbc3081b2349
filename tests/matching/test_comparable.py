"""The matched or weighted comparison: the same engine, against weighted regression elsewhere; and refusals in words."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import rankdata
from statsmodels.tools.sm_exceptions import SpecificationWarning

from analysis.admissions import StaggeredRates
from analysis.admissions.engine.balanced import Balanced
from analysis.design import NEVER, Design, Plan
from analysis.errors import AnalysisError
from analysis.matching import comparable
from analysis.matching.unmeasured import e_value, e_value_of_interval, sensitivity, upper_p
from analysis.protocol import Protocol
from analysis.simulate import PanelSpec, simulate_panel

START = 24
BARE = StaggeredRates(leads=0, subgroups=(), permutations=0, vcov="CR1")


def chosen(seed, n=60, share=0.3):
    """Homes chosen by their rates before the start and by size."""
    panel, _ = simulate_panel(PanelSpec(n_homes=n, n_months=36, starts=()), seed)
    rate = panel.counts[:, :START].sum(axis=1) / panel.exposure[:, :START].sum(axis=1)
    liking = 1.0 * (rate / rate.mean() - 1) + 0.5 * np.log(panel.units["beds"].to_numpy() / 36)
    liking = liking + np.random.default_rng([seed, 1]).logistic(size=n)
    start = np.where(liking > np.quantile(liking, 1 - share), START, NEVER)
    return panel, Design(intervention="x", start=start, included=np.ones(panel.counts.shape, bool))


def plan(**how):
    return Plan(intervention="x", **how)


@pytest.mark.parametrize("match", ["entropy", "overlap"])
def test_a_weighted_fit_is_that_of_weighted_regression(match):
    panel, design = chosen(1)
    weighted, _ = comparable(panel, design, plan(match=match))
    found = BARE.fit(panel, replace(weighted, balanced=np.zeros((0, 0))))  # weights as if they had been given
    alike = BARE.fit(panel, weighted)
    w, T = weighted.weights, panel.counts.shape[1]
    keep = np.flatnonzero(w > 0)
    home, month = np.repeat(np.arange(len(keep)), T), np.tile(np.arange(T), len(keep))
    treated = (weighted.start[keep] != NEVER)[home] & (month >= START)
    # one cohort: an effect for each of its months, averaged as observed over expected
    X = np.column_stack(
        [np.eye(len(keep))[home], np.eye(T)[month][:, 1:], np.eye(T)[month][:, START:] * treated[:, None]]
    )
    y, E = panel.counts[keep].ravel(), panel.exposure[keep].ravel()
    fit = sm.GLM(y, X, family=sm.families.Poisson(), offset=np.log(E), var_weights=w[keep][home])
    with pytest.warns(SpecificationWarning, match="var_weights"):  # whose sandwich is held by hand
        fit = fit.fit(tol=1e-12, maxiter=200, cov_type="cluster", cov_kwds={"groups": home, "use_correction": False})
    bread = np.linalg.inv(X.T @ (X * (w[keep][home] * fit.mu)[:, None]))
    scores = np.eye(len(keep))[home].T @ (X * (w[keep][home] * (y - fit.mu))[:, None])
    np.testing.assert_allclose(fit.cov_params(), bread @ scores.T @ scores @ bread, rtol=1e-5, atol=1e-9)
    mu0 = np.exp(X[:, : len(keep) + T - 1] @ fit.params[: len(keep) + T - 1]) * E
    wt = w[keep][home] * treated
    assert found.tidy()["estimate"].iloc[0] == pytest.approx((wt @ y) / (wt @ mu0), rel=1e-7)
    gradient = np.zeros(X.shape[1])  # of the log ratio by every coefficient: observed is the sum of fitted months
    mu = fit.mu
    gradient += (wt * mu) @ X / (wt @ mu)
    gradient[: len(keep) + T - 1] -= (wt * mu0) @ X[:, : len(keep) + T - 1] / (wt @ mu0)
    se = np.sqrt(gradient @ fit.cov_params() @ gradient * len(keep) / (len(keep) - 1))
    log_error = found.tidy()["std_error"].iloc[0] / found.tidy()["estimate"].iloc[0]
    assert log_error == pytest.approx(se, rel=1e-5)
    assert alike.tidy()["estimate"].iloc[0] == found.tidy()["estimate"].iloc[0]
    assert alike.tidy()["std_error"].iloc[0] != found.tidy()["std_error"].iloc[0]


def _balanced(n=30, seed=4):
    rng = np.random.default_rng(seed)
    treated = np.arange(n) < n // 3
    weights = np.where(treated, 1.0, rng.gamma(0.5, 1, n))  # as entropy has them: a few carry most
    found = Balanced(weights=weights, treated=treated, covariates=rng.standard_normal((n, 3)))
    sign = np.where(treated, 1, -1)
    return found, weights, sign, np.column_stack([treated, ~treated, found.covariates])


def test_what_weights_make_alike_is_no_noise():
    found, w, sign, Z = _balanced()
    explained = w * sign * (Z @ np.array([0.3, -0.1, 1.0, -2.0, 0.5]))
    left, _ = found.unexplained(explained[None], np.arange(30))
    assert np.abs(left).max() < 1e-12


def test_with_equal_weights_its_variance_is_that_of_hc2():
    found, _, sign, Z = _balanced()
    equal, y = replace(found, weights=np.ones(30)), np.random.default_rng(5).standard_normal(30)
    left, _ = equal.unexplained((y * sign)[None], np.arange(30))
    leverage = sm.OLS(y, Z).fit().get_influence().hat_matrix_diag
    assert left[0] * sign == pytest.approx(sm.OLS(y, Z).fit().resid / np.sqrt(1 - leverage))


def test_where_few_carry_the_weight_it_is_right_on_average_and_knows_of_its_degrees():
    """Against whole matrices, and against draws whose variance is known."""
    found, w, sign, Z = _balanced()
    root = np.sqrt(w)[:, None]
    H = (root * Z) @ np.linalg.pinv(root * Z)
    left = np.eye(30) - H
    larger = np.sqrt(w / np.diag(left @ np.diag(w) @ left))
    B = np.diag(larger * np.sqrt(w)) @ left
    G = B @ np.diag(w) @ B.T
    rng = np.random.default_rng(6)
    u = rng.standard_normal((4000, 30))
    scores, df = found.unexplained(w * sign * u, np.arange(30))
    assert df == pytest.approx(np.trace(G) ** 2 / np.trace(G @ G), rel=1e-9)
    V = (scores**2).sum(axis=1)
    assert V.mean() == pytest.approx((w**2).sum(), rel=0.03)
    assert 2 * V.mean() ** 2 / V.var() == pytest.approx(df, rel=0.15)


@pytest.mark.parametrize("match", ["propensity", "mahalanobis", "entropy", "overlap"])
def test_what_was_apart_is_alike(match):
    panel, design = chosen(3, n=300, share=0.2)
    _, found = comparable(panel, design, plan(match=match))
    table = found.balance.set_index("covariate")
    assert table["before"].abs().max() > 0.25
    assert found.unbalanced == [] or match in ("propensity", "mahalanobis")
    assert table["after"].abs().mean() < table["before"].abs().mean() / 2


def test_counts_of_an_answer_are_those_observed_whatever_homes_count():
    panel, design = chosen(1)
    weighted, _ = comparable(panel, design, plan(match="entropy"))
    used = weighted.included
    found = BARE.fit(panel, weighted)
    assert found.summary["events"] == panel.counts[used].sum()
    assert found.augment()["observed"].sum() == pytest.approx(panel.counts[used].sum())


def test_homes_without_a_like_are_set_aside_and_counted():
    panel, design = chosen(5)
    matched, found = comparable(panel, design, plan(match="propensity"))
    assert (matched.set_aside != "").sum() == (panel.counts.shape[0] - found.treated[1] - found.untreated[1])
    assert not matched.weights.size and found.pairs.shape == (found.treated[1], 2)


def test_a_home_without_a_month_after_the_first_start_is_matched_to_nobody():
    panel, design = chosen(5)
    gone = np.flatnonzero(design.start == NEVER)[::2]
    included = design.included.copy()
    included[gone, START:] = False  # such as homes that had another intervention before
    matched, found = comparable(panel, replace(design, included=included), plan(match="propensity"))
    assert not np.isin(found.pairs[:, 1], gone).any() and (matched.set_aside[gone] != "").all()


RATINGS = ("Outstanding", "Good", "Requires improvement", "Inadequate")


@pytest.fixture(scope="module")
def rated():
    """Homes of which the poorly rated are likelier chosen; ratings of the first start, some later, some taken back."""
    panel, _ = simulate_panel(PanelSpec(n_homes=240, n_months=36, starts=()), 8)
    rng = np.random.default_rng(9)
    level = rng.choice(5, 240, p=(0.08, 0.5, 0.25, 0.07, 0.1))  # the fifth: not rated
    liking = np.array([0.0, 0, 1.2, 1.8, 0.5])[level] + rng.logistic(size=240)
    start = np.where(liking > np.quantile(liking, 0.75), rng.choice([START, START + 4], 240), NEVER)
    at = pd.Series(panel.units.index)
    stood = pd.DataFrame({"unit": at, "published": pd.Timestamp("2020-05-01"),
                          "rating": [RATINGS[k] if k < 4 else None for k in level]})  # fmt: skip
    earlier = stood.assign(published=pd.Timestamp("2018-01-01"), rating="Good")  # not rated: taken back in 2020
    later = stood.assign(published=pd.Timestamp(panel.months[START + 1].astype("datetime64[D]")), rating="Outstanding")
    history = pd.concat([earlier, stood, later]).sort_values(["unit", "published"])
    design = Design(intervention="x", start=start, included=np.ones(panel.counts.shape, bool))
    return replace(panel, rated=history), design, level


@pytest.mark.parametrize("match", ["propensity", "mahalanobis", "entropy", "overlap"])
def test_homes_are_matched_on_the_rating_that_stood_when_the_first_started(rated, match):
    panel, design, level = rated
    weighted, found = comparable(panel, design, plan(match=match, match_on=("rate", "size", "rating")))
    table = found.balance.set_index("covariate")
    names = [f"rating: {name}" for name in (*RATINGS, "not rated") if name != "Good"]  # the commonest is left out
    assert set(names) <= set(table.index) and not len(found.beside)
    treated = design.start != NEVER
    own = level == 2
    spread = own[treated].std(ddof=1)
    plain = (own[treated].mean() - own[~treated].mean()) / spread
    assert table.loc["rating: Requires improvement", "before"] == pytest.approx(plain)
    w = weighted.weights if weighted.weights.size else (weighted.set_aside == "").astype(float)
    after = (np.average(own[treated], weights=w[treated]) - np.average(own[~treated], weights=w[~treated])) / spread
    assert table.loc["rating: Requires improvement", "after"] == pytest.approx(after, abs=1e-9)
    assert abs(plain) > 0.2 and table.loc[names, "after"].abs().max() < (
        1e-6 if match in ("entropy", "overlap") else 0.2
    )


def test_ratings_that_nothing_was_matched_on_stand_beside_the_balance(rated):
    panel, design, _ = rated
    _, found = comparable(panel, design, plan(match="entropy"))
    assert "rating: Inadequate" in set(found.beside["covariate"]) and len(found.beside) == 4
    assert found.beside["after"].abs().max() > 0.1 and not found.balance["covariate"].str.contains("rating").any()


def _refused(panel, design, **how):
    with pytest.raises(AnalysisError) as error:
        comparable(panel, design, plan(**how))
    return str(error.value)


def test_refusals_in_words():
    panel, design = chosen(2)
    treated = design.start != NEVER
    assert "no home is without it" in _refused(panel, replace(design, start=np.full(60, START)), match="propensity")
    one = replace(design, start=np.where(np.arange(60) == np.flatnonzero(~treated)[0], NEVER, START))
    assert "only one home never has it" in _refused(panel, one, match="entropy")
    kind = panel.units.assign(home_type=np.where(treated, "nursing", "residential"))
    told = _refused(replace(panel, units=kind, digest=""), design, match="propensity")
    assert "tells exactly which of them had the intervention" in told
    assert "No weights" in _refused(replace(panel, units=kind, digest=""), design, match="entropy")
    assert "do not overlap" in _refused(panel, design, match="propensity", caliper=1e-9)
    assert "nothing says what it is" in _refused(panel, design, match="propensity", match_on=("rating",))


def test_a_protocol_says_it_and_one_that_does_not_is_as_it_was():
    text = 'title = "x"\n[intervention]\nname = "x"\n[comparison]\nmatch = "entropy"\nmatch_on = ["rate", "size"]\n'
    protocol = Protocol.read(text)
    assert protocol.plan.match == "entropy" and protocol.plan.match_on == ("rate", "size")
    assert 'match = "entropy"' in protocol.to_toml() and Protocol.read(protocol.to_toml()) == protocol
    assert "match" not in Protocol(plan=plan()).to_toml()


def test_e_values_are_those_of_vanderweele_and_ding():
    # their example: respiratory deaths of formula-fed babies, 3.9 (1.8 to 8.7); and a protective 0.80 (0.71 to 0.91)
    assert e_value(3.9) == pytest.approx(7.26, abs=0.005) and e_value_of_interval(1.8, 8.7) == pytest.approx(
        3.0, abs=0.005
    )
    assert e_value(0.80) == pytest.approx(1.81, abs=0.005) and e_value_of_interval(0.71, 0.91) == pytest.approx(
        1.43, abs=0.005
    )
    assert e_value_of_interval(0.8, 1.1) == 1


def test_rosenbaums_bound_is_that_of_every_assignment_tried():
    rng = np.random.default_rng(4)
    d = rng.normal(-1, 1, 9)
    ranks, odds = rankdata(np.abs(d)), 2.0
    p = odds / (1 + odds)
    seen = ranks[d < 0].sum()
    exact = sum(
        np.prod(np.where(s, p, 1 - p)) for s in map(np.array, product([0, 1], repeat=9)) if ranks @ s >= seen - 1e-9
    )
    assert upper_p(d, odds) == pytest.approx(exact, abs=0.02)
    assert sensitivity(np.full(40, -1.0) * rng.uniform(0.5, 2, 40)) > 5
    assert sensitivity(rng.normal(0, 1, 40)) == 1.0


def test_where_no_kind_is_known_homes_are_matched_on_rate_and_size():
    panel, design = chosen(3)
    unknown = replace(panel, units=panel.units.assign(home_type=None), digest="")
    _, found = comparable(unknown, design, plan(match="propensity"))
    _, asked = comparable(unknown, design, plan(match="propensity", match_on=("rate", "size")))
    pd.testing.assert_frame_equal(found.balance, asked.balance)
    with pytest.raises(AnalysisError, match="nothing says what it is"):
        comparable(unknown, design, plan(match="propensity", match_on=("home_type",)))
