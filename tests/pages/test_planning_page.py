"""The Planning page says what the simulations say, refuses nonsense beside the field, and can be stopped."""

from itertools import islice

import numpy as np
import pytest

from analysis.planning import GRID, Study, background, ratings_power, simulate, smallest
from analysis.planning.plan import SEED
from analysis.planning.ratings import RatingsStudy
from analysis.steps import Steps
from tests.pages.conftest import drawn, frames, refused, texts

PAGE = "pages/planning.py"


@pytest.fixture(scope="module")
def table(sample_past, sample_shown):
    """What the page should say of the plan it opens with."""
    _, _, without = sample_past
    noise = background(sample_shown.by_chance, without)
    study = Study(supported=40, compared=60)
    *_, end = simulate(noise, (study,), GRID, sims=500, seed=SEED)
    return end.table


def test_the_answer_on_the_screen_is_that_of_the_simulations(seen, table):
    said = " ".join(texts(seen(PAGE)))
    row = table[table["rate_ratio"] == 0.8].iloc[0]
    least = smallest(table).iloc[0]
    assert f"a true fall of 20% would be found {round(100 * row['power'])} times in 100" in said
    assert f"four times in five is {1 - least['rate_ratio']:.0%}" in said
    assert f"The interval held the true effect in {np.average(table['held']):.0%}" in said


def test_the_chart_draws_what_was_simulated_and_marks_the_plan(seen, table):
    sets = drawn(seen(PAGE))
    curve = next(data for data in sets if {"fall", "power_low"} <= set(data) and len(data) == len(table))
    assert curve.sort_values("fall")["power"].tolist() == pytest.approx(
        table.sort_values("rate_ratio", ascending=False)["power"].tolist(), abs=1e-4
    )
    assert any("label" in data and data["label"].tolist() == ["your plan"] for data in sets)


NONSENSE = [
    ("supported", 0, "At least 3 homes"), ("compared", 0, "At least 3 homes to compare with"),
    ("before", 1, "At least 2 months before"), ("after", 1, "At least 2 months with"),
    ("fall", -300, "three times as many"), ("fall", 100, "95%"), ("fall", 0, "how many per cent"),
]  # fmt: skip


def test_a_plan_that_makes_no_sense_is_refused_beside_the_field(visit):
    app = visit(PAGE)
    for key, value, words in NONSENSE:
        assert any(words in text for text in refused(app, key, value)), (key, value)
        assert any("Put right what is marked" in info.value for info in app.info), (key, value)


@pytest.mark.bench
def test_a_stepped_wedge_has_a_schedule_that_is_balanced(visit):
    app = visit(PAGE)
    app.selectbox(key="kind").set_value("stepped wedge").run()
    assert not app.exception
    waves = next(frame for frame in frames(app) if "Wave" in frame and "Homes" in frame)
    assert waves["Homes"].tolist() == [10, 10, 10, 10]
    homes = next(frame for frame in frames(app) if "Location ID" in frame)
    assert len(homes) == 40
    app.text_area(key="listed").set_value("nowhere").run()
    assert any("not in the data" in error.value for error in app.error)


def test_a_stopped_simulation_keeps_what_it_has_done(visit, monkeypatch):
    whole, done = Steps.go_on, []

    def one_step(running):
        for taken in islice(whole(running), 1):
            done.append((running, taken))
            yield taken

    monkeypatch.setattr(Steps, "go_on", one_step)
    app = visit(PAGE)
    app.selectbox(key="sims").set_value(2_000).run()
    assert not app.exception
    assert any("this rests on" in info.value for info in app.info)
    assert all(len(running.found) >= taken for running, taken in done)


def test_ratings_are_planned_with_the_published_number(visit):
    app = visit(PAGE)
    app.segmented_control(key="outcome").set_value("CQC ratings").run()
    assert not app.exception
    said = " ".join(texts(app))
    power = ratings_power(RatingsStudy(supported=80, compared=80), 0.72)
    assert f"this would be found {round(100 * power)} times in 100" in said
    assert "takes 159 services in each group" in said
    app.number_input(key="better").set_value(40).run()
    assert any("must lie above" in error.value for error in app.error)
    app.number_input(key="base").set_value(120).run()
    assert any("between 0% and 100%" in error.value for error in app.error)
