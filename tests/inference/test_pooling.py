"""Pooled effects are those that others compute: metafor's published example, and statsmodels run live."""

import numpy as np
import pytest
from scipy.stats import t as student
from statsmodels.stats.meta_analysis import combine_effects

from analysis.inference.pooling import pooled

BCG = np.array([  # tuberculosis with and without it, vaccinated and not: 13 trials (Colditz and others 1994)
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
    (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
], float).T  # fmt: skip


@pytest.fixture(scope="module")
def bcg():
    a, b, c, d = BCG
    return np.log(a / (a + b) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)


def test_der_simonian_and_laird_s_is_what_metafor_prints(bcg):
    found = pooled(*bcg, between="dl")
    assert found.tau2 == pytest.approx(0.3088, abs=5e-5)
    assert found.mean == pytest.approx(-0.7141, abs=5e-5)
    assert np.sqrt(1 / (1 / (bcg[1] + found.tau2)).sum()) == pytest.approx(0.1787, abs=5e-5)


def of_statsmodels(y, v):
    """The same of statsmodels: mean, τ², the interval by Hartung and Knapp, standard error of scale 1."""
    fit = combine_effects(y, v, method_re="pm", use_t=True)
    return fit.mean_effect_re, fit.tau2, *fit.conf_int()[3], fit.sd_eff_w_re


@pytest.mark.parametrize("seed", range(30))
def test_it_is_what_statsmodels_says_to_four_digits(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(3, 12))
    v = rng.uniform(0.005, 0.2, k)
    y = rng.normal(-0.2, np.sqrt(v + rng.choice([0.0, 0.02, 0.3])))
    found, (mean, tau2, low, high, error) = pooled(y, v), of_statsmodels(y, v)
    if found.tau2 > 0 and tau2 == 0:  # its iteration passed the root by a rounding: ours is the root
        weight = 1 / (v + found.tau2)
        assert (weight * (y - found.mean) ** 2).sum() == pytest.approx(k - 1, abs=1e-9)
        return
    assert (found.mean, found.tau2) == pytest.approx((mean, tau2), abs=5e-5)
    if found.tau2 > 0:  # the scale is then 1 by the definition of τ²
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    ahead = student.ppf(0.975, k - 2) * np.hypot(np.sqrt(tau2), error)
    assert (found.predict_low, found.predict_high) == pytest.approx((mean - ahead, mean + ahead), abs=5e-5)


def test_the_bcg_trials_by_paule_and_mandel(bcg):
    found = pooled(*bcg)
    assert found.tau2 == pytest.approx(0.3181, abs=5e-5)  # the τ² at which Q is 12
    assert (found.mean, found.tau2) == pytest.approx(of_statsmodels(*bcg)[:2], abs=5e-5)


def test_studies_that_agree_have_no_spread_and_order_does_not_matter():
    y, v = np.array([-0.2, -0.21, -0.19]), np.array([0.02, 0.03, 0.01])
    found = pooled(y, v)
    assert found.tau2 == 0
    assert pooled(y[::-1], v[::-1]).mean == pytest.approx(found.mean)


def test_two_studies_predict_nothing():
    found = pooled(np.array([-0.26, -0.31]), np.array([0.014, 0.022]))
    assert np.isnan(found.predict_low)
    assert found.low < found.common_low < found.common < found.common_high < found.high
