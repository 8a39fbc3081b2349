"""Groups in which nothing happened are answered: flat curves with exact ends, or a sentence; every real council too."""

import gzip
import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from analysis import charts, words
from analysis.errors import AnalysisError
from analysis.inference.incidence import Waits, aalen_johansen, days_of
from analysis.inspections import Spells, spells_of, stored_inspections
from analysis.ratings import ObservedExpected, transitions
from analysis.ratings.curves import supported_curves
from analysis.ratings.waits import times
from analysis.sources import read
from analysis.sources.schema import KEY_QUESTIONS, RATINGS
from analysis.store import Store
from analysis.tables import programmes as tables
from analysis.tables.columns import read as laid_out
from tests.costs import PROOF, in_the_proof

SOUTH_WEST = "cqc_api_locations_south_west_2021-02.jsonl.gz"
DAY = pd.Timestamp("2018-04-01")


def standing(homes: int, days: int, rating: str = "Requires improvement") -> Spells:
    """Homes rated once, and still so when sight ends."""
    start, end = DAY - pd.Timedelta(days=30), DAY + pd.Timedelta(days=days)
    scale = pd.CategoricalDtype(RATINGS, ordered=True)
    frame = pd.DataFrame({"home": [f"h{n:03}" for n in range(homes)], "rating": rating, "next_rating": None,
                          "start": start, "seen_from": start, "end": end, "ended": "in sight no longer",
                          "days": days + 30, "key_question": "Overall"})  # fmt: skip
    frame = frame.astype({"rating": scale, "next_rating": scale})
    return Spells(frame=frame, key_question="Overall", until=end, homes_left=0, homes_again=0)


@pytest.mark.parametrize("homes", [1, 2, 17])
def test_incidence_without_an_event_is_flat_with_the_exact_upper_end(homes):
    n = np.arange(homes)
    seen = Waits(entry=np.zeros(homes), exit=np.full(homes, 300.0), cause=np.zeros(homes, np.int64), cluster=n,
                 weights=np.ones(homes), causes=2)  # fmt: skip
    found = aalen_johansen(seen, np.array([100.0, 300.0]))
    assert len(days_of(seen, 100)) == 0
    assert (found.estimate == 0).all()
    assert (found.low == 0).all()
    assert found.high == pytest.approx(binomtest(0, homes).proportion_ci(0.95, "exact").high)


def test_no_wait_at_all_is_told():
    blank = np.zeros(0)
    seen = Waits(entry=blank, exit=blank, cause=np.zeros(0, np.int64), cluster=np.zeros(0, np.int64), weights=blank,
                 causes=2)  # fmt: skip
    assert (aalen_johansen(seen, np.array([1.0])).estimate == 0).all()


def test_times_of_homes_to_which_nothing_happened():
    table = times(standing(12, 500))
    assert table["median_days"].isna().all()
    assert (table["within_1"] == 0).all()
    assert table["within_1_high"].to_numpy() == pytest.approx(binomtest(0, 12).proportion_ci(0.95, "exact").high)
    assert table["within_2"].isna().all()
    assert laid_out(table, tables.TIMES)["Within 2 years"].tolist() == ["not watched so long"] * 2
    assert "fewer than half in the time seen" in words.sooner(table)


def test_a_programme_after_which_nobody_moved_is_a_flat_curve_that_ends_where_it_says():
    spells = standing(20, 584)
    found = supported_curves(spells, pd.Series(DAY, index=spells.frame["home"].iloc[:8]))
    assert found.drawn
    last = found.frame.groupby("who").last()
    assert last["years"].to_numpy() == pytest.approx(584 / 365.25)
    assert last.loc["supported homes", "better_high"] == pytest.approx(binomtest(0, 8).proportion_ci(0.95).high)
    told = words.after_years(found.frame, found.homes)
    assert told.startswith("19 months on, 0% of supported homes had been rated better (0% to 37%; n = 8)")
    shown = laid_out(tables.half_years(found.frame), tables.CURVES)
    assert shown["Years since the start"].tolist() == ["0.5", "1.0", "1.5", "1.6"] * 2
    assert "0% rated better" in charts.better_since(found.frame).to_dict()["description"]


def test_no_half_year_is_read_twice_where_the_curves_end_just_after_it():
    spells = standing(20, 558)  # 1.53 years
    found = supported_curves(spells, pd.Series(DAY, index=spells.frame["home"].iloc[:8]))
    shown = laid_out(tables.half_years(found.frame), tables.CURVES)
    assert shown["Years since the start"].tolist() == ["0.5", "1.0", "1.5"] * 2


@pytest.mark.parametrize("homes", [1, 2])
def test_one_or_two_homes_get_a_sentence_and_no_curve(homes):
    spells = standing(20, 500)
    found = supported_curves(spells, pd.Series(DAY, index=spells.frame["home"].iloc[:homes]))
    assert not found.drawn
    assert "Too few homes to draw a curve" in words.after_years(found.frame, found.homes)


@pytest.mark.realdata
@pytest.mark.parametrize(
    "council", ["Torbay", *(in_the_proof(name, name=name) for name in ("all", "Devon", "Somerset", "Plymouth"))]
)
def test_every_real_council_is_answered_or_refused_on_every_key_question(realdata, tmp_path, council):
    with gzip.open(realdata / SOUTH_WEST, "rt", encoding="utf-8") as lines:
        own = [line for line in lines if council in ("all", json.loads(line)["localAuthority"])]
    file = tmp_path / "council.jsonl"
    file.write_text("".join(own), encoding="utf-8")
    store = Store.in_memory()
    store.load(read(file.name, file))
    known = stored_inspections(store)
    for question in KEY_QUESTIONS[:: 1 if PROOF else 3]:
        spells = spells_of(known, question)
        assert len(laid_out(times(spells), tables.TIMES))
        assert len(transitions(known, key_question=question).table)
        frame = spells.frame
        low = frame.loc[(frame["start"] <= DAY) & (frame["end"] > DAY) & (frame["rating"] < "Good"), "home"]
        for started in (pd.Series(DAY, index=low.iloc[:20]), pd.Series(DAY, index=low.iloc[:2])):
            _answered(known, spells, started, question)


def _answered(known, spells, started, question):
    """Every picture, table and sentence of one programme; what is refused is refused in words."""
    curves = supported_curves(spells, started)
    assert "nan" not in words.after_years(curves.frame, curves.homes)
    if curves.drawn:
        assert charts.better_since(curves.frame).to_dict()
        assert len(laid_out(tables.half_years(curves.frame), tables.CURVES))
    try:
        effects = ObservedExpected(key_question=question).fit(known, started)
    except AnalysisError:
        return
    assert "nan" not in words.programme(effects, "the support", question)
    assert "inf" not in words.needed(effects)
    assert len(laid_out(tables.groups(effects), tables.ESTIMATES))
    assert charts.over_expected(tables.groups(effects)).to_dict()
