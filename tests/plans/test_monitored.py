"""What is watched comes from totals that may be shown, and page and terminal say the same of it."""

from dataclasses import replace

import altair as alt
import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.evaluation import material
from analysis.figures import Figure, Source
from analysis.figures import monitoring as figures
from analysis.figures.ready import ready
from analysis.monitoring import ControlChart
from analysis.monitoring.totals import totals
from analysis.outcomes import EMERGENCIES
from analysis.panel import Panel
from analysis.panel.dense import LikelyCounts
from analysis.plans.monitored import MonitoringPlan, seen, stand_apart, watch
from analysis.reports.pictures import Picture


@pytest.fixture(scope="module")
def known(sample_store):
    return seen(material(sample_store, EMERGENCIES))


def test_months_of_the_sample_are_rounded_as_a_whole_where_its_homes_stay_together(known, sample_store):
    exact = material(sample_store, EMERGENCIES).observed
    kinds = known.totals.cells["home_type"].to_numpy()
    for kind in set(kinds):
        told = known.totals.events[kinds == kind].sum(axis=0)
        true = exact.counts[(exact.units["home_type"] == kind).to_numpy()].sum(axis=0)
        assert np.median(np.abs(told - true)) <= 2.5 * (kinds == kind).sum()


def test_a_quarter_is_the_sum_of_its_months_as_shown(known):
    every = np.ones(len(known.totals.cells), bool)
    first, months, _ = known.totals.of(every)
    starts, quarters, _ = known.totals.of(every, 3)
    np.testing.assert_allclose(quarters, months.reshape(-1, 3).sum(axis=1), rtol=1e-12)  # of counts that are not whole
    assert (starts == first[::3]).all()


def test_seasons_of_the_sample_are_taken_out_and_can_be_kept(known):
    found = watch(MonitoringPlan(), known).charted
    assert (found.taken_out, found.kind, found.signals.special.sum()) == (True, "U", 0)
    kept = watch(MonitoringPlan(chart=ControlChart(season="kept")), known).charted
    assert kept.seasonal
    assert kept.signals.special.any()


def test_homes_of_which_little_is_expected_are_left_out_whatever_they_had(known):
    apart = watch(MonitoringPlan(last=12), known).apart
    assert apart.homes["expected"].min() >= 20
    assert apart.small + len(apart.homes) <= len(known.shown.units)


def test_where_too_few_homes_can_be_held_beside_others_the_chart_of_all_stands_alone(known):
    found = watch(MonitoringPlan(last=2), known)
    told = {figure.title: figure for figure in figures.figures(found, figures.source(found.plan, known.shown, "", ""))}
    assert told["Is it more than the usual coming and going?"].chart is not None
    funnel = told["Which homes stand apart?"]
    assert funnel.chart is None and "Fewer than 10 homes have 20 expected admissions" in funnel.sentence
    with pytest.raises(AnalysisError, match="Ask for more months"):
        stand_apart(known.shown, 2, "additive")


def test_a_council_that_is_not_there_is_refused(known):
    with pytest.raises(AnalysisError, match="There is no council 'Nowhere'"):
        watch(MonitoringPlan(group="council", name="Nowhere"), known)


def test_homes_whose_council_and_kind_no_file_says_are_watched_too():
    each = [(f"1-{home:03}", month) for home in range(30) for month in pd.date_range("2020-01", periods=24, freq="MS")]
    panel = Panel.from_frame(
        pd.DataFrame(each, columns=["unit", "month"]).assign(count=10, exposure=900.0, area=None, home_type=None)
    )
    found = totals(replace(panel, likely=LikelyCounts(panel.counts, panel.counts.astype(float))))
    assert found.cells[["area", "home_type"]].to_numpy().tolist() == [["not known", "not known"]]
    assert (found.events == 300).all()
    assert len(stand_apart(panel, 24, "additive").homes) == 30


def test_homes_without_names_are_drawn_and_their_picture_can_be_taken_along(known):
    shown = replace(known.shown, units=known.shown.units.assign(name=None), digest="")
    found = watch(MonitoringPlan(), replace(known, shown=shown))
    source = figures.source(found.plan, shown, "", "")
    (funnel,) = (each for each in figures.figures(found, source) if each.title == "Which homes stand apart?")
    assert b"<svg" in ready(funnel, source).drawing.svg()
    assert set(found.apart.homes["name"]) == set(found.apart.homes["location_id"])


def test_a_chart_with_a_value_that_is_missing_is_drawn_for_a_report_as_for_the_page():
    rows = alt.Data(values=[{"x": 1.0, "name": float("nan")}, {"x": 2.0, "name": "b"}])
    chart = alt.Chart(rows).mark_point().encode(x="x:Q", tooltip="name:N")
    page = ready(Figure(title="A", chart=chart), Source(origin="")).drawing.svg()
    assert page.count(b"<path") == Picture("A", chart).broad.encode().count(b"<path") > 0
