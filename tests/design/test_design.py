"""Who is compared with whom, over which months: tables typed by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.design import NEVER, NO_MONTH_LEFT, TREATED_BEFORE, Plan, design_from
from analysis.errors import AnalysisError
from analysis.panel import Panel

T = 8
PANEL = Panel.from_frame(
    pd.DataFrame(
        [(unit, month, 1, 10.0) for unit in "abcdef" for month in pd.date_range("2020-01-01", periods=T, freq="MS")],
        columns=["unit", "month", "count", "exposure"],
    )
)
SPELLS = ["location_id", "intervention", "started", "ended", "chosen_by", "chosen_from", "chosen_to"]


def spells(*rows) -> pd.DataFrame:
    frame = pd.DataFrame([(*row, *[None] * (len(SPELLS) - len(row))) for row in rows], columns=SPELLS)
    dates = ["started", "ended", "chosen_from", "chosen_to"]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in dates})


def picture(design) -> dict[str, str]:
    """One line per home: x takes part, . left out."""
    return {
        unit: "".join("x" if cell else "." for cell in row)
        for unit, row in zip(PANEL.units.index, design.included, strict=True)
    }


def test_starts_are_months_whatever_the_day():
    design = design_from(
        PANEL, spells(("a", "round", "2020-03-01"), ("b", "round", "2020-05-31")), Plan(intervention="round")
    )
    assert design.start.tolist() == [2, 4, NEVER, NEVER, NEVER, NEVER]
    assert design.included.all()
    assert design.left_out.empty


def test_months_that_chose_homes_are_left_out_for_every_home():
    rows = spells(("a", "round", "2020-05-01", None, "worst year", "2020-02-01", "2020-03-31"))
    design = design_from(PANEL, rows, Plan(intervention="round"))
    assert set(picture(design).values()) == {"x..xxxxx"}
    assert design.chosen.tolist()[0] == [False, True, True, False, False, False, False, False]
    assert not design.chosen[1:].any()
    assert design.chosen_by == "worst year"
    assert design.left_out.values.tolist() == [["months whose numbers were looked at to choose homes", 6, 12]]


def test_a_protocol_that_insists_keeps_them_and_hears_what_that_does():
    rows = spells(("a", "round", "2020-05-01", None, "worst year", "2020-02-01", "2020-03-31"))
    design = design_from(PANEL, rows, Plan(intervention="round", selection="keep"))
    assert design.included.all()
    assert design.chosen.sum() == 2
    assert "contains that fall" in design.notes[0]


def test_every_rule_takes_its_months_and_says_how_many():
    rows = spells(
        ("a", "round", "2020-04-01", "2020-06-15"),
        ("b", "round", "2020-06-01"),
        ("c", "training", "2020-07-01"),
    )
    plan = Plan(intervention="round", anticipation=1, leave_out=(("2020-01", "2020-01"),))
    design = design_from(PANEL, rows, plan)
    assert picture(design) == {
        "a": ".x.xxx..", "b": ".xxx.xxx", "c": ".xxxxx..", "d": ".xxxxxxx", "e": ".xxxxxxx", "f": ".xxxxxxx",
    }  # fmt: skip
    assert design.left_out.values.tolist() == [
        ["2020-01 to 2020-01: left out by the protocol", 6, 6],
        ["the 1 month before the start", 2, 2],
        ["months after the intervention ended", 1, 2],
        ["months from the start of another intervention", 1, 2],
    ]


def test_other_interventions_can_be_kept():
    rows = spells(("a", "round", "2020-04-01"), ("c", "training", "2020-07-01"))
    assert design_from(PANEL, rows, Plan(intervention="round", others="keep")).included.all()


def test_homes_without_a_month_before_are_left_out_whole():
    rows = spells(("a", "round", "2019-06-01"), ("b", "round", "2020-01-01"), ("c", "round", "2020-03-01"))
    design = design_from(PANEL, rows, Plan(intervention="round"))
    assert design.start.tolist()[:3] == [0, 0, 2]
    assert not design.included[:2].any()
    assert design.left_out.values.tolist() == [[TREATED_BEFORE, 2, 16]]
    assert "treated before the first month" in TREATED_BEFORE


def test_a_home_left_out_whole_is_counted_once_by_its_true_cause():
    """The window takes a's months before its start; b had it from the first; all of d's follow another intervention."""
    rows = spells(
        ("a", "round", "2020-03-01", None, "worst", "2020-01-01", "2020-02-28"),
        ("b", "round", "2020-01-01"),
        ("c", "round", "2020-05-01"),
        ("d", "training", "2020-01-01"),
    )
    design = design_from(PANEL, rows, Plan(intervention="round"))
    other = "every month left out: months from the start of another intervention"
    assert design.set_aside.tolist() == [NO_MONTH_LEFT, TREATED_BEFORE, "", other, "", ""]
    assert sorted(design.left_out.values.tolist()) == sorted(
        [["months whose numbers were looked at to choose homes", 3, 6]]
        + [[why, 1, 8] for why in (NO_MONTH_LEFT, TREATED_BEFORE, other)]
    )
    assert design.left_out["unit_months"].sum() + design.included.sum() == 6 * T


def test_a_start_after_the_data_makes_a_comparison_home_and_says_so():
    design = design_from(
        PANEL, spells(("a", "round", "2020-03-01"), ("b", "round", "2021-03-01")), Plan(intervention="round")
    )
    assert design.start.tolist()[:2] == [2, NEVER]
    assert design.notes[0] == "Starting only after their last month with data, and so compared with: 1 home."


def test_only_the_first_spell_of_a_home_counts():
    rows = spells(("a", "round", "2020-07-01"), ("a", "round", "2020-02-01", "2020-04-30"))
    design = design_from(PANEL, rows, Plan(intervention="round"))
    assert design.start[0] == 1
    assert picture(design)["a"] == "xxxx...."
    assert "1 later start of" in design.notes[0]


def test_row_order_does_not_matter():
    rows = spells(
        ("a", "round", "2020-07-01"),
        ("a", "round", "2020-02-01"),
        ("b", "round", "2020-05-01"),
        ("c", "t", "2020-05-01"),
    )
    one = design_from(PANEL, rows, Plan(intervention="round"))
    two = design_from(PANEL, rows.iloc[::-1], Plan(intervention="round"))
    assert np.array_equal(one.start, two.start)
    assert np.array_equal(one.included, two.included)


def test_an_unknown_intervention_is_answered_with_those_there_are():
    with pytest.raises(AnalysisError, match=r"'rounds'\. Found: 'round', 'training'"):
        design_from(
            PANEL, spells(("a", "round", "2020-03-01"), ("b", "training", "2020-03-01")), Plan(intervention="rounds")
        )
