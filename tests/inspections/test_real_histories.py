"""What the real files of February 2021 hold, against the figures published with them (domain.md B1)."""

import gzip
import json

import pandas as pd
import pytest

from analysis.inspections import inspections_from, spells_of, stored_inspections
from analysis.sources import read
from analysis.sources.schema import TABLES
from analysis.store import Store

pytestmark = pytest.mark.realdata

SOUTH_WEST = "cqc_api_locations_south_west_2021-02.jsonl.gz"
ENGLAND = "cqc_latest_ratings_2021-02.csv"


@pytest.fixture(scope="module")
def south_west(realdata):
    store = Store.in_memory()
    store.load(read(SOUTH_WEST, realdata / SOUTH_WEST))
    return stored_inspections(store)


def test_homes_and_ratings(south_west):
    overall = south_west.frame[south_west.frame["key_question"] == "Overall"]
    assert len(south_west.homes) == 728
    assert overall["home"].nunique() == 714  # something published
    assert south_west.rated()["home"].nunique() == 712  # one of the four ratings; two were only inspected
    assert overall["unrated"].value_counts()["Inspected but not rated"] == 83
    assert len(south_west.rated()) == 1903
    assert south_west.homes["home_type"].value_counts().to_dict() == {"residential": 568, "nursing": 160}


def test_every_row_is_accounted_for(south_west):
    ledger = south_west.ledger.groupby("outcome")["rows"].sum()
    assert ledger["read"] == ledger["used"] + ledger["left out"] == len(south_west.frame) + ledger["left out"]


def test_dates_of_exposure(south_west):
    assert south_west.dating.startswith("1,846 of 1,903 ratings (97.0%) are dated by the visit")
    undated = south_west.rated()[lambda rated: rated["date_basis"] == "publication"]
    assert (len(undated), undated["inherited"].sum()) == (
        57,
        55,
    )  # CQC gives no visit for another registration's report
    visits = south_west.rated().dropna(subset=["visited"]).sort_values(["home", "published"])
    assert (visits.groupby("home")["visited"].diff().dropna() > pd.Timedelta(0)).all()  # so long lags are believed


def test_predecessors(south_west):
    assert south_west.earlier.startswith("194 of 728 homes (27%) name an earlier registration")
    assert south_west.homes["earlier"].value_counts().to_dict() == {"none named": 534, "missing": 171, "inherited": 23}
    by_reason = south_west.joins.groupby("reason")["links"].sum().to_dict()
    assert by_reason == {"New Provider": 133, "Legal Entity Change": 55, "Location Move": 5, "Partnership Change": 1}
    assert south_west.joins.set_index(["reason", "outcome"])["links"]["Legal Entity Change", "joined"] == 53


def test_lag_from_visit_to_publication(south_west, realdata):
    """The published lags are of every report since 2010; those of ratings are longer, like those since 2015."""
    with gzip.open(realdata / SOUTH_WEST, "rt") as lines:
        reports = pd.DataFrame([report for line in lines for report in json.loads(line).get("reports", [])])
    published, visited = (pd.to_datetime(reports[name]) for name in ("reportDate", "firstVisitDate"))
    lag = (published - visited).dt.days
    assert (len(lag), lag.isna().sum(), lag.min()) == (3655, 28, -301)
    assert lag.quantile([0.25, 0.5, 0.75]).tolist() == [28, 39, 58]
    since = lag[published >= "2015-01-01"].quantile([0.5, 0.9, 0.95])
    assert since.round().tolist() == [46, 103, 132]
    rated = south_west.rated()
    of_ratings = (rated["published"] - rated["visited"]).dt.days.quantile([0.5, 0.9, 0.95])
    assert of_ratings.tolist() == pytest.approx([47, 105, 132], abs=1)


def test_national_mix(realdata):
    tables = read(ENGLAND, realdata / ENGLAND).tables
    england = inspections_from(tables["locations"], tables["ratings"], pd.DataFrame(columns=list(TABLES["links"])))
    mix = england.latest()["rating"].value_counts()
    assert len(england.homes) == 14840
    assert mix.to_dict() == {"Good": 11627, "Requires improvement": 2362, "Outstanding": 658, "Inadequate": 192}
    assert (100 * mix / 14840).round(1).tolist() == [78.3, 15.9, 4.4, 1.3]  # one home of the 14,840 is not rated
    area = england.latest()["home"].map(england.homes["area_name"])
    low = england.latest()["rating"] < "Good"
    by_area = 100 * low.groupby(area).mean()
    assert (len(by_area), round(by_area.mean(), 1), round(by_area.std(), 1)) == (150, 17.4, 8.0)
    assert by_area.quantile([0.25, 0.75]).round(1).tolist() == [12.4, 22.2]
    assert round(by_area.max()) == 40
    assert low.groupby(area).agg(["size", "sum"]).loc["Isle of Wight"].tolist() == [71, 7]
    island = england.latest()["rating"][area == "Isle of Wight"].value_counts()
    assert island.to_dict() == {"Good": 61, "Requires improvement": 7, "Outstanding": 3, "Inadequate": 0}


def test_the_snapshot_agrees_with_the_api(south_west, realdata):
    """712 homes are rated in both: 99.6% by the same rating, 99.3% on the same day (domain.md B1)."""
    tables = read(ENGLAND, realdata / ENGLAND).tables
    england = inspections_from(tables["locations"], tables["ratings"], pd.DataFrame(columns=list(TABLES["links"])))
    both = south_west.latest().merge(england.latest(), on="home", suffixes=("", "_listed"))
    assert len(both) == 712
    assert round(100 * (both["rating"] == both["rating_listed"]).mean(), 1) == 99.6
    assert round(100 * (both["published"] == both["published_listed"]).mean(), 1) == 99.3


def test_a_list_of_latest_ratings_has_no_times(realdata):
    """Since when a rating that still stood was in sight is not known, so no spell of the snapshot enters into times."""
    tables = read(ENGLAND, realdata / ENGLAND).tables
    england = inspections_from(tables["locations"], tables["ratings"], pd.DataFrame(columns=list(TABLES["links"])))
    assert spells_of(england).timed().empty


def test_earlier_registrations(south_west):
    """194 of 728 homes name one, for the reasons on record."""
    joins = south_west.joins.groupby("reason")["links"].sum().to_dict()
    assert joins == {"New Provider": 133, "Legal Entity Change": 55, "Location Move": 5, "Partnership Change": 1}


def test_spells_of_the_south_west(south_west):
    """712 homes with a rating; nobody left, because the file holds homes that were registered on its day only."""
    spells = spells_of(south_west)
    assert spells.until == south_west.frame["published"].max() - pd.Timedelta(days=105)
    assert spells.frame["ended"].value_counts().to_dict() == {"rated": 1173, "in sight no longer": 712}
    assert (spells.homes_left, spells.homes_again) == (0, 0)
    assert (spells.frame["seen_from"] > spells.frame["start"]).sum() == 55  # ratings of an earlier registration
    assert len(spells.timed()) == 1849
