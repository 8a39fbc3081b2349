"""Whatever the app is opened on: a page, or what is wrong with it in words."""

import pytest

from analysis import words
from analysis.design import PANDEMIC, Plan
from analysis.protocol import Protocol
from analysis.sources import read
from analysis.store import Store
from tests.costs import in_the_proof, one_in
from tests.pages.conftest import texts

READY = "location_id,name,month,admissions,bed_days,start_month\n" + "".join(
    f"1-{home},Hawthorn {home},2020-{month:02d},{home + 3},900,{'2020-07' if home < 5 else ''}\n"
    for home in range(10)
    for month in range(1, 13)
)
BROKEN = {
    "gone": (lambda path: path.unlink(), "there is no store here"),
    "a table": (lambda path: path.write_text(READY), "this file is not a store"),
    "cut short": (lambda path: path.write_bytes(path.read_bytes()[:6000]), "damaged"),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "is a folder"),
}


@pytest.mark.bench
def test_the_note_on_the_pandemic_names_its_months_and_goes_with_them(visit, evaluated):
    named = "March 2020 to June 2021"
    said = [text for text in texts(visit("pages/admissions.py")) if named in text.replace("\\", "")]
    plan = Plan(intervention="weekly_ward_round", leave_out=(PANDEMIC,))
    row = words.row(evaluated(Protocol(plan=plan)).published.tidy(), "rate_ratio")
    beside = f"{words.change(row['estimate'])} ({words.change_range(row['conf_low'], row['conf_high'])})"
    assert len(said) == 2
    assert "The months include the pandemic" in said[0]
    assert beside in said[1].replace("\\", "")
    without = visit("pages/admissions.py", query={"pandemic": "true"})
    assert any(named in box.label for box in without.checkbox)
    assert not [text for text in texts(without) if "pandemic" in text and "leave" not in text]


@pytest.mark.parametrize("how", one_in(2, BROKEN))
@pytest.mark.parametrize("page", ["app.py", in_the_proof("pages/what_if.py", name="pages/what_if.py")])
def test_a_store_that_is_broken_or_gone_is_told_on_the_page(visit, tmp_path, monkeypatch, how, page):
    path = tmp_path / "county.duckdb"
    Store(path).load(read("mine.csv", READY.encode()))
    breaks, says = BROKEN[how]
    breaks(path)
    monkeypatch.setenv("HOMEWARD_STORE", str(path))
    app = visit(page)
    assert not app.exception
    assert says in app.error[0].value.replace("\\", "")


NONSENSE = ("inf", "-Infinity", "nan", "1e308", "9" * 400, "x" * 300, "-1", "٣")
WITH_NUMBERS = ("pages/targeting.py", "pages/what_if.py", "pages/planning.py")


@pytest.mark.parametrize(
    ("page", "text"),
    [  # each page and each nonsense in every run, each on each in the proof
        (page, text) if (n + k) % len(WITH_NUMBERS) == 0 else in_the_proof(page, text, name=f"{page} {text[:9]}")
        for k, page in enumerate(WITH_NUMBERS)
        for n, text in enumerate(NONSENSE)
    ],
)
def test_whatever_stands_in_an_address_no_page_ends_in_an_error(address_of, page, text):
    app = address_of(page, dict.fromkeys(NUMBERS[page], text))
    assert not app.exception


NUMBERS = {
    "pages/targeting.py": ("leads", "homes_per_lead", "value", "budget", "cost_home", "visits", "fair_least"),
    "pages/what_if.py": ("months", "uptake0_from", "emergency_admission_to", "ramp0", "homes0", "break_even"),
    "pages/planning.py": ("supported", "compared", "before", "after", "fall", "effect_sd"),
}
