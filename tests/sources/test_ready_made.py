"""One table becomes homes, counts, bed-days and spells."""

from decimal import Decimal

import pandas as pd

from analysis.sources import read
from analysis.sources.schema import TABLES
from tests.sources.corpus.case import clean, csv_of
from tests.sources.corpus.files import renamed, wide
from tests.sources.corpus.homes import ZEROS, reregistered, without


def test_every_fact_of_the_table_arrives_once():
    rows, found = clean(), read("x.csv", csv_of(clean()))
    tables = found.tables
    assert {name: list(table) for name, table in tables.items()} == {name: list(TABLES[name]) for name in tables}
    assert tables["admission_counts"]["admissions"].tolist() == [int(row["admissions"]) for row in rows]
    assert tables["occupancy"]["bed_days"].tolist() == [Decimal(row["bed_days"]) for row in rows]
    starts = {row["location_id"]: pd.Timestamp(row["start_month"]) for row in rows if row["start_month"]}
    assert dict(zip(tables["interventions"]["location_id"], tables["interventions"]["started"], strict=True)) == starts
    assert tables["locations"]["name"].tolist() == [f"Home {letter}" for letter in "ABCDEFGHIJKL"]


def test_row_order_does_not_matter():
    there, back = read("x.csv", csv_of(clean())).tables, read("x.csv", csv_of(clean()[::-1])).tables
    for name, key in (("admission_counts", ["location_id", "month"]), ("occupancy", ["location_id", "month"]),
                      ("interventions", ["location_id"]), ("locations", ["location_id"])):  # fmt: skip
        pd.testing.assert_frame_equal(
            there[name].sort_values(key, ignore_index=True), back[name].sort_values(key, ignore_index=True)
        )


def test_renamed_columns_are_read_as_the_reader_maps_them():
    found = read("x.csv", renamed(), {"admissions": "Emerg Adms", "bed_days": "OBDs"})
    assert found.mapping["admissions"] == "Emerg Adms" and found.mapping["bed_days"] == "OBDs"
    original = read("x.csv", csv_of(clean())).tables["admission_counts"]
    pd.testing.assert_frame_equal(found.tables["admission_counts"], original)


def test_a_wide_table_says_the_same_as_a_long_one():
    found = read("x.csv", wide(), {"cells": "admissions"})
    original = read("x.csv", csv_of(clean())).tables["admission_counts"]
    pd.testing.assert_frame_equal(found.tables["admission_counts"], original)
    assert (found.rows_in, found.rows_used) == (12, 12)


def test_zeros_that_were_left_out_come_back_as_zeros_between_first_and_last():
    found = read("x.csv", without(set(ZEROS)), {"absent months": "zero"}).tables["admission_counts"]
    full = read("x.csv", csv_of(clean())).tables["admission_counts"]
    both = found.merge(full, on=["location_id", "month"], suffixes=("", "_full"))
    assert len(both) == len(found) and (both["admissions"] == both["admissions_full"]).all()
    assert (found["admissions"] == 0).sum() > 20


def test_a_home_registered_again_is_linked_to_what_it_was():
    links = read("x.csv", reregistered(), {"changed ids": "same home"}).tables["links"]
    assert links[["location_id", "related_id", "kind"]].to_numpy().tolist() == [
        ["1-200000003", "1-100000003", "predecessor"]
    ]
    assert "links" not in read("x.csv", reregistered(), {"changed ids": "different homes"}).tables
