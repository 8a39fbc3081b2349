"""One home under two numbers: seen across files, asked about, and answered to the digit."""

import io

import duckdb
import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from analysis.errors import AnalysisError
from analysis.evaluation import evaluate
from analysis.inspections import stored_inspections
from analysis.protocol import Protocol
from analysis.registrations import stored_registrations
from analysis.sources import read
from analysis.store import Store, again

PROTOCOL = '[intervention]\nname = "ward round"\n'
MONTHS = pd.period_range("2021-01", "2023-12", freq="M")
SPLIT = 18  # months under the old number
ONE, OTHERS = {again.QUESTION: again.SAME}, {again.QUESTION: again.OTHER}


def csv(rows) -> bytes:
    return pd.DataFrame(rows).to_csv(index=False).encode()


def listed(number, name, postcode, began, ended=None) -> dict:
    row = {"Location ID": number, "Location HSCA start date": began, "Care home?": "Y", "Location Name": name,
           "Location Postal Code": postcode}  # fmt: skip
    return row | ({"Location HSCA End Date": ended} if ended else {"Care homes beds": 30})


def active(*, name="Elm Court {} Care Home", began="01/07/2022") -> bytes:
    new = [listed(f"1-80{n}", name.format(n), f"ZZ1 {n}AA", began) for n in range(4)]
    return csv([*new, *(listed(f"1-10{n}", f"Oak House {n}", f"ZZ2 {n}AA", "01/04/2011") for n in range(4, 12))])


def deactivated() -> bytes:
    return csv(listed(f"1-10{n}", f"ELM COURT {n}", f"ZZ1{n}aa", "01/04/2011", "30/06/2022") for n in range(4))


def admissions(*, split: bool) -> bytes:
    """Twelve homes, the first four supported after a year; where split, under a new number from July 2022."""
    rng = np.random.default_rng(3)
    rows = []
    for n in range(12):
        for place, month in enumerate(MONTHS):
            expected = 2.5 * (0.6 if n < 4 and place >= 14 else 1.0)
            number = f"1-80{n}" if split and n < 4 and place >= SPLIT else f"1-10{n}"
            rows.append({"location_id": number, "month": str(month), "admissions": rng.poisson(expected),
                         "bed_days": 900, "start_month": "2022-03" if n < 4 else None,
                         "intervention": "ward round" if n < 4 else None})  # fmt: skip
    return csv(rows)


def loaded(*files: tuple[str, bytes], say=None) -> Store:
    store = Store.in_memory()
    for name, content in files:
        store.load(read(name, content, say), say)
    return store


def answer(store: Store) -> list[float]:
    return (
        evaluate(Protocol.read(PROTOCOL), store).effects.tidy().iloc[0][["estimate", "conf_low", "conf_high"]].tolist()
    )


LISTS = ("active.csv", active()), ("deactivated.csv", deactivated())


@pytest.mark.parametrize("order", [LISTS, LISTS[::-1]])
def test_it_is_asked_whichever_list_comes_first_and_nothing_is_loaded_before_the_answer(order):
    store = loaded(order[0])
    with pytest.raises(AnalysisError, match="under two numbers") as asked:
        store.load(read(*order[1]))
    assert "ELM COURT 0 (1-100 ended 30 June 2022, 1-800 began 1 July 2022)".lower() in str(
        asked.value
    ).lower().replace(" care home", "")
    assert "and 1 more" in str(asked.value)
    assert len(store.ledger()) == 1
    store.load(read(*order[1]), ONE)
    assert stored_registrations(store).home == {f"1-10{n}": f"1-80{n}" for n in range(4)}


def test_the_answer_of_homes_registered_again_is_that_of_homes_that_were_not():
    whole = answer(loaded(("one.csv", admissions(split=False))))
    # What the table itself says of ids that change is its own question (`sources.ready_made`); here the lists tell.
    table = read("two.csv", admissions(split=True), {"changed ids": "different homes"})
    store = loaded(*LISTS, say=ONE)
    store.load(table)
    assert answer(store) == pytest.approx(whole, rel=1e-12)
    apart = loaded(*LISTS, say=OTHERS)
    apart.load(table)
    assert answer(apart)[2] - answer(apart)[1] > whole[2] - whole[1]


def test_different_homes_are_not_asked_about_again_and_the_old_one_left():
    store = loaded(*LISTS, say=OTHERS)
    newer = active().replace(b",30", b",31")
    store.load(read("active of another month.csv", newer))  # no question is left
    assert not stored_registrations(store).home
    homes = stored_inspections(store).homes
    assert (homes.loc[[f"1-10{n}" for n in range(4)], "leaving"] == "left").all()


@pytest.mark.parametrize("how", [{"name": "Beech Court {}"}, {"began": "01/12/2022"}])
def test_another_name_or_another_time_is_another_home(how):
    store = loaded(("active.csv", active(**how)), LISTS[1])
    assert not stored_registrations(store).home


def workbook(**sheets) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEAD = ("Location ID", "Location HSCA start date", "Care home?", "Location Name", "Care homes beds")
DUAL = ("Location ID", "Location Name", "Linked Organisation ID", "Relationship", "Primary ID")


def with_dual(*pairs) -> bytes:
    homes = [(number, "01/04/2011", "Y", f"House {number}", 30) for number in ("1-1", "1-2", "1-3")]
    return workbook(README=[("Notes",)], HSCA_Active_Locations=[HEAD, *homes],
                    Dual_Registration_Locations=[DUAL, *pairs])  # fmt: skip


@pytest.mark.parametrize("primary", ["1-1", "Y"])
def test_the_sheet_of_dual_registrations_is_read_beside_the_table(primary):
    other = "1-1" if primary == "1-1" else "N"
    reading = read("active.xlsx", with_dual(("1-1", "House", "1-2", "Dual Registration", primary),
                                            ("1-2", "House", "1-1", "Dual Registration", other)))  # fmt: skip
    assert reading.layout == "cqc active locations"
    assert reading.rows_in == reading.rows_used == 5
    [unread] = [finding for finding in reading.findings if finding.fault == "sheets not read"]
    assert "'README'" in unread.found
    store = Store.in_memory()
    store.load(reading)
    found = stored_registrations(store)
    assert found.home == {"1-2": "1-1"}
    assert found.joins.to_numpy().tolist() == [["Dual registration", "joined", 1]]


def test_a_dual_registration_without_a_primary_stays_two_homes_and_is_said():
    reading = read("active.xlsx", with_dual(("1-1", "House", "1-2", "Dual Registration", None)))
    assert "links" not in reading.tables
    assert (reading.rows_in, reading.rows_used, reading.rows_dropped) == (4, 4, 0)
    assert "no primary location" in {finding.fault for finding in reading.findings}


def test_ids_that_change_within_a_table_are_one_home_where_the_reader_says_so():
    named = pd.read_csv(io.BytesIO(admissions(split=True)))
    named["name"] = "House " + (named["location_id"].str[-2:].astype(int) % 80).astype(str)
    say = {"changed ids": "same home"}
    store = Store.in_memory()
    store.load(read("one.csv", named.to_csv(index=False).encode(), say), say)
    assert stored_registrations(store).home == {f"1-10{n}": f"1-80{n}" for n in range(4)}
    assert answer(store) == pytest.approx(answer(loaded(("one.csv", admissions(split=False)))), rel=1e-12)


def test_a_store_of_an_earlier_version_is_refused_in_words(tmp_path):
    store = Store(tmp_path / "old.duckdb")
    store.load(read(*LISTS[0]))
    with duckdb.connect(str(store.path)) as connection:
        connection.execute("ALTER TABLE ratings DROP COLUMN first_listed")
    with pytest.raises(AnalysisError, match="another version of Homeward"):
        store.table("ratings")


def rated(*homes: tuple[str, str, str, str]) -> bytes:
    columns = ("Location ID", "Location Name", "Latest Rating", "Publication Date")
    return csv(
        {**dict(zip(columns, home, strict=True)), "Care Home?": "Y", "Location Post Code": "ZZ1 1AA"} for home in homes
    )


def test_a_number_that_follows_another_between_two_lists_of_ratings_is_asked_about():
    other = ("1-5", "Oak House", "Good", "28/02/2020")
    store = loaded(("february.csv", rated(("1-1", "Elm Court", "Good", "01/01/2019"), other)))
    newer = rated(("1-2", "Elm Court", "Good", "01/01/2019"), ("1-5", "Oak House", "Good", "30/03/2020"))
    with pytest.raises(AnalysisError, match="1-1 ended 28 February 2020, 1-2 began 30 March 2020"):
        store.load(read("march.csv", newer))
    store.load(read("march.csv", newer), ONE)
    assert stored_registrations(store).home == {"1-1": "1-2"}
    both = rated(("1-1", "Elm Court", "Good", "01/01/2019"), ("1-2", "Elm Court", "Good", "01/01/2019"), other)
    again_listed = loaded(("february.csv", both), ("march.csv", both + b"1-9,X,Good,30/03/2020,Y,ZZ9 9ZZ\n"))
    assert not stored_registrations(again_listed).home  # two homes side by side, in both lists
