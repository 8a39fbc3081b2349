"""Agreement of visitors is Krippendorff's, and trends are the means of what was written."""

import numpy as np
import pandas as pd
import pytest

from analysis.journal import Visit
from analysis.monitoring.visits import agreement, alpha, laid_out, trends

# Krippendorff (2011), "Computing Krippendorff's alpha-reliability": four observers, twelve units
OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def test_alpha_is_that_of_krippendorff_s_own_example():
    values = np.array([[np.nan if v == "." else int(v) for v in row.split()] for row in OBSERVERS])
    counts = np.stack([(values == step).sum(axis=0) for step in range(1, 6)], axis=1).astype(float)
    assert alpha(counts) == pytest.approx(0.815, abs=5e-4)


def visits(rng, agree: bool):
    own = rng.integers(1, 5, 40)
    rows = []
    for home, quarter in np.ndindex(40, 3):
        for visitor in range(2):
            step = int(own[home] if agree else rng.integers(1, 5))
            day = f"2025-{3 * quarter + 1 + visitor:02}-10"
            rows.append(Visit(home=f"1-{home}", day=day, appearance=step, staffing=step, role="GP"))
    return laid_out(rows)


def test_visitors_who_say_the_same_agree_and_those_who_guess_do_not():
    same, guessed = (agreement(visits(np.random.default_rng(2), agree))[0] for agree in (True, False))
    assert (same.pairs, same.alpha) == (120, 1.0)
    assert guessed.low < 0 < guessed.high and abs(guessed.alpha) < 0.25
    assert np.isnan(agreement(visits(np.random.default_rng(2), True))[1].alpha)  # nobody saw the environment


def test_trends_are_means_of_what_was_seen():
    found = trends(laid_out([
        Visit(home="1-1", day="2025-01-02", appearance=4), Visit(home="1-2", day="2025-03-30", appearance=1),
        Visit(home="1-2", day="2025-04-01", staffing=3),
    ]))  # fmt: skip
    expected = [("2025-01", "Appearance of residents", 2, 2.5, 0.5), ("2025-04", "Staffing", 1, 3.0, 0.0)]
    rows = [(f"{r.quarter:%Y-%m}", r.domain, r.visits, r.mean, r.concerns) for r in found.itertuples()]
    assert rows == expected
    assert trends(laid_out([])).empty and isinstance(laid_out([]), pd.DataFrame)
