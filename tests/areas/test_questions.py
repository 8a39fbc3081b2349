"""Who is left out is said with the reason, and a question that cannot be answered is told in words."""

import numpy as np
import pandas as pd
import pytest

from analysis.areas import SyntheticControl, area_panel, choose, joined, measures
from analysis.areas.by_year import evaluate_years
from analysis.areas.measures import TOTAL_DELAYS, years_of
from analysis.design import NEVER
from analysis.errors import AnalysisError
from analysis.outcomes import AreaMeasure
from tests.areas.asked import evaluate_area

MONTHS = pd.period_range("2013-04", "2019-03", freq="M").to_timestamp()


def outcomes(areas=6, seed=1, change=None):
    """A table of area outcomes; `change` alters the counts (areas × months) first."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(300 * np.exp(0.2 * rng.standard_normal((areas, len(MONTHS))))).astype(float)
    if change:
        change(counts)
    rows = [
        (f"E{i:08d}", f"Area {i}", TOTAL_DELAYS, month, 1, counts[i, t])
        for i in range(areas) for t, month in enumerate(MONTHS) if np.isfinite(counts[i, t])
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["area_code", "area_name", "measure", "period", "months", "value"])
    return frame.assign(numerator=None, denominator=None)


def chosen(change=None, **question):
    table = outcomes(change=change)
    return choose(area_panel(table, TOTAL_DELAYS), AreaMeasure(**{"area": "E00000000", "start": "2017-04"} | question))


def reason(found, area):
    return found.roles.set_index("unit").loc[f"E{area:08d}", "reason"]


def test_years_that_were_hardly_reported_are_left_out_by_rule():
    def change(counts):
        counts[0, :12] = 10  # a thirtieth of the usual
        counts[1, 42:48] = 0

    found = chosen(change)
    included = found.design.included[0]
    assert not included[:12].any() and included[12:].all()
    assert "before April 2014 are left out" in found.notes[0] and "20%" in found.notes[0]
    assert "under-reported" in reason(found, 1)
    assert found.comparison == 4


def test_areas_are_left_out_each_for_its_reason():
    def change(counts):
        counts[1, 30:] = np.nan
        counts[2, :] = np.where(np.arange(72) % 5, 0, 900)
        counts[3, 24:48] *= 6  # before the start: a change of definition
        counts[4, 50:] *= 9  # after it: never a reason

    found = chosen(change, leave_out=("E00000005",))
    assert "months missing" in reason(found, 1)
    assert "no event in most months" in reason(found, 2)
    assert "break before the start" in reason(found, 3)
    assert reason(found, 4) == "" and reason(found, 0) == ""
    assert reason(found, 5) == "named by the reader"
    left = found.design.left_out.set_index("reason")
    assert left["units"].sum() == 4
    assert left.loc["months missing (often a changed code or boundary)", "unit_months"] == 30


def test_phase_in_and_wash_out_take_no_part():
    found = chosen(phase_in=3, wash_out=2)
    out = np.flatnonzero(~found.design.included[0])
    assert list(out) == [46, 47, 48, 49, 50]
    assert (found.design.start == np.where(np.arange(6) == 0, 48, NEVER)).all()


def test_a_month_the_area_did_not_report_is_left_out_for_all_and_said():
    def change(counts):
        counts[0, 20] = np.nan

    found = chosen(change)
    assert not found.design.included[:, 20].any()
    assert "1 month that the area did not report" in found.notes[0]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ({"area": "E10000009"}, "There is no area 'E10000009'"),
        ({"start": "2010-01"}, "leaves fewer than 24 months before it"),
        ({"start": "2030-01"}, "or none after it"),
        ({"start": "2014-06"}, "leaves fewer than 24 months before it"),
        ({"first": "2016-01"}, "Only 15 usable months are left before April 2017"),
        ({"last": "2017-03"}, "No month is left from April 2017 on"),
    ],
)
def test_impossible_questions_are_told_in_words(question, words):
    with pytest.raises(AnalysisError, match=words) as told:
        chosen(**question)
    assert told.value.do


def test_a_series_of_zeros_is_told_in_words():
    def change(counts):
        counts[0, :48] = 0

    with pytest.raises(AnalysisError, match=r"no event in most months|usable months"):
        chosen(change)


def test_no_donor_left_is_told_and_the_lone_series_still_answers():
    table = outcomes()
    out = tuple(f"E{i:08d}" for i in range(1, 6))
    found = evaluate_area(table, TOTAL_DELAYS, AreaMeasure(area="E00000000", start="2017-04", leave_out=out))
    assert set(found.answers) == {"Time series alone, Newey–West", "Time series alone, AR(1)"}
    assert all("No area is left to compare with" in why for why in found.unanswered.values())
    assert found.persistence is None
    panel = area_panel(table, TOTAL_DELAYS)
    with pytest.raises(AnalysisError, match="No area is left"):
        SyntheticControl().fit(panel, choose(panel, found.evaluation.design.question).design)


def test_several_treated_areas_are_refused_in_words():
    panel = area_panel(outcomes(), TOTAL_DELAYS)
    design = choose(panel, AreaMeasure(area="E00000000", start="2017-04")).design
    both = type(design)(intervention="x", start=np.where(np.arange(6) < 2, 48, NEVER), included=design.included)
    with pytest.raises(AnalysisError, match="one treated area"):
        SyntheticControl().fit(panel, both)


def test_an_area_without_an_event_after_the_start_is_no_error():
    def change(counts):
        counts[0, 48:] = 0

    found = chosen(change)
    panel = area_panel(outcomes(change=change), TOTAL_DELAYS)
    assert np.isfinite(SyntheticControl().fit(panel, found.design).tidy()["estimate"]).all()


def test_unknown_measures_are_told_with_those_that_are_there():
    with pytest.raises(AnalysisError, match="delayed days, total"):
        area_panel(outcomes(), "delayed days, NHS")
    with pytest.raises(AnalysisError, match="no yearly measure"):
        evaluate_years(outcomes(), TOTAL_DELAYS, "E00000000", "2017-04")


def ascof():
    rows = []
    for year in range(2019, 2026):
        code = "ASCOF 2A(2)" if year < 2023 else "ASCOF 2C"
        for area, name in (("E92000001", "England"), ("E1", "One"), ("E2", "Two")):
            rows.append((area, name, code, pd.Timestamp(year, 4, 1), 12, 600.0 - year % 7, 40.0, 6000.0))
        if year < 2023:
            rows.append(("E1", "One", "ASCOF 2C", pd.Timestamp(year, 4, 1), 12, 9.9, None, None))
    columns = ["area_code", "area_name", "measure", "period", "months", "value", "numerator", "denominator"]
    return joined(pd.DataFrame(rows, columns=columns))


def test_a_renumbered_measure_is_one_series_with_its_breaks_marked_and_an_older_one_of_that_number_is_not_in_it():
    table = ascof()
    found = measures(table)
    name = "Permanent admissions aged 65 and over (ASCOF 2A(2), 2C)"
    assert set(found["measure"]) == {name, "ASCOF 2C"}  # to 2022/23, 2C was delayed transfers
    years = years_of(table, name, "E1")
    assert len(years) == 7
    marked = years.set_index("period")["definition"]
    assert "renumbered" in marked[pd.Timestamp("2023-04-01")]
    assert "client level data" in marked[pd.Timestamp("2024-04-01")]
    assert (marked.drop([pd.Timestamp("2023-04-01"), pd.Timestamp("2024-04-01")]) == "").all()
    yearly = evaluate_years(table, name, "E1", "2021-04")
    assert yearly.national.notna().all()
    assert yearly.baseline.falls["areas"].max() == 2  # England is no area
