"""What stands on the Ratings page is what the comparison found, for an intervention and for a list."""

import pytest

from analysis import words
from analysis.design import Plan
from analysis.inspections import spells_of, stored_inspections
from analysis.protocol import Protocol
from analysis.ratings import ObservedExpected, transitions
from analysis.ratings.placebos import placebos
from analysis.ratings.supported import intervention_starts, listed_starts, other_starts
from tests.pages.conftest import drawn, frames, texts

PAGE = "pages/ratings.py"
OF_A_LIST = {"supported": "A list of homes"}


@pytest.fixture(scope="module")
def known(sample_store):
    return stored_inspections(sample_store)


def test_the_intervention_with_most_to_gain_is_answered_unasked(seen, sample_store, known):
    app = seen(PAGE)
    assert app.selectbox(key="supported").value == "manager_training"
    effects = ObservedExpected().fit(
        known, intervention_starts(sample_store, "manager_training"), other_starts(sample_store, "manager_training")
    )
    assert any(words.programme(effects, "the manager training") in text for text in texts(app))
    ratios = effects.tidy().query("term == 'observed_over_expected'")["estimate"].round(4).tolist()
    over = next(data for data in drawn(app) if "told" in data and "estimate" in data)
    assert over["estimate"].tolist()[:1] == ratios


def test_how_ratings_move_anyway_is_that_of_the_base_rates(seen, sample_store, known):
    app = seen(PAGE)
    rows = transitions(known, supported=other_starts(sample_store)).table
    row = rows[(rows["from_rating"] == "Below Good") & (rows["moved"] == "better")].iloc[0]
    assert any(words.moved("Below Good", "better", row.to_dict()) in text for text in texts(app))
    assert any("From 1 April 2019" in text for text in texts(app))  # changes of the rules are told


def test_a_pasted_list_is_a_programme(visit, sample_store, known):
    app = visit(PAGE)
    app.selectbox(key="supported").set_value("A list of homes").run()
    assert any("Paste the homes" in text for text in texts(app))
    spells = spells_of(known).frame
    day = spells["start"].min().normalize().replace(year=2019, month=4, day=1)
    low = spells.loc[(spells["start"] <= day) & (spells["end"] > day) & (spells["rating"] < "Good"), "home"]
    names = known.homes.loc[low, "name"].head(12)
    text = "\n".join([*low.head(6), *names.iloc[6:].str.upper()])
    app.selectbox(key="since").set_value("2019-04")
    app.text_area(key="homes").set_value(text).run()
    effects = ObservedExpected().fit(known, listed_starts(sample_store, known, text, day), other_starts(sample_store))
    assert effects.diagnostics["homes"]["home"].tolist() == sorted(low.head(12))
    assert any(words.programme(effects, "the support") in told for told in texts(app))


def test_a_list_that_cannot_be_used_is_told_in_words(visit):
    app = visit(PAGE, query=OF_A_LIST)
    for text, told in (("no such home", "is no home that is loaded"), (" ; ,", "holds no home")):
        app.text_area(key="homes").set_value(text).run()
        assert not app.exception
        assert any(told in error.value for error in app.error)


def test_a_programme_nobody_can_judge_yet_is_told_and_the_rest_still_stands(visit, known):
    app = visit(PAGE, query=OF_A_LIST)
    app.selectbox(key="since").set_value(app.selectbox(key="since").options[-1])
    app.text_area(key="homes").set_value(known.homes.index[0]).run()
    assert not app.exception
    assert any("No supported home was rated again" in error.value for error in app.error)
    assert any("How ratings move anyway" in header.value for header in app.header)


@pytest.mark.bench
def test_key_questions_and_closures_come_when_asked_for(visit):
    app = visit(PAGE)
    app.toggle(key="five").set_value(True)
    app.toggle(key="closures").set_value(True)
    app.toggle(key="all_five").set_value(True).run(timeout=300)
    assert not app.exception
    assert sum("Well-led was rated better first" in text for text in texts(app)) == 3
    assert any(
        "left the register; those that were only registered again are not counted" in text for text in texts(app)
    )
    assert any("no number is given" in text for text in texts(app))
    shown = next(frame for frame in frames(app) if "p, allowing for five" in frame)
    assert shown["Key question"].tolist() == ["Safe", "Effective", "Caring", "Responsive", "Well-led"]


@pytest.mark.bench
def test_another_rating_is_another_answer(visit, sample_store, known):
    app = visit(PAGE)
    app.selectbox(key="question").set_value("Safe").run()
    started = intervention_starts(sample_store, "manager_training")
    effects = ObservedExpected(key_question="Safe").fit(known, started, other_starts(sample_store, "manager_training"))
    assert any(words.programme(effects, "the manager training", "Safe") in text for text in texts(app))


def test_a_pasted_list_is_in_the_address_on_the_page_and_in_a_download(visit, known):
    day = known.frame["date"].median().replace(day=1).normalize()
    homes = known.frame.loc[(known.frame["date"] < day) & (known.frame["rating"] < "Good"), "home"].unique()[:8]
    choices = OF_A_LIST | {"homes": "\n".join(homes), "since": f"{day:%Y-%m}"}
    app = visit(PAGE, query=choices)
    assert app.text_area(key="homes").value == choices["homes"]
    shown = next(frame for frame in frames(app) if "Supported from" in frame)
    assert shown["Home"].tolist() == sorted(homes)
    assert shown["Supported from"].unique().tolist() == [f"{day.day} {day:%B %Y}"]
    assert any("supported_homes.csv" in text for text in texts(app))


def test_how_ratings_were_read_and_which_registrations_are_one_home_are_shown(seen, known):
    shown = frames(seen(PAGE))
    read_in = next(frame for frame in shown if "Published ratings" in frame)
    assert read_in["Rows"].sum() == known.ledger["rows"].sum()
    joined = next(frame for frame in shown if "Registrations" in frame)
    assert joined["Registrations"].tolist() == known.joins["links"].tolist()


@pytest.mark.bench
def test_homes_with_another_intervention_are_left_out_or_kept_as_asked(visit, sample_store, known):
    started, other = (find(sample_store, "manager_training") for find in (intervention_starts, other_starts))
    app = visit(PAGE)
    for choice in ("leave out", "keep", "estimate"):
        app.selectbox(key="alongside").set_value(choice).run()
        effects = ObservedExpected(other_interventions=choice).fit(known, started, other)
        assert any(words.programme(effects, "the manager training") in text for text in texts(app))
        assert any("had another intervention before the next rating" in note for note in effects.notes)


@pytest.mark.bench
def test_placebo_programmes_stand_beside_the_answer_when_asked_for(visit, sample_store, known):
    app = visit(PAGE, query={"placebos": "true"})
    started, other = (find(sample_store, "manager_training") for find in (intervention_starts, other_starts))
    found = placebos(known, started, other=other, seed=Protocol(plan=Plan(intervention="x")).seed)
    shown = next(frame for frame in frames(app) if "Quarter from" in frame)
    assert shown["Rated better"].tolist() == found.frame["observed"].tolist()
    assert any(words.placebos(found, "the manager training")[:60] in text for text in texts(app))
