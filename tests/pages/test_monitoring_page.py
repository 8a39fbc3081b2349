"""The Monitoring page says what the terminal says."""

import pytest

from analysis import written
from analysis.evaluation import material
from analysis.figures import monitoring as figures
from analysis.outcomes import EMERGENCIES
from analysis.plans.monitored import MonitoringPlan, seen, watch
from pages.shared.showing import as_text
from tests.pages.conftest import texts


def test_the_page_shows_the_answer_of_its_plan(visit, sample_store):
    page = visit("pages/monitoring.py")
    plan = MonitoringPlan()
    expected = figures.answer(watch(plan, seen(material(sample_store, EMERGENCIES))))
    said = " ".join(texts(page))
    assert expected.headline in said
    for note in expected.notes:
        assert as_text(note) in said
    assert written.to_toml(plan) in page.code[0].value + "\n"


CHOICES = (
    {"group": "kind of home", "every": "quarter"},
    {"baseline": "24", "points": "6", "season": "kept", "target": "2"},
    {"rebased": "2020-01", "last": "60"},
    {"last": "1"},
    {"last": "-3", "baseline": "1e9", "target": "-2"},
)


@pytest.mark.parametrize("asked", CHOICES, ids=str)
def test_every_choice_opens(visit, asked):
    assert not visit("pages/monitoring.py", query=asked).exception
