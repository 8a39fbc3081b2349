"""What of a scenario leaves the house is protected, and carries its interval."""

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from analysis import charts
from analysis.charts import scenarios as pictures
from analysis.disclosure import nearest
from analysis.missing import Missing
from analysis.scenarios import Who, money, project, published
from analysis.scenarios.sensitivity import switching_values, tornado
from analysis.tables import scenarios as tables
from analysis.tables.columns import read
from analysis.words import scenarios as told
from tests.scenarios.conftest import offer, scenario


@pytest.fixture(scope="module")
def one_home(county_baseline, levels):
    return project(county_baseline, scenario(offer(who=Who(most=1)), months=12), levels=levels)


def test_no_count_of_people_is_exact_or_small(projection, one_home, county_baseline):
    for each in (projection, one_home):
        counts = [
            published.fan(each)[list(published.BANDS)], published.dots(each)[["averted"]],
            published.homes(each, county_baseline)[["without", "without_low", "without_high", "averted"]],
            published.compare([("a", each, money(each))])[["averted", "averted_low", "averted_high"]],
            published.plane(money(each))[["averted"]],
        ]  # fmt: skip
        for frame in counts:
            shown = frame.to_numpy(float, na_value=np.nan)
            assert (shown[np.isfinite(shown)] % 5 == 0).all()
    hidden = published.homes(one_home, county_baseline)
    assert not hidden["averted"].dropna().between(1, 7).any()


def test_months_are_joined_where_they_are_too_few_to_show(projection, one_home):
    assert set(published.fan(one_home)["months"]) == {12}
    assert set(published.fan(projection)["line"]) == {"with it", "without it", "fewer with it"}


@pytest.mark.parametrize(("homes", "months"), [(10, 36), (40, 36), (80, 36), (80, 12), (80, 6)])
def test_the_picture_of_fewer_shows_the_programme_and_not_the_rounding(county_baseline, levels, homes, months):
    """Steps of five are at most a quarter of what is drawn, as long as three periods are left to be joined."""
    found = project(county_baseline, scenario(offer(who=Who(most=homes)), months=months), levels=levels)
    fan = published.fan(found)
    fewer = fan[fan["line"] == published.FEWER]
    period, averted = int(fan["months"].iloc[0]), float(np.median(found.total_averted)) / months
    assert averted * period >= 4 * 5 or period == max(size for size in (1, 3, 12) if months >= 3 * size)
    assert len(fewer) >= 3 or period == 12
    shown = fan.loc[fan["line"] != published.FEWER, list(published.BANDS)]
    assert not shown.isin(range(1, 8)).any(axis=None)


def test_twenty_dots_are_the_quantiles(projection):
    twenty = published.dots(projection)
    assert len(twenty) == 20
    assert np.median(twenty["averted"]) == pytest.approx(np.median(projection.total_averted), abs=25)
    assert twenty.groupby("averted")["height"].max().sum() == 20


def test_what_cannot_be_said_is_said_to_be_missing(projection):
    missing = {"Days below Good": Missing("load ratings"), "Delayed days": Missing("load delays")}
    frame = published.outcomes(projection, money(projection), missing).set_index("outcome")
    for outcome in ("Days below Good averted", "Delayed days averted"):
        assert np.isnan(frame.loc[outcome, "estimate"])
        assert frame.loc[outcome, "note"].startswith("not available")
    assert (frame["low"].dropna() <= frame["estimate"].dropna()).all()
    assert "–" in read(frame.reset_index(), tables.OUTCOMES)["About"].tolist()


def test_money_adds_up_over_payers_to_its_rounding(projection):
    frame = published.by_payer(money(projection)).set_index("payer")
    for part in ("cost", "cash", "capacity"):
        apart, whole = frame[part].iloc[:-1].sum(), frame[part].iloc[-1]
        assert apart == pytest.approx(whole, rel=0.1)


@pytest.mark.parametrize(
    ("value", "to"), [(0, 0), (499, 0), (1_234, 1_000), (123_456, 120_000), (-2_345_678, -2_300_000), (np.nan, np.nan)]
)
def test_pounds_to_two_figures(value, to):
    np.testing.assert_equal(published.pounds(value), to)


def test_every_assumption_has_a_source_and_a_mark(projection):
    shown = read(published.assumptions(projection.scenario), tables.ASSUMPTIONS)
    assert (shown["Source and price year"].str.len() > 3).all()
    assert set(shown["Checked"]) == {"verified", tables.NOT_VERIFIED}
    costs = shown[shown["Assumption"].str.contains("cost|Emergency admission$|A&E attendance$|Ambulance:", regex=True)]
    assert costs["Source and price year"].str.contains(r"\(20\d\d(?:/\d\d)? prices\)").all()
    assert len(costs) >= 5


def test_sentences():
    averted = {"estimate": 175, "low": 15, "high": 360}
    assert told.what_if("ward round", {"offered": 40, "among": 0, "least": 24.4, "most": 36.2}, 36, averted, 765) == (
        "The ward round, offered to 40 homes, of which 24 to 36 take it up, would avert about 175 emergency admissions "
        "(95% interval: 15 to 360) over 36 months. Without it, about 765 a year are expected in these homes."
    )
    one = {"offered": 1, "among": 0, "least": 1, "most": 1}
    lot = told.what_if("ward round", {"offered": 40, "among": 120, "least": 24.4, "most": 36.2}, 36, averted, 765)
    assert "offered to 40 homes drawn by lot from 120, of which 24 to 36 take it up" in lot
    harm = told.what_if("Principia", one, 1, {"estimate": -20, "low": -40, "high": 10}, None)
    assert "Principia, offered to 1 home, would bring about 20 more" in harm
    assert "from 40 more to 10 fewer" in harm
    assert "over 1 month. Without it, too few to show a year" in harm
    assert told.luck(2600, 2300, True).startswith("They were chosen for a bad year")
    assert "13% more than the 2,300" in told.luck(2600, 2300, True)
    assert "too few to show" in told.luck(None, 20, False)
    assert "the same number, 20 a year" in told.luck(20, 20, False)
    assert told.in_twenty(0) == "no"
    assert told.in_twenty(0.01) == "fewer than 1 of 20"
    assert told.in_twenty(0.4) == "8 of 20"
    assert told.in_twenty(0.99) == "more than 19 of 20"
    assert told.in_twenty(1) == "all"
    assert told.money_in(-60_000) == "−£60,000"
    assert told.money_in(1_240_000) == "£1.2 million"
    assert "In all of them" in told.likely(np.full(20, 5))
    assert "In none of them" in told.likely(np.full(20, -5))
    assert "between 5 and 14 fewer." in told.likely(np.arange(20))
    assert "between 5 more and 4 fewer." in told.likely(np.arange(20) - 10)


def test_money_is_told_in_three_sentences_and_its_intervals_stand_in_a_table(projection):
    row = published.by_payer(money(projection)).iloc[-1].to_dict()
    said = told.worth(row, 0.5)
    assert said.count("£") == 3
    assert said.count(". ") == 2
    shown = read(tables.worth(published.by_payer(money(projection))), tables.WORTH)
    shown = shown.set_index("Pounds in all")
    assert shown.loc["What it costs", "Mean"] == tables.short(row["cost"])
    assert shown.loc["Value less cost", "95% interval"] == (
        f"{tables.short(row['net_low'])} to {tables.short(row['net_high'])}"
    )


def test_charts_draw_what_they_are_given_and_say_it(projection, county_baseline):
    assert charts.scenarios is pictures
    twenty, fan = published.dots(projection), published.fan(projection)
    moved = tornado(county_baseline, projection.scenario)
    drawn = {
        "Twenty equally likely": pictures.dots(twenty), "Fewer emergency admissions a": pictures.fan(fan),
        "Value less cost": pictures.tornado(tables.ends(moved)),
        "Draws of cost": pictures.plane(published.plane(money(projection))),
        "Calibration of": pictures.calibration(pd.DataFrame({"case": "a", "rank": [0.1, 0.5]})),
    }  # fmt: skip
    for words, chart in drawn.items():
        assert chart.to_dict()["description"].startswith(words)
    sets = [pd.DataFrame(rows) for rows in drawn["Twenty equally likely"].to_dict()["datasets"].values()]
    assert sorted(next(d for d in sets if len(d) == 20)["averted"]) == sorted(twenty["averted"])


def test_tables_lay_out_every_row(projection, county_baseline):
    worth = money(projection)
    rows = published.homes(projection, county_baseline)
    assert len(read(rows, tables.HOMES)) == len(projection.rows)
    assert read(published.by_payer(worth), tables.BY_PAYER).shape[0] == len(published.by_payer(worth))
    assert len(read(published.fan(projection), tables.FAN)) == len(published.fan(projection))
    assert (
        read(tables.ends(tornado(county_baseline, projection.scenario)), tables.TORNADO)[
            "Value less cost at its worse end"
        ]
        .str.contains("£")
        .all()
    )
    assert "none" in read(switching_values(county_baseline, projection.scenario), tables.SWITCHING).iloc[:, 2].tolist()
    two = published.compare([("a", projection, worth), ("b", projection, worth)])
    assert read(two, tables.compared(two)).iloc[0, 1:].tolist() == read(two, tables.compared(two)).iloc[1, 1:].tolist()
    assert re.match(r"[\d,−]+ \([\d,−]+ to [\d,−]+\)$", read(two, tables.compared(two)).iloc[0, 3])


def test_more_admissions_are_shown_as_fewer_than_none(projection, county_baseline):
    harm = dataclasses.replace(projection, home_averted=-projection.home_averted)
    assert (published.homes(harm, county_baseline)["averted"].dropna() <= 0).all()


def test_a_long_look_ahead_does_not_tell_last_year_s_count(one_home, county_baseline, levels):
    """Over five years a figure to the nearest 5 would tell a year's count to the nearest 1."""
    told_by = {published.a_year(one_home.naive_without, one_home)}
    for ahead in (6, 24, 60, 120):
        longer = project(county_baseline, dataclasses.replace(one_home.scenario, months=ahead), levels=levels)
        told_by.add(published.a_year(longer.naive_without, longer))
    assert len(told_by) == 1


def test_the_difference_is_told_draw_by_draw(projection):
    """Paired draws: bands of with and without overlap where nearly every draw has fewer."""
    fan, averted = published.fan(projection), projection.counted_averted
    last = fan.groupby("line").tail(1).set_index("line")
    assert last.loc["with it", "high95"] > last.loc["without it", "low95"]
    months = int(fan["months"].iloc[0])
    summed = averted[-months:].sum(0)
    assert last.loc["fewer with it", "low80"] == nearest(float(np.quantile(summed, 0.1)))
    assert (summed > 0).mean() > 0.8
    words = told.difference(last.loc["fewer with it"].to_dict(), "quarter")
    assert "could be luck" not in words
    assert "fewer" in words


def test_no_axis_of_pounds_or_admissions_is_written_in_powers_of_ten(projection, county_baseline):
    for chart in (pictures.plane(published.plane(money(projection))),
                  pictures.tornado(tables.ends(tornado(county_baseline, projection.scenario)))):  # fmt: skip
        drawn = chart.to_dict()["layer"][0]["encoding"]
        axes = [drawn[way]["axis"] for way in ("x", "y") if drawn[way]["type"] == "quantitative"]
        assert axes
        assert all("£" in axis.get("labelExpr", "") or axis.get("format") == ",.0f" for axis in axes)


def test_the_better_end_of_every_input_is_the_one_with_more_money(projection, county_baseline):
    moved = tables.ends(tornado(county_baseline, projection.scenario))
    assert (moved["net_worse"] <= moved["net_better"]).all()
    effects = moved[moved["input"].str.contains(": effect")]
    ratio = effects["worse"].str.extract(r"(\d+)% fewer")[0].astype(float)
    assert (ratio.fillna(0) < effects["better"].str.extract(r"(\d+)% fewer")[0].astype(float)).all()
    drawn = pd.DataFrame(next(iter(pictures.tornado(moved).to_dict()["datasets"].values())))
    assert (
        drawn[drawn["end"] == pictures.BETTER]["net"].to_numpy()
        >= drawn[drawn["end"] == pictures.WORSE]["net"].to_numpy()
    ).all()


def test_pounds_of_nothing_are_written_as_such():
    assert tables.short(0) == "£0"
    assert tables.short(-60_000) == "−£60k"
    axis = pictures.plane(pd.DataFrame({"averted": [100, 120], "net_cost": [0, 1e5], "draws": [1, 1]})).to_dict()
    assert axis["layer"][0]["encoding"]["x"]["axis"]["format"] == ",.0f"
