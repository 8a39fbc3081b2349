"""Hospital records and stays: the panel is that counted by hand, whichever engine runs the expression."""

import re
import sys
from itertools import product

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.cli import CAN_BE_PUT_RIGHT, DONE, main
from analysis.errors import AnalysisError
from analysis.panel import Panel, build_panel
from analysis.panel.events import panel_of_events
from analysis.panel.events.expression import EXPRESSION, diagnoses, methods
from analysis.sources.admissions import AVOIDABLE, EMERGENCY
from analysis.store import Store
from tests.panel.event_worlds import EVENT_TYPES, by_hand, drawn, homes, write

WORLDS = range(4)
ENGINES = ["duckdb", pytest.param("spark", marks=pytest.mark.bench)]
SHOWN = ["unit", "month", "count", "avoidable", "planned", "exposure"]


@pytest.fixture(scope="module", params=ENGINES)
def answers(request, tmp_path_factory):
    """Every world's panel by one engine, beside its records and stays."""
    if request.param == "spark":
        pytest.importorskip("pyspark")
    made = []
    for seed in WORLDS:
        folder, records = tmp_path_factory.mktemp(f"{request.param}{seed}"), drawn(seed)
        panel = panel_of_events(*write(folder, *records), homes(), folder / "panel.parquet", engine=request.param)
        made.append((records, panel))
    return made


def test_the_panel_is_that_counted_person_by_person_and_day_by_day(answers):
    for records, panel in answers:
        found, (truth, _) = pd.read_parquet(panel.path), by_hand(*records)
        found = found.loc[found["exposure"] > 0, SHOWN].reset_index(drop=True)
        assert len(found) > 40 and found["count"].sum() > 100 and found["avoidable"].sum() > 20
        pd.testing.assert_frame_equal(found.astype({"month": str}), truth.astype({"month": str}), check_dtype=False)


def test_every_row_is_accounted_for_once(answers):
    for records, panel in answers:
        account, (_, truth) = panel.account.set_index("what")["rows"], by_hand(*records)
        assert account.to_dict() == {name: truth.get(name, 0) for name in account.index}
        assert account["rows_read"] == account.drop("rows_read").sum()
        assert account["repeated"] and account["continued"] and account["outside"] and account["unknown_methods"]


def test_a_store_and_a_panel_read_the_answer(answers):
    records, made = answers[0]
    store, (truth, _) = homes(), by_hand(*records)
    store.load(made.reading())
    for panel in (build_panel(store), Panel.from_parquet(made.path)):
        tidy = panel.tidy()
        told = truth.set_index(["unit", "month"])
        assert tidy["count"].sum() == told["count"].sum() and tidy["exposure"].sum() == told["exposure"].sum()
        assert "h0" not in panel.units.index and panel.units.loc["h2", "home_type"] == "nursing"
    assert store.load(made.reading()).already_loaded


@pytest.mark.bench
def test_both_engines_give_the_same_panel_row_for_row(tmp_path):
    pytest.importorskip("pyspark")
    given = write(tmp_path, *drawn(11, people=3_000))
    one, other = (
        panel_of_events(*given, homes(), tmp_path / f"{engine}.parquet", engine=engine)
        for engine in ("duckdb", "spark")
    )
    table, again = pq.read_table(one.path), pq.read_table(other.path)
    assert table.num_rows > 50 and table.equals(again.cast(table.schema))  # which columns cannot be empty, Spark adds
    assert one.account.equals(other.account)


def test_the_lists_of_codes_are_the_patterns_of_the_door():
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for letter, a, b, c in product(letters, *["0123456789"] * 3):
        code = f"{letter}{a}{b}{c}"
        assert bool(re.match(AVOIDABLE, code)) == (code[:3] in diagnoses_3 or code in diagnoses_4), code
    assert methods(EMERGENCY) == ("20", *(f"2{n}" for n in range(1, 10)), "2A", "2B", "2C", "2D")


diagnoses_3, diagnoses_4 = set(diagnoses(3)), set(diagnoses(4))


def test_what_engines_read_differently_is_not_in_the_expression():
    assert not re.search(r"(?i)regexp|similar to|generate_series|date_diff|datediff|::|qualify|unnest", EXPRESSION)


def test_files_that_are_not_as_asked_are_refused_in_words_and_leave_nothing(tmp_path):
    events, stays = write(tmp_path, *drawn(0, people=40))
    out, store = tmp_path / "panel.parquet", homes()
    with pytest.raises(AnalysisError, match="no Parquet file"):
        panel_of_events(tmp_path / "nothing", stays, store, out)
    with pytest.raises(AnalysisError, match=r"need the columns .*moved_in.* is missing"):
        panel_of_events(events, events / "part-0.parquet", store, out)
    text = pa.schema(
        [field if field.name != "admitted" else pa.field("admitted", pa.string()) for field in EVENT_TYPES]
    )
    rows = [{"location_id": "h1", "person": f"{n}", "admitted": "2020-01-01"} for n in range(9)]
    pq.write_table(pa.Table.from_pylist(rows, text), tmp_path / "text.parquet")
    with pytest.raises(AnalysisError, match="must be dates"):
        panel_of_events(tmp_path / "text.parquet", stays, store, out)
    numbers = [{"location_id": "h1", "person": "943 476 5919"}] * 9
    pq.write_table(pa.Table.from_pylist(numbers, EVENT_TYPES), tmp_path / "people.parquet")
    with pytest.raises(AnalysisError, match="more than a pseudonym"):
        panel_of_events(tmp_path / "people.parquet", stays, store, out)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing")
    with pytest.raises(AnalysisError, match="cannot be read as Parquet"):
        panel_of_events(tmp_path / "broken.parquet", stays, store, out)
    nobody = [{"location_id": "h7", "person": "p", "spell": 1, "admitted": None, "method": "21"}]
    pq.write_table(pa.Table.from_pylist(nobody, EVENT_TYPES), tmp_path / "empty.parquet")
    with pytest.raises(AnalysisError, match="there is no panel"):
        panel_of_events(tmp_path / "empty.parquet", stays, store, out)
    assert not out.exists() and not [path for path in tmp_path.iterdir() if path.name.startswith("tmp")]


def test_from_a_terminal_it_is_loaded_or_written_and_says_where_every_row_went(tmp_path, capsys, monkeypatch):
    events, stays = write(tmp_path, *drawn(0))
    _, went = by_hand(*drawn(0))
    store = tmp_path / "my.duckdb"
    homes().copy_to(store)
    command = ["panel", str(events), str(stays), "--store", str(store)]
    assert main(command) == DONE
    said = capsys.readouterr().out
    assert f"{went['rows_read']:,} rows of hospital records." in said
    assert f"{went['continued']:,} went on with a stay" in said and "admission_counts: " in said
    assert build_panel(Store(store)).counts.sum() > 100
    assert main([*command, "--out", str(tmp_path / "out.parquet")]) == DONE
    assert "not for release" in capsys.readouterr().out and Panel.from_parquet(tmp_path / "out.parquet").counts.sum()
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    assert main([*command, "--engine", "spark"]) == CAN_BE_PUT_RIGHT
    assert "Spark is not installed" in capsys.readouterr().err
