"""Everything that a store lets out, together, gives no small count away (attack: integer programmes)."""

import numpy as np

from analysis.disclosure import BEHIND, HES
from tests.disclosure.attack import could_be, draw, let_out, small_counts

PANELS = 200


def widths(with_rule, panels, most=2, *, many=False):
    """How many numbers each small count attacked could have been."""
    rng, found = np.random.default_rng(20261127), []
    for _ in range(panels):
        programme = draw(rng, many=many)
        known = let_out(programme, with_rule=with_rule)
        for cells in small_counts(programme, rng, most):
            low, high = could_be(known, cells)
            assert low <= programme.counts[cells].sum() <= high
            found.append(high - low + 1)
    return np.array(found)


def test_no_small_count_of_200_panels_is_known_more_closely_than_the_rounding():
    found = widths(True, PANELS)
    assert len(found) > 1.5 * PANELS
    assert found.min() >= min(BEHIND.base, HES.base)


def test_nor_of_programmes_of_ten_homes_and_more_with_many_starts():
    found = widths(True, 40, most=3, many=True)
    assert len(found) > 100
    assert found.min() >= min(BEHIND.base, HES.base)


def test_the_same_attack_knows_every_small_count_where_the_rule_is_off():
    assert (widths(False, 20) == 1).all()
