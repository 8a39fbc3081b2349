"""Many ask at once: the first asked is answered first, each thing is worked out once, and nothing waits for itself."""

import threading
import time

import pytest

from analysis.errors import AnalysisError
from pages.shared import turns
from pages.shared.turns import AT_ONCE, Answers


def together(tasks):
    """Start every task in a thread of its own, a little after the one before."""
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    for thread in threads:
        thread.join()


def test_the_first_asked_is_the_first_answered_and_no_more_are_worked_on_than_there_are_processors():
    answers, begun, ended, at_once = Answers(50), [], [], []

    def work(k):
        begun.append(k)
        at_once.append(len(begun) - len(ended))
        time.sleep(0.1)
        ended.append(k)
        return k

    found = {}
    together([lambda k=k: found.update({k: answers.of(k, lambda: work(k))}) for k in range(3 * AT_ONCE)])
    assert found == {k: k for k in range(3 * AT_ONCE)}
    assert begun == sorted(begun)
    assert max(at_once) <= AT_ONCE


def test_what_many_ask_for_is_worked_out_once():
    answers, worked = Answers(50), []

    def work():
        worked.append(1)
        time.sleep(0.2)
        return "answer"

    found = []
    together([lambda: found.append(answers.of("same", work))] * 8)
    assert found == ["answer"] * 8
    assert len(worked) == 1


def test_parts_of_a_piece_of_work_do_not_wait_for_its_turn():
    answers = Answers(50)
    found = []

    def whole(k):
        return answers.of(("part", k % 2), lambda: answers.of("whole part", lambda: 1) + k % 2)

    together([lambda k=k: found.append(answers.of(k, lambda: whole(k))) for k in range(4 * AT_ONCE)])
    assert sorted(found) == sorted(1 + k % 2 for k in range(4 * AT_ONCE))


def test_a_part_that_is_being_worked_out_is_waited_for_and_not_worked_out_again():
    answers, worked, found = Answers(50), [], []

    def part():
        worked.append(1)
        time.sleep(0.2)
        return "part"

    turns.beforehand(lambda: found.append(answers.of("part", part)))
    time.sleep(0.05)
    together([lambda k=k: found.append(answers.of(k, lambda: answers.of("part", part))) for k in range(3)])
    assert found == ["part"] * 4
    assert len(worked) == 1


def test_a_part_that_went_wrong_is_told_and_not_remembered():
    answers, wrong = Answers(50), [True]

    def part():
        if wrong:
            raise AnalysisError("There is nothing.")
        return 1

    with pytest.raises(AnalysisError):
        answers.of("whole", lambda: answers.of("part", part))
    wrong.clear()
    assert answers.of("whole", lambda: answers.of("part", part)) == 1


def test_what_went_wrong_is_told_to_all_and_not_remembered():
    answers, wrong = Answers(50), [True]

    def work():
        if wrong:
            raise AnalysisError("There is nothing.")
        return 1

    with pytest.raises(AnalysisError):
        answers.of("x", work)
    wrong.clear()
    assert answers.of("x", work) == 1


def test_only_the_latest_are_remembered():
    answers, worked = Answers(2), []
    for k in (1, 2, 1, 3, 1, 2):
        answers.of(k, lambda k=k: worked.append(k))
    assert worked == [1, 2, 3, 2]


def test_who_waits_is_told_how_many_are_before():
    assert turns._words(0) == "*Working it out …*"
    assert turns._words(1) == "*One question is before yours; they are answered in the order asked …*"
    assert "19 questions are before yours" in turns._words(19)
