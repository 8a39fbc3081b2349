"""Methods side by side: each against the same thing done the long way."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.admissions.uncertainty.methods import GOOD_FOR, METHODS
from analysis.errors import AnalysisError
from tests.admissions.conftest import small_panel

EVERY = ("CR3", "cluster bootstrap", "wild score", "wild score Webb", "randomisation interval", "start months")


def compared(panel, design, **choices):
    model = StaggeredRates(leads=0, subgroups=(), permutations=199, **choices)
    effects = model.fit(panel, design)
    return effects, effects.diagnostics["methods"].set_index("method")


def without(panel, design, gone):
    kept = replace(
        panel, digest="", units=panel.units[~gone], counts=panel.counts[~gone], exposure=panel.exposure[~gone]
    )
    return kept, replace(design, start=design.start[~gone], included=design.included[~gone])


@pytest.mark.parametrize("cluster", ["home", "provider"])
def test_cr3_is_the_spread_of_fits_without_each_cluster(cluster):
    panel, design = small_panel(n=16, missing=0.05)
    provider = np.arange(16) // 2
    panel = replace(panel, digest="", units=panel.units.assign(provider=[f"P{k}" for k in provider]))
    _, table = compared(panel, design, cluster=cluster, also=("CR3",))
    plain = StaggeredRates(leads=0, subgroups=(), permutations=0)
    of_home = np.arange(16) if cluster == "home" else provider
    log = [np.log(plain.fit(*without(panel, design, of_home == c)).tidy()["estimate"][0]) for c in np.unique(of_home)]
    whole, m = np.log(plain.fit(panel, design).tidy()["estimate"][0]), len(log)
    expected = np.sqrt((m - 1) / m * np.sum((np.array(log) - whole) ** 2))
    assert table.loc["CR3", "std_error"] == pytest.approx(expected, rel=1e-8)
    assert table.loc["CR3", "df"] == table.loc["CR2", "df"]
    assert np.log(table.loc["CR3", ["conf_low", "conf_high"]].astype(float)).mean() == pytest.approx(whole)


def test_every_method_gives_an_answer_and_one_is_the_default(panel_and_design):
    effects, table = compared(*panel_and_design, also=EVERY)
    assert effects.diagnostics["methods"].columns.tolist() == list(METHODS)
    assert set(table.index) == set(GOOD_FOR) - {"two ways"}
    assert table["p_value"].between(0, 1).all()
    assert table.index[table["default"]].tolist() == ["CR2"]
    row = effects.tidy().set_index("term").loc["rate_ratio"]
    assert table.loc["CR2", "conf_low"] == row["conf_low"]
    assert table.loc["CR2", "p_value"] == row["p_value"]
    bounded = table.drop(index=["randomisation", "start months"])
    assert (bounded["conf_low"] < row["estimate"]).all()
    assert (row["estimate"] < bounded["conf_high"]).all()
    assert table.loc["cluster bootstrap", "std_error"] == pytest.approx(table.loc["CR3", "std_error"], rel=0.5)


def test_intervals_by_inversion_end_where_the_test_begins_to_reject(panel_and_design):
    panel, design = panel_and_design
    _, table = compared(panel, design, also=("wild score", "randomisation interval"))
    treated = (design.start >= 0)[:, None] & (np.arange(12) >= design.start[:, None])
    for method in ("wild score", "randomisation interval"):
        p = {}
        for side, limit in table.loc[method, ["conf_low", "conf_high"]].items():
            for name, much in (("within", 0.995), ("beyond", 1.005)):
                effect = limit / much if side == "conf_low" else limit * much
                counts = panel.counts / np.where(treated, effect, 1)
                _, moved = compared(replace(panel, digest="", counts=counts), design, also=(method,))
                p[side, name] = moved.loc[method, "p_value"]
        assert all(p[side, "within"] > 0.05 - 1e-9 for side in ("conf_low", "conf_high"))
        assert all(p[side, "beyond"] <= 0.05 + 1e-9 for side in ("conf_low", "conf_high"))


def test_two_ways_add_what_providers_and_areas_share_and_take_away_what_is_counted_twice():
    panel, design = small_panel(starts=(5, 5, 6, 6, 7, 7, 8, 8, 9, 9), n=40, missing=0.0)
    provider, area = np.arange(40) % 13, np.arange(40) // 2 % 7
    names = {"provider": provider, "area": area}
    units = panel.units.assign(**{name: [f"{name} {k}" for k in values] for name, values in names.items()})
    both = units.assign(provider=units["provider"] + units["area"])
    _, table = compared(replace(panel, digest="", units=units), design, also=("two ways",))
    part = {}
    for name, frame in (("provider", units), ("area", units), ("both", both)):
        by = "provider" if name == "both" else name
        part[name], _ = compared(replace(panel, digest="", units=frame), design, cluster=by)
    a, b, ab = (part[name].covariance["overall"][0, 0] for name in ("provider", "area", "both"))
    assert table.loc["two ways", "std_error"] == pytest.approx(np.sqrt(max(a + b - ab, a, b)), rel=1e-9)
    df = [part[name].diagnostics["methods"].set_index("method").loc["CR2", "df"] for name in ("provider", "area")]
    assert table.loc["two ways", "df"] == pytest.approx(min(df), rel=1e-9)


def test_two_ways_need_providers_and_areas(panel_and_design):
    with pytest.raises(AnalysisError, match="nothing says which provider"):
        compared(*panel_and_design, also=("two ways",))


def test_one_treated_home_leaves_only_its_rank(panel_and_design):
    _, table = compared(*small_panel(starts=(6,), n=20, missing=0.0), also=("start months", "wild score", "CR3"))
    assert table.index[table["default"]].tolist() == ["randomisation"]
    assert np.isnan(table.loc["randomisation", "conf_low"])
    assert table.loc["start months", "p_value"] == 1
    assert table.loc[["wild score", "CR3"], ["p_value", "conf_low", "conf_high"]].isna().all(axis=None)


@pytest.mark.parametrize("cluster", ["home", "provider"])
def test_the_real_assignment_is_the_real_one_whatever_the_order_of_homes(cluster):
    """With a large effect hardly another assignment shows as much: a mix-up of homes would."""
    panel, design = small_panel(starts=(6,) * 3 + (8,) * 3, n=36, missing=0.0, rate=60.0, effect=-0.8)
    panel = replace(panel, digest="", units=panel.units.assign(provider=[f"P{i // 3:02d}" for i in range(36)]))
    order = np.random.default_rng(1).permutation(36)
    moved = replace(panel, digest="", units=panel.units.iloc[order], counts=panel.counts[order],
                    exposure=panel.exposure[order])  # fmt: skip
    for data, start in ((panel, design.start), (moved, design.start[order])):
        _, table = compared(data, replace(design, start=start), cluster=cluster)
        assert table.loc["randomisation", "p_value"] < 0.02
