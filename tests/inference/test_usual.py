"""What is usual in statistics is as in other software, and of numbers a number."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from analysis.inference.usual import wilson


@pytest.mark.parametrize(("count", "n"), [(0, 7), (3, 10), (7, 7)])
def test_wilsons_interval_is_that_of_statsmodels_and_of_numbers_numbers(count, n):
    found = wilson(count, n)
    assert found == pytest.approx(proportion_confint(count, n, method="wilson"), abs=1e-12)
    assert all(isinstance(end, float) for end in found)
    low, high = wilson(np.array([count]), np.array([n]))
    assert (low[0], high[0]) == found
