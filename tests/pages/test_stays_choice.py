"""Stays in hospital are asked about on the Admissions page, and answered as they are at the terminal."""

from analysis.design import PANDEMIC, Plan
from analysis.outcomes import Stays
from analysis.protocol import Protocol
from analysis.sources import read
from analysis.store import Store
from analysis.words.stays import ASKED
from pages.shared import showing
from tests.pages.conftest import texts

BY_MONTH = "location_id,name,month,admissions,bed_days,start_month\n" + "".join(
    f"1-{home},Hawthorn {home},2020-{month:02d},{home + 3},900,{'2020-07' if home < 5 else ''}\n"
    for home in range(10)
    for month in range(1, 13)
)


def test_an_address_asks_about_days_in_hospital_and_the_page_says_and_hands_out_what_the_terminal_does(
    visit, evaluated, monkeypatch
):
    handed: dict = {}
    monkeypatch.setattr(showing, "hand_out", lambda boxes, files: handed.update(files))
    plan = Plan(intervention="weekly_ward_round", comparison="never_treated", leave_out=(PANDEMIC,))
    outcome = Stays(measure="hospital_bed_days", last="2022-12")
    found = evaluated(Protocol(plan=plan, outcome=outcome))
    choices = {"outcome": ASKED["hospital_bed_days"], "compared": "Only homes that never have it",
               "to": "December 2022", "pandemic": "true"}  # fmt: skip
    app = visit("pages/admissions.py", query=choices)
    assert found.headline in " ".join(texts(app))
    assert [code.value for code in app.code] == [found.protocol.to_toml().strip()]
    assert handed["Download the protocol (TOML)"][1] == found.protocol.to_toml()
    asked = {box.label for box in app.selectbox}
    assert asked.isdisjoint({"Model", "Homes with another intervention"})  # which no protocol about stays may say
    assert set(ASKED.values()) < set(next(box for box in app.selectbox if box.label == "Outcome").options)


def test_where_files_do_not_say_it_the_page_says_which_column_is_needed(address_of, tmp_path, monkeypatch):
    Store(tmp_path / "county.duckdb").load(read("mine.csv", BY_MONTH.encode()))
    monkeypatch.setenv("HOMEWARD_STORE", str(tmp_path / "county.duckdb"))
    for measure, named in {"out_of_hours": "the hour of admission", "delayed_days": "ready"}.items():
        app = address_of("pages/admissions.py", {"outcome": ASKED[measure]})
        assert not app.exception
        assert named in app.error[0].value.replace("\\", "")
