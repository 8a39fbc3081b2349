"""Does the grid over all options reach them all, and does what was counted keep the promise?"""

from itertools import product

import grid
import numpy as np
import pandas as pd
import pytest

from tests.costs import one_in


def test_every_allowed_pair_of_options_stands_in_a_cell():
    asked = [cell for cell in grid.cells() if not cell.default]
    names = [name for name in grid.OPTIONS if name != "design"]
    for a, b in product(names, names):
        if a >= b:
            continue
        found = {(getattr(cell, a), getattr(cell, b)) for cell in asked}
        for x, y in product(grid.OPTIONS[a], grid.OPTIONS[b]):
            assert (x, y) in found or not grid._allowed_options({a: x, b: y})


def test_the_grid_counts_what_the_model_says():
    cell = grid.Cell(sides="5+5", months=12, rate=5.0)
    told = grid.answer(cell, 0)
    assert told == pytest.approx(grid.answer(cell, 0))
    assert not told["refused"]
    assert 0 <= told["p"] <= 1


@pytest.mark.parametrize("panel", one_in(4, range(12)))
def test_kinds_of_month_with_another_intervention_estimated_by_cohort_are_answered(panel):
    """Of twelve such panels two once ended in a singular matrix."""
    cell = grid.Cell(
        comparison="never_treated",
        effects="cohort",
        month_effects_by="home_type",
        others="estimate",
        starts="staggered",
    )
    told = grid.answer(cell, panel)
    assert not told["refused"]
    assert np.isfinite([told["log"], told["p"]]).all()


def test_no_cell_that_was_counted_breaks_its_promise_without_a_warning():
    table = pd.DataFrame(grid.already(grid.OUT).values())
    assert len(table)
    assert grid.faults(table).empty
