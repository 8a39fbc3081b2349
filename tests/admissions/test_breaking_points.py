"""Where a straightforward version breaks: each is survived, refused or said in words.

Separation is in tests/reference/test_separation.py; everybody treated at once, nobody treated, one treated home, homes
without admissions, starts before and after the data in test_staggered.py; attributes and other interventions that go
with the one under study in test_options.py; weeks and days in files in tests/sources.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.admissions import StaggeredRates
from analysis.design import NEVER
from analysis.errors import AnalysisError
from analysis.panel import Panel
from tests.admissions.conftest import small_panel

PLAIN = {"leads": 0, "subgroups": (), "permutations": 0}


def fit(panel, design, **options):
    return StaggeredRates(**(PLAIN | options)).fit(panel, design)


def test_a_month_in_which_nobody_was_admitted_says_nothing_and_breaks_nothing():
    panel, design = small_panel(n=20, missing=0.0)
    counts = panel.counts.copy()
    counts[:, 3] = 0
    silent = replace(panel, counts=counts, digest="")
    without = replace(design, included=design.included & (np.arange(12) != 3))
    a, b = fit(silent, design), fit(silent, without)
    assert a.summary["converged"]
    pd.testing.assert_frame_equal(a.tidy(), b.tidy(), rtol=1e-9)


def test_an_event_time_without_admissions_has_a_ratio_of_zero_and_no_interval():
    panel, design = small_panel(missing=0.0)
    counts = panel.counts.copy()
    since = np.arange(12) - design.start[:, None]
    counts[(design.start != NEVER)[:, None] & (since == 1)] = 0
    effects = fit(replace(panel, counts=counts, digest=""), design)
    table = effects.tidy("event_time").query("term == 'rate_ratio'").set_index("event_time")
    assert table.loc[1, "estimate"] == 0
    assert table.loc[1, ["std_error", "conf_low", "conf_high"]].isna().all()
    assert np.isfinite(table.drop(index=1)["estimate"]).all()
    assert np.isfinite(effects.tidy()["conf_low"]).all()


def test_a_cohort_of_one_home_is_in_every_draw():
    panel, design = small_panel(starts=(5, 6, 7, 8, 9, 10), n=24, missing=0.0, rate=9.0)
    table = fit(panel, design, also=("cluster bootstrap",)).diagnostics["methods"].set_index("method")
    assert np.isfinite(table.loc["cluster bootstrap", ["std_error", "conf_low", "conf_high"]].astype(float)).all()


def test_a_cohort_without_months_to_compare_with_is_not_estimated_and_said():
    panel, design = small_panel(starts=(5,) * 8 + (9,) * 8, missing=0.0)
    effects = fit(panel, design)
    assert effects.tidy("cohort")["cohort"].dt.month.unique().tolist() == [6]  # the last start has nobody beside it
    assert any("not estimated" in note and "(16 homes)" in note for note in effects.notes)


def test_a_home_without_bed_days_is_left_out_and_named():
    panel, design = small_panel()
    exposure = panel.exposure.copy()
    exposure[[2, 13]] = 0
    dropped = fit(replace(panel, exposure=exposure, digest=""), design).diagnostics["dropped"]
    assert dropped["unit"].tolist() == ["H002", "H013"]
    assert dropped["reason"].str.startswith("no bed-days").all()


def test_what_changes_from_month_to_month_is_no_attribute_of_a_home():
    with pytest.raises(AnalysisError, match="told apart by occupancy"):
        fit(*small_panel(), month_effects_by=("occupancy",))


def test_days_are_not_months():
    days = pd.DataFrame({"unit": "a", "month": pd.date_range("2022-01-01", periods=40), "count": 1, "exposure": 30.0})
    with pytest.raises(AnalysisError, match="two rows for one month"):
        Panel.from_frame(days)


def test_small_and_large_numbers_are_told_the_same():
    """Bed-days in millions, or thousandths, of what they are: floating point does not show."""
    panel, design = small_panel()
    ratios = [
        fit(replace(panel, exposure=panel.exposure * scale, digest=""), design).tidy()[["estimate", "conf_low"]].iloc[0]
        for scale in (1, 1e-3, 1e6)
    ]
    for other in ratios[1:]:
        np.testing.assert_allclose(ratios[0], other, rtol=1e-8)
