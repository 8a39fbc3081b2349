"""Comparison homes stay, however their software writes "never"; homes that are lost are counted."""

import pandas as pd
import pytest

from analysis.checks.missing_months import missing_months
from analysis.evaluation import Evaluation, evaluate
from analysis.protocol import Protocol
from analysis.sources import Reading, read
from analysis.store import Store
from tests.costs import in_the_proof, one_in
from tests.fitted import on
from tests.sources.corpus.case import clean, csv_of, some
from tests.sources.corpus.starts import LONG_PAST, NEVER, UNREADABLE, coded, listed

PROTOCOL = Protocol.read('[intervention]\nname = "intervention"\n')
TWO_HOMES = (
    "location_id,month,admissions,bed_days,start_month\n1-1,2023-01,4,900,2023-03\n1-1,2023-02,5,900,2023-03\n"
    "1-1,2023-03,2,900,2023-03\n1-2,2023-01,3,800,{0}\n1-2,2023-02,4,800,{0}\n1-2,2023-03,4,800,{0}\n"
)


def answer(file: bytes, say: dict[str, str] | None = None) -> Evaluation:
    store = Store.in_memory()
    store.load(read("table.csv", file, say))
    return evaluate(PROTOCOL, store)


def estimate(evaluation: Evaluation) -> pd.Series:
    return evaluation.effects.tidy().iloc[0][["estimate", "conf_low", "conf_high"]].astype(float)


@pytest.fixture(scope="module")
def clean_reading() -> Reading:
    return read("t.csv", csv_of(clean()))


@pytest.fixture(scope="module")
def blank() -> Evaluation:
    return answer(csv_of(clean()))


@pytest.mark.parametrize("code", one_in(8, NEVER))
def test_every_code_for_never_gives_what_a_blank_gives(code, clean_reading):
    found = read("t.csv", coded(code))
    assert (found.rows_used, len(found.set_aside)) == (288, 0)
    for name, table in clean_reading.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table)


def test_no_comparison_home_is_lost_to_a_code(blank):
    found = answer(coded("NaN"))
    pd.testing.assert_series_equal(estimate(found), estimate(blank))
    never, before_their_start = 8, 3  # of the four supported homes the first to start serves nobody
    assert found.effects.summary["n_comparison"] == blank.effects.summary["n_comparison"] == never + before_their_start


@pytest.mark.parametrize("code", one_in(2, ["", "NaN", "0", "-1", "."]))
def test_two_homes_divide_as_on_paper(code):
    by_hand = (2 / 900) / (9 / 1800) / ((4 / 800) / (7 / 1600))
    assert estimate(answer(TWO_HOMES.format(code).encode()))["estimate"] == pytest.approx(by_hand)


@pytest.mark.parametrize("start", UNREADABLE)
def test_a_start_that_cannot_be_read_is_asked_about(start):
    assert [asked.question for asked in read("t.csv", coded(start)).questions] == ["unread starts"]


OLD = ("never", "before the first month", "not known")


@pytest.mark.parametrize("start", [LONG_PAST[1], *(in_the_proof(start, name=start) for start in LONG_PAST[2:])])
def test_starts_long_past_are_one_to_the_reader_however_they_are_written(start):
    [asked] = read("t.csv", coded(start)).questions
    assert asked.options == OLD
    for said in OLD:
        first, found = (read("t.csv", coded(code), {"old starts": said}).tables for code in (LONG_PAST[0], start))
        for name, table in first.items():
            pd.testing.assert_frame_equal(found[name], table)


def test_a_start_long_past_means_what_the_reader_says(blank):
    [asked] = read("t.csv", coded(LONG_PAST[0])).questions
    assert asked.options == OLD
    never = answer(coded(LONG_PAST[0]), {"old starts": "never"})
    pd.testing.assert_series_equal(estimate(never), estimate(blank))
    for said in asked.options[1:]:
        found = answer(coded(LONG_PAST[0]), {"old starts": said})
        assert found.effects.summary["n_comparison"] <= 4
        out = found.account().query("what == 'left out'")
        assert (out["homes"] == 8).any() and (out["home_months"] == 8 * 24).any()


def test_homes_that_are_left_out_for_want_of_a_start_are_told():
    found = answer(coded("TBC"), {"unread starts": "not known"})
    assert "from a day that is not known" in " ".join(found.account()["why"])
    check = missing_months(on(found.panel, found.design, found.model, found.effects))
    assert check.passed is False and "8 that had the intervention from a day that is not known" in check.reading


def test_homes_lost_when_a_file_was_read_stand_in_the_account():
    lost = {place: {"admissions": "?"} for place in range(264, 288)}
    found = answer(some(lost)())
    account = found.account().set_index("what")
    assert account.loc["rows that could not be read", "home_months"] == 24
    assert account.loc["homes lost when the files were read", "homes"] == 1
    check = missing_months(on(found.panel, found.design, found.model, found.effects))
    assert check.passed is False and "1 of which no row could be read" in check.reading


def test_a_later_file_makes_up_for_what_could_not_be_read():
    store = Store.in_memory()
    store.load(read("first.csv", some({5: {"admissions": "?"}})()))
    store.load(read("second.csv", csv_of(clean())))
    assert "rows that could not be read" not in set(evaluate(PROTOCOL, store).account()["what"])


def test_a_listed_home_without_a_start_is_no_comparison_home():
    found = read("x.csv", listed("1-1,a,2023-03-15,,,", "1-2,a,,,,", "1-3,a,2023-05-01,2022-05-01,,", "1-4,a,never,,,"))
    spells = found.tables["interventions"].set_index("location_id")["started"]
    assert spells.isna().to_dict() == {"1-1": False, "1-2": True, "1-3": True}
    assert "homes whose start is not known" in [finding.fault for finding in found.findings]
