"""Effects by home: by hand and by other software, nothing where nothing can be told, and counted in worlds."""

from dataclasses import replace
from pathlib import Path

import by_home as bench
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import f
from statsmodels.stats.meta_analysis import combine_effects

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.by_home import FEWEST, FEWEST_HOMES, FEWEST_OTHERS, differ, effects_by_home, of_homes
from analysis.admissions.answer.published import published
from analysis.admissions.engine.estimate import fit_both
from analysis.charts.by_home import caterpillar
from analysis.design import NEVER
from analysis.disclosure import BEHIND, Rule
from analysis.simulate import PanelSpec, simulate_panel
from analysis.words import by_home as words

MODEL = StaggeredRates(leads=0, subgroups=(), permutations=0)
ALL = Rule(hidden_to=-1, base=5)
LEAST = (FEWEST_HOMES, FEWEST_OTHERS, FEWEST)


def world(**how):
    spec = PanelSpec(**{"n_homes": 40, "n_months": 36, "starts": (14,) * 6 + (20,) * 4, "effect": (np.log(0.8),)} | how)
    panel, truth = simulate_panel(spec, 3)
    return panel, truth.design()


def homes_of(panel, design):
    setting = MODEL.setting(panel, design)
    return of_homes(setting, fit_both(setting, setting.sample(), MODEL.vcov, MODEL.effects))


@pytest.fixture(scope="module")
def made():
    panel, design = world(residential_rate=6, nursing_rate=6, effect_sd=0.3)
    return panel, design, homes_of(panel, design)


def test_a_home_is_held_against_its_own_months_before(made):
    """One home at a time beside those that never had it, by a regression in which its months after have their own."""
    panel, design, table = made
    unit = table["unit"].iloc[2]
    row = panel.units.index.get_loc(unit)
    cells = MODEL.fit(panel, design).augment()
    own = cells[cells["unit"] == unit]
    before = own["event_time"] < 0
    expected = own.loc[before, "observed"].sum() * own.loc[~before, "counterfactual"].sum()
    expected /= own.loc[before, "counterfactual"].sum()
    found = table.set_index("unit").loc[unit]
    assert found["expected"] == pytest.approx(expected) and found["observed"] == own.loc[~before, "observed"].sum()
    assert found["log_ratio"] == pytest.approx(np.log((found["observed"] + 0.5) / (expected + 0.5)))
    rows = [row, *np.flatnonzero(design.start == NEVER)]
    home, month = np.repeat(np.arange(len(rows)), 36), np.tile(np.arange(36), len(rows))
    on = (home == 0) & (month >= design.start[row])
    X = np.column_stack([np.eye(len(rows))[home], np.eye(36)[month][:, 1:], on]).astype(float)
    y, E = panel.counts[rows].ravel(), panel.exposure[rows].ravel()
    fit = sm.GLM(y, X, family=sm.families.Poisson(), offset=np.log(E)).fit()
    assert found["log_ratio"] == pytest.approx(fit.params[-1], abs=0.03)  # months learned from other homes too


def test_how_far_homes_stray_is_learned_as_statsmodels_does():
    panel, design = world(residential_rate=6, nursing_rate=6, starts=(18,) * 8, shock_sd=0.5)
    table = homes_of(panel, design)
    cells = MODEL.fit(panel, design).augment()
    others = cells[cells["event_time"].isna()].assign(after=lambda c: c["month"] >= cells["month"].unique()[18])
    sums = others.pivot_table(["observed", "counterfactual"], "unit", "after", aggfunc="sum")
    P, O = sums["observed"][False], sums["observed"][True]  # noqa: E741 - observed
    E = P * sums["counterfactual"][True] / sums["counterfactual"][False]
    some = (P >= FEWEST) & (E >= FEWEST)
    y, v = np.log((O + 0.5) / (E + 0.5))[some].to_numpy(), (1 / E + 1 / P)[some].to_numpy()
    stray = float(combine_effects(y, v, method_re="iterated").tau2)
    ratio = table["observed"].sum() / table["expected"].sum()
    own = table["variance"] - 1 / (ratio * table["expected"]) - 1 / table["before"]
    assert stray > 0.01 and own.to_numpy() == pytest.approx(stray, rel=1e-3)
    assert (table["others"] == some.sum()).all()


def test_the_test_of_scatter_is_that_of_variances_with_a_denominator_of_the_others():
    y, v = np.array([0.1, -0.3, 0.4, 0.0, -0.2]), np.full(5, 0.05)
    assert differ(y, v, 31) == pytest.approx(f.sf(y.var(ddof=1) / 0.05, 4, 30))


def test_homes_stand_in_no_order_of_effect_and_small_ones_not_at_all(made):
    _, _, table = made
    shown, found = effects_by_home(table, ALL, 0.95)
    days = table.set_index("unit")["days"]
    assert shown["unit"].tolist() == days.sort_values(ascending=False).index.tolist()
    few = table.assign(observed=np.where(np.arange(len(table)) < 3, 24.0, table["observed"]))
    left, still = effects_by_home(few, BEHIND, 0.95)
    assert set(left["unit"]) == set(table["unit"][3:]) and still.loc[0, ["homes", "of"]].tolist() == [10, 10]
    between = (shown["estimate"] - np.exp(table.set_index("unit")["log_ratio"].reindex(shown["unit"]).to_numpy())).abs()
    assert between.max() > 0.02 and found["spread"].iloc[0] > 0


def test_what_is_handed_on_is_made_of_counts_as_shown_alone(made):
    panel, design, _ = made
    shown = replace(panel, counts=5.0 * (panel.counts // 5), unseen=np.zeros(panel.counts.shape, bool))
    effects = published(MODEL.fit(shown, design), shown, design)
    assert "of_homes" not in effects.diagnostics and len(effects.diagnostic("by_home"))
    other = replace(panel, counts=panel.counts + (panel.counts % 5 == 0))
    alike = replace(other, counts=5.0 * (other.counts // 5), unseen=shown.unseen)
    again = published(MODEL.fit(alike, design), alike, design)
    pd.testing.assert_frame_equal(again.diagnostic("by_home"), effects.diagnostic("by_home"))
    numbers = effects.diagnostic("by_home")[["estimate", "conf_low", "conf_high"]].to_numpy(float)
    assert np.array_equal(numbers, numbers.round(2))


@pytest.mark.parametrize(("how", "said"), [
    ({"starts": (18,) * 3}, "Nothing is told of single homes: 3 of 3 homes"),
    ({"starts": (12, 15, 18, 21, 24) * 8}, "never had it. That takes at least 10 with enough admissions (found: 0)."),
    ({"residential_rate": 0.2, "nursing_rate": 0.2}, "it takes 5 to tell"),
])  # fmt: skip
def test_where_nothing_can_be_told_it_is_said_in_words(how, said):
    panel, design = world(**{"residential_rate": 6, "nursing_rate": 6} | how)
    shown, found = effects_by_home(homes_of(panel, design), ALL, 0.95)
    assert not len(shown) and said in words.differ(found, shown, LEAST)


def test_what_is_said_and_drawn(made):
    shown, found = effects_by_home(made[2], ALL, 0.95)
    assert words.differ(found.assign(p_value=0.3), shown, LEAST).startswith("Nothing shows that homes differ")
    said = words.differ(found.assign(p_value=0.004, low=0.6, high=0.9), shown, LEAST)
    assert "Homes differ in what it did: 10 homes" in said and "10% to 40% fewer admissions" in said
    chart = caterpillar(shown.assign(name=shown["unit"]), 0.8).to_dict()
    drawn = next(iter(chart["datasets"].values()))
    assert [row["name"] for row in drawn if "name" in row] == shown["unit"].tolist()
    assert "all homes together have 0.80" in chart["description"]
    assert words.left_out(0, -3) == () and words.left_out(1, 2)[0].startswith("1 home had too few")


def test_the_stored_table_keeps_its_promises_and_is_counted_again():
    table = pd.read_csv(Path(bench.__file__).with_suffix(".csv"))
    assert len(table) == len(bench.CELLS) and (table["worlds"] >= bench.WORLDS).all()
    null, other = table[table["differ"] == 0], table[table["differ"] > 0]
    assert null["said_pct"].max() <= 7 and null["held_pct"].min() >= 95
    assert (table["error"] < table["own_error"]).all() and other["held_pct"].min() >= 90
    again, stored = bench.line(bench.CELLS[0], 12), table.iloc[0]
    assert again["told"] == pytest.approx(stored["told"], abs=1.5) and abs(again["error"] - stored["error"]) < 0.1
