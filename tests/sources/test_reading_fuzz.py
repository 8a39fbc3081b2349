"""Whatever bytes come, the door answers with findings and never with a traceback."""

import gzip
import json

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import sources
from tests.costs import draws
from tests.sources import big_ods
from tests.sources.test_cqc_latest_ratings import HEADER, line
from tests.sources.test_reading_ods import packed, row, table
from tests.sources.test_reading_xlsx import saved, workbook

CSV = "\n".join([HEADER, line(), line(home="1-2", rating="RI")]).encode()
DOCUMENT = {"locationId": "1-1", "name": "Elms", "registrationStatus": "Registered", "currentRatings": {"overall": {}}}


def parquet() -> bytes:
    return pd.DataFrame(
        {"Location ID": ["1-1"], "Latest Rating": ["Good"], "Publication Date": ["2020-01-31"]}
    ).to_parquet()


FILES = {
    "a.csv": CSV,
    "a.csv.gz": gzip.compress(CSV, mtime=0),
    "a.json": json.dumps([DOCUMENT, DOCUMENT]).encode(),
    "a.xlsx": saved(workbook()),
    "a.ods": packed(table(row(*big_ods.COLUMNS) + row("1-1", "", "Elms"))),
    "a.parquet": parquet(),
}


@settings(max_examples=draws(150), deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(sorted(FILES)), where=st.floats(0, 1), new=st.binary(max_size=40), cut=st.integers(0, 40))
def test_damaged_files_are_read_or_refused_in_words(name, where, new, cut):
    data = FILES[name]
    at = int(where * len(data))
    reading = sources.read(name, data[:at] + new + data[at + cut :])
    assert reading.rows_in == reading.rows_used + len(reading.set_aside) + reading.rows_dropped
    assert all(finding.do and finding.found and finding.expected for finding in reading.findings)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just("2020-01-31") | st.just("Good"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = ("currentRatings", "historicRatings", "reports", "assessment", "relationships", "numberOfBeds", "careHome",
        "gacServiceTypes", "specialisms", "registrationDate", "locationId", "name")  # fmt: skip


@settings(max_examples=draws(150), deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4))
def test_documents_of_another_shape_are_read_or_set_aside(odd):
    reading = sources.read("a.json", json.dumps([DOCUMENT | odd, DOCUMENT | {"locationId": "1-2"}]).encode())
    assert reading.rows_in == reading.rows_used + len(reading.set_aside) + reading.rows_dropped
