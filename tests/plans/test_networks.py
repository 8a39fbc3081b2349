"""What leads have is the sum of their homes, names stay at the door, and every way of saying it is read."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import written
from analysis.errors import AnalysisError
from analysis.figures import networks as figures
from analysis.figures.figure import Source
from analysis.plans.networks import NetworksPlan, lead, listed

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "sample" / "lists" / "networks.csv"


@pytest.fixture(scope="module")
def led(homes):
    return lead(listed("networks.csv", SAMPLE), homes)


def test_leads_of_the_sample_are_the_sums_of_their_homes(homes, led):
    rows = pd.read_csv(SAMPLE, keep_default_na=False)
    by = rows.groupby(["network", "lead"], as_index=False, sort=True)
    assert led.leads["homes"].tolist() == by.size()["size"].tolist()
    assert led.leads["homes"].sum() == len(rows) == 153 and (led.unknown, led.missing) == (
        0,
        1,
    )  # one closed after the last month
    shown = homes.shown
    days = pd.Series(shown.exposure[:, -3:].sum(axis=1) / 92, shown.units.index)
    residents = rows.assign(residents=days.reindex(rows["location_id"]).to_numpy()).groupby(["network", "lead"])
    np.testing.assert_array_equal(led.leads["residents"], 5 * np.floor(residents["residents"].sum() / 5 + 0.5))
    weekly = led.elements[led.elements["element"].str.startswith("Weekly")].set_index("network")["has"]
    assert weekly.to_dict() == (rows["weekly_round"] == "yes").groupby(rows["network"]).sum().to_dict()


def test_what_is_shown_has_a_chart_a_table_and_a_sentence(led):
    shown = list(figures.figures(led, Source(origin="")))
    assert [table.name for figure in shown for table in figure.tables] == [
        "clinical_leads", "elements_in_place", "networks_apart",
    ]  # fmt: skip
    assert "4 networks with" in shown[0].headline
    assert (led.variation["lower"] < 1).all() and (led.variation["upper"] > 1).all()


def test_names_of_leads_stay_at_the_door_and_ways_of_saying_are_read():
    text = "Location ID,PCN,Clinical lead,MDT,SMR\n1-101,North,Dr Jane Doe,have,Y\n1-102,North,Dr A B,planned,no\n"
    plan = listed("pcn.csv", text.replace("Location ID", "location_id").encode())
    assert "Jane" not in written.to_toml(plan)
    assert [(one.lead, one.team, one.has, one.lacks) for one in plan.homes] == [
        (1, "in place", ("medication_review",), ()), (2, "building", (), ("medication_review",)),
    ]  # fmt: skip
    assert written.from_text(NetworksPlan, written.to_toml(plan)) == plan


def test_a_list_that_cannot_be_is_refused(homes):
    twice = b"location_id,network\n1-101,North\n1-101,South\n"
    with pytest.raises(AnalysisError, match="one row per home"):
        listed("pcn.csv", twice)
    with pytest.raises(AnalysisError, match="None of these homes"):
        lead(listed("pcn.csv", b"location_id,network\n1-101,North\n"), homes)
