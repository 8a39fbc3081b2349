"""The attack by price on a live server: with a milliard pounds for an admission a promise is a home's count.

Prices that are taken promise multiples of counts as shown only (`tests/disclosure/test_price.py`).
"""

import pytest

from tests.browser.visitor import visit

pytestmark = pytest.mark.browser

FREE = "&".join(
    f"{what}0_{end}=0" for what in ("set_up", "fixed_per_year", "per_home_per_year") for end in ("from", "to")
)


@pytest.mark.parametrize("homes", [1, 2])
def test_a_price_of_a_milliard_in_an_address_is_told_and_answers_nothing(address, homes):
    price = "emergency_admission_from=1000000000&emergency_admission_to=1000000000"
    seen = visit(address, "targeting", f"{price}&{FREE}&leads=1&homes_per_lead={homes}")
    assert not seen.error
    assert "cannot be more than £100,000" in " ".join(seen.texts)
    assert not seen.downloads
    assert not seen.answered > 0
