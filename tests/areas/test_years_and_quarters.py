"""Figures by year and by quarter are asked as months are: what is known of them apart is what is found."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from synthdid.datasets import load_california_prop99

from analysis.areas import InterruptedTimeSeries, SyntheticControl, choose, joined
from analysis.areas.answer import EVENTS
from analysis.areas.observed import RATE_ALONE, area_panel, areas_of
from analysis.areas.question import FEWEST
from analysis.design import NEVER, Design, Plan
from analysis.errors import AnalysisError
from analysis.evaluation import evaluate
from analysis.figures.by_outcome import in_words
from analysis.outcomes import AreaMeasure
from analysis.panel import Panel
from analysis.protocol import Protocol
from analysis.questions.area_methods import METHODS
from analysis.sources import read
from analysis.store import Store
from tests.areas.asked import evaluate_area

PACKS = "packs a person"


@pytest.fixture(scope="module")
def tobacco():
    """Cigarettes by state, 1970 to 2000, as anybody keeps yearly figures; California taxed them from 1989."""
    rows = load_california_prop99()
    return pd.DataFrame({
        "area_code": rows["State"], "year": rows["Year"].astype(int), "indicator": PACKS,
        "value": rows["PacksPerCapita"].round(4),
    })  # fmt: skip


@pytest.fixture(scope="module")
def store(tobacco):
    held = Store.in_memory()
    held.load(read("packs.csv", tobacco.to_csv(index=False).encode()))
    return held


@pytest.fixture(scope="module")
def california(store, tmp_path_factory):
    outcome = AreaMeasure(area="CALIFORNIA", start="1989-01", measure=PACKS)
    asked = Protocol(plan=Plan(intervention="tax"), outcome=outcome)
    written = tmp_path_factory.mktemp("asked") / "tax.toml"
    written.write_text(asked.to_toml())
    assert Protocol.read(written) == asked
    return asked, store


@pytest.mark.parametrize(
    ("method", "published"),
    [("synthetic_control", -19.6), ("synthetic_did", -15.6)],  # Arkhangelsky and others (2021), Table 1
)
def test_nineteen_years_before_are_enough_and_give_what_is_published(store, method, published):
    panel = area_panel(joined(store.table("area_outcomes")), PACKS)
    assert (panel.length, len(panel.months), panel.exposure_unit) == (12, 31, RATE_ALONE)
    design = choose(panel, AreaMeasure(area="CALIFORNIA", start="1989-01", measure=PACKS)).design
    cells = SyntheticControl(method=method, scale="rate").fit(panel, design).augment()
    own = cells[(cells["unit"] == "CALIFORNIA") & (cells["event_time"] >= 0)]
    found = ((own["observed"] - own["counterfactual"]) / panel.exposure.max()).mean()
    assert found == pytest.approx(published, abs=0.15)  # of which 0.05 is the published figure's rounding


@pytest.mark.bench
def test_the_terminal_s_door_asks_a_yearly_measure_and_writes_the_same_bytes_each_time(california):
    protocol, store = california
    found = evaluate(protocol, store)
    assert set(found.answers) == set(METHODS)
    assert "fell in the" in found.headline or "cannot be told" in found.headline
    files = found.files()
    assert files == evaluate(protocol, store).files()
    assert b"events_averted" not in files["effects.csv"]  # nobody counted any
    text = in_words(found, "packs")
    for said in ("Year by year", "Years before the start", "area-years on which the answer rests", "As published"):
        assert said in text + files["account.csv"].decode()
    assert "numbers of months" not in text and "Months before the start" not in text


def yearly(seed=4, areas=24, years=10, start=7, effect=0.0):
    """Counts over people, by financial year."""
    rng = np.random.default_rng(seed)
    people = rng.uniform(2e4, 9e4, (areas, 1)) * 1.01 ** np.arange(years)
    level = rng.normal(np.log(0.006), 0.3, (areas, 1)) + 0.1 * rng.standard_normal((areas, years))
    level[0, start:] += effect
    counts = rng.poisson(people * np.exp(level - 0.02 * np.arange(years)))
    rows = [
        (f"E{i:08d}", f"Area {i}", "permanent", pd.Timestamp(2012 + t, 4, 1), 12, 1e5 * counts[i, t] / people[i, t],
         counts[i, t], people[i, t], "people", "people aged 65 and over")
        for i in range(areas) for t in range(years)
    ]  # fmt: skip
    columns = ["area_code", "area_name", "measure", "period", "months", "value", "numerator", "denominator",
               "counted", "among"]  # fmt: skip
    return joined(pd.DataFrame(rows, columns=columns))


ASKED = AreaMeasure(area="E00000000", start="2019-04", measure="permanent")


def test_counts_over_people_keep_the_unit_of_their_exposure_and_no_exact_number():
    observed = areas_of(yearly(), "permanent")
    assert observed.panel.exposure_unit == "people aged 65 and over"
    assert observed.told.unit == "Per 100,000 people aged 65 and over"
    assert not (observed.panel.counts % 5).any()  # as they may be shown


def test_a_yearly_series_is_segmented_regression_as_statsmodels_has_it():
    observed = areas_of(yearly(), "permanent")
    design = choose(observed.panel, ASKED).design
    found = InterruptedTimeSeries().fit(observed.panel, design)
    y, n = observed.panel.counts[0].astype(float), observed.panel.exposure[0]
    since = np.arange(10) - 7.0
    after = (since >= 0).astype(float)
    X = np.column_stack([np.ones(10), since, after, after * since])
    fit = sm.GLM(y, X, family=sm.families.Poisson(), exposure=n).fit(
        cov_type="HAC", cov_kwds={"maxlags": 5, "use_correction": True}, tol=1e-12, tol_criterion="params"
    )
    told = found.diagnostics["coefficients"]
    np.testing.assert_allclose(told["estimate"], fit.params[2:], rtol=1e-8)
    np.testing.assert_allclose(told["std_error"], fit.bse[2:], rtol=1e-6)


def test_a_quarterly_series_has_a_level_for_every_quarter():
    rng = np.random.default_rng(9)
    counts = rng.poisson(400 * np.tile([1.2, 0.9, 0.8, 1.1], 6), (2, 24))
    frame = pd.DataFrame({
        "unit": np.repeat(["a", "b"], 24), "month": np.tile(pd.date_range("2018-04-01", periods=24, freq="3MS"), 2),
        "count": counts.ravel(), "exposure": 91.0,
    })  # fmt: skip
    panel = Panel.from_frame(frame, outcome="delays", exposure_unit="days", length=3)
    assert panel.months[1] == np.datetime64("2018-07")
    design = Design(intervention="x", start=np.array([14, NEVER]), included=np.ones((2, 24), bool))
    found = InterruptedTimeSeries().fit(panel, design).diagnostics["coefficients"]
    since, after = (np.arange(24) - 14) / 4, (np.arange(24) >= 14).astype(float)
    quarters = np.eye(4)[np.arange(24) % 4]
    fit = sm.GLM(counts[0], np.column_stack([quarters, since, after, after * since]), family=sm.families.Poisson(),
                 exposure=np.full(24, 91.0)).fit(tol=1e-12, tol_criterion="params")  # fmt: skip
    np.testing.assert_allclose(found["estimate"], fit.params[5:], rtol=1e-8)


def test_a_year_that_the_start_cuts_in_two_takes_no_part():
    table = yearly()
    whole = choose(areas_of(table, "permanent").panel, ASKED)
    cut = choose(areas_of(table, "permanent").panel, AreaMeasure(area=ASKED.area, start="2019-07", measure="permanent"))
    assert whole.design.included.all() and whole.design.start[0] == 7
    assert list(np.flatnonzero(~cut.design.included[0])) == [7] and cut.design.start[0] == 8
    assert "2019/20 takes no part" in cut.notes[0]


def test_too_few_years_are_told_in_years():
    panel = areas_of(yearly(), "permanent").panel
    with pytest.raises(AnalysisError, match=f"fewer than {FEWEST[12]} years before it") as told:
        choose(panel, AreaMeasure(area=ASKED.area, start="2014-04", measure="permanent"))
    assert "April 2017" in told.value.do and "2012/13 to 2021/22" in told.value.found
    frame = pd.DataFrame({"unit": "a", "month": ["2018-04-01", "2019-01-01"], "count": 1, "exposure": 1.0})
    with pytest.raises(AnalysisError, match="do not follow one another"):
        Panel.from_frame(frame, length=12)


def test_years_made_another_way_take_no_part_and_it_is_said():
    table = yearly(years=14).assign(measure="Permanent admissions aged 65 and over")
    name = "Permanent admissions aged 65 and over"
    before, after = (areas_of(table, name, start) for start in ("2019-04", "2024-04"))
    assert str(before.panel.months[-1]) == "2023-04" and "2024/25 and later take no part" in before.notes[0]
    assert str(after.panel.months[-1]) == "2025-04" and "in every area" in after.notes[0]


def test_an_effect_is_found_in_years_and_told_with_people_averted():
    found = evaluate_area(yearly(effect=-1.2), "permanent", ASKED)
    assert found.verdict.years
    row = found.evaluation.effects.tidy("year").query("year == 1")
    assert row.loc[row["term"] == "rate_ratio", "estimate"].iloc[0] == pytest.approx(np.exp(-1.2), abs=0.12)
    assert (row.loc[row["term"] == EVENTS, "estimate"] > 0).all()


WRITTEN = {
    "2016/17": ("2016-04-01", 12), "2016-17": ("2016-04-01", 12), "2016/2017": ("2016-04-01", 12),
    "2016/17 Q4": ("2017-01-01", 3), "Q1 2016/17": ("2016-04-01", 3), "2016 Q2": ("2016-04-01", 3),
    "2016": ("2016-01-01", 12), "2016-05": ("2016-05-01", 1), "May 2016": ("2016-05-01", 1),
}  # fmt: skip


@pytest.mark.parametrize("written", list(WRITTEN))
def test_periods_are_read_as_they_are_written(written):
    rows = f"area_code,period,indicator,value\nE1,{written},share,0.31\n"
    table = read("x.csv", rows.encode()).tables["area_outcomes"]
    assert (str(table["period"].iloc[0])[:10], table["months"].iloc[0]) == WRITTEN[written]


def test_years_that_could_be_months_are_years_where_all_are_two_in_a_row():
    rows = "area_code,period,indicator,value\n" + "".join(f"E1,20{y:02d}/{y + 1:02d},x,1\n" for y in range(7, 12))
    table = read("x.csv", rows.encode()).tables["area_outcomes"]
    assert set(table["months"]) == {12} and table["period"].iloc[3] == pd.Timestamp("2010-04-01")
    rows = "area_code,period,indicator,value\n" + "".join(f"E1,2010-{m:02d},x,1\n" for m in range(9, 13))
    assert set(read("x.csv", rows.encode()).tables["area_outcomes"]["months"]) == {1}


@pytest.mark.realdata
def test_ten_real_years_of_sixteen_councils_are_decided_with_words(realdata):
    name = "ascof_permanent_admissions_65plus.csv"
    held = Store.in_memory()
    held.load(read(name, realdata / name))
    measure = "Permanent admissions to residential and nursing care homes aged 65+"
    outcome = AreaMeasure(area="E09000003", start="2020-04", measure=measure)
    found = evaluate(Protocol(plan=Plan(intervention="reablement"), outcome=outcome), held)
    assert found.observed.panel.length == 12 and not found.observed.told.counts
    assert "areas to compare with are too few, and 19 are needed" in found.headline
    assert found.fitted.judged.baseline.national_spike == pytest.approx(
        found.observed.national["2019-04-01"] / found.observed.national[:"2018-04-01"].mean()
    )
