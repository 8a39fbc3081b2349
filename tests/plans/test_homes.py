"""One home as it stands is what the store says of it, and no more than may be shown."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.figures import home as figures
from analysis.missing import Missing
from analysis.monitoring import ControlChart, Series
from analysis.monitoring.home import admissions_of, fullness_of, neighbours
from analysis.plans.homes import HomePlan, look_at
from tests.costs import PROOF

PERIODS = np.arange("2018-01", "2024-01", dtype="datetime64[M]")


@pytest.fixture(scope="module")
def profiles(homes):
    """Homes of the sample, looked at: one in twenty, in the proof every one."""
    every = list(homes.names)
    assert len(every) == 160
    return {home: look_at(HomePlan(home=home), homes) for home in every[:: 1 if PROOF else 20]}


def test_every_home_has_a_reading_and_its_own_ratings(homes, profiles):
    frame = homes.inspections.frame
    for home, found in profiles.items():
        own = frame[(frame["home"] == home) & (frame["key_question"] == "Overall")]
        assert found.ratings["published"].tolist() == own["published"].tolist()
        assert len(figures.reading(found).headline) > 200
    latest = {q: homes.inspections.latest(q).set_index("home")["rating"].astype(str) for q in ("Overall", "Safe")}
    for home, found in list(profiles.items())[:40]:
        told = found.questions.set_index("key_question")["rating"].astype(str)
        for question, ratings in latest.items():
            assert told.get(question) == ratings.get(home)


@pytest.mark.bench
def test_quartiles_of_peers_are_those_of_homes_of_the_kind_and_size(homes, profiles):
    home = next(
        home for home, found in profiles.items() if not isinstance(found.peers, Missing) and found.peers.same_size
    )
    register = homes.inspections.homes
    own = register.loc[home]
    like = register[(register["home_type"] == own["home_type"]) & (register["leaving"] == "registered")
                    & register["beds"].between(own["beds"] / 1.5, own["beds"] * 1.5)].index.drop(home)  # fmt: skip
    last = homes.inspections.rated().groupby("home")["date"].last()
    years = ((homes.until - last).dt.days / 365.25).reindex(like).dropna()
    row = profiles[home].peers.rows.set_index("measure").loc["Years since its last rating"]
    assert row["homes"] == len(years)
    np.testing.assert_allclose([row["low"], row["middle"], row["high"]], np.quantile(years, [0.25, 0.5, 0.75]))


def test_no_figure_of_any_home_holds_a_count(homes, profiles):
    source = figures.source(HomePlan(), homes, "", "the sample")
    for found in list(profiles.values())[::4]:
        for figure in figures.figures(found, source):
            for table in figure.tables:
                assert not {"events", "count", "observed", "admissions"} & {*table.tidy}


def test_the_shortest_period_with_enough_admissions_is_charted_or_none():
    days = np.full(72, 900.0)
    for a_month, every in ((4.0, 3), (1.6, 6)):
        found = admissions_of(PERIODS, np.full(72, a_month), days)
        assert np.diff(found.series.periods).astype(int).tolist() == [every] * (72 // every - 1)
    assert isinstance(admissions_of(PERIODS, np.full(72, 0.5), days), Missing)
    assert isinstance(admissions_of(PERIODS, np.zeros(72), np.zeros(72)), Missing)


def test_a_gap_in_what_was_watched_is_not_charted_over():
    days = np.full(72, 900.0)
    days[20] = 0
    found = admissions_of(PERIODS, np.where(days > 0, 5.0, 0.0), days)
    assert found.series.periods[0] == PERIODS[21]


def test_limits_of_beds_filled_are_widened_where_months_are_alike():
    rng = np.random.default_rng(3)
    share = np.empty(72)
    share[0] = 0
    for t in range(1, 72):
        share[t] = 0.8 * share[t - 1] + rng.normal()
    month = ((PERIODS + 1).astype("datetime64[D]") - PERIODS.astype("datetime64[D]")).astype(int)
    values = 80 + share
    found = fullness_of(PERIODS, values / 100 * 40 * month, 40)
    plain = ControlChart(season="kept").of(
        Series(name="", unit="", periods=PERIODS, events=values, of=np.ones(72), sort="measurement")
    )
    moved = values - values.mean()
    rho = (moved[1:] * moved[:-1]).sum() / (moved**2).sum()
    np.testing.assert_allclose(neighbours(values), rho)
    np.testing.assert_allclose(
        found.limits.upper - found.limits.centre, (plain.limits.upper - plain.limits.centre) / np.sqrt(1 - rho)
    )
    assert plain.signals.special.mean() > 0.3 and not found.signals.special.any()


def test_the_stored_table_says_what_protection_costs():
    table = pd.read_csv(Path(__file__).resolve().parents[2] / "bench" / "home_chart.csv")
    by = table.pivot_table(index="what", columns="counts", values="any")
    counted = by.dropna(subset=["bands"])
    assert (counted["bands"] <= counted["true"] + 6).all()
    assert (counted["bands, rounded again"] > 2 * counted["true"]).all()
    points = table[table["counts"] == "as the page"].set_index("what")["points"]
    assert points.max() < 6


def test_a_home_can_be_printed_and_the_page_holds_its_reading(homes, profiles, sample_store):
    from analysis.figures.figure import Source  # noqa: PLC0415 - of this test alone
    from analysis.figures.of_plans import of_plan  # noqa: PLC0415 - of this test alone
    from analysis.reports import plan_report, write  # noqa: PLC0415 - of this test alone

    found = look_at(HomePlan(home="1-99000026157"), homes)
    source = Source(origin="Synthetic data.")
    shown = of_plan(found.plan, figures.figures(found, source), source, (sample_store, homes.shown))
    page = write(plan_report("monitor", shown), "html").decode()
    assert figures.reading(found).headline.split(".")[0] in page and "What this cannot tell you" in page


def test_homes_without_a_name_are_listed_after_those_that_have_one(homes):
    rated = homes.inspections
    first, second, *_ = homes.names
    unnamed = rated.homes["name"].mask(rated.homes.index == first)
    names = replace(homes, inspections=replace(rated, homes=rated.homes.assign(name=unnamed)), watchable=Missing("-"))
    assert next(iter(names.names)) == second
    assert list(names.names.items())[-1] == (first, f"Home ({first})")


def test_a_home_that_is_not_there_is_refused(homes):
    with pytest.raises(AnalysisError, match="There is no home '1-nowhere'"):
        look_at(HomePlan(home="1-nowhere"), homes)
