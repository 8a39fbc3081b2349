"""Many panels at once get the answers that each would get alone, and those that closed forms and R give."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.admissions import StaggeredRates
from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.panel import Panel
from analysis.planning.many_panels import answer_each, at_expected
from analysis.planning.study import Study
from analysis.planning.textbook import stepped_wedge_variance
from analysis.planning.worlds import Months, Noise, worlds
from tests.costs import in_the_proof

R = Path(__file__).parents[1] / "reference" / "r"
TWO_ARMS = pd.read_csv(R / "power_two_arms.csv").to_dict("records")
BAD_SPELLS = Noise(shock_sd=0.3, shock_correlation=0.8)
NO_NOISE = Noise(shock_sd=0, shock_correlation=0)


def simulated(study, monthly, ratio, noise, size):
    """Lens and panels (T, B, n) of a study whose homes expect `monthly` admissions each."""
    start, monthly = study.starts(), np.broadcast_to(monthly, study.homes)
    expected = np.broadcast_to(monthly, (study.months, study.homes))
    treated = np.arange(study.months)[:, None] >= start
    one = at_expected((expected * np.where(treated, ratio, 1)).T, np.full(expected.T.shape, 900.0), start)
    kept = np.ix_(one.sample.months, one.sample.homes)
    rng = np.random.default_rng(1)
    counts = next(worlds(Months(expected=expected[kept], treated=treated[kept]), np.array([ratio]), noise, size, rng))
    return one, counts.copy(), start[one.sample.homes]


def alone(counts, start):
    """What the default model says of one panel: log rate ratio, its error, degrees of freedom, found or not."""
    T, n = counts.shape
    units = pd.DataFrame({"home_type": "residential"}, pd.Index([f"{i:04d}" for i in range(n)], name="unit"))
    panel = Panel(
        units=units, months=np.datetime64("2020-01", "M") + np.arange(T), counts=counts.T.astype(np.int64),
        exposure=np.full((n, T), 900.0), outcome="emergency admissions", exposure_unit="bed-days",
    )  # fmt: skip
    design = Design(intervention="x", start=np.where(start < T, start, NEVER), included=np.ones((n, T), bool))
    effects = StaggeredRates(leads=0, subgroups=(), permutations=0).fit(panel, design)
    row, df = effects.tidy().iloc[0], effects.diagnostics["inference"]["df"].iloc[0]
    return np.log(row["estimate"]), row["std_error"] / row["estimate"], df, row["conf_high"] < 1 or row["conf_low"] > 1


STUDIES = {
    "staggered, few": Study(kind="staggered roll-out", supported=8, compared=40, waves=4),
    "stepped wedge": Study(kind="stepped wedge", supported=30, waves=5, after=6),
    "one start": Study(kind="comparison homes", supported=20, compared=30, before=18, after=12),
}


@pytest.mark.parametrize(
    "name", ["one start", *(in_the_proof(name, name=name) for name in ("staggered, few", "stepped wedge"))]
)
def test_panels_answered_together_are_answered_as_each_would_be_alone(name):
    study = STUDIES[name]
    monthly = np.random.default_rng(5).gamma(4, 0.5, study.homes)
    one, counts, start = simulated(study, monthly, 0.75, BAD_SPELLS, 18)
    together = answer_each(one, counts)
    each = np.array([alone(counts[:, b], start) for b in range(counts.shape[1])], float).T
    assert together.log_ratio == pytest.approx(each[0], abs=1e-5)  # a ten-thousandth of its error
    assert (each[1] / together.std_error).mean() == pytest.approx(1, abs=0.03)  # second order in the noise
    assert (each[2] / together.df).mean() == pytest.approx(1, abs=0.06)
    assert (together.detected() == each[3].astype(bool)).mean() >= 0.92
    assert together.detected().mean() == pytest.approx(each[3].mean(), abs=0.05)


def test_a_month_with_many_times_the_admissions_expected_moves_no_panel_astray():
    """Late in a stepped wedge one cohort alone informs the months: three winters in one there, and none in another."""
    study = STUDIES["stepped wedge"]
    one, counts, start = simulated(study, np.random.default_rng(5).gamma(4, 0.5, study.homes), 0.75, BAD_SPELLS, 8)
    last, final = start == start.max(), len(counts) - 1
    counts[final][:, last] = 3 * counts[final][:, last] + 4
    counts[final - 1][:, last] = counts[final - 1][:, last] > 2
    counts[final - 1, :, -1] = 1
    together = answer_each(one, counts)
    each = [alone(counts[:, b], start)[0] for b in range(counts.shape[1])]
    assert together.log_ratio == pytest.approx(each, abs=1e-5)


@pytest.mark.parametrize(("waves", "before", "gap", "after"), [(3, 4, 2, 2), (6, 6, 1, 2), (4, 2, 3, 3)])
def test_the_spread_of_one_effect_in_a_stepped_wedge_is_that_of_hussey_and_hughes(waves, before, gap, after):
    """Home effects, that is τ² without end, and σ² = 1 / μ: the variance of a log count of mean μ."""
    study = Study(kind="stepped wedge", supported=24, waves=waves, before=before, gap=gap, after=after)
    one, counts, start = simulated(study, 12.0, 1.0, NO_NOISE, 4000)
    X = (np.arange(len(counts)) >= start[:, None]).astype(float)
    formula = np.sqrt(stepped_wedge_variance(X, 1 / 12.0, np.inf))
    spread = answer_each(one, counts).common.std()
    assert spread == pytest.approx(formula, rel=3 / np.sqrt(2 * 4000) + 0.01)  # three Monte Carlo errors, and 1/μ²


@pytest.mark.parametrize("row", TWO_ARMS, ids=lambda row: str(row["homes"]))
def test_two_arms_of_clusters_are_found_as_often_as_r_finds_them(row):
    """A month before of which everything is known leaves two arms compared after: R's t test of gamma-Poisson rates."""
    homes, B = int(row["homes"]), 4000
    start = np.repeat([1, 2], homes)
    mean = row["rate0"] * row["months"]
    expected = np.column_stack([np.full(2 * homes, 1e7), mean * np.where(start == 1, row["ratio"], 1)])
    one = at_expected(expected, np.full(expected.shape, 1.0), start)
    rng, k2 = np.random.default_rng(2), row["cv"] ** 2
    after = rng.poisson(expected[one.sample.homes, 1] * rng.gamma(1 / k2, k2, (B, 2 * homes)))
    counts = np.array([np.full((B, 2 * homes), 1e7), after])
    # the log of a ratio and a difference of rates part by a little where clusters are few
    assert answer_each(one, counts).detected().mean() == pytest.approx(row["power"], abs=0.03)


def test_each_effect_s_panels_are_poisson_and_share_their_luck():
    expected, treated = np.full((6, 40), 5.0), np.arange(6)[:, None] >= np.repeat([3, 6], 20)
    months, ratios = Months(expected=expected, treated=treated), np.array([0.6, 0.9, 1.2])
    drawn = [y.copy() for y in worlds(months, ratios, NO_NOISE, 400, np.random.default_rng(1))]
    for counts, ratio in zip(drawn, ratios, strict=True):
        inside = counts.transpose(0, 2, 1)[treated]
        assert inside.mean() == pytest.approx(5 * ratio, rel=0.01)
        assert inside.var() == pytest.approx(5 * ratio, rel=0.03)
        assert np.array_equal(counts.transpose(0, 2, 1)[~treated], drawn[0].transpose(0, 2, 1)[~treated])
    assert (drawn[1] >= drawn[0]).all()


def test_bad_spells_last_as_long_as_is_said():
    none = np.zeros((30, 50), bool)
    months = Months(expected=np.full((30, 50), 4e4), treated=none)
    counts = next(worlds(months, np.ones(1), BAD_SPELLS, 40, np.random.default_rng(1)))
    logs = np.log(counts)
    logs -= logs.mean()
    assert logs.std() == pytest.approx(0.3, rel=0.03)
    assert (logs[1:] * logs[:-1]).mean() / logs.var() == pytest.approx(0.8, abs=0.02)


def test_a_panel_without_an_admission_in_supported_months_finds_nothing():
    study = Study(supported=4, compared=6, before=4, after=2)
    one, counts, start = simulated(study, 2.0, 0.5, NO_NOISE, 3)
    counts[4:, 0, start < study.months] = 0
    said = answer_each(one, counts)
    assert not said.detected()[0]
    assert np.isfinite(said.log_ratio[1:]).all()


def test_nobody_left_to_compare_with_is_refused():
    with pytest.raises(AnalysisError, match="no month is there a home with the intervention and one without"):
        at_expected(np.full((6, 4), 2.0), np.full((6, 4), 900.0), np.full(6, 2))
