"""What can be compared, told at a glance, is what the whole graph tells."""

import numpy as np
import pytest

from analysis.admissions.compared import sample
from analysis.admissions.compared.sample import take
from tests.costs import one_in


@pytest.mark.parametrize("never_only", [False, True])
@pytest.mark.parametrize("rate", one_in(4, [0.15, 0.05, 0.4, 1.0]))
def test_the_glance_never_says_connected_where_the_graph_does_not(rate, never_only, monkeypatch):
    for seed in range(150):
        rng = np.random.default_rng(seed)
        n, T = 14, 8
        start = np.repeat([3, 5, T], (4, 4, 6))
        exposure = (rng.random((n, T)) < 0.8) * 1.0
        counts = rng.poisson(rate, (n, T)) * exposure
        stratum = np.zeros(n, np.int64)
        with monkeypatch.context() as patched:
            quick = take(counts, exposure, start, stratum=stratum, never_only=never_only)
            patched.setattr(sample, "_one_component", lambda *_: False)
            whole = take(counts, exposure, start, stratum=stratum, never_only=never_only)
        assert (quick.reason == whole.reason).all()
        assert np.array_equal(quick.counts, whole.counts)
        assert np.array_equal(quick.months, whole.months)
