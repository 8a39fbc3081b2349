"""Everything that a store lets out, together, gives no small count away (attack: integer programmes)."""

from functools import partial

from analysis.disclosure import BEHIND, HES
from tests.costs import draws
from tests.disclosure.attack import let_out, told_to, widths

PANELS, MANY, UNRULED = draws(200), draws(40), draws(20)


def test_no_small_count_of_200_panels_is_known_more_closely_than_the_rounding(record_property):
    found = told_to(record_property, widths(PANELS, partial(let_out, with_rule=True)))
    assert len(found) > 1.5 * PANELS
    assert found.min() >= min(BEHIND.base, HES.base)


def test_nor_of_programmes_of_ten_homes_and_more_with_many_starts(record_property):
    found = told_to(record_property, widths(MANY, partial(let_out, with_rule=True), most=3, many=True))
    assert len(found) > 2.5 * MANY
    assert found.min() >= min(BEHIND.base, HES.base)


def test_the_same_attack_knows_every_small_count_where_the_rule_is_off(record_property):
    assert (told_to(record_property, widths(UNRULED, partial(let_out, with_rule=False)), "off") == 1).all()
