"""Is the weighted regression statsmodels', its CR2 the definition's, and R's glm the same to its digits?"""

import numpy as np
import pytest
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

from analysis.inference.clustered import Reference, correct, cr1, cr2
from analysis.inference.weighted_poisson import fit, uncertainty
from tests.inference.test_clustered import by_definition

EXACT = 1e-8


@pytest.fixture(scope="module")
def problem():
    """Ninety people of twelve homes, a third with the support, of unequal weights; one column depends on another."""
    rng, n = np.random.default_rng(3), 90
    cluster = np.concatenate([np.arange(12), rng.integers(0, 12, n - 12)])
    supported = (cluster < 4) * 1.0
    ill = rng.normal(size=n) + 0.3 * supported
    X = np.column_stack([np.ones(n), supported, ill, ill**2])
    exposure, w = rng.uniform(20, 400, n), np.where(supported == 1, 1.0, rng.choice([0.5, 1.0, 1.7], n))
    y = rng.poisson(exposure * np.exp(-5 - 0.3 * supported + 0.2 * ill) * rng.gamma(4, 0.25, 12)[cluster])
    return y.astype(float), X, exposure, w, cluster


@pytest.fixture(scope="module")
def found(problem):
    y, X, exposure, w, _ = problem
    return fit(y, X, exposure, w)


def test_coefficients_and_the_models_own_error_are_those_of_statsmodels(problem, found):
    y, X, exposure, w, cluster = problem
    theirs = GLM(y, X, family=Poisson(), exposure=exposure, var_weights=w).fit(tol=1e-13, scale=1.0)
    np.testing.assert_allclose(found.beta, theirs.params, rtol=EXACT)
    assert uncertainty(found, X, cluster, 1).model == pytest.approx(theirs.bse[1], rel=EXACT)
    assert found.converged


@pytest.mark.parametrize("which", [1, 2])
def test_cr2_and_its_degrees_of_freedom_equal_their_definition(problem, found, which):
    y, X, _, w, cluster = problem
    mu = found.weighted / w
    V, df = by_definition(X @ found.inverse[:, which], w * y, w * mu, X, cluster)
    ours = uncertainty(found, X, cluster, which)
    assert ours.cr2**2 == pytest.approx(V, rel=EXACT)
    assert ours.df == pytest.approx(df, rel=EXACT)


def test_it_is_the_correction_of_panels_for_a_model_without_effects_of_homes(problem, found):
    y, X, _, w, cluster = problem
    n, others = len(y), [0, 2, 3]
    order = [*others, 1]
    reference = Reference(
        counts=(w * y)[:, None], fitted=found.weighted[:, None], rows=tuple(slice(i, i + 1) for i in range(n)),
        regressor=X[:, 1:2], inverse=found.inverse[np.ix_(order, order)], cluster=cluster,
        base=X[:, None, others], swept=False,
    )  # fmt: skip
    weights = (X @ found.inverse[:, 1])[None, :, None]
    ours, panels = uncertainty(found, X, cluster, 1), cr2(weights, correct(reference))
    assert ours.cr2**2 == pytest.approx(panels.covariance[0, 0], rel=EXACT)
    assert ours.df == pytest.approx(panels.df[0], rel=EXACT)
    plain = cr1(weights, (w * y)[:, None] - found.weighted[:, None], reference)
    assert ours.cr1**2 == pytest.approx(plain.covariance[0, 0], rel=EXACT)


def test_a_column_that_says_nothing_new_changes_nothing(problem, found):
    y, X, exposure, w, _ = problem
    wide = np.column_stack([X, X[:, 2] - 3 * X[:, 1]])
    again = fit(y, wide, exposure, w)
    np.testing.assert_allclose(wide @ again.beta, X @ found.beta, rtol=1e-6)


def test_neither_the_order_of_people_nor_the_unit_of_time_changes_the_ratio(problem, found):
    y, X, exposure, w, cluster = problem
    mixed = np.random.default_rng(1).permutation(len(y))
    again = fit(y[mixed], X[mixed], exposure[mixed] / 365.25, w[mixed])
    assert again.beta[1] == pytest.approx(found.beta[1], rel=EXACT)
    ours, theirs = (uncertainty(f, x, c, 1) for f, x, c in ((found, X, cluster), (again, X[mixed], cluster[mixed])))
    assert ours.cr2 == pytest.approx(theirs.cr2, rel=EXACT)
