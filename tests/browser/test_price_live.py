"""The attack by price on a live server: what a rule promises is a price times counts, home after home."""

import io
import urllib.request

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure import instead
from analysis.targeting.contest import MOST
from tests.browser.visitor import visit

pytestmark = pytest.mark.browser

DEAREST = 100_000
"""The highest value of an admission that is taken."""
HOMES = 4


def promised(address, homes, value):
    """What the rule "worst last year" promises with room for so many homes, from the page's own download."""
    room = f"leads=1&homes_per_lead={homes}&residents_per_lead=100000&budget=100000000"
    seen = visit(address, "targeting", f"value={value}&cost_home=0&{room}")
    assert not seen.error
    for place in seen.downloads:
        with urllib.request.urlopen(address + place, timeout=30) as answer:
            table = pd.read_csv(io.BytesIO(answer.read()))
        if "promised" in table:
            return float(table.set_index("rule").loc[MOST, "promised"])
    raise AssertionError("no download holds what the rules promised")


def test_a_price_in_the_address_of_a_live_server_gives_counts_as_shown_at_most(address, sample_past):
    total = [0.0, *(promised(address, homes, DEAREST) for homes in range(1, HOMES + 1))]
    steps = np.diff(total)
    print(steps, total)
    assert (steps > 0).all()
    assert np.isfinite(instead(np.array(steps))).all()


def test_a_price_of_a_milliard_is_not_followed(address):
    assert "between £0 and" in " ".join(visit(address, "targeting", "value=1000000000").texts).replace("\\", "")
