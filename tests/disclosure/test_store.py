"""Everything that a store lets out, together, gives no small count away (attack: integer programmes)."""

from functools import partial

from analysis.disclosure import BEHIND, HES
from tests.disclosure.attack import let_out, widths

PANELS = 200


def test_no_small_count_of_200_panels_is_known_more_closely_than_the_rounding():
    found = widths(PANELS, partial(let_out, with_rule=True))
    assert len(found) > 1.5 * PANELS
    assert found.min() >= min(BEHIND.base, HES.base)


def test_nor_of_programmes_of_ten_homes_and_more_with_many_starts():
    found = widths(40, partial(let_out, with_rule=True), most=3, many=True)
    assert len(found) > 100
    assert found.min() >= min(BEHIND.base, HES.base)


def test_the_same_attack_knows_every_small_count_where_the_rule_is_off():
    assert (widths(20, partial(let_out, with_rule=False)) == 1).all()
