"""A spreadsheet of visits comes into the journal whole or not at all, and nothing in it runs."""

import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.journal import Journal, Visit
from analysis.plans.visits import imported

ROWS = pd.DataFrame({
    "Location ID": ["1-101", "1-102", "1-103"], "Visit date": ["13/01/2026", "14/01/2026", "15/01/2026"],
    "Appearance of residents": ["good", "2", ""], "Physical environment": ["4", "", ""],
    "Kind of visit": ["", "unannounced", "family"], "Comments": ["", "=1+1", "<b>x</b> " * 1_000],
    "Shared with manager": ["yes", "no", ""],
}).rename(columns={"Location ID": "location_id"})  # fmt: skip


def of(rows: pd.DataFrame) -> bytes:
    return rows.to_csv(index=False).encode()


def test_a_spreadsheet_is_taken_once_and_says_so():
    journal = Journal()
    assert imported("v.csv", of(ROWS), journal) == "v.csv: 3 entries are written, 0 were there already."
    assert imported("v.csv", of(ROWS), journal) == "v.csv: 0 entries are written, 3 were there already."
    first, second, third = (entry for _, _, entry in journal.entries(Visit))
    assert first == Visit(home="1-101", day="2026-01-13", appearance=3, environment=4, shared=True)
    assert (second.sort, second.appearance, second.text) == ("unannounced audit", 2, "=1+1")
    assert (third.sort, len(third.text)) == ("residents and carers", 8_999)


def test_rows_that_cannot_be_are_set_aside_and_the_rest_is_taken():
    odd = ROWS.assign(**{"Appearance of residents": ["good", "seven", ""]})
    assert "1 rows could not be used" in imported("v.csv", of(odd), Journal())


@pytest.mark.parametrize("change", [{"Comments": ["x" * 10_001, "", "y"]}, {"Comments": ["943 476 5919", "", "y"]}])
def test_an_entry_that_cannot_be_stops_the_file(change):
    journal = Journal()
    with pytest.raises(AnalysisError, match=r"v\.csv was not taken"):
        imported("v.csv", of(ROWS.assign(**change)), journal)
    assert len(journal) == 0


def test_a_file_of_something_else_is_refused():
    with pytest.raises(AnalysisError, match="was not taken"):
        imported("v.csv", b"location_id,month,admissions\n1-101,2020-01,3\n", Journal())


def test_a_journal_is_read_from_the_terminal_and_nothing_in_it_runs(tmp_path, homes):
    from analysis.figures import of_homes  # noqa: PLC0415 - of this test alone
    from analysis.figures.figure import Source  # noqa: PLC0415 - as above
    from analysis.plans.visits import FeedbackPlan  # noqa: PLC0415 - as above

    journal = Journal(tmp_path / "visits.sqlite")
    imported("v.csv", of(ROWS), journal)
    plan = FeedbackPlan(journal=str(tmp_path / "visits.sqlite"))
    shown = list(of_homes.figures(plan, homes, Source(origin="")))
    (entries,) = [table for figure in shown for table in figure.tables if table.name == "feedback"]
    written = entries.csv(Source(origin=""))
    assert len(entries.tidy) == 3 and b"=1+1" in written and b",=1+1" not in written
    one = list(of_homes.figures(FeedbackPlan(journal=plan.journal, home="1-103"), homes, Source(origin="")))
    assert "1 entry of 1 home" in one[0].headline
    for wrong in ("", str(tmp_path), str(tmp_path / "none.sqlite")):
        with pytest.raises(AnalysisError, match="needs a journal"):
            list(of_homes.figures(FeedbackPlan(journal=wrong), homes, Source(origin="")))
    assert not (tmp_path / "none.sqlite").exists()
