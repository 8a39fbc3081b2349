"""A month without any comparison admission stays: leaving it out looks at the outcome and favours the intervention.

With one start and one exposure for all, the saturated model's ratio of sums is the coefficient of the plain regression
with home and month effects, whatever is empty; on the code that dropped empty months it lay 5 to 30% below.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from usual import usual

from analysis.admissions import StaggeredRates
from analysis.admissions.compared.sample import TRACE
from analysis.design import NEVER, Design
from analysis.panel import Panel

MONTHS = 36


def sparse(seed, sides, rate, starts=None):
    """Homes with gamma rates and a rare outcome; nothing is done to them."""
    rng, (k, m) = np.random.default_rng(seed), sides
    counts = rng.poisson(rate * rng.gamma(6.0, 1 / 6, k + m)[:, None], (k + m, MONTHS))
    start = np.append(np.full(k, 18) if starts is None else rng.integers(*starts, k), np.full(m, NEVER))
    units = pd.DataFrame(
        {"home_type": np.where(np.arange(k + m) % 2, "nursing", "residential")},
        index=pd.Index([f"H{i:02d}" for i in range(k + m)], name="unit"),
    )
    panel = Panel(units=units, months=np.datetime64("2021-01", "M") + np.arange(MONTHS), counts=counts,
                  exposure=np.full(counts.shape, 900.0), outcome="avoidable admissions",
                  exposure_unit="bed-days")  # fmt: skip
    return panel, Design(intervention="none", start=start, included=np.ones(counts.shape, bool))


def fit(panel, design, **options):
    return StaggeredRates(**({"leads": 0, "subgroups": (), "permutations": 0} | options)).fit(panel, design)


def log_ratio(panel, design, **options):
    return float(np.log(fit(panel, design, **options).tidy()["estimate"].iloc[0]))


def plain(panel, design):
    """Coefficient of the plain regression, homes and months without any admission left out."""
    homes, months = panel.counts.any(axis=1), panel.counts.any(axis=0)
    treated = (design.start[:, None] != NEVER) & (np.arange(MONTHS) >= design.start[:, None])
    at = np.ix_(homes, months)
    return usual(panel.counts[at], panel.exposure[at], treated[at].astype(float)).beta


@pytest.mark.parametrize(("sides", "rate"), [((15, 5), 0.3), ((30, 10), 0.3), ((20, 20), 0.15), ((27, 3), 1.0)])
def test_with_one_start_the_answer_is_that_of_the_plain_regression(sides, rate):
    empty = 0
    for seed in range(6):
        panel, design = sparse(seed, sides, rate)
        empty += int((panel.counts[design.start == NEVER].sum(axis=0) == 0).sum())
        assert log_ratio(panel, design) == pytest.approx(plain(panel, design), abs=1e-4)
    assert empty


def test_with_many_starts_rare_admissions_do_not_lean_to_one_side():
    """On the code that dropped them: −0.08; the plain regression of the same draws is the yardstick."""
    apart = []
    for seed in range(25):
        panel, design = sparse(seed, (20, 20), 0.15, starts=(12, 24))
        apart.append(log_ratio(panel, design) - plain(panel, design))
    assert abs(np.mean(apart)) < 0.02


def test_per_home_and_by_kind_they_stay_too():
    panel, design = sparse(3, (15, 5), 0.3)
    whole = panel.counts[(design.start[:, None] != NEVER) & (np.arange(MONTHS) >= 18)].sum()
    for options in ({"month_effects_by": ("home_type",)}, {"average": "home"}, {"effects": "cohort"}):
        effects = fit(panel, design, **options)
        assert effects.summary["treated_events"] == whole
        assert effects.summary["converged"]
        assert any("They stay in the sums" in note for note in effects.notes)


def test_a_home_without_admissions_before_its_own_start_stays():
    panel, design = sparse(5, (10, 10), 1.0, starts=(12, 24))
    start, counts = design.start.copy(), panel.counts.copy()
    start[start == 17], start[0] = 18, 17  # nobody else starts then
    counts[0, :17], counts[0, 17:] = 0, 2
    effects = fit(replace(panel, counts=counts, digest=""), replace(design, start=start))
    own = effects.augment().query("unit == 'H00' and event_time >= 0")
    assert own["observed"].sum() == 2 * 19
    assert own["counterfactual"].sum() < 1e3 * TRACE
    assert effects.diagnostics["dropped"].empty


def test_where_nothing_is_empty_nothing_is_said_or_moved():
    panel, design = sparse(1, (10, 10), 6.0)
    effects = fit(panel, design)
    assert not any("expected number is 0" in note for note in effects.notes)
    assert log_ratio(panel, design) == pytest.approx(plain(panel, design), abs=1e-9)
