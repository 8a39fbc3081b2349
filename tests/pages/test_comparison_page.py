"""The Comparison page: what homes are made alike in is chosen there, and stands in the address."""

from tests.pages.conftest import frames


def test_what_homes_are_made_alike_in_stands_in_the_address(seen):
    page = seen("pages/comparison.py", {"match_on": ["size"]})
    assert page.multiselect(key="match_on").value == ["size"]
    named = frames(page)[0].iloc[:, 0]
    assert named[0].startswith("size") and all(name.startswith("size") or "not matched" in name for name in named)
