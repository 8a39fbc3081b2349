"""Homes by quarter or year, from the door to the answer, against hands, statsmodels and the monthly answer."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.admissions import StaggeredRates
from analysis.checks.how_chosen import how_chosen
from analysis.checks.outlasting import outlasting
from analysis.checks.stood_out import stood_out
from analysis.design import NEVER, Plan, design_from
from analysis.errors import AnalysisError
from analysis.evaluation import evaluate
from analysis.figures.by_outcome import in_words
from analysis.panel import Panel, build_panel
from analysis.plans.homes import stored_homes
from analysis.plans.past import stored_past
from analysis.protocol import Protocol
from analysis.results import Effects
from analysis.simulate import PanelSpec, simulate_panel
from analysis.sources import read
from analysis.store import Store
from tests.costs import PROOF, draws
from tests.fitted import on

SPEC = PanelSpec(n_homes=60, n_months=48, starts=(24,) * 20, effect=(math.log(0.8),))


def monthly_rows(seed: int = 3, spec: PanelSpec = SPEC) -> pd.DataFrame:
    """A simulated county, home by home and month by month; `start` is the day on which a home began."""
    panel, truth = simulate_panel(spec, seed)
    rows = panel.tidy()[["unit", "month", "count", "exposure"]].round({"exposure": 2})  # as a store keeps them
    first = pd.Series(pd.NaT, panel.units.index, dtype="datetime64[s]")
    own = truth.start != NEVER
    first[own] = panel.months[truth.start[own]].astype("datetime64[s]")
    return rows.assign(month=pd.to_datetime(rows["month"]), start=rows["unit"].map(first))


def table(rows: pd.DataFrame, freq: str = "Q", write=lambda p: f"{p.year} Q{p.quarter}") -> bytes:
    """Add up whole periods and write them as evaluators do, by pandas alone."""
    by = rows.assign(period=rows["month"].dt.to_period(freq)).groupby(["unit", "period"])
    added = by.agg(
        admissions=("count", "sum"), bed_days=("exposure", "sum"), start=("start", "first"), n=("month", "size")
    )
    added = added.loc[added["n"] == added["n"].max()].reset_index()
    added["period"] = added["period"].map(write)
    return added.rename(columns={"unit": "home"}).drop(columns="n").to_csv(index=False).encode()


def stored(content: bytes) -> Store:
    store = Store.in_memory()
    store.load(read("homes.csv", content))
    return store


def protocol(store: Store, **plan) -> Protocol:
    name = store.table("interventions")["intervention"].iloc[0]
    return Protocol(plan=Plan(intervention=name, **plan), subgroups=())


@pytest.fixture(scope="module")
def store():
    return stored(table(monthly_rows()))


@pytest.fixture(scope="module")
def evaluation(store):
    return evaluate(protocol(store), store)


def by_hand(panel: pd.DataFrame) -> float:
    """Fit homes, periods and an effect for each period with it, by statsmodels; hold what was seen against the rest."""
    own = panel["with_it"].to_numpy()
    fixed = pd.get_dummies(panel[["home", "period"]].astype(str), drop_first=True, dtype=float)
    effects = pd.get_dummies(panel["period"].where(own), prefix="with it", dtype=float)
    X = sm.add_constant(fixed.join(effects))
    fit = sm.GLM(panel["admissions"], X, family=sm.families.Poisson(), offset=np.log(panel["bed_days"]))
    ratio = np.exp(fit.fit(tol=1e-13, maxiter=200).params[effects.columns])
    seen = panel.loc[own].groupby("period")["admissions"].sum().add_prefix("with it_")
    return float(seen.sum() / (seen / ratio).sum())


@pytest.mark.parametrize("began", [0, 1])
def test_the_answer_is_that_of_statsmodels_on_a_table_added_up_by_hand(began):
    """`began`: months into its quarter; that quarter is then partly without it and takes no part."""
    rows = monthly_rows()
    rows.loc[rows["start"].notna(), "start"] += pd.DateOffset(months=began)
    store = stored(table(rows))
    panel = build_panel(store)
    design = design_from(
        panel, store.table("interventions").rename(columns={"location_id": "unit"}), protocol(store).plan
    )
    found = StaggeredRates().fit(panel, design).tidy()
    hand = pd.read_csv(pd.io.common.BytesIO(table(rows)), parse_dates=["start"])
    quarter = pd.PeriodIndex(hand["period"].str.replace(" ", ""), freq="Q")
    begins = quarter.start_time
    hand["with_it"] = (hand["start"].notna() & (begins >= hand["start"])).to_numpy()
    part = hand["start"].notna() & (begins < hand["start"]) & (quarter.end_time >= hand["start"])
    assert part.sum() == (20 if began else 0)
    left_out = design.left_out.set_index("reason")["units"].to_dict()
    assert left_out == ({"the quarter in which it began part of the way": 20} if began else {})
    estimate = found.loc[found["term"] == "rate_ratio", "estimate"].iloc[0]
    assert estimate == pytest.approx(by_hand(hand[~part].reset_index(drop=True)), rel=1e-8)


def test_the_panel_is_that_of_a_notebook_and_says_how_long_its_periods_are(store):
    panel = build_panel(store)
    frame = pd.read_csv(pd.io.common.BytesIO(table(monthly_rows())))
    month = pd.PeriodIndex(frame["period"].str.replace(" ", ""), freq="Q").start_time
    other = Panel.from_frame(frame.assign(unit=frame["home"], month=month, count=frame["admissions"],
                                          exposure=frame["bed_days"]), length=3)  # fmt: skip
    assert panel.length == other.length == 3
    assert (panel.months == other.months).all() and (panel.counts == other.counts).all()
    assert np.abs(panel.exposure - other.exposure).max() < 0.01


def test_quarters_answer_as_months_do(evaluation):
    """Starts begin quarters here, so both ask about the same days: they differ by far less than either's error."""
    rows = monthly_rows()
    monthly = rows.rename(columns={"unit": "home", "count": "admissions", "exposure": "bed_days"})
    months = stored(monthly.assign(month=monthly["month"].dt.strftime("%Y-%m")).to_csv(index=False).encode())
    found = [each.effects.tidy().iloc[0] for each in (evaluation, evaluate(protocol(months), months))]
    log = [np.log(row["estimate"]) for row in found]
    assert abs(log[0] - log[1]) < 0.25 * found[1]["std_error"]
    assert found[0]["std_error"] == pytest.approx(found[1]["std_error"], rel=0.15)


def test_financial_years_are_years_from_april():
    rows = monthly_rows(
        5, PanelSpec(n_homes=60, n_months=87, first_month="2015-01", starts=(51,) * 20, effect=(math.log(0.8),))
    )
    content = table(rows, "Y-MAR", lambda p: f"{p.year - 1}/{p.year % 100:02}")
    panel = build_panel(stored(content))
    assert panel.length == 12 and str(panel.months[0]).endswith("-04") and panel.counts.shape[1] == 7
    store = stored(content)
    asked = protocol(store) if PROOF else replace(protocol(store), checks=("parallel_before", "how_chosen"))
    evaluation = evaluate(asked, store)  # every doubt is asked of quarters, below
    text = in_words(evaluation, "mine")
    assert "Years since the start" in text and "quarter" not in text.partition("## What this was made from")[0].lower()
    assert evaluation.effects.tidy().iloc[0]["conf_low"] < 0.8 < evaluation.effects.tidy().iloc[0]["conf_high"]


def test_what_may_be_shown_is_what_the_same_numbers_by_month_show(store, evaluation):
    """Bands are counted of what the store holds: that the rows are quarters tells nobody more of a count."""
    frame = pd.read_csv(pd.io.common.BytesIO(table(monthly_rows())))
    month = pd.PeriodIndex(frame["period"].str.replace(" ", ""), freq="Q").start_time.strftime("%Y-%m")
    months = stored(frame.drop(columns="period").assign(month=month).to_csv(index=False).encode())
    asked = [evaluation.shown, evaluate(protocol(months), months).shown]
    assert asked[1].length == 1
    for one in ("counts", "drawn", "together", "unseen"):
        assert (getattr(asked[0], one) == getattr(asked[1], one)[:, ::3]).all()
    assert (asked[0].counts != build_panel(store).counts).any()


def test_every_word_is_of_quarters(evaluation):
    text = in_words(evaluation, "mine").partition("## What this was made from")[0]
    left = [line for line in text.splitlines() if "month" in line.lower().replace("calendar month", "")]
    assert left == [] and "Quarters since the start" in text and "Homes are counted by quarter here" in text
    readings = "".join(check.reading for check in evaluation.checks).replace("calendar month", "")
    assert "month" not in readings and "month" not in "".join(evaluation.account()["why"])
    not_asked = [check for check in evaluation.checks if "of homes counted by quarter it is not asked" in check.reading]
    assert 3 < len(not_asked) < len(evaluation.checks) - 10 and all(check.passed is None for check in not_asked)


def test_what_counts_in_months_is_refused_in_words(store):
    for asked in ({"others": "estimate"}, {"spells": "every"}):
        with pytest.raises(AnalysisError, match="counted by quarter"):
            evaluate(protocol(store, **asked), store)
    with pytest.raises(AnalysisError, match="Homes are counted by quarter here, and this follows them month by month"):
        stored_past(store)
    assert stored_homes(store).watchable is not None  # their ratings are known all the same


def test_months_early_are_whole_quarters(store):
    panel, spells = build_panel(store), store.table("interventions")
    for months, quarters in ((1, 1), (3, 1), (4, 2)):
        design = design_from(panel, spells, protocol(store, anticipation=months).plan)
        assert (~design.included[design.start != NEVER]).sum(axis=1).tolist() == [quarters] * 20
    design = design_from(panel, spells, protocol(store, leave_out=(("2022-02", "2022-04"),)).plan)
    assert (~design.included).all(axis=0).sum() == 2


def test_the_quarter_in_which_it_ended_part_of_the_way_takes_no_part(store):
    panel, spells = build_panel(store), store.table("interventions")
    starts = pd.Timestamp(spells["started"].iloc[0])
    for months, days, left in ((9, -1, 0), (10, 5, 1)):
        ended = starts + pd.DateOffset(months=months) + pd.Timedelta(days=days)
        design = design_from(panel, spells.assign(ended=ended), protocol(store).plan)
        reasons = design.left_out.set_index("reason")["unit_months"].to_dict()
        assert reasons.get("the quarter in which it ended part of the way", 0) == 20 * left


def by_quarter(spec: PanelSpec, seed: int) -> tuple[Panel, pd.DataFrame]:
    """A simulated county added up to quarters, and who began when."""
    months, truth = simulate_panel(spec, seed)
    rows = months.tidy().assign(month=lambda t: pd.to_datetime(t["month"]).dt.to_period("Q").dt.start_time)
    panel = Panel.from_frame(rows.groupby(["unit", "month"], as_index=False)[["count", "exposure"]].sum(), length=3)
    own = truth.start != NEVER
    spells = pd.DataFrame({"unit": months.units.index[own], "intervention": "it", "ended": pd.NaT})
    return panel, spells.assign(started=months.months[truth.start[own]].astype("datetime64[s]"))


def share(worlds: int, spec: PanelSpec, found) -> float:
    """Of worlds in which something is found of a panel and a design, by quarter."""
    said = 0
    for seed in range(worlds):
        panel, spells = by_quarter(spec, 1000 + seed)
        said += bool(found(panel, design_from(panel, spells, Plan(intervention="it"))))
    return said / worlds


def outside(panel: Panel, design) -> bool:
    row = StaggeredRates(subgroups=()).fit(panel, design).tidy().iloc[0]
    return not row["conf_low"] <= 1 <= row["conf_high"]


def stands_out(panel: Panel, design) -> bool:
    nothing = Effects(tables={}, summary={}, cells=pd.DataFrame())
    return stood_out(on(panel, design, StaggeredRates(leads=0, subgroups=()), nothing)).passed is False


NOTHING = PanelSpec(n_homes=60, n_months=48, starts=(24,) * 20, effect=(0.0,))


@pytest.mark.parametrize("found", [outside, stands_out])
def test_nothing_is_found_where_nothing_happened(found):
    """The null, by quarter: programmes without effect, homes chosen by lot; as often found as is promised at most."""
    worlds = draws(200)
    assert share(worlds, NOTHING, found) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / worlds)


def test_homes_chosen_in_a_bad_year_stand_out_by_quarter_too():
    worst = replace(NOTHING, worst_in=(12, 24), shock_sd=0.5, home_cv=0.2)
    assert share(12, worst, stands_out) >= 0.9


def test_the_months_that_chose_homes_are_whole_quarters_and_are_doubted(store):
    """Named from February to November: the quarters they lie in are left out, and what lasted beyond is asked."""
    panel, spells = build_panel(store), store.table("interventions")
    told = spells.assign(
        chosen_by="the worst", chosen_from=pd.Timestamp("2022-02-01"), chosen_to=pd.Timestamp("2022-11-01")
    )
    design = design_from(panel, told, protocol(store).plan)
    assert (~design.included).all(axis=0).sum() == 4 and not (design.included & design.chosen).any()
    model = StaggeredRates(leads=0, subgroups=())
    fitted = on(panel, design, model, model.fit(panel, design))
    assert "January to March 2022 to October to December 2022" in how_chosen(fitted).reading
    assert "fewer than two windows of 4" in outlasting(fitted).reading or outlasting(fitted).table.shape[0]
