"""A dose that changes from month to month: elements that come into place, months had in part, an intervention that
pauses. Tables typed by hand, regression elsewhere, and a world whose truth is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.admissions import StaggeredRates
from analysis.design import NEVER, Plan, design_from
from analysis.panel import Panel
from analysis.protocol import Protocol
from analysis.simulate import PanelSpec, simulate_panel

T = 12
EVERY = Plan(intervention="care", spells="every")
BARE = StaggeredRates(leads=0, subgroups=(), permutations=0, dose="log-linear")


def panel_of(counts: np.ndarray, exposure: np.ndarray) -> Panel:
    frame = pd.DataFrame(
        [(f"H{i:02d}", month, counts[i, t], exposure[i, t]) for i in range(len(counts))
         for t, month in enumerate(pd.date_range("2021-01-01", periods=counts.shape[1], freq="MS"))],
        columns=["unit", "month", "count", "exposure"],
    )  # fmt: skip
    return Panel.from_frame(frame)


def rows(*spells) -> pd.DataFrame:
    frame = pd.DataFrame(spells, columns=["location_id", "started", "ended", "dose"]).assign(
        intervention="care", chosen_by=None, chosen_from=pd.NaT, chosen_to=pd.NaT
    )
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("started", "ended")})


SPELLS = rows(
    ("H00", "2021-04-01", None, 1), ("H00", "2021-07-01", None, 2),  # a second element comes into place
    ("H01", "2021-04-16", "2021-06-30", 2), ("H01", "2021-09-01", "2021-10-31", 3),  # in mid-month; pauses; ends
    ("H02", "2021-05-01", None, 1), ("H02", "2021-11-01", None, None),  # nobody knows how much more
)  # fmt: skip


@pytest.fixture(scope="module")
def world():
    """Twenty homes of which six have doses that come and go; the rate ratio is 0.8 for each unit."""
    spec = PanelSpec(n_homes=20, n_months=30, starts=(10,) * 6, residential_rate=90, nursing_rate=90, shock_sd=0.05)
    panel, truth = simulate_panel(spec, 3)
    homes = np.flatnonzero(truth.start != NEVER)
    day = panel.months.astype("datetime64[s]")
    spells = [
        (panel.units.index[i], day[a], day[b] - np.timedelta64(1, "D"), dose)
        for k, i in enumerate(homes)
        for a, b, dose in ((10, 16 + k % 3, 1.0), (13, 20, 0.5 + k % 2), (24, 28, 2.0))
    ]
    design = design_from(panel, rows(*spells), EVERY)
    counts = np.random.default_rng(1).binomial(panel.counts, 0.8**design.dose_by_month)
    return replace(panel, counts=counts, digest=""), design, rows(*spells)


def test_what_each_home_had_in_each_month():
    design = design_from(panel_of(np.full((4, T), 5), np.full((4, T), 100.0)), SPELLS, EVERY)
    assert design.dose_by_month[0].tolist() == [0, 0, 0, 1, 1, 1, 3, 3, 3, 3, 3, 3]
    assert design.dose_by_month[1].tolist() == [0, 0, 0, 1, 2, 2, 0, 0, 3, 3, 0, 0]  # 15 days of April's 30
    assert np.isnan(design.dose_by_month[2]).tolist() == [False] * 10 + [True] * 2
    assert not design.dose_by_month[3].any() and design.start.tolist() == [3, 3, 4, NEVER]
    assert design.included[1].tolist() == [True] * 6 + [False] * 2 + [True] * 2 + [False] * 2
    assert design.dosed.all()
    assert design.left_out["reason"].tolist() == ["months in which the intervention paused or had ended"]
    assert not any("later starts" in note for note in design.notes)
    assert design.dose[:2].tolist() == [pytest.approx(21 / 9), pytest.approx(11 / 5)]


def test_where_only_the_first_spell_counts_all_is_as_it_was():
    design = design_from(panel_of(np.full((4, T), 5), np.full((4, T), 100.0)), SPELLS, Plan(intervention="care"))
    assert not design.dose_by_month.size and not design.dosed.size and design.dose[:3].tolist() == [1, 2, 1]
    assert design.included[1].tolist() == [True] * 6 + [False] * 6
    assert any("3 later starts" in note for note in design.notes)


def test_the_effect_of_one_unit_is_that_of_regression_with_the_months_own_doses(world):
    panel, design, _ = world
    n, T = panel.counts.shape
    found = replace(BARE, vcov="CR1").fit(panel, design)
    home, month = np.repeat(np.arange(n), T), np.tile(np.arange(T), n)
    X = np.column_stack([np.eye(n)[home], np.eye(T)[month][:, 1:], design.dose_by_month.ravel()])
    fit = sm.GLM(panel.counts.ravel(), X, family=sm.families.Poisson(), offset=np.log(panel.exposure.ravel()))
    fit = fit.fit(tol=1e-13, maxiter=200, cov_type="cluster", cov_kwds={"groups": home, "use_correction": False})
    row = found.tidy("dose").iloc[0]
    assert np.log(row["estimate"]) == pytest.approx(fit.params[-1], rel=1e-7)
    assert row["std_error"] / row["estimate"] == pytest.approx(fit.bse[-1] * np.sqrt(n / (n - 1)), rel=1e-6)


def test_it_is_found_and_said_from_what_it_is(world):
    panel, design, _ = world
    found = BARE.fit(panel, design)
    row = found.tidy("dose").iloc[0]
    assert row["conf_low"] < 0.8 < row["conf_high"] and row["estimate"] == pytest.approx(0.8, abs=0.06)
    assert any("Doses are those of each month" in note for note in found.notes)
    facts = found.diagnostic("dose").iloc[0]
    assert facts["lowest"] == 0 and facts["highest"] == pytest.approx(2.5) and facts["homes"] == 6


def test_a_dose_that_never_changes_gives_what_it_gave(world):
    panel, _, spells = world
    first = spells.groupby("location_id", as_index=False).first().assign(ended=pd.NaT)
    one, every = (design_from(panel, first, Plan(intervention="care", spells=how)) for how in ("first", "every"))
    a, b = (BARE.fit(panel, design).tidy("dose") for design in (one, every))
    pd.testing.assert_frame_equal(a, b)


def test_a_home_of_whose_dose_nothing_is_known_in_some_month_takes_no_part(world):
    panel, design, _ = world
    unknown = design.dose_by_month.copy()
    unknown[np.flatnonzero(design.start != NEVER)[0], 12] = np.nan
    found = BARE.fit(panel, replace(design, dose_by_month=unknown))
    assert any("No dose is recorded for 1 home" in note for note in found.notes)


def test_a_protocol_says_it():
    text = 'title = "x"\n[intervention]\nname = "x"\n[comparison]\nspells = "every"\n[model]\ndose = "log-linear"\n'
    protocol = Protocol.read(text)
    assert protocol.plan.spells == "every" and Protocol.read(protocol.to_toml()) == protocol
    assert "spells" not in Protocol(plan=Plan(intervention="x")).to_toml()
