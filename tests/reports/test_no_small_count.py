"""Of counts too small to be shown a report holds nothing: two panels that look alike have the same report, to the byte.

The lowest and the highest counts within the same bands (brute force); with the rule off the reports differ, so the
comparison would notice.
"""

import pytest

from analysis.reports import evaluation_report, written
from tests.disclosure import test_twins
from tests.disclosure.test_twins import asked_of, drawn, panel_of, twins

__all__ = ["drawn"]
NAME = next(iter(test_twins.QUESTIONS))


def told(panel, spells, *, with_rule=True):
    evaluation = asked_of(panel, spells, test_twins.QUESTIONS[NAME], with_rule=with_rule)
    return written(evaluation_report(evaluation, "panel"))


@pytest.mark.bench
def test_homes_in_the_same_bands_have_the_same_report(drawn):
    panel, spells = drawn
    given = told(panel, spells)
    for counts in twins(panel, spells):
        other = panel_of(counts, panel.exposure)
        assert {name: content == given[name] for name, content in told(other, spells).items()} == {
            "report.html": True, "report.docx": True, "report.pdf": True,
        }  # fmt: skip


@pytest.mark.bench
def test_with_the_rule_off_the_same_homes_have_another_report(drawn):
    panel, spells = drawn
    given = told(panel, spells, with_rule=False)
    other = told(panel_of(next(twins(panel, spells)), panel.exposure), spells, with_rule=False)
    assert all(other[name] != given[name] for name in given)
