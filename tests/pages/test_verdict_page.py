"""The page of the verdict, for ratings and for one area: what the card says, with its rule and what is against it."""

import pytest

from tests.pages.conftest import texts

ASKED = {"Ratings": "pages/ratings.py", "One area": "pages/areas.py"}
CALLED = {"Ratings": ("It helped", "It made things worse", "It did not help by as much as", "These data cannot tell"),
          "One area": ("Should not be believed",)}  # fmt: skip


@pytest.mark.parametrize("about", ASKED)
def test_what_the_card_says_the_verdict_says_with_its_rule(seen, about):
    page = seen("pages/verdict.py", {"about": about})
    titles = [heading.value for heading in page.header]
    assert titles[:4] == ["The answer", "The verdict", "What matters most against it", "How the verdict is reached"]
    said = " ".join(texts(page))
    own = next(call for call in CALLED[about] if call in said)
    assert own in " ".join(texts(seen(ASKED[about])))
    assert "Maryland scale" in said and ("rise" in said) == (about == "Ratings")
