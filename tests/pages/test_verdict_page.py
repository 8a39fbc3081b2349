"""The page of the verdict, for ratings and for one area: what the card says, with its rule and what is against it."""

import re

import pytest

from tests.pages.conftest import texts

ASKED = {"Ratings": "pages/ratings.py", "One area": "pages/areas.py"}


def calls(page):
    """What the cards of a page come to."""
    told = " ".join(element.proto.body for element in page.main.get("html"))
    return re.findall(r'class="hw-call[^"]*">([^<]+)<', told)


@pytest.mark.parametrize("about", ASKED)
def test_what_the_card_says_the_verdict_says_with_its_rule(seen, about):
    page = seen("pages/verdict.py", {"about": about})
    titles = [heading.value for heading in page.header]
    assert {"The answer", "The verdict", "What matters most against it", "How the verdict is reached"} <= set(titles)
    assert len(calls(page)) == 1 and calls(page)[0] in calls(seen(ASKED[about]))
    assert "Maryland scale" in " ".join(texts(page))
