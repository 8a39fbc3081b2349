"""What stands on the Areas page is what the methods found, and what cannot be answered is told in words."""

import pytest

from analysis.areas import joined
from analysis.areas.measures import TOTAL_DELAYS
from analysis.design import Plan
from analysis.evaluation import evaluate
from analysis.figures.by_outcome import figures_of, source_of
from analysis.outcomes import AreaMeasure
from analysis.protocol import Protocol
from analysis.questions.area_methods import METHODS
from analysis.sources import read
from analysis.store import Store
from analysis.store.sample import COUNCIL_FILES, stored
from analysis.tables.laid_out import cell
from analysis.words.phrases import first_sentence
from pages.shared.cached import OWN
from tests.areas.asked import evaluate_area
from tests.pages.conftest import drawn, frames, texts

YEARLY = "Permanent admissions aged 65 and over (ASCOF 2A(2), 2C)"


@pytest.fixture(scope="module")
def evaluation():
    outcomes = joined(stored(COUNCIL_FILES)[0].table("area_outcomes"))
    return evaluate_area(outcomes, TOTAL_DELAYS, AreaMeasure(area="X000", start="2021-04"))


@pytest.mark.bench
def test_the_page_says_what_every_method_found(visit, evaluation):
    app = visit("pages/areas.py")
    said = " ".join(texts(app))
    assert "Delayed days in Marlshire (synthetic) fell in the first year by more than chance gives" in said
    assert "already finds 35% more (95% interval 2% to 79% more)" in said  # the placebo in time fails, in words
    assert "Should not be believed" in said and "It was not chosen by lot" in said  # what it comes to, and its price
    row = evaluation.verdict.asked.loc[1]
    table = next(frame for frame in frames(app) if "Methods below 1" in frame)
    interval = f"{row['estimate']:.2f} ({row['conf_low']:.2f} to {row['conf_high']:.2f})"
    assert table["Rate ratio (95% interval, all years at once)"].iloc[0] == interval
    forest = next(data for data in drawn(app) if "own_low" in data and len(data) == len(METHODS))
    first = evaluation.years[evaluation.years["year"] == 1]
    assert forest["estimate"].round(4).tolist() == first["estimate"].round(4).tolist()
    shown = next(frame for frame in frames(app) if "Its own 95% interval" in frame)
    assert len(shown) == len(evaluation.years)


CHOSEN = {
    "area_area": "Synthetic council 007", "area_start_X007": "May 2021", "area_claim": "40%", "area_from": "June 2018",
    "area_phase": "2", "area_wash": "1", "area_out_X007": "Synthetic council 008",
}  # fmt: skip


@pytest.mark.bench
def test_every_choice_is_bound_to_the_address_and_the_address_brings_each_back(visit):
    app = visit("pages/areas.py")
    drawn_here = [*app.main.selectbox, *app.main.multiselect]
    assert len(drawn_here) == len(CHOSEN) + 1  # and the measure
    assert all(box.proto.query_param_key == box.key for box in drawn_here)
    opened = visit("pages/areas.py", query=CHOSEN)
    told = {box.key: box.value for box in [*opened.main.selectbox, *opened.main.multiselect]}
    assert {name: told[name] for name in CHOSEN} == {
        "area_area": "X007", "area_start_X007": "2021-05", "area_claim": "40%", "area_from": "2018-06", "area_phase": 2,
        "area_wash": 1, "area_out_X007": ["X008"],
    }  # fmt: skip
    assert any("Synthetic council 007" in text and "May 2021" in text for text in texts(opened))


BY_YEAR = {"area_measure": YEARLY, "area_year_X000": "April 2020"}


def test_the_yearly_start_is_bound_too(seen):
    app = seen("pages/areas.py", BY_YEAR)
    assert app.selectbox(key="area_year_X000").value == "2020-04"


@pytest.mark.bench
def test_a_yearly_measure_is_offered_and_chosen_on_the_page(visit):
    app = visit("pages/areas.py")
    measure = next(name for name in app.selectbox(key="area_measure").options if name.startswith("Permanent"))
    app.selectbox(key="area_measure").set_value(measure).run()
    assert not app.exception
    assert any("Numerator (people)" in frame for frame in frames(app))


def test_a_yearly_measure_shows_numerator_denominator_and_breaks(seen):
    app = seen("pages/areas.py", BY_YEAR)
    assert app.selectbox(key="area_measure").value == YEARLY
    shown = next(frame for frame in frames(app) if "Numerator (people)" in frame)
    assert (
        shown["Definition"].str.contains("renumbered").any() and shown["Definition"].str.contains("client level").any()
    )
    assert (shown["Numerator (people)"] % 5 == 0).all()


@pytest.mark.bench
def test_a_claim_is_counted_in_other_areas(visit):
    app = visit("pages/areas.py")
    app.selectbox(key="area_claim").set_value("40%").run()
    assert any("A fall of 40% or more from the year before was seen in" in text for text in texts(app))


def test_no_data_by_council_is_told_in_words(visit):
    store = Store.in_memory()
    rows = "location_id,month,admissions,bed_days\n1-1,2020-01,3,900\n1-1,2020-02,2,880\n"
    store.load(read("mine.csv", rows.encode()))
    app = visit("pages/areas.py", {OWN: store})
    assert any("needs figures by council" in text for text in texts(app))


def test_a_few_councils_with_few_months_are_told_in_words(visit):
    rows = ["month,area_code,area_name,delayed_days_total"]
    rows += [f"{y}-{m:02d}-01,E{a},Area {a},{30 + a}" for a in (1, 2) for y in (2018, 2019) for m in range(1, 13)]
    store = Store.in_memory()
    store.load(read("mine.csv", ("\n".join(rows) + "\n").encode()))
    app = visit("pages/areas.py", {OWN: store})
    assert not app.exception
    assert app.error
    assert "leaves fewer than 24 months before it" in app.error[0].value
    assert "Load more months" in app.error[0].value


def test_page_and_terminal_show_the_same_figures(seen):
    """Every sentence and every table that `answer.md` holds stands on the page, in the same order."""
    outcome = AreaMeasure(area="X000", start="2021-04", measure=TOTAL_DELAYS)
    found = evaluate(Protocol(plan=Plan(intervention="programme"), outcome=outcome), stored(COUNCIL_FILES)[0])
    source = source_of(found, "the sample councils")
    figures = list(figures_of(found, source))
    app = seen("pages/areas.py")
    said = " ".join(texts(app)).replace("\\", "")
    for figure in figures:
        for words in (figure.headline, figure.warning, figure.sentence, *figure.notes, figure.caption):
            for part in first_sentence(words):  # the message over a picture is an element of its own
                assert part.replace("\\", "") in said
    shown = [frame.map(cell).to_csv(index=False) for frame in frames(app)]
    assert [table.shown.map(cell).to_csv(index=False) for figure in figures for table in figure.tables] == shown
    assert [header.value for header in app.header] == [
        *(figure.title for figure in figures if figure.level == 2 and figure.title),
        "Report",
    ]
