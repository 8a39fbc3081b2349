"""`homeward appraise`: the same bytes twice, with and without a store, and what the page's figures say."""

import io
import json
from contextlib import redirect_stdout

import pytest

from analysis import written
from analysis.claims import Claim, ShareImproved, appraise
from analysis.cli import main
from analysis.figures import claims as figures
from analysis.figures import markdown
from analysis.plans.appraising import stored_known
from analysis.sources.evidence import written_beside
from analysis.store import Store
from analysis.words import claims as words
from tests.costs import one_in


def run(text, folder, *more):
    file = folder.with_suffix(".toml")
    file.write_text(text, "utf-8")
    with redirect_stdout(io.StringIO()) as said:
        assert main(["appraise", str(file), "--out", str(folder), *more]) == 0
    return said.getvalue(), {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("name", one_in(3, written_beside("claims")))
def test_without_a_store_the_same_bytes_come_twice(name, tmp_path):
    text = written_beside("claims")[name]
    said, once = run(text, tmp_path / "once")
    assert once == run(text, tmp_path / "twice")[1]
    found = appraise(written.from_text(Claim, text))
    assert words.established(found) in said
    assert words.headline(found) in said
    assert {"answer.md", "numbers.csv", "to_ask_for.csv", "provenance.json"} <= once.keys()
    assert json.loads(once["provenance.json"])["data"] is None


def test_with_a_store_its_own_base_rate_is_heard_and_named(sample_store, tmp_path):
    path = tmp_path / "county.duckdb"
    sample_store.copy_to(path)
    text = written_beside("claims")["1_ratings_nearly_63_per_cent"]
    _, once = run(text, tmp_path / "once", "--store", str(path))
    assert once == run(text, tmp_path / "twice", "--store", str(path))[1]
    assert b"county.duckdb (synthetic)" in once["base_rates.csv"]
    assert json.loads(once["provenance.json"])["data"]["digest"] == Store(path).digest(counts=False)


def test_what_is_loaded_gives_base_rates_by_year_and_the_trend(sample_store):
    known = stored_known(sample_store, "the county")
    every = known.improving.loc[known.improving["year"] == 0].set_index("from_rating")
    by_year = known.improving.loc[known.improving["year"] > 0].groupby("from_rating")[["better", "of"]].sum()
    assert every.loc[by_year.index, ["better", "of"]].to_numpy().tolist() == by_year.to_numpy().tolist()
    claim = written.from_text(
        Claim,
        """
        kind = "admissions"
        percent_fewer = 30
        before = { first = "2018-01", last = "2018-12" }
        after = { first = "2019-01", last = "2019-12" }
    """,
    )
    number = appraise(claim, known).numbers["trend"]
    before, after = (known.monthly.loc[str(year)].sum() for year in (2018, 2019))
    ratio = (after["events"] / after["years"]) / (before["events"] / before["years"])
    assert number.value == pytest.approx(ratio - 1)
    assert number.source == "Homes without one in the county"


def test_a_year_of_its_own_is_taken_where_enough_were_inspected(sample_store):
    known = stored_known(sample_store, "the county")
    of_year = known.improving["year"].gt(0) & known.improving["of"].ge(30) & known.improving["from_rating"].eq("Good")
    year = int(known.improving.loc[of_year, "year"].iloc[0])
    found = appraise(ShareImproved(percent=63, wording="nearly", from_rating="Good", year=year), known)
    assert found.bases.iloc[0]["period"] == str(year)
    assert found.bases.iloc[1]["period"] == "all years"


def test_a_share_that_no_count_gives_is_said():
    found = appraise(ShareImproved(percent=61, at_most=5))
    assert "no possible count" in found.numbers["claimed"].what
    assert "nothing" in words.established(found)
    assert markdown("a", figures.figures(found), figures.source(found))


@pytest.mark.parametrize("kind", ["share improving", "admissions", "area rate", "scaled-up total"])
def test_of_a_claim_that_says_nothing_there_is_still_an_answer(kind):
    found = appraise(written.from_plain(Claim, {"kind": kind}))
    text = markdown("a claim", figures.figures(found), figures.source(found))
    assert "no number to weigh" in text
    assert "nan" not in text.lower().replace("finance", "")
