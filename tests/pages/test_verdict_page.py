"""The page of the verdict, for ratings and for one area: what the card says, with its rule and what is against it."""

import re

import pytest

from analysis.protocol import Protocol
from analysis.reports.locking import locked
from pages.shared import gate
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


def test_doubts_examined_for_the_verdict_stand_on_their_page_as_it_opens(seen, visit):
    seen("pages/verdict.py", {"about": "One area"})
    page = visit("pages/doubts.py", query={"about": "One area"})
    assert [heading.value for heading in page.header][:2] == ["The answer", "All doubts at a glance"]
    assert len(calls(page)) == 1


@pytest.mark.bench
def test_what_parts_it_from_the_plan_that_was_locked_is_told_of_ratings_and_of_an_area(visit, sample_store):
    written = '[intervention]\nname = "manager_training"\n[outcome]\nkind = "ratings"\nkey_question = "Safe"\n'
    lock, _ = locked(Protocol.read(written), sample_store, "2026-11-27T17:20:00+00:00")
    page = visit("pages/verdict.py", {gate.LOCK: lock.to_toml()}, {"about": "Ratings"})
    assert "Against the plan that was locked" in [heading.value for heading in page.header]
    told = " ".join(texts(page)).replace("\\", "")
    assert "things were changed since." in told and "outcome.key_question was 'Safe' when it was locked" in told
    page = visit("pages/verdict.py", {gate.LOCK: lock.to_toml()}, {"about": "One area"})
    assert "This answer is about one area's figures, and no plan for it was locked." in " ".join(texts(page))
