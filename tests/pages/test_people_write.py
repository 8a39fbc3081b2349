"""What people write on a page: kept for them alone, unless the operator set up a journal for all; never run."""

import pytest

from analysis.journal import Decision, Journal, Visit
from pages.shared import journals
from pages.shared.journals import OWN_JOURNAL, SHARED
from tests.pages.conftest import frames, texts

FORMULA = '=HYPERLINK("http://x","y")'
LONG = f"{FORMULA} **bold** $x$ <script>alert(1)</script> " + "é" * 9_900


def write_a_visit(page):
    page.text_area(key="visit text").set_value(LONG)
    next(button for button in page.button if button.label == "Write it down").click().run()
    assert not page.exception
    return page


def test_a_visit_is_written_kept_and_shown_to_nobody_else(visit):
    page = write_a_visit(visit("pages/feedback.py"))
    assert any("Entry 1 is written" in said.value for said in page.success)
    own = page.session_state[OWN_JOURNAL]
    assert [entry.text for _, _, entry in own.entries(Visit)] == [LONG.strip()]
    page.run()
    assert "<script>" not in " ".join(texts(page)) and "1 entry of 1 home" in " ".join(texts(page))
    shown = [str(cell) for frame in frames(page) for cell in frame.to_numpy().ravel()]
    assert [cell for cell in shown if "HYPERLINK" in cell and cell.startswith("=")] == []
    other = visit("pages/feedback.py")
    assert "Nothing has been written down yet" in " ".join(texts(other))


def test_in_the_file_that_is_handed_out_a_formula_is_text():
    import pandas as pd  # noqa: PLC0415 - of this test alone

    assert "'=HYPERLINK" in journals.csv(pd.DataFrame({"text": [FORMULA]}))


@pytest.fixture
def for_all(tmp_path):
    """A file that the operator set up; the environment is set once a page is open, as `visit` clears it."""
    return tmp_path / "journal.sqlite"


def test_with_a_journal_for_all_every_page_says_so_and_others_read_it(visit, for_all, monkeypatch):
    page = visit("pages/feedback.py")
    monkeypatch.setenv(SHARED, str(for_all))
    page.run()
    assert any("every visitor of this app can read it" in said.value for said in page.warning)
    write_a_visit(page)
    assert len(Journal(for_all).entries(Visit)) == 1
    assert "1 entry of 1 home" in " ".join(texts(visit("pages/feedback.py")))


def test_a_decision_needs_who_and_why_and_is_handed_on(visit):
    page = visit("pages/worklist.py")
    press = next(button for button in page.button if button.label == "Write it down")
    press.click().run()
    assert any("who decides and why" in said.value for said in page.error)
    page = visit("pages/worklist.py")
    page.text_input[-1].set_value("A lead")
    next(area for area in page.text_area if area.label == "Reason in words").set_value("=1+1")
    next(button for button in page.button if button.label == "Write it down").click().run()
    ((_, _, entry),) = page.session_state[OWN_JOURNAL].entries(Decision)
    assert (entry.decision, entry.by, entry.why, entry.intervention) == ("start", "A lead", "=1+1", "enhanced support")
    assert entry.chosen_by.startswith("worklist: ")
    page.run()
    assert any("As a list of interventions" in said.value for said in page.markdown)
