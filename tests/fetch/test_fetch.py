"""What is fetched is whole, the same after any interruption, told in words where it fails, and holds no key."""

import csv
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.errors import AnalysisError
from analysis.fetch import PUBLICATIONS, Asker, Publication, fetch_files, fetch_locations
from analysis.fetch.ledger import NAME, OGL, by_name, digest_of
from analysis.fetch.locations import Wanted
from analysis.fetch.publications import rank, wanted_of
from analysis.sources import read
from analysis.store import Store
from tests.fetch.publisher import KEY, Publisher, serving
from tests.sources.drd import workbook

ROOT = Path(__file__).parents[2]
HOMEWARD = (sys.executable, "-c", "import sys; from analysis.cli import main; sys.exit(main())")
ASKER = Asker(key=KEY, backoff=0.001)


def homes(folder, publisher, **wanted):
    with serving(publisher) as base:
        return fetch_locations(folder, Wanted(base=base, **wanted), ASKER)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """What an undisturbed publisher gives: a page of 50, and a part of the next."""
    return homes(tmp_path_factory.mktemp("undisturbed"), Publisher(70), page=50).read_bytes()


def test_every_location_comes_once_without_its_manager_and_loads(undisturbed, tmp_path):
    documents = [json.loads(line) for line in gzip.decompress(undisturbed).splitlines()]
    assert [one["locationId"] for one in documents] == [f"1-{n:010d}" for n in range(70)]
    assert b"personFamilyName" not in gzip.decompress(undisturbed)
    store = Store.in_memory()
    store.load(read("cqc_locations.jsonl.gz", undisturbed))
    assert len(store.table("locations")) == len(store.table("ratings")) == 70


def test_busy_failing_and_cut_answers_are_asked_for_again(undisturbed, tmp_path):
    publisher = Publisher(70)
    publisher.faults = {"/locations": [429], "/locations/1-0000000007": [429, 500], "/locations/1-0000000051": ["cut"],
                        "/locations/1-0000000061": [429, 503, "cut"]}  # fmt: skip
    assert homes(tmp_path, publisher, page=50).read_bytes() == undisturbed
    assert publisher.asked["/locations/1-0000000061"] == 4 and publisher.keys == {KEY}


@pytest.mark.bench
def test_killed_twice_and_run_again_it_has_the_same_bytes_and_asks_only_for_what_is_not_whole(tmp_path):
    undisturbed = homes(tmp_path / "undisturbed", Publisher(1_100)).read_bytes()
    publisher, out = Publisher(1_100), tmp_path / "today"
    with serving(publisher) as base:
        command = [*HOMEWARD, "fetch", "cqc", "--out", str(out), "--address", base]
        for until in (620, 1_200):  # in the second page of documents, and beyond what was whole by then
            running = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "CQC_API_KEY": KEY})
            publisher.at[until] = running.kill
            assert running.wait(timeout=120) == -9
            assert not (out / "cqc_locations.jsonl.gz").exists()
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "CQC_API_KEY": KEY}, capture_output=True, text=True,
                              timeout=120, check=True)  # fmt: skip
    assert (out / "cqc_locations.jsonl.gz").read_bytes() == undisturbed
    assert publisher.asked["/locations"] == 3 and publisher.asked["/locations/1-0000000000"] == 1
    assert all(publisher.asked[f"/locations/{one}"] <= 3 for one in publisher.ids)
    everything = [path.read_bytes() for path in out.rglob("*") if path.is_file()]
    assert not any(KEY.encode() in content for content in everything) and KEY not in done.stdout + done.stderr


def test_the_ledger_says_what_was_asked_when_and_under_which_licence(tmp_path):
    path = homes(tmp_path, Publisher(20))
    with (tmp_path / NAME).open() as file:
        [row] = csv.DictReader(file)
    assert row["file"] == path.name and row["licence"] == OGL and row["asked"].startswith("20")
    assert row["digest"] == digest_of(path.read_bytes()) and row["address"].endswith("/locations")
    path.write_bytes(b"changed since")
    assert by_name(tmp_path) == {}  # is no longer what its line says


def test_only_what_changed_since_a_day(tmp_path):
    publisher = Publisher(100)
    path = homes(tmp_path, publisher, since="2026-10-01", until="2026-11-27")
    assert path.name == "cqc_locations_2026-10-01_to_2026-11-27.jsonl.gz"
    assert len(gzip.decompress(path.read_bytes()).splitlines()) == 15
    assert publisher.asked["/locations"] == 0


@pytest.mark.parametrize("path", ["/locations", "/locations/1-0000000003"])
def test_another_form_is_told_in_words_and_nothing_of_it_kept(path, tmp_path):
    publisher = Publisher(20)
    publisher.faults = {path: [{"results": [], "pages": 1}]}
    with pytest.raises(AnalysisError, match="another form than the one that is known") as told:
        homes(tmp_path, publisher)
    assert "keys pages, results" in told.value.found
    assert not list(tmp_path.glob("*.gz")) and not list(tmp_path.rglob("documents*"))


def test_a_location_that_is_gone_is_left_out(tmp_path):
    publisher = Publisher(20)
    publisher.faults = {"/locations/1-0000000003": [404]}
    assert len(gzip.decompress(homes(tmp_path, publisher).read_bytes()).splitlines()) == 19


def test_no_key_a_refused_key_and_a_publisher_that_never_answers_are_told_in_words(tmp_path):
    with pytest.raises(AnalysisError, match="needs a key"):
        fetch_locations(tmp_path, Wanted(), Asker())
    publisher = Publisher(5)
    publisher.faults = {"/locations": [401], "/locations/1-0000000001": [500] * 40}
    with pytest.raises(AnalysisError, match="key was refused") as told:
        homes(tmp_path, publisher)
    assert KEY not in str(told.value)
    with pytest.raises(AnalysisError, match="did not answer") as told:
        homes(tmp_path, publisher)
    assert KEY not in str(told.value) and "500" in told.value.found


UP = "/uploads/sites/2/"
FILES = {
    f"{UP}2026/05/Discharge-Ready-Date-monthly-data-webfile-March-2026.xlsx": workbook("2026-03"),
    f"{UP}2026/07/Discharge-Ready-Date-monthly-data-webfile-March-2026-Revised.xlsx": workbook("2026-03", revision=1),
    f"{UP}2025/01/Discharge-Ready-Date-monthly-data-Sept-2023-revised.xlsx": workbook("2023-09"),
    f"{UP}2023/12/Discharge-Ready-Date-monthly-data-webfile-November2023.xlsx": workbook("2023-11"),
    f"{UP}2026/07/Discharge-Ready-Date-monthly-data-csv-March-2026.csv": b"a,b\n1,2\n",
}


def page(*more: str) -> bytes:
    links = "".join(f'<p><a href="{address}">x</a></p>' for address in (*FILES, *more))
    return f"<html><body>{links}<a>none</a></body></html>".encode()


@pytest.fixture
def site():
    publisher = Publisher(files={**FILES, "/drd/": page()})
    with serving(publisher) as base:
        yield publisher, Publication(title="DRD", page=f"{base}/drd/", names=PUBLICATIONS["drd"].names, monthly=True)


def test_of_every_month_the_newest_revision_is_fetched_once_and_loads(site, tmp_path):
    publisher, drd = site
    paths = fetch_files(tmp_path, drd, ASKER)
    assert sorted(path.name.split("monthly-data-")[1] for path in paths) == [
        "Sept-2023-revised.xlsx", "webfile-March-2026-Revised.xlsx", "webfile-November2023.xlsx",
    ]  # fmt: skip
    assert fetch_files(tmp_path, drd, ASKER) == paths
    assert max(publisher.asked[address] for address in FILES) == 1
    store = Store.in_memory()
    for path in paths:
        store.load(read(path.name, path))
    assert store.table("area_outcomes")["period"].nunique() == 3


def test_an_error_page_under_a_file_s_name_is_not_kept(site, tmp_path):
    publisher, drd = site
    broken = next(iter(name for name in FILES if "November" in name))
    publisher.files[broken] = b"<html>Service unavailable</html>"
    with pytest.raises(AnalysisError, match="not what its name says"):
        fetch_files(tmp_path, drd, ASKER)
    assert not (tmp_path / broken.rsplit("/", 1)[1]).exists()
    publisher.files[broken] = FILES[broken]
    assert len(fetch_files(tmp_path, drd, ASKER)) == 3


def test_a_page_that_changed_is_told_in_words(site, tmp_path):
    publisher, drd = site
    publisher.files["/drd/"] = b"<html><a href='/elsewhere'>moved</a></html>"
    with pytest.raises(AnalysisError, match="may have been moved or renamed"):
        fetch_files(tmp_path, drd, ASKER)


def test_of_a_directory_only_the_newest_is_wanted():
    names = [
        f"/files/2026-0{m}/01_{name}_2026_HSCA_Active_Locations.ods" for m, name in ((8, "August"), (9, "September"))
    ]
    names += ["/files/2026-09/01_September_2026_Latest_ratings.ods"]
    html = "".join(f'<a href="{name}">x</a>' for name in names).encode()
    publisher = Publisher(files={"/page": html})
    with serving(publisher) as base:
        cqc = Publication(title="CQC", page=f"{base}/page", names=PUBLICATIONS["cqc-files"].names, newest=True)
        assert [address.removeprefix(base) for address in wanted_of(cqc, ASKER)] == names[1:]
    assert (
        rank("/2026/05/x-April-2026.xlsx")
        < rank("/2026/05/x-April-2026-Revised.xlsx")
        < rank("/2026/06/x-April-2026.xlsx")
    )


@pytest.mark.bench
def test_england_in_pages_of_five_hundred_with_three_429s_and_one_cut_killed_twice(tmp_path):
    """14,877 care homes, as the July 2026 file had."""
    publisher, out = Publisher(14_877), tmp_path / "today"
    publisher.faults = {"/locations/1-0000000100": [429], "/locations/1-0000007000": [429, "cut"], "/locations": [429]}
    with serving(publisher) as base:
        command = [*HOMEWARD, "fetch", "cqc", "--out", str(out), "--address", base]
        for until in (5_000, 12_000):
            running = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "CQC_API_KEY": KEY})
            publisher.at[until] = running.kill
            assert running.wait(timeout=600) == -9
        subprocess.run(command, cwd=ROOT, env={**os.environ, "CQC_API_KEY": KEY}, timeout=600, check=True)
        whole = fetch_locations(tmp_path / "whole", Wanted(base=base), ASKER)
    assert (out / "cqc_locations.jsonl.gz").read_bytes() == whole.read_bytes()
    assert len(gzip.decompress(whole.read_bytes()).splitlines()) == 14_877
