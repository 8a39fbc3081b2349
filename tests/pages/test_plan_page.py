"""Nothing that is sent before the lock holds an outcome after the start; the lock tells how it came about."""

import re

import pytest

from analysis.reports.locks import read_text
from analysis.store import Store
from pages.shared import gate
from pages.shared.menu import MENU
from tests.browser.server import serving
from tests.browser.visitor import visit as visited
from tests.disclosure.test_plans_of_twins import STARTS, counts
from tests.disclosure.test_refreshes import file_of, starts_of
from tests.pages.conftest import texts
from tests.reports.test_lock import FIRST

PLAN = "pages/plan.py"
TIMES = re.compile(rb"\d\d:\d\d")
"""When a file was loaded: twins are loaded one after the other."""
WAITING = b"Working it out"
"""What one may be told who waits, or may not."""


def stored(path, given):
    from analysis.sources import read  # noqa: PLC0415

    store = Store(path)
    store.load(read("counts.csv", file_of(given)))
    store.load(read("starts.csv", starts_of(STARTS)))
    return path


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """Two stores that differ in outcomes after the first start, and in nothing else."""
    folder, later = tmp_path_factory.mktemp("twins"), counts().copy()
    later[:, FIRST:] = later[:, FIRST:][:, ::-1] + 3
    for name in ("one", "other"):
        (folder / name).mkdir()
    return stored(folder / "one/homes.duckdb", counts()), stored(folder / "other/homes.duckdb", later)


def sent(store, pages, query):
    """Everything drawn on each page, every byte of it, by a visitor who comes anew to each."""
    with serving(HOMEWARD_STORE=str(store)) as address:
        came = {page: visited(address, page, query) for page in pages}
    assert not any(seen.error for seen in came.values())
    return {page: [TIMES.sub(b"", part) for part in seen.drawn if WAITING not in part] for page, seen in came.items()}


@pytest.mark.bench
def test_no_byte_sent_while_outcomes_are_held_back_holds_an_outcome_after_the_start(twins):
    pages = ["", *(path[6:-3] for path in MENU if path != "app.py")]
    one, other = (sent(twin, pages, "outcomes=held") for twin in twins)
    for page in pages:
        assert one[page] == other[page], page
    open_one, open_other = (sent(twin, ["admissions"], "") for twin in twins)
    assert open_one["admissions"] != open_other["admissions"]  # where they are not held it shows


@pytest.fixture
def held(visit):
    return visit(PLAN, query={"outcomes": "held"})


def test_every_other_page_is_held_until_the_plan_is_locked_and_says_how_to_go_on(held):
    assert any("held back" in text for text in texts(held))
    assert [head.value for head in held.header][-1] == "Lock it"
    held.switch_page("pages/admissions.py").run()
    assert [info.value for info in held.info][-1] == gate.HELD_BACK
    assert not held.header and not held.get("vega_lite_chart")
    next(button for button in held.button if "without a lock" in button.label).click().run()
    assert held.header[0].value == "The answer"


def pressed(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def test_the_lock_counts_plans_that_were_left_and_later_answers_list_what_was_changed(held):
    held.selectbox(key="compared").set_value("never_treated").run()
    held.checkbox(key="signed").check().run()
    held.text_input[0].set_value("A. Evaluator").run()
    lock = read_text(pressed(held, "Lock this plan").session_state[gate.LOCK], "lock")
    assert (lock.earlier, lock.answer_seen, lock.signed) == (1, False, "A. Evaluator")
    assert 'homes = "never_treated"' in lock.protocol
    assert {"The lock (TOML)", "For the Evaluation Registry (Markdown)"} <= {
        button.proto.label for button in held.get("download_button")
    }
    held.switch_page("pages/admissions.py").run()
    told = texts(held)
    assert any("One thing was changed since." in text and "One other plan was looked at" in text for text in told)
    assert any("comparison.homes was 'never_treated' when it was locked" in text.replace("\\", "") for text in told)
    for page in ("verdict", "doubts"):
        held.switch_page(f"pages/{page}.py").run()
        assert "Against the plan that was locked" in [head.value for head in held.header]
        assert any("changed since." in text and "One other plan was looked at" in text for text in texts(held)), page


def test_a_lock_made_after_an_answer_was_shown_says_so(visit):
    app = visit("pages/admissions.py")
    app.switch_page(PLAN).run()
    app.checkbox(key="signed").check().run()
    lock = read_text(pressed(app, "Lock this plan").session_state[gate.LOCK], "lock")
    assert lock.answer_seen
    assert any("not made blind" in text for text in texts(app))


SHOWN_ON = {"Ratings": "pages/ratings.py", "One area": "pages/areas.py"}
OTHERS = {"Ratings": ("question", "Safe", "outcome.key_question was 'Overall'"),
          "One area": ("area_phase", 2, "window.phase_in was 0")}  # fmt: skip
"""Of each other subject: a choice, what it is changed to, and what is then told."""


@pytest.fixture(params=[*OTHERS])
def locked_other(request, visit):
    """A plan about something else than admissions, locked by the same form: what it is about, and the visit."""
    app = visit(PLAN, query={"outcomes": "held", "about": request.param})
    titles = [head.value for head in app.header]
    assert titles[-1] == "Lock it" and "Could an effect be found?" in titles and "The answer" not in titles
    app.checkbox(key="signed").check().run()
    return request.param, pressed(app, "Lock this plan")


def test_a_plan_about_ratings_or_one_area_is_locked_by_the_same_form(locked_other):
    about, app = locked_other
    lock = read_text(app.session_state[gate.LOCK], "lock")
    kind = {"Ratings": "ratings", "One area": "area measure"}[about]
    assert (lock.earlier, lock.answer_seen) == (0, False) and f'kind = "{kind}"' in lock.protocol
    assert bool(lock.who_sha256) == (about == "Ratings")
    assert len(app.get("download_button")) == 4 and not app.session_state[gate.HELD]


@pytest.mark.bench
def test_verdict_and_doubts_tell_what_was_changed_since_a_plan_about_ratings_or_one_area_was_locked(locked_other):
    about, app = locked_other
    subject = {"Ratings": "ratings", "One area": "area"}[about]
    app.switch_page("pages/verdict.py").run().selectbox(key="about").set_value(subject).run()
    assert not app.exception and any("Nothing was changed since." in text for text in texts(app))
    app.switch_page(SHOWN_ON[about]).run()
    assert not app.exception and any("Nothing was changed since." in text for text in texts(app))
    name, value, told = OTHERS[about]
    app.switch_page("pages/doubts.py").run().selectbox(key="about").set_value(subject).run()
    app.selectbox(key=name).set_value(value).run()
    assert not app.exception and "Against the plan that was locked" in [head.value for head in app.header]
    assert any(told in text.replace("\\", "") for text in texts(app))
    app.switch_page("pages/admissions.py").run()
    assert not app.exception and any("no plan for it was locked" in text for text in texts(app))
    app.switch_page(PLAN).run()
    assert len(app.get("download_button")) == 3  # what was seen before is of the plan that was locked, and not of this
