"""The attack by price on a live server: what a rule promises is a price times counts, asked for one home more each time."""

import io
import urllib.request

import numpy as np
import pandas as pd

from analysis.targeting.contest import MOST
from tests.browser.visitor import visit

DEAREST = 100_000
"""The highest value of an admission that is taken; above it the address is not followed."""
HOMES = 5


def promised(address, homes, value):
    """What the rule of the worst of last year promises with room for so many homes, from the page's own download."""
    asked = f"value={value}&cost_home=0&leads=1&homes_per_lead={homes}&residents_per_lead=100000&budget=100000000"
    seen = visit(address, "targeting", asked)
    assert not seen.error
    for place in seen.downloads:
        with urllib.request.urlopen(address + place, timeout=30) as answer:
            table = pd.read_csv(io.BytesIO(answer.read()))
        if "promised" in table:
            return table.set_index("rule").loc[MOST, "promised"]
    raise AssertionError("no download holds what the rules promised")


def test_a_price_in_the_address_of_a_live_server_gives_no_home_s_count(address):
    steps = np.diff([0.0, *(promised(address, homes, DEAREST) for homes in range(1, HOMES + 1))])
    assert (steps > 0).all()
    # homes' counts as shown are few numbers, multiples of five: the steps lie on their grid, and so tell nothing more
    print("steps", steps)
