"""A claim holds what a sentence says, and refuses what cannot be, beside the field."""

import pytest

from analysis import written
from analysis.claims import Claim, FewerAdmissions, appraise, remarks
from analysis.errors import AnalysisError
from analysis.sources.evidence import written_beside

WRONG = {
    "share above 100": ('kind = "share improving"\npercent = 163', "percent"),
    "more improved than inspected": ('kind = "share improving"\nbetter = 9\ninspected = 8', "better"),
    "counts that print otherwise": ('kind = "share improving"\nbetter = 5\ninspected = 8\npercent = 70', "percent"),
    "text for a number": ('kind = "share improving"\ninspected = "a few"', "inspected"),
    "after before before": (
        'kind = "admissions"\n[before]\nlast = "2020-06"\n[after]\nfirst = "2020-06"', "after.first",
    ),
    "chosen by months after": (
        'kind = "admissions"\n[after]\nfirst = "2020-06"\n[chosen]\nlast = "2020-08"', "chosen.last",
    ),
    "months that are not those": (
        'kind = "admissions"\n[before]\nfirst = "2020-01"\nlast = "2020-06"\nmonths = 3', "before] months",
    ),
    "chosen of fewer": ('kind = "admissions"\nhomes = 3\n[chosen]\nof = 2', "homes"),
    "periods without their country": (
        'kind = "area count"\nvalue_before = 5\nvalue_after = 2\nelsewhere = [1, 2, 3]', "elsewhere",
    ),
    "scaled down": ('kind = "scaled-up total"\ntotal = 10\nseen = 30', "total"),
    "an unknown kind": ('kind = "hearsay"', "kind"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_said_at_its_field(name):
    text, place = WRONG[name]
    with pytest.raises(AnalysisError) as told:
        written.from_text(Claim, text)
    section, _, key = place.rpartition(".")
    assert (f"[{section}] {key}:" if section else f"{place}:") in str(told.value)


def test_all_faults_come_at_once_by_place():
    _, faults = written.tried(Claim, {"kind": "share improving", "percent": 163, "inspected": "many"})
    assert {fault.place for fault in faults} == {"percent", "inspected"}


def test_a_baseline_that_chose_the_home_is_said_and_not_refused():
    text = 'kind = "admissions"\npercent_fewer = 60\n[before]\nfirst = "2020-01"\nlast = "2020-06"\n[chosen]\n'
    claim = written.from_text(Claim, text + 'how = "highest"\nfirst = "2020-03"\nlast = "2020-05"')
    assert [fault.place for fault in remarks(claim)] == ["before.first"]
    other = written.from_text(Claim, text + 'how = "highest"\nfirst = "2019-03"\nlast = "2019-05"')
    assert not remarks(other)


@pytest.mark.parametrize("name", written_beside("claims"))
def test_what_is_written_is_read_again(name):
    claim = written.from_text(Claim, written_beside("claims")[name])
    assert written.from_text(Claim, written.to_toml(claim)) == claim
    assert claim.title
    assert claim.quote
    assert claim.source


@pytest.mark.parametrize("kind", ["share improving", "admissions", "area count", "area rate", "permanent admissions",
                                  "scaled-up total"])  # fmt: skip
def test_a_claim_that_says_nothing_is_asked_everything(kind):
    found = appraise(written.from_plain(Claim, {"kind": kind}))
    assert len(found.lacking) >= 5
    assert found.appraised is None


def test_what_is_not_said_is_assumed_aloud():
    found = appraise(FewerAdmissions(percent_fewer=40))
    assert any("beds" in words for words in found.assumed)
    assert any("months" in words for words in found.assumed)
    assert not appraise(
        FewerAdmissions(count_before=20, count_after=8, beds=44, before=written.from_plain(FewerAdmissions, {
            "before": {"months": 3}}).before)
    ).assumed[1:]  # fmt: skip
