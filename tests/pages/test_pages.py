"""What stands on the screen is what the model found, as it may be shown."""

from typing import get_args

import pytest

from analysis.design import Comparison, Plan
from analysis.protocol import Protocol
from analysis.sources import read
from analysis.store import Store
from analysis.store.sample import SAMPLE
from pages.shared import answer
from pages.shared.cached import OWN
from tests.costs import in_the_proof
from tests.pages.conftest import drawn, frames, texts
from tests.pages.test_reading import ALL

PAGES = (
    "app.py",
    "pages/data.py",
    "pages/admissions.py",
    "pages/ratings.py",
    "pages/areas.py",
    "pages/doubts.py",
    "pages/what_if.py",
    "pages/targeting.py",
    "pages/planning.py",
)


@pytest.fixture
def evaluation(evaluated):
    """The weekly ward round's, with a plan of one's own."""
    return lambda **plan: evaluated(Protocol(plan=Plan(intervention="weekly_ward_round", **plan)))


def expected(evaluation):
    """The percentage and its interval, from the model's own table."""
    ratio = evaluation.published.tidy().set_index("term").loc["rate_ratio"]
    return [f"{abs(1 - ratio[name]):.0%}" for name in ("estimate", "conf_high", "conf_low")]


def test_what_one_click_more_asks_is_worked_out_while_an_answer_is_read(visit, monkeypatch):
    later = []
    monkeypatch.setattr(answer, "while_read", later.append)
    visit("pages/admissions.py")
    others = {work.args[1].plan.comparison for work in later}
    assert others and others < set(get_args(Comparison))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_and_says_the_data_are_synthetic(seen, page):
    app = seen(page, ALL[page])
    assert len(app.title) == 1
    assert app.info[0].value.startswith("**Synthetic data.**")


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (("cqc_api_locations.jsonl.gz", "interventions.csv"), "were inspected again and can be compared"),
        (("interventions.csv",), "Load admissions and bed-days, or a CQC file with ratings"),
        (("emergency_admissions.csv", "interventions.csv"), "so there is no rate"),
    ],
)
def test_the_overview_answers_about_what_is_loaded_and_shows_the_rest_of_the_page_whatever_that_is(visit, files, told):
    store = Store.in_memory()
    for name in files:
        store.load(read(name, SAMPLE / name))
    app = visit("app.py", {OWN: store})
    assert told in " ".join(texts(app))
    assert [metric.label for metric in app.metric] == ["Homes", "Months of admissions", "Interventions"]
    assert bool(app.error) == ("emergency_admissions.csv" in files)


@pytest.mark.parametrize("page", ["app.py", "pages/admissions.py"])
def test_the_number_on_the_screen_is_the_model_s(seen, evaluation, page):
    answer = next(text for text in texts(seen(page)) if "Homes with the weekly ward round had" in text)
    estimate, least, most = expected(evaluation())
    assert f"had {estimate} fewer emergency admissions per bed-day" in answer
    assert f"(95% interval: {least.rstrip('%')}% to {most} fewer)" in answer


@pytest.mark.bench
def test_another_choice_is_another_answer(visit, evaluation):
    app = visit("pages/admissions.py")
    app.selectbox(key="compared").set_value("never_treated").run()
    estimate, *_ = expected(evaluation(comparison="never_treated"))
    assert any(f"had {estimate} fewer" in text for text in texts(app))


def test_the_event_study_draws_the_model_s_estimates(seen, evaluation):
    tidy = evaluation().published.tidy("event_time")
    ratios = tidy[tidy["term"] == "rate_ratio"]["estimate"].round(4).tolist()
    assert any(
        "event_time" in data and "estimate" in data and data["estimate"].tolist() == ratios
        for data in drawn(seen("pages/admissions.py"))
    )


def test_the_band_on_the_screen_is_the_model_s(seen, evaluation):
    band = evaluation().published.diagnostics["bands"].round(4)
    for page in ("pages/admissions.py",):
        data = next(data for data in drawn(seen(page)) if "band_low" in data)
        assert data["event_time"].tolist() == band["event_time"].tolist()
        inside = band["conf_low"].between(0.01, 100).to_numpy() & band["conf_high"].between(0.01, 100).to_numpy()
        assert data["band_low"][inside].tolist() == band["conf_low"][inside].tolist()
        assert data["band_high"][inside].tolist() == band["conf_high"][inside].tolist()


@pytest.mark.bench
def test_a_slower_method_is_computed_when_asked_for_and_stands_in_the_protocol(visit, evaluated):
    app = visit("pages/admissions.py")
    app.multiselect(key="also").set_value(["CR3"]).run()
    assert not app.exception
    asked = Protocol(plan=Plan(intervention="weekly_ward_round"), options={"also": ("CR3",)})
    assert app.code[0].value == asked.to_toml().strip()
    found = evaluated(asked).published.diagnostics["methods"].set_index("method")
    shown = next(frame for frame in frames(app) if "Method" in frame).set_index("Method")
    low, high = found.loc["CR3", ["conf_low", "conf_high"]]
    assert shown.loc["CR3", "Rate ratio, 95% interval"] == f"{low:.2f} to {high:.2f}"
    assert set(shown.index) == {"CR2 (default)", "CR1", "randomisation", "CR3"}
    forest = next(data for data in drawn(app) if "group" in data and "CR3" in data["group"].tolist())
    assert forest.set_index("group").loc["CR3", "conf_low"] == round(low, 4)


def test_the_homes_that_carry_the_answer_are_named_and_not_counted(seen, evaluation):
    asked = evaluation()
    largest = asked.published.diagnostics["leverage"].iloc[0]
    app = seen("pages/admissions.py")
    shown = next(frame for frame in frames(app) if "Share of the uncertainty" in frame)
    assert shown.columns.tolist() == ["Home", "Had the intervention", "Share of the uncertainty"]
    assert shown["Home"].iloc[0] == asked.panel.units.loc[largest["unit"], "name"]
    assert shown["Share of the uncertainty"].iloc[0] == f"{100 * largest['share']:.0f}%"


def test_why_this_interval_says_what_was_used(seen, evaluation):
    used = evaluation().published.diagnostics["inference"].iloc[0]
    said = texts(seen("pages/admissions.py"))
    assert any(used["method"] in text for text in said)
    assert any(f"rests on {used['df']:.1f} degrees of freedom" in text for text in said)


def test_no_count_of_people_in_any_chart_is_exact(seen):
    counts = [data["count"] for data in drawn(seen("pages/admissions.py")) if "line" in data]
    assert counts
    assert all((count.dropna() % 5 == 0).all() for count in counts)


def test_a_refused_question_is_told_in_words(visit):
    app = visit("pages/admissions.py")
    months = app.selectbox(key="from").options
    app.selectbox(key="from").set_value(months[-1]).run()
    assert not app.exception
    assert app.error
    assert "Traceback" not in app.error[0].value


def ready_made(treated=5):
    """A ready-made table of ten homes over two years, some of which start in January 2021."""
    header = "location_id,name,month,admissions,bed_days,start_month"
    rows = [
        f"1-{home},Home [{home}](javascript:alert(1)),{year}-{month:02d},{(home + month) % 4 + 8},900,"
        + ("2021-01" if home < treated else "")
        for home in range(10)
        for year in (2020, 2021)
        for month in range(1, 13)
    ]
    return "\n".join([header, *rows]).encode()


READY = ready_made()


def loaded_with(content):
    store = Store.in_memory()
    store.load(read("mine.csv", content))
    return {OWN: store}


@pytest.mark.parametrize("treated", [in_the_proof(1, name="1"), 2, in_the_proof(3, name="3")])
def test_few_homes_are_told_before_anything_else(visit, treated):
    app = visit("pages/admissions.py", loaded_with(ready_made(treated)))
    named = "1 home" if treated == 1 else f"{treated} homes"
    assert app.warning[0].value.startswith(f"Only {named} had the intervention.")
    assert not any("nan" in text.split() for text in texts(app))


def test_everybody_treated_at_once_is_told_in_words(visit):
    app = visit("pages/admissions.py", loaded_with(ready_made(10)))
    assert app.error
    assert not app.exception


def test_an_upload_becomes_the_visitor_s_own_data(visit):
    app = visit("pages/data.py")
    app.file_uploader[0].set_value(("mine.csv", READY, "text/csv")).run()
    assert any("240 rows = 240 to use" in text for text in texts(app))
    next(button for button in app.button if button.label == "Load these files").click().run()
    assert not app.exception
    assert any("240 rows in = 240 used" in text for text in texts(app))
    assert len(app.session_state[OWN].ledger()) == 1
    assert not any("Synthetic data" in text for text in texts(app))
    app.switch_page("pages/admissions.py").run()
    assert any("5 homes treated, 5 compared" in text for text in texts(app))
    app.switch_page("pages/data.py").run()
    next(button for button in app.button if button.label.startswith("Forget my files")).click().run()
    assert any("Synthetic data" in text for text in texts(app))


def test_a_question_stands_beside_the_file_until_it_is_answered(visit):
    other = READY.replace(b"admissions,bed_days", b"Emerg Adms,OBDs")
    app = visit("pages/data.py")
    app.file_uploader[0].set_value(("mine.csv", other, "text/csv")).run()
    asked = [box for box in app.selectbox if "Emerg Adms" in box.options]
    assert asked
    assert not any(button.label == "Load these files" for button in app.button)
    for box in asked:
        app.selectbox(key=box.key).set_value("Emerg Adms" if box.key.endswith("admissions") else "OBDs").run()
    assert any(button.label == "Load these files" for button in app.button)


def test_a_refused_file_is_told_in_words_and_changes_nothing(visit):
    app = visit("pages/data.py")
    app.file_uploader[0].set_value(("people.csv", b"NHS number,name\n1,A\n", "text/csv")).run()
    assert not app.exception
    assert app.error
    assert OWN not in app.session_state


def test_a_corrected_column_is_read_again(visit):
    two = READY.replace(b"bed_days,", b"bed_days,days in the home,").replace(b",900,", b",900,800,")
    app = visit("pages/data.py")
    app.file_uploader[0].set_value(("mine.csv", two, "text/csv")).run()
    column = next(box for box in app.selectbox if box.key.endswith("column bed_days"))
    assert column.value == "bed_days"
    app.selectbox(key=column.key).set_value("days in the home").run()
    next(button for button in app.button if button.label == "Load these files").click().run()
    assert set(app.session_state[OWN].table("occupancy")["bed_days"].astype(float)) == {800.0}


def test_names_in_files_are_text_and_never_markup(visit):
    app = visit("pages/data.py")
    name = "[x](javascript:alert(1)) :red[y] $z$ <b>.csv"
    app.file_uploader[0].set_value((name, READY, "text/csv")).run()
    shown = next(text for text in texts(app) if "javascript" in text)
    assert "\\[x\\]" in shown
    assert "\\<b\\>" in shown


def test_a_store_is_opened_when_the_app_is_told_to(visit, tmp_path, monkeypatch):
    store = Store(tmp_path / "county.duckdb")
    store.load(read("mine.csv", READY))
    app = visit()
    monkeypatch.setenv("HOMEWARD_STORE", str(tmp_path / "county.duckdb"))
    app.run()
    assert not app.exception
    assert any("county.duckdb" in text for text in texts(app))
    assert any("5 homes treated, 5 compared" in text for text in texts(app))


def test_a_visitor_s_files_are_not_in_another_visitor_s_session(visit):
    app = visit("pages/data.py")
    app.file_uploader[0].set_value(("mine.csv", READY, "text/csv")).run()
    next(button for button in app.button if button.label == "Load these files").click().run()
    other = visit("pages/data.py")
    assert any("Synthetic data" in text for text in texts(other))
    assert not any("mine.csv" in str(frame) for frame in frames(other))


@pytest.mark.bench
def test_a_choice_of_what_is_averaged_changes_sentence_and_protocol(visit, evaluated):
    app = visit("pages/admissions.py")
    app.selectbox(key="average").set_value("home").run()
    assert not app.exception
    asked = Protocol(plan=Plan(intervention="weekly_ward_round"), options={"average": "home"})
    assert app.code[0].value == asked.to_toml().strip()
    ratio = evaluated(asked).published.tidy().set_index("term").loc["rate_ratio"]
    answer = next(text for text in texts(app) if "each home counting alike" in text)
    assert (
        f"had {1 - ratio['estimate']:.0%} fewer emergency admissions per bed-day, each home counting alike," in answer
    )


@pytest.mark.bench
def test_other_choices_stand_in_the_protocol_and_are_shown(visit, evaluated):
    app = visit("pages/admissions.py")
    app.multiselect(key="within").set_value(["home_type"])
    app.selectbox(key="others").set_value("estimate")
    app.checkbox(key="dose").check().run()
    assert not app.exception
    asked = Protocol.read(app.code[0].value + "\n")
    assert asked.plan.others == "estimate"
    assert asked.options == {"month_effects_by": ("home_type",), "dose": "log-linear"}
    assert "dose_bands" in asked.checks
    assert any("against homes of the same home type, net of manager training" in text for text in texts(app))
    found = evaluated(asked).published
    shown = next(frame for frame in frames(app) if "Months since it began" in frame)
    assert shown["Homes"].tolist() == found.diagnostics["others"]["homes"].tolist()
    dose = next(frame for frame in frames(app) if "Dose" in frame)
    row = found.tidy("dose").iloc[0]
    told = f"{row['estimate']:.2f} ({row['conf_low']:.2f} to {row['conf_high']:.2f})"
    assert dose["Rate ratio (95% interval)"].tolist() == [told]


def test_from_memory_nothing_is_worked_out_again(visit):
    app = visit("pages/admissions.py")
    first = [frame.to_csv() for frame in frames(app)]
    drawings = [chart.proto.spec for chart in app.get("vega_lite_chart")]
    app.run()
    again = [frame.to_csv() for frame in frames(app)]
    assert (again, [chart.proto.spec for chart in app.get("vega_lite_chart")]) == (first, drawings)


@pytest.mark.parametrize("page", ["pages/what_if.py", in_the_proof("pages/targeting.py", name="targeting"),
                                  in_the_proof("pages/worklist.py", name="worklist")])  # fmt: skip
def test_a_home_without_a_name_is_listed_by_its_number(visit, page):
    store = Store.in_memory()
    for name in ("emergency_admissions.csv", "resident_days.csv", "interventions.csv"):
        store.load(read(name, SAMPLE / name))
    listed = [frame["Home"] for frame in frames(visit(page, {OWN: store})) if "Home" in frame]
    assert listed and all(home.str.contains(r"1-\d+").all() for home in listed)
