"""What is worked out later is worked out once, whoever asks and how many at once, and is the same as if at once."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from analysis.later import Later, LaterLines, Once


def counted(value, wait=0.0):
    asked = []

    def make():
        asked.append(1)
        sleep(wait)
        return value

    return make, asked


def test_it_is_made_when_it_is_first_asked_for_and_once_by_however_many_visitors():
    make, asked = counted("notes", wait=0.05)
    notes = Once(make)
    assert asked == []
    with ThreadPoolExecutor(8) as visitors:
        assert {*visitors.map(lambda _: notes(), range(8))} == {"notes"}
    assert asked == [1]


def test_what_cannot_be_made_is_told_each_time_and_tried_again():
    tries = []

    def make():
        tries.append(1)
        if len(tries) < 3:
            raise ValueError("not yet")
        return 7

    later = Once(make)
    for _ in range(2):
        with pytest.raises(ValueError, match="not yet"):
            later()
    assert later() == later() == 7 and len(tries) == 3


def test_a_mapping_names_all_it_has_and_makes_what_is_asked_for():
    (one, asked_one), (two, asked_two) = counted(1), counted(2)
    found = Later({"one": one, "two": two})
    assert list(found) == ["one", "two"] and len(found) == 2 and "two" in found and "three" not in found
    assert (asked_one, asked_two) == ([], [])
    assert found["two"] == 2 and (asked_one, asked_two) == ([], [1])
    assert dict(found) == {"one": 1, "two": 2} == found
    with pytest.raises(KeyError):
        found["three"]


def test_written_down_each_is_what_it_comes_to():
    make, _ = counted((1, 2))
    assert pickle.loads(pickle.dumps(Once(make)))() == (1, 2)
    assert pickle.loads(pickle.dumps(Later({"a": counted(3)[0]}))) == {"a": 3}
    lines = LaterLines(counted(("First.", "Second."))[0])
    assert pickle.loads(pickle.dumps(lines)) == ("First.", "Second.") == tuple(lines)
    assert lines == ("First.", "Second.") and lines[0] == "First." and lines[1:] == ("Second.",) and len(lines) == 2
