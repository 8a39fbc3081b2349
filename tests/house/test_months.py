"""Months are written one way and said another, and no message says them as they are written."""

import re

import numpy as np
import pandas as pd
import pytest

from analysis.months import is_month, month_said
from analysis.scenarios.faults import faults_with
from tests.scenarios.conftest import offer, scenario


@pytest.mark.parametrize("month", ["2017-04", np.datetime64("2017-04"), pd.Timestamp("2017-04-19")])
def test_a_month_is_said(month):
    assert month_said(month) == "April 2017"


@pytest.mark.parametrize("text", ["", "none", "no end", "2017-13", "0017-04"])
def test_what_is_no_month_stays_as_it_is(text):
    assert not is_month(text)
    assert month_said(text) == text


@pytest.mark.parametrize(
    ("start", "end"),
    [("2024-06", "2024-02"), ("2030-01", ""), ("2020-01", ""), ("", "2020-01"), ("2020-01", "2019-01")],
)
def test_faults_of_a_scenario_say_their_months(start, end):
    ahead = np.arange("2024-01", "2025-01", dtype="datetime64[M]")
    told = [fault.words for fault in faults_with(scenario(offer(start=start, end=end)), ahead)]
    assert told
    assert not any(re.search(r"\d{4}-\d\d", words) for words in told)
    assert all(re.search(r"(January|February|June|December) 20\d\d", words) for words in told)
