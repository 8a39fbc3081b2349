"""Where the kind of home tells exactly who had the intervention: no analysis of nothing is counted with the others."""

import warnings
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd

from analysis.design import NEVER
from analysis.simulate import PanelSpec, simulate_panel
from analysis.specifications import joint_test
from analysis.specifications.joint import Joint
from analysis.words.fair import every_analysis


def test_a_comparison_within_kinds_that_compares_nothing_takes_no_part():
    panel, truth = simulate_panel(PanelSpec(n_homes=20, n_months=36, starts=(18,) * 8, residential_rate=3), 3)
    design = truth.design()
    kinds = np.where(design.start == NEVER, "residential", "nursing")
    told = replace(panel, units=panel.units.assign(home_type=kinds), digest="")
    alike = replace(panel, units=panel.units.assign(home_type="residential"), digest="")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found, plain = (joint_test(each, design, draws=99) for each in (told, alike))
    assert found == plain and found.analyses > 0  # it was below 0.01 where nothing was done: 0 over 0


def test_homes_of_which_no_kind_is_known_are_of_one_kind():
    """Each was a kind of its own: columns for every home and month, minutes and gigabytes for a county's."""
    panel, truth = simulate_panel(PanelSpec(n_homes=20, n_months=36, starts=(18,) * 8, residential_rate=3), 3)
    told = pd.Series(["nursing", "residential", None, None] * 5, panel.units.index, dtype="str")
    unknown, some, named, plain = (
        joint_test(replace(panel, units=panel.units.assign(home_type=kinds), digest=""), truth.design(), draws=99)
        for kinds in (told.where(told.isna()), told, told.fillna("unknown"), "residential")
    )
    assert unknown == plain and some == named
    assert some.analyses == 2 * plain.analyses


def test_analyses_without_an_interval_are_not_said_to_have_one():
    table = pd.DataFrame({"estimate": [0.9, 1.1], "conf_low": np.nan, "conf_high": np.nan})
    curve = SimpleNamespace(table=table, median=1.0, speaks=lambda: (0, 0))
    said = every_analysis(curve, Joint(analyses=2, median=0.0, p_value=np.nan, draws=0))
    assert "none of them has an interval that can be trusted" in said and "wholly" not in said
