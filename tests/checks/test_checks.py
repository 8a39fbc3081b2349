"""Each doubt on panels where the answer is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.admissions import StaggeredRates
from analysis.checks.few_clusters import few_clusters
from analysis.checks.how_chosen import how_chosen
from analysis.checks.missing_months import missing_months
from analysis.checks.parallel_before import ALPHA, LARGE, parallel_before
from analysis.checks.without_exposure import without_exposure
from analysis.design import NEVER, Plan, design_from
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Effects
from analysis.simulate import PanelSpec, simulate_panel
from tests.costs import draws
from tests.fitted import on

MODEL = StaggeredRates(permutations=99, subgroups=())


def effects(**diagnostics) -> Effects:
    return Effects(tables={}, summary={}, cells=pd.DataFrame(), diagnostics=diagnostics)


def chosen_in(panel: Panel, homes, first: int, last: int, start: int, *, selection="leave out"):
    """Design in which these homes were chosen by months first..last and start at month start."""
    day = panel.months.astype("datetime64[s]")
    spells = pd.DataFrame({"unit": homes, "intervention": "round", "started": day[start], "chosen_by": "the worst"})
    spells = spells.assign(chosen_from=day[first], chosen_to=day[last])
    return design_from(panel, spells, Plan(intervention="round", selection=selection))


SPEC = PanelSpec(n_homes=50, n_months=66, starts=(48,) * 5, effect=(0.0,), worst_in=(36, 48))


def examined(seed: int, selection="leave out"):
    panel, truth = simulate_panel(SPEC, seed)
    design = chosen_in(panel, panel.units.index[truth.start != NEVER], 36, 47, 48, selection=selection)
    return panel, design, how_chosen(on(panel, design, MODEL, effects()))


def test_the_same_choice_in_earlier_months_foretells_the_fall_without_any_effect():
    """Homes chosen as the worst of a year, nobody helped: over 40 panels the foretold fall is the fall."""
    foretold, fell = [], []
    for seed in range(40):
        panel, design, check = examined(seed)
        foretold.append(check.table["expected_fall"].iloc[1])
        homes = (design.start != NEVER)[:, None]
        rate = {
            (who, when): panel.counts[mask].sum() / panel.exposure[mask].sum()
            for who, where in (("chosen", homes), ("others", ~homes))
            for when, months in (("in", slice(36, 48)), ("after", slice(48, 60)))
            for mask in [where & np.isin(np.arange(66), np.arange(66)[months])]
        }
        ratio = {when: rate["chosen", when] / rate["others", when] for when in ("in", "after")}
        fell.append(1 - ratio["after"] / ratio["in"])
    assert np.mean(fell) > 0.1
    error = np.std(np.subtract(foretold, fell), ddof=1) / np.sqrt(40)
    assert abs(np.mean(foretold) - np.mean(fell)) < 3 * error


def test_chance_alone_explains_what_a_table_of_simulations_says():
    """20 admissions a home-year, CV 0.4, the worst of 50 homes: a fall of 13.5% from nothing (reliability, 2.1)."""
    rng = np.random.default_rng(1)
    foretold = []
    for _ in range(draws(200, 50)):
        rate = rng.gamma(1 / 0.16, 20 * 0.16, 50)
        counts = rng.poisson(np.column_stack([rate / 12] * 12))
        panel = _panel(np.column_stack([counts, np.ones((50, 1), int)]))
        home = panel.units.index[[counts.sum(axis=1).argmax()]]
        design = chosen_in(panel, home, 0, 11, 12)
        foretold.append(how_chosen(on(panel, design, MODEL, effects())).table["expected_fall"].iloc[2])
    assert abs(np.mean(foretold) - 0.135) < 0.02


def _panel(counts: np.ndarray) -> Panel:
    N, T = counts.shape
    return Panel(
        units=pd.DataFrame(index=pd.Index([f"h{i:03}" for i in range(N)], name="unit")),
        months=np.datetime64("2020-01", "M") + np.arange(T),
        counts=counts,
        exposure=np.full((N, T), 1000.0),
        outcome="emergency admissions",
        exposure_unit="bed-days",
    )


def test_a_selection_year_kept_in_the_baseline_fails():
    assert examined(3)[2].passed is True
    kept = examined(3, "keep")[2]
    assert kept.passed is False
    assert "is counted as effect" in kept.reading


def test_not_knowing_how_homes_were_chosen_is_said():
    panel, truth = simulate_panel(PanelSpec(n_homes=20), 1)
    check = how_chosen(on(panel, truth.design(), MODEL, effects()))
    assert check.passed is None
    assert "Nobody said how homes were chosen" in check.reading


@pytest.mark.parametrize(
    ("treated", "df", "passed"), [(1, 1, False), (2, 3, False), (5, 4.4, False), (10, 9, True), (10, 3, False)]
)
def test_enough_homes(treated, df, passed):
    degrees = pd.DataFrame({"by": ["overall"], "df": [float(df)]})
    answer = replace(
        effects(degrees_of_freedom=degrees),
        summary=dict.fromkeys(_GLANCE, 0) | {"n_clusters": 80, "n_treated": treated},
    )
    assert few_clusters(on(None, None, MODEL, answer)).passed is passed  # type: ignore[arg-type]


_GLANCE = (
    "estimand", "scale", "n_units", "n_treated", "n_comparison", "n_clusters", "n_obs", "events", "exposure",
    "conf_level", "vcov", "converged", "dropped",
)  # fmt: skip


def test_months_that_stop_with_the_intervention_are_noticed():
    panel, truth = simulate_panel(PanelSpec(n_homes=20, starts=(12,) * 5), 1)
    assert missing_months(on(panel, truth.design(), MODEL, effects())).passed is True
    exposure = panel.exposure.copy()
    exposure[np.ix_(truth.start != NEVER, np.arange(14, 34, 2))] = 0
    holed = replace(panel, exposure=exposure, digest="")
    check = missing_months(on(holed, truth.design(), MODEL, effects()))
    assert check.passed is False
    assert check.table["observed"].tolist() == [15 * 36, 5 * 12, 5 * 14]
    assert "missing unevenly" in check.reading


def test_one_month_in_eleven_observed_is_a_concern_though_alike_everywhere():
    panel, truth = simulate_panel(PanelSpec(n_homes=20, n_months=45, starts=(22,) * 5), 1)
    exposure = np.where(np.arange(45) % 11 == 0, panel.exposure, 0)
    counts = np.where(exposure > 0, panel.counts, 0)
    check = missing_months(
        on(replace(panel, exposure=exposure, counts=counts, digest=""), truth.design(), MODEL, effects())
    )
    assert check.table["share"].max() < 0.15
    assert check.passed is False
    assert "missing" in check.reading


def test_suppressed_counts_are_told():
    panel, truth = simulate_panel(PanelSpec(n_homes=20, starts=(12,) * 5), 1)
    facts = pd.DataFrame([("suppressed counts", 3, 17, "")], columns=["fact", "homes", "home_months", "reading"])
    check = missing_months(on(replace(panel, facts=facts), truth.design(), MODEL, effects()))
    assert check.passed is False
    assert "17 home-months" in check.reading


def test_without_bed_days_emptying_homes_seem_to_improve():
    spec = PanelSpec(starts=(18,) * 20, effect=(0.0,), exposure_fall=0.3, exposure_fall_months=1)
    panel, truth = simulate_panel(spec, 5)
    answer = MODEL.fit(panel, truth.design())
    check = without_exposure(on(panel, truth.design(), MODEL, answer))
    right, bare = check.table["estimate"]
    assert right == answer.tidy().query(f"term == '{RATE_RATIO}'")["estimate"].iloc[0]
    assert bare == pytest.approx(0.7 * right, rel=0.05)
    assert check.passed is None
    assert "lower after its start" in check.reading


def test_where_no_rate_ratio_may_be_told_none_is_told_of_counts_alone():
    """It read “the same rate ratio, nan”."""
    panel, truth = simulate_panel(PanelSpec(n_homes=20, starts=(18,) * 4), 5)
    answer = MODEL.fit(panel, truth.design())
    overall = answer.tidy().assign(estimate=np.nan, conf_low=np.nan, conf_high=np.nan)
    hidden = replace(answer, tables={**answer.tables, "overall": overall})
    check = without_exposure(on(panel, truth.design(), MODEL, hidden))
    assert check.table.empty and check.reading == "Too few admissions stand behind a rate ratio for it to be told."


def test_a_drift_before_the_start_is_seen_and_none_is_not():
    panel, truth = simulate_panel(PanelSpec(n_homes=60, starts=(18,) * 30, effect=(0.0,)), 2)
    calm = parallel_before(on(panel, truth.design(), MODEL, MODEL.fit(panel, truth.design())))
    assert calm.table["p_value"].iloc[0] > 0.05
    assert calm.passed is None  # a month lies 51% off by chance: that is not "no concern"
    assert "would go unseen" in calm.reading
    drift = np.where((truth.start != NEVER)[:, None] & (np.arange(36) >= 14), 4, 1)
    drifting = replace(panel, counts=panel.counts * drift, digest="")
    check = parallel_before(on(drifting, truth.design(), MODEL, MODEL.fit(drifting, truth.design())))
    assert check.passed is False
    assert check.table["p_value"].iloc[0] < 0.05


def test_many_homes_that_run_alike_are_no_concern():
    panel, truth = simulate_panel(PanelSpec(n_homes=900, starts=(18,) * 450, effect=(0.0,), shock_sd=0.1), 3)
    check = parallel_before(on(panel, truth.design(), MODEL, MODEL.fit(panel, truth.design())))
    assert check.passed is True
    assert check.table["largest_departure"].iloc[0] < LARGE
    assert check.table["power"].iloc[0] > 0.5  # half of 900 homes give a drift of a fifth away, and ten do not


def test_many_homes_that_drift_by_chance_alone_are_told_by_how_much():
    """Of these the half that starts fell by 0.8% a month against the others, 3.6 of its errors, with nothing done."""
    panel, truth = simulate_panel(PanelSpec(n_homes=900, starts=(18,) * 450, effect=(0.0,), shock_sd=0.1), 2)
    check = parallel_before(on(panel, truth.design(), MODEL, MODEL.fit(panel, truth.design())))
    starts = truth.start != NEVER
    rates = [panel.counts[side, :18].sum(axis=0) / panel.exposure[side, :18].sum(axis=0) for side in (starts, ~starts)]
    slope = np.polyfit(np.arange(18), np.log(rates[0] / rates[1]), 1)[0]
    assert check.passed is False
    assert check.table["drift_a_month"].iloc[0] == pytest.approx(np.expm1(slope), abs=2e-4)


def test_few_homes_would_hardly_have_noticed_a_drift_that_matters():
    panel, truth = simulate_panel(PanelSpec(n_homes=40, starts=(18,) * 10), 1)
    check = parallel_before(on(panel, truth.design(), MODEL, MODEL.fit(panel, truth.design())))
    assert ALPHA / 2 <= check.table["power"].iloc[0] < 0.3  # two tests share the level
    assert "would have been noticed in about" in check.reading


def test_no_month_before_is_no_test():
    panel, truth = simulate_panel(PanelSpec(n_homes=20, starts=(1,) * 5), 1)
    check = parallel_before(on(panel, truth.design(), MODEL, MODEL.fit(panel, truth.design())))
    assert check.passed is None
    assert "cannot say" in check.reading


def window_at_the_start(seed: int, *, late: bool = False, drift: float = 1.0):
    """Build the issue's panel: ten homes, 24 months before, chosen by the year that ends at the start."""
    starts = (24,) * 9 + ((30,) if late else (24,))
    panel, truth = simulate_panel(PanelSpec(n_homes=60, starts=starts, worst_in=(12, 24)), seed)
    pushed = np.where((truth.start != NEVER)[:, None] & np.isin(np.arange(36), range(8, 12)), drift, 1)
    panel = replace(panel, counts=(panel.counts * pushed).astype(int), digest="")
    day = panel.months.astype("datetime64[s]")
    homes = truth.start != NEVER
    spells = pd.DataFrame({"unit": panel.units.index[homes], "intervention": "round"})
    spells = spells.assign(
        started=day[truth.start[homes]], chosen_by="the worst", chosen_from=day[12], chosen_to=day[23]
    )
    design = design_from(panel, spells, Plan(intervention="round"))
    return panel, design, MODEL.fit(panel, design)


@pytest.mark.parametrize("late", [False, True])
def test_leads_step_over_the_months_that_chose_the_homes(late):
    panel, design, answer = window_at_the_start(1, late=late)
    check = parallel_before(on(panel, design, MODEL, answer))
    assert check.table["months_before"].tolist() == [6]
    assert answer.diagnostics["pre_trend"]["leads"].iloc[0] == (-18, -17, -16, -15, -14, -13)
    drifted = parallel_before(
        on(*window_at_the_start(1, late=late, drift=4)[:2], MODEL, window_at_the_start(1, late=late, drift=4)[2])
    )
    assert drifted.passed is False


def test_a_lead_is_what_it_is_without_the_months_left_out():
    """The leads of a panel from which the choosing year is cut, not only masked, are the same."""
    panel, design, answer = window_at_the_start(2)
    kept = np.r_[0:12, 24:36]
    start = np.where(design.start == NEVER, NEVER, 12)
    cut = replace(
        panel, months=panel.months[:24], counts=panel.counts[:, kept], exposure=panel.exposure[:, kept], digest=""
    )
    short = MODEL.fit(
        cut, replace(design, start=start, included=np.ones((60, 24), bool), chosen=np.zeros((0, 0), bool))
    )
    ratios = [e.tidy("event_time").query(f"term == '{RATE_RATIO}'")["estimate"].to_numpy() for e in (answer, short)]
    np.testing.assert_allclose(*ratios, rtol=1e-6)
    p_values = [e.diagnostics["pre_trend"]["p_value"].iloc[0] for e in (answer, short)]
    assert p_values[0] == pytest.approx(p_values[1])


def cause(panel, design, model=MODEL) -> str:
    check = parallel_before(on(panel, design, model, model.fit(panel, design)))
    assert check.passed is None
    return check.reading


def test_every_cause_of_no_test_has_its_own_sentence():
    panel, truth = simulate_panel(PanelSpec(n_homes=40, starts=(18,) * 10), 1)
    said = [cause(panel, truth.design(), replace(MODEL, leads=0))]
    part = np.broadcast_to(np.arange(36) >= 17, (40, 36))
    said += [cause(panel, replace(truth.design(), included=part))]
    few, once = simulate_panel(PanelSpec(n_homes=40, starts=(18,) * 2), 1)
    said += [cause(few, once.design())]
    said += [cause(*with_design(PanelSpec(n_homes=40, starts=(1,) * 10)))]
    quiet = panel.counts.copy()
    quiet[np.ix_(truth.start != NEVER, np.arange(12, 18))] = 0
    said += [cause(replace(panel, counts=quiet, digest=""), truth.design())]
    for words, sentence in zip(
        (
            "leads = 0",
            "rules of the protocol leave 1",
            "fewer than three homes",
            "more than 1 month before",
            "no emergency admissions",
        ),
        said,
        strict=True,
    ):
        assert words in sentence
        assert "cannot say" in sentence


def with_design(spec: PanelSpec):
    panel, truth = simulate_panel(spec, 1)
    return panel, truth.design()
