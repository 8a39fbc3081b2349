"""Admissions, one by one or by month."""

from itertools import product

import pandas as pd

from analysis.sources import read
from analysis.sources.admissions import AVOIDABLE
from analysis.sources.schema import TABLES


def lines(*rows: str) -> bytes:
    return "\n".join([*rows, ""]).encode()


def on_the_list(code: str) -> bool:
    """The list of domain knowledge, one range at a time, by comparing codes."""
    three = code[:3]
    ranges = (("A02", "A09"), ("J12", "J18"), ("J20", "J22"), ("J40", "J44"), ("J69", "J69"), ("L89", "L89"),
              ("E10", "E14"))  # fmt: skip
    if any(low <= three <= high for low, high in ranges):
        return True
    if code[:4] in {"R630", "R631", "R632", "R633", "R634", "R636", "R638", "N390"}:
        return True
    return (code[0] == "S" and code[2] in "238") or three in {"T02", "T03", "T05", "T08", "T10", "T12"}


def test_avoidable_is_the_list_code_by_code():
    codes = pd.Series([a + str(n).zfill(2) + d for a, n, d in product("AEJLNRSTZ", range(100), "0123456789")])
    assert codes.str.match(AVOIDABLE).tolist() == [on_the_list(code) for code in codes]


def test_events_keep_no_diagnosis_and_know_emergencies_by_method():
    found = read("x.csv", lines("home id,date,ADMIMETH,DIAG_01", "1-1,2023-01-13,21,J18.9", "1-1,2023-01-14,2D,I50",
                                "1-1,2023-01-15,11,J18.9", "1-1,2023-01-15,81,", "1-2,2023-01-16,22,"))  # fmt: skip
    events = found.tables["admission_events"]
    assert list(events) == list(TABLES["admission_events"])
    assert events["emergency"].tolist() == [True, True, False, False, True]
    assert events["avoidable"].tolist()[:3] == [True, False, False]
    assert events["avoidable"].isna().tolist() == [False, False, False, True, True]


def test_two_people_of_one_home_on_one_day_are_two_admissions():
    found = read("x.csv", lines("home id,date,ADMIMETH", "1-1,2023-01-13,21", "1-1,2023-01-13,21"))
    assert len(found.tables["admission_events"]) == 2


def test_later_episodes_are_dropped_and_counted():
    found = read("x.csv", lines("home id,admidate,admimeth,epiorder", "1-1,2023-01-13,21,1", "1-1,2023-01-13,21,2"))
    assert (found.rows_in, found.rows_used, found.rows_dropped) == (2, 1, 1)


def test_monthly_counts_come_with_the_bounds_of_suppressed_ones():
    found = read("x.csv", lines("home id,month,admissions,paa", "1-1,2023-01-01,0,0", "1-1,2023-02-01,<5,*",
                                "1-1,2023-03-01,12,7"))  # fmt: skip
    counts = found.tables["admission_counts"]
    assert list(counts) == list(TABLES["admission_counts"])
    assert counts["admissions"].isna().tolist() == [False, True, False]
    assert counts.loc[1, ["at_least", "at_most"]].tolist() == [1, 4]
    assert str(counts["admissions"].dtype) == "Int64"


def test_blanks_said_to_be_zeros_are_zeros_in_the_first_and_last_month_too():
    said = {"cells": "admissions", "absent months": "zero"}
    found = read("w.csv", lines("CQC ID,Jan-23,Feb-23,Mar-23,Apr-23,May-23,Jun-23", "1-101,,1,2,,1,", "1-102,1,,1,1,,1",
                                "1-103,2,1,,1,1,", "1-104,1,1,1,,1,2"), said)  # fmt: skip
    counts = found.tables["admission_counts"]
    assert len(counts) == 24
    assert (counts["admissions"] == 0).sum() == 8
    assert counts["admissions"].sum() == 19
    assert counts.loc[counts["admissions"] == 0, "location_id"].value_counts().to_dict() == {
        "1-101": 3, "1-102": 2, "1-103": 2, "1-104": 1,
    }  # fmt: skip
