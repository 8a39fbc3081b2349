"""The score interval of a share, against another implementation; of numbers it gives numbers."""

import numpy as np
from statsmodels.stats.proportion import proportion_confint

from analysis.inference.usual import wilson


def test_wilsons_interval_is_that_of_statsmodels_and_of_numbers_gives_numbers():
    for count, n in ((1, 3), (7, 20), (499, 500)):
        low, high = wilson(count, n)
        assert isinstance(low, float)
        assert isinstance(high, float)
        np.testing.assert_allclose((low, high), proportion_confint(count, n, method="wilson"))
    low, high = wilson(np.array([0, 2]), np.array([5, 2]))
    assert low.shape == high.shape == (2,)
    assert (low[0], high[1]) == (0, 1)
