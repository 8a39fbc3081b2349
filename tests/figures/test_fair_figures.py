"""What the pages Comparison and Verdict show of the sample: sentences, pictures, tables, from counts as shown."""

from dataclasses import replace

import pytest

from analysis.calibration import calibrate
from analysis.design import Plan
from analysis.evaluation import evaluate
from analysis.figures import comparison, weighed
from analysis.figures.figure import Source
from analysis.protocol import Protocol
from analysis.specifications import choices

SOURCE = Source(origin="The sample.")


@pytest.fixture(scope="module")
def evaluation(sample_store):
    protocol = Protocol(plan=Plan(intervention="rapid_response"), subgroups=(), checks=("how_chosen", "stood_out"),
                        options={"permutations": 99, "leads": 0})  # fmt: skip
    return evaluate(protocol, sample_store)


def test_the_comparison_is_told_from_counts_as_shown(evaluation, monkeypatch):
    monkeypatch.setattr(choices, "ENDS", choices.ENDS[:2])
    monkeypatch.setattr(choices, "ANTICIPATED", (0,))
    made = [*comparison.figures(evaluation, SOURCE), comparison.unmeasured(evaluation)]
    titles = [figure.title for figure in made]
    assert titles == [
        "Were the homes alike before the start?", "The answer against homes made alike",
        "What would other defensible analyses have said?", "Could something nobody measured explain it?",
    ]  # fmt: skip
    assert "rate in the year before the first start" in made[0].sentence  # they were the worst of that year
    for figure in made[:3]:
        assert figure.chart is not None
        figure.chart.to_dict()
        frame = figure.tables[0].tidy
        numbers = frame.select_dtypes("number").filter(regex="estimate|conf|before|after")
        assert (numbers.round(2) - numbers).abs().max().max() < 1e-9  # no more digits than are told
        assert len(figure.tables[0].shown)
    assert "analyses that could be defended" in made[2].sentence
    assert "in rates before the start, size and kind of home." in made[1].sentence
    balance, answers = comparison.alike(evaluation, SOURCE, ("size", "rating"))
    named = balance.tables[0].tidy["covariate"]
    assert named.str.startswith(("size", "rating")).all() and named.str.startswith("rating").any()
    assert "in size and rating when the first home started." in answers.sentence


def test_the_verdict_is_told_with_its_rule_and_what_is_against_it(evaluation):
    made = [*weighed.figures(evaluation, evaluation.checks)]
    assert made[0].headline and any("Maryland scale" in note for note in made[0].notes)
    assert 1 <= len(made[1].notes) <= 3
    assert (made[2].tables[0].tidy["here"] == "decided").sum() == 1


def test_the_design_is_tried_out_on_these_homes(evaluation):
    found = calibrate(
        evaluation.shown, evaluation.design, replace(evaluation.model, permutations=0), ratios=(1.0, 0.8), draws=3
    )
    figure = comparison.calibrated(found, SOURCE)
    assert "panels of" in figure.notes[0] and len(figure.tables[0].shown) == 4
