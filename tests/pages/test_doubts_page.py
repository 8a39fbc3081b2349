"""The page of doubts: all that the protocol names, the worst first, and the same as beside the answer."""

from dataclasses import replace
from importlib import import_module

import pandas as pd
import pytest

from analysis.areas.measures import TOTAL_DELAYS
from analysis.design import Plan
from analysis.figures import Source
from analysis.figures.doubts import OBSERVED, at_a_glance, each, worst_first
from analysis.outcomes import AreaMeasure, Ratings
from analysis.protocol import CHECKS, Protocol, always, of_ratings
from analysis.results import Check
from pages.shared import areas, cached
from pages.shared.turns import Answers
from tests.pages.conftest import texts


@pytest.fixture
def evaluation(visit):
    """What the page examines, as `test_warm` holds it to what is worked out anew."""
    return cached.evaluation(cached.shared(), Protocol(plan=Plan(intervention="weekly_ward_round")))


def test_every_doubt_of_the_protocol_stands_on_the_page_worst_first(seen, evaluation):
    app = seen("pages/doubts.py")
    headings = [heading.value for heading in app.header]
    ranked = [check.name for check in worst_first(evaluation.checks)]
    assert headings == ["The answer", "All doubts at a glance", *ranked, "What this cannot tell you"]
    assert len(ranked) == len(always())
    told = " ".join(texts(app))
    assert all(check.reading.split(".")[0] in told.replace("\\", "") for check in evaluation.checks)


def test_a_stopped_examination_of_the_choices_in_the_address_says_how_far_it_came(visit):
    asked = Protocol(plan=Plan(intervention="rapid_response")).to_toml()
    app = visit(
        "pages/doubts.py", query={"intervention": "rapid response"}, session={"stopped Examining doubts": asked}
    )
    assert app.selectbox(key="intervention").value == "rapid_response"
    assert f"Stopped: 0 of {len(always())} doubts have been examined." in texts(app)
    assert [heading.value for heading in app.header] == ["The answer", "What this cannot tell you"]


@pytest.mark.bench
def test_an_examination_can_be_stopped_and_taken_up(evaluation):
    evaluation = replace(evaluation)  # whose doubts nobody has examined
    examined = evaluation.examination
    steps = examined.go_on()
    assert next(steps) == 1
    assert len(examined.found) == 1 and not examined.finished
    assert examined.all() == examined.found
    assert [check.name for check in examined.found] == [check.name for check in evaluation.checks]
    again = evaluation.examination.all()
    assert all(one is other for one, other in zip(again, examined.found, strict=True))  # none is examined twice


def test_concerns_come_first_and_are_counted():
    def check(name, passed, beside=""):
        return Check(name=name, passed=passed, table=pd.DataFrame(), reading=f"{name}.", beside=beside)

    checks = [check("a", True), check("b", None), check("c", False), check("d", False, "Mind this.")]
    assert [c.name for c in worst_first(checks)] == ["d", "c", "b", "a"]
    figure = at_a_glance(checks)
    assert "2 a concern, 1 on which" in figure.sentence
    assert figure.tables[0].shown["What came of it"].tolist() == [
        "Concern",
        "Concern",
        "Judge for yourself",
        "No concern",
    ]


def test_admissions_tells_them_in_one_table_and_leads_to_them(seen, evaluation):
    app = seen("pages/admissions.py")
    headings = [heading.value for heading in app.header]
    assert "All doubts at a glance" in headings
    told = " ".join(texts(app)).replace("\\", "")
    assert sum(check.name in told for check in evaluation.checks) <= 1  # the gravest, on the card
    assert "Read each doubt, with its picture" in [link.proto.label for link in app.get("page_link")]


def drawn(**columns):
    """Give the rows of the picture of a doubt that computed this; none where nothing is drawn."""
    table = pd.DataFrame(columns)
    check = Check(name="Is it so?", passed=True, table=table, reading="It is.")
    (figure,) = each([check], Source(origin="Made up."))
    if figure.chart is None:
        return []
    rows = next(iter(figure.chart.to_dict()["datasets"].values()))
    return [row["group"] for row in rows]


def test_every_row_of_a_picture_has_a_name_of_its_own_in_words():
    span = {"estimate": [0.8, 0.9], "conf_low": [0.7, 0.8], "conf_high": [0.9, 1.1]}
    assert drawn(last_month=pd.to_datetime(["2020-03-01", "2020-05-01"]), **span) == ["March 2020", "May 2020"]
    twice = drawn(first_month=["July 2018"] * 2, months_before_left_out=[0, 3], **span)
    assert twice == ["July 2018", "July 2018, 3 months|before left out"]
    assert drawn(what=["the answer"], estimate=[0.8], conf_low=[0.7], conf_high=[0.9]) == []


STOPPED = {
    "Ratings": of_ratings(Plan(intervention="manager_training"), Ratings(), models=True).to_toml(),
    "One area": areas.protocol_of(AreaMeasure(area="X000", start="2021-04", measure=TOTAL_DELAYS)).to_toml(),
}
"""What is asked when the page is opened: somebody who stopped that before opened it again."""


@pytest.mark.bench
@pytest.mark.parametrize(("about", "kind"), [("Ratings", "ratings"), ("One area", "area measure")])
def test_doubts_stand_on_the_page_worst_first_and_can_be_stopped_and_taken_up(visit, about, kind, monkeypatch):
    monkeypatch.setattr(cached, "_SHARED", Answers(4))  # of which nobody has asked anything yet
    app = visit("pages/doubts.py", query={"about": about}, session={"stopped Examining doubts": STOPPED[about]})
    names = {import_module(CHECKS[name].partition(":")[0]).NAME for name in always(kind)}
    assert f"Stopped: 0 of {len(names)} doubts have been examined." in texts(app)
    app.button(key="go on Examining doubts").click().run()
    assert not app.exception
    headings = [heading.value for heading in app.header]
    assert headings[:2] == ["The answer", "All doubts at a glance"]
    assert set(headings[2:]) == names and len(headings) == 2 + len(names)
    again = visit("pages/doubts.py", query={"about": about})  # by whom nobody is waited for
    assert [heading.value for heading in again.header] == headings
    assert (OBSERVED in " ".join(texts(app)).replace("\\", "")) is (about == "Ratings")
