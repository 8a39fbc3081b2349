"""What is said of groups that differ is held against groups that nobody chose."""

import re

import numpy as np
import pandas as pd

from analysis.reports.before import alike_said, difference
from analysis.words.fair import by_lot_as_far
from tests.costs import draws


def test_how_often_groups_picked_by_lot_lie_as_far_apart_is_what_lots_show():
    """Skewed sizes of homes, and a share that few have, among them."""
    rng, lots = np.random.default_rng(20261128), draws(4000)
    for one, other in ((5, 60), (20, 60), (100, 400)):
        told = int(re.search(r"(\d+) times in 100", by_lot_as_far(one, other)).group(1))
        for measure in (rng.lognormal(3.5, 0.6, (lots, one + other)), rng.random((lots, one + other)) < 0.3):
            far = [abs(difference(row[:one].astype(float), row[one:].astype(float))[2]) > 0.1 for row in measure]
            assert abs(100 * np.mean(far) - told) < 6, (one, other)
    assert "once in 100" in by_lot_as_far(1200, 1500) and "less than once" in by_lot_as_far(3000, 12000)


def test_what_is_not_known_of_homes_is_never_called_alike():
    one, many = np.arange(61) < 1, np.arange(60) < 30
    nothing = pd.DataFrame({"what": ["Beds", "Rate"], "smd": [np.nan, np.nan]})
    assert alike_said(nothing, one) == (
        "Whether the homes were alike cannot be said: one side has fewer than two homes."
    )
    assert alike_said(nothing, many).endswith("cannot be said: too little is known of them.")
    half = nothing.assign(smd=[np.nan, 0.05])
    assert alike_said(half, many) == "The homes were alike in what is known of them. Of too few homes is known: Beds."
    assert alike_said(half.assign(smd=[np.nan, 0.5]), many).startswith(
        "Not alike (standardised difference above 0.1): Rate. Of too few homes is known: Beds. "
    )
    assert alike_said(half.assign(smd=[0.0, 0.05]), many) == "The homes were alike."
