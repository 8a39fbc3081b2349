"""Homes chosen for bad numbers: said so with spells that go on, and not said at all. Brute force and counted worlds."""

from dataclasses import replace
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chisquare

from analysis.admissions import StaggeredRates
from analysis.checks import outlasting as spells
from analysis.checks import stood_out as stood_out_by_lot
from analysis.checks.outlasting import outlasting
from analysis.checks.stood_out import stood_out
from analysis.design import NEVER, Design, Plan, design_from
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Effects
from analysis.simulate import PanelSpec, simulate_panel
from tests.fitted import on

MODEL = StaggeredRates(permutations=99, subgroups=(), leads=0)
NOTHING = Effects(tables={}, summary={}, cells=pd.DataFrame())
LASTING = PanelSpec(n_homes=80, n_months=66, starts=(48,) * 12, worst_in=(36, 48), shock_correlation=0.94, shock_sd=0.5)


def declared(panel: Panel, start: np.ndarray, first: int, last: int, selection="leave out") -> Design:
    day = panel.months.astype("datetime64[s]")
    homes = panel.units.index[start != NEVER]
    rows = pd.DataFrame({"unit": homes, "intervention": "round", "started": day[start[start != NEVER]]})
    rows = rows.assign(chosen_by="the worst", chosen_from=day[first], chosen_to=day[last])
    return design_from(panel, rows, Plan(intervention="round", selection=selection))


def world(spec: PanelSpec, seed: int):
    panel, truth = simulate_panel(spec, seed)
    return panel, truth, declared(panel, truth.start, 36, 47)


def test_what_lasts_is_found_by_brute_force_too():
    """β(d) by plain loops over homes, windows and months."""
    panel, _, design = world(replace(LASTING, n_homes=7, starts=(48,) * 2), 1)
    past = spells._past(panel, design)
    r, e = past.relative, past.expected
    N, T, L = *r.shape, 12
    D = int(spells.FAR * (T - L))
    across, within = np.zeros(D), np.zeros(D)
    for a in range(T - L + 1):
        seen, due = (r * e)[:, a : a + L].sum(axis=1), e[:, a : a + L].sum(axis=1)
        x = seen / due - seen.sum() / due.sum()
        for t in range(T):
            if a <= t < a + L:
                continue
            d = min(a - t - 1 if t < a else t - a - L, D - 1)
            for i in range(N):
                across[d] += due[i] * x[i] * (r[i, t] - 1)
                within[d] += due[i] * x[i] ** 2
    np.testing.assert_allclose(spells._lasting(past, L), across / within, rtol=1e-10)


@pytest.mark.bench
def test_spells_that_outlast_the_choice_are_told_with_their_number():
    """AR(1) .94 a month: the told shift is the model's own error, and the answer over it is nearer the truth."""
    told, wrong, flagged = [], [], []
    for seed in range(12):
        panel, _, design = world(LASTING, seed)
        effects = MODEL.fit(panel, design)
        check = outlasting(on(panel, design, MODEL, effects))
        alone = check.table.set_index("answer").loc[spells.ALONE, "estimate"]
        answer = effects.tidy().query(f"term == '{RATE_RATIO}'")["estimate"].iloc[0]
        told, wrong, flagged = [*told, np.log(alone)], [*wrong, np.log(answer)], [*flagged, check.passed is False]
        if check.passed is False:
            assert "more, because bad spells last longer" in check.reading or "more (" in check.reading
            assert "with nothing done they would have shown" in check.beside
            over = check.table.set_index("answer").loc[spells.OVER, "estimate"]
            assert over == pytest.approx(answer / alone)
    assert sum(flagged) >= 10
    assert np.mean(told) == pytest.approx(np.mean(wrong), abs=3 * np.std(wrong, ddof=1) / 12**0.5)
    assert 0.04 < np.mean(told) < 0.15


def test_without_spells_nothing_outlasts():
    spec = replace(LASTING, shock_correlation=0.0, shock_sd=0.3)
    checks = [outlasting(on(*world(spec, seed)[::2], MODEL, NOTHING)) for seed in range(10)]
    assert sum(check.passed is False for check in checks) <= 1
    assert not any(check.beside for check in checks if check.passed is not False)


def test_too_short_a_past_says_so():
    panel, truth = simulate_panel(replace(LASTING, worst_in=(2, 14), starts=(14,) * 12, n_months=30), 1)
    check = outlasting(on(panel, declared(panel, truth.start, 2, 13), MODEL, NOTHING))
    assert check.passed is None
    assert "fewer than two windows of 12" in check.reading


def test_a_kept_window_is_another_doubt():
    panel, truth = simulate_panel(LASTING, 1)
    check = outlasting(on(panel, declared(panel, truth.start, 36, 47, selection="keep"), MODEL, NOTHING))
    assert check.passed is None
    assert "all of the fall after them is in the answer" in check.reading


UNSAID = PanelSpec(n_homes=60, n_months=48, starts=(36,) * 8, worst_in=(24, 36))


def test_a_choice_that_nobody_told_is_noticed_and_asked_about():
    for seed in range(10):
        panel, truth = simulate_panel(UNSAID, seed)
        design = truth.design()
        check = stood_out(on(panel, design, MODEL, MODEL.fit(panel, design)))
        assert check.passed is False
        assert check.table.loc[0, "found"] > 1.2
        assert "Were they chosen because of these numbers?" in check.reading
        assert "With that year left out the rate ratio is" in check.beside


def test_the_answer_without_that_year_is_that_of_the_window_declared():
    panel, truth = simulate_panel(UNSAID, 3)
    design = truth.design()
    table = stood_out(on(panel, design, MODEL, MODEL.fit(panel, design))).table.set_index("what")
    window = MODEL.fit(panel, declared(panel, truth.start, 24, 35)).tidy().iloc[0]
    assert table.loc["the answer without that year", "found"] == pytest.approx(window["estimate"])
    assert table.loc["the answer", "found"] < window["estimate"]


def test_lots_do_not_stand_out():
    spec = replace(UNSAID, worst_in=None)
    flagged = []
    for seed in range(40):
        panel, truth = simulate_panel(spec, seed)
        flagged.append(stood_out(on(panel, truth.design(), MODEL, NOTHING)).passed is False)
    assert sum(flagged) <= 5  # one in 20 by lot; six of 40 in 1 of 70 tries


def test_one_home_among_few_cannot_be_told_from_luck():
    panel, truth = simulate_panel(replace(UNSAID, n_homes=12, starts=(36,)), 1)
    check = stood_out(on(panel, truth.design(), MODEL, NOTHING))
    assert check.passed is None
    assert "cannot say whether it is chance" in check.reading


def test_lots_are_those_of_every_combination():
    """Six homes, two of them started: the p-value is the share of the 15 pairs that stand as high."""
    from itertools import combinations  # noqa: PLC0415

    from analysis.checks.stood_out import DRAWS, _by_lot, _starts  # noqa: PLC0415

    counts = np.tile([[9], [8], [2], [5], [6], [4]], (1, 30))
    counts[0, 12:24] += 7
    panel = Panel(
        units=pd.DataFrame(index=pd.Index([f"h{i}" for i in range(6)], name="unit")),
        months=np.datetime64("2020-01", "M") + np.arange(30),
        counts=counts,
        exposure=np.full((6, 30), 1000.0),
        outcome="emergency admissions",
        exposure_unit="bed-days",
    )
    start = np.full(6, NEVER)
    start[[0, 4]] = 24
    design = Design(intervention="x", start=start, included=np.ones((6, 30), bool))
    [one] = _starts(panel, design)
    places = one.places - one.places.mean(axis=0)
    sd = places.std(axis=0)
    height = [max(places[list(pair)].sum(axis=0) / sd) for pair in combinations(range(6), 2)]
    real = max(places[[0, 4]].sum(axis=0) / sd)
    exact = np.mean(np.array(height) >= real - 1e-9)
    assert _by_lot([one])[0] == pytest.approx(exact, abs=4 * (exact * (1 - exact) / DRAWS) ** 0.5)


@pytest.mark.parametrize(("n", "homes"), [(2, 6), (3, 6), (1, 4)])
def test_of_a_country_too_every_set_of_homes_is_as_likely_a_lot(n, homes, monkeypatch):
    monkeypatch.setattr(stood_out_by_lot, "AT_ONCE", 0)
    drawn = np.sort(stood_out_by_lot.lots(np.random.default_rng(4), n, homes), axis=1)
    assert drawn.shape == (stood_out_by_lot.DRAWS, n) and (np.diff(drawn, axis=1) > 0).all()
    _, times = np.unique(drawn, axis=0, return_counts=True)
    assert len(times) == comb(homes, n)
    assert chisquare(times).pvalue > 0.001
