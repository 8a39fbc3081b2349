"""Difference-in-differences on areas is the engine's, and every area's placebo is what the engine would have said."""

import numpy as np
import pytest

from analysis.admissions import StaggeredRates
from analysis.areas.case import Case
from analysis.areas.difference import DifferenceInDifferences, parallel
from analysis.design import NEVER
from analysis.results import RATE_RATIO
from analysis.simulate.areas import AreaSpec, simulate_areas
from tests.areas.test_placebos import drawn

ENGINE = StaggeredRates(comparison="never_treated", leads=0, subgroups=(), permutations=199)


def test_each_placebo_is_the_engine_on_that_area():
    panel, design, treated = drawn(AreaSpec(n_areas=22, n_months=48, start=30))
    effects = DifferenceInDifferences(engine=ENGINE).fit(panel, design)
    placebos = effects.diagnostics["placebos"].query("year == 0").set_index("unit")["estimate"]
    for row in (0, 7, 21):
        included = design.included.copy()
        included[treated] = row == treated
        start = np.where(np.arange(22) == row, 30, NEVER)
        theirs = ENGINE.fit(panel, type(design)(intervention="x", start=start, included=included)).tidy()
        ratio = theirs.loc[theirs["term"] == RATE_RATIO, "estimate"].iloc[0]
        assert placebos[panel.units.index[row]] == pytest.approx(ratio, rel=1e-8)


def test_one_treated_area_is_a_ratio_of_ratios():
    panel, design, treated = drawn()
    case = Case.of(panel, design)
    after = case.time >= 0
    others = case.counts[case.others].sum(axis=0)
    own = panel.counts[treated]
    by_hand = (own[after].sum() / own[~after].sum()) / (others[after].sum() / others[~after].sum())
    assert own[after].sum() / parallel(case)[case.treated, after].sum() == pytest.approx(by_hand)


def test_the_engine_s_rank_stands_beside_the_placebo_interval():
    panel, treated = simulate_areas(AreaSpec(n_areas=40, n_months=60, start=42, effect=(-1.5,), spread=0.1), 2)
    from analysis.areas import choose  # noqa: PLC0415
    from analysis.outcomes import AreaMeasure  # noqa: PLC0415

    design = choose(panel, AreaMeasure(area=str(panel.units.index[treated]), start="2017-04")).design
    row = DifferenceInDifferences(engine=ENGINE).fit(panel, design).diagnostics["intervals"].set_index("year").loc[1]
    assert row["own_p"] <= 0.05
    assert row["conf_high"] < 1
    assert np.isnan(row["own_low"])
