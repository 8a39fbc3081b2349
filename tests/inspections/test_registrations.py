"""Which registrations are one home? Every rule on a case small enough to see."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.registrations import one_home
from analysis.sources.schema import OTHER_HOME, SAME_HOME, TABLES
from tests.costs import draws

NEW = "New Provider"


def homes_of(registrations, *ids):
    return registrations.of(pd.Series(ids)).tolist()


def outcomes(registrations):
    return {(row.reason, row.outcome): row.links for row in registrations.joins.itertuples()}


def test_chain_is_followed_to_its_newest_registration_from_either_side(locations, links):
    found = one_home(
        locations("c"), links(("c", "b", "predecessor", NEW), ("a", "b", "successor", "Legal Entity Change"))
    )
    assert homes_of(found, "a", "b", "c", "d") == ["c", "c", "c", "d"]
    assert found.named == {"c"}


def test_link_told_from_both_sides_is_one_link(locations, links):
    found = one_home(locations("a", "b"), links(("b", "a", "predecessor", NEW), ("a", "b", "successor", NEW)))
    assert homes_of(found, "a") == ["b"]
    assert outcomes(found) == {(NEW, "joined"): 1}


@pytest.mark.parametrize("reason", ["Location Move", "Closure", None])
def test_other_reasons_do_not_join(locations, links, reason):
    found = one_home(locations("a", "b"), links(("b", "a", "predecessor", reason)))
    assert homes_of(found, "a", "b") == ["a", "b"]
    assert outcomes(found) == {(reason or "not given", "not joined: another home by its reason"): 1}
    assert found.named == {"b"}


def test_reasons_are_a_choice(locations, links):
    found = one_home(locations("a", "b"), links(("b", "a", "predecessor", "Location Move")), ["Location Move"])
    assert homes_of(found, "a") == ["b"]


def test_several_become_one_or_one_several_are_not_joined(locations, links):
    merger = one_home(locations("c"), links(("c", "a", "predecessor", NEW), ("c", "b", "predecessor", NEW)))
    split = one_home(locations("b", "c"), links(("b", "a", "predecessor", NEW), ("c", "a", "predecessor", NEW)))
    assert homes_of(merger, "a", "b", "c") == homes_of(split, "a", "b", "c") == ["a", "b", "c"]
    assert outcomes(merger) == {(NEW, "not joined: several became one"): 2}
    assert outcomes(split) == {(NEW, "not joined: one became several"): 2}


def test_a_move_beside_a_new_provider_does_not_stop_the_join(locations, links):
    found = one_home(locations("c"), links(("c", "a", "predecessor", NEW), ("c", "b", "predecessor", "Location Move")))
    assert homes_of(found, "a", "b") == ["c", "b"]


def test_circle_and_link_to_itself_are_not_joined(locations, links):
    found = one_home(
        locations("a"),
        links(("a", "b", "predecessor", NEW), ("b", "a", "predecessor", NEW), ("c", "c", "predecessor", NEW)),
    )
    assert homes_of(found, "a", "b", "c") == ["a", "b", "c"]
    assert outcomes(found)[NEW, "not joined: the links run in a circle"] == 2
    assert (NEW, "joined") not in outcomes(found)


def test_dual_registration_is_the_home_of_its_primary(locations, links):
    found = one_home(locations("a", "b", dual={"primary_id": "a"}), links(("b", "dual", "predecessor", NEW)))
    assert homes_of(found, "a", "dual") == ["b", "b"]


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12), st.randoms())
@settings(max_examples=draws(50), deadline=None)
def test_homes_are_whole_chains_whatever_the_links(pairs, random):
    """Brute force: walk each one-to-one chain by hand; order and naming of rows change nothing."""
    said = [(f"{new}", f"{old}", "predecessor", NEW) for old, new in pairs]
    frame = pd.DataFrame(said, columns=list(TABLES["links"]))
    shuffled = frame.iloc[random.sample(range(len(frame)), len(frame))]
    nobody = pd.DataFrame(columns=list(TABLES["locations"]))
    found, again = one_home(nobody, frame), one_home(nobody, shuffled)
    proper = [(old, new) for old, new in pairs if old != new]
    olds, news = ([pair[side] for pair in proper] for side in (0, 1))
    single = {old: new for old, new in proper if olds.count(old) == 1 and news.count(new) == 1}
    for start in range(8):
        end = start
        for _ in range(9):
            end = single.get(end, end)
        wanted = start if end in single else end
        assert homes_of(found, f"{start}") == homes_of(again, f"{start}") == [f"{wanted}"]
    assert np.sum(found.joins["links"]) == len(pairs)


def test_a_linked_duplicate_is_the_home_of_its_primary(locations, links):
    found = one_home(locations("a", "dual"), links(("dual", "a", "primary", "Dual Registration")))
    assert homes_of(found, "a", "dual") == ["a", "a"]
    assert outcomes(found) == {("Dual registration", "joined"): 1}


def test_what_the_reader_said_is_done(locations, links):
    said = links(("b", "a", "predecessor", SAME_HOME), ("d", "c", "predecessor", OTHER_HOME))
    found = one_home(locations("a", "b", "c", "d"), said)
    assert homes_of(found, "a", "b", "c", "d") == ["b", "b", "c", "d"]
    assert found.followed == frozenset()


def test_a_family_is_all_that_is_linked_at_all(locations, links):
    moved = ("b", "a", "predecessor", "Location Move"), ("c", "b", "predecessor", NEW), ("d", "b", "predecessor", NEW)
    found = one_home(locations("c"), links(*moved, ("x", "y", "predecessor", OTHER_HOME)))
    assert found.family == dict.fromkeys("abcd", "a")
