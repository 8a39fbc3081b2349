"""No count can be worked back from estimates that are handed on (attack: algebra of a ratio and a difference)."""

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.published import published
from analysis.design import NEVER, Design
from analysis.disclosure.estimates import steps, told_ratio
from analysis.panel import Panel
from analysis.results import RATE_DIFFERENCE, RATE_RATIO

DAYS, T, START = 900.0, 24, 12


def programme(treated, seed=3):
    """Twelve homes, the first of them with an intervention from the middle on; the same bed-days in every month."""
    rng, n = np.random.default_rng(seed), 12
    counts = rng.poisson(np.where(np.arange(n) < treated, 3.0, 4.0)[:, None] * np.ones(T))
    units = pd.DataFrame({"home_type": "nursing"}, index=pd.Index([f"H{i:02d}" for i in range(n)], name="unit"))
    panel = Panel(units=units, months=np.datetime64("2022-01", "M") + np.arange(T), counts=counts,
                  exposure=np.full((n, T), DAYS), outcome="emergency admissions", exposure_unit="bed-days")  # fmt: skip
    start = np.where(np.arange(n) < treated, START, NEVER)
    return panel, Design(intervention="ward round", start=start, included=np.ones((n, T), bool))


def answers(treated, last=T, seed=3):
    panel, design = programme(treated, seed)
    held = design.included.copy()
    held[:, last:] = False
    design = Design(intervention="ward round", start=design.start, included=held)
    found = StaggeredRates(leads=0, permutations=0, subgroups=()).fit(panel, design)
    return panel.counts, found, published(found, panel, design)


def worked_back(effects, bed_days):
    """O, from a rate ratio ρ = O / C and the difference (O − C) / B."""
    tidy = effects.tidy().set_index("term")["estimate"]
    return tidy[RATE_DIFFERENCE] * bed_days / 1000 / (1 - 1 / tidy[RATE_RATIO])


def test_windows_of_twelve_digits_give_every_month_and_windows_as_told_do_not():
    exact, told = [], []
    for last in range(START + 10, T + 1):
        counts, found, shown = answers(1, last)
        exact.append(worked_back(found, DAYS * (last - START)))
        told.append(worked_back(shown, DAYS * (last - START)))
    months = counts[0, START + 10 :]
    np.testing.assert_allclose(np.diff(exact), months, atol=1e-6)  # the attack works
    assert (np.rint(np.diff(told)) != months).any()


def test_a_ratio_as_told_follows_from_banded_counts_and_from_nothing_else():
    """One start and equal bed-days: any counts of the home in the same bands give the same ratio."""
    counts, found, shown = answers(1, seed=4)
    bands = lambda part: 5 * (part.sum() // 5) + 2  # noqa: E731
    o, b = bands(counts[0, START:]), bands(counts[0, :START])
    a, n = (sum(bands(home[part]) for home in counts[1:]) for part in (slice(0, START), slice(START, T)))
    row = shown.tidy().set_index("term").loc[RATE_RATIO]
    assert abs(row["estimate"] - o * a / b / n) <= 0.0051
    assert found.tidy()["estimate"].iloc[0] != row["estimate"]


def test_too_few_events_are_not_told_and_that_is_said():
    counts, _, shown = answers(1, last=START + 2)
    assert counts[0, START : START + 2].sum() < 25
    assert shown.tidy()["estimate"].isna().all()
    assert "is not shown" in shown.summary["not_shown"]


def test_cells_handed_on_have_no_counts():
    assert answers(3)[2].augment()[["observed", "fitted", "counterfactual", "weight"]].isna().all(axis=None)


def test_limits_asked_for_at_every_level_follow_from_the_same_two_numbers():
    exact = {"estimate": 0.7812345, "std_error": 0.04844, "p_value": 0.001}
    widths = []
    for z in np.linspace(0.5, 3.5, 200):
        low, high = (0.7812345 * np.exp(s * z * 0.062) for s in (-1, 1))
        told = told_ratio(exact | {"conf_low": low, "conf_high": high}, 1.0)
        widths.append(np.log(told["conf_high"] / told["conf_low"]) / (2 * z))
    assert abs(np.mean(widths) - 0.062) < 2e-4  # the error as told, 0.062, whatever the level


def test_what_is_known_of_a_home_is_a_band_of_five_at_every_month():
    rng = np.random.default_rng(1)
    counts = rng.poisson(1.5, (50, 30))
    told = np.cumsum(steps(counts, np.ones(counts.shape, bool)), axis=1)
    assert (np.abs(told - np.cumsum(counts, axis=1)) <= 2).all()
    assert set(np.unique(told % 5)) == {2.0}
