"""No count can be worked back from estimates that are handed on (attack: algebra of a ratio and a difference)."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.published import published
from analysis.design import NEVER, Design
from analysis.disclosure.estimates import as_shown, rounded_ratio
from analysis.panel import Panel, counts_as_shown
from analysis.results import RATE_DIFFERENCE, RATE_RATIO

DAYS, T, START = 900.0, 24, 12
PLAIN = StaggeredRates(leads=0, permutations=0, subgroups=())


def programme(treated, seed=3, *, n=12, rate=4.0, ratio=0.75):
    """Homes, the first of them with an intervention from the middle on; the same bed-days in every month."""
    rng, helped = np.random.default_rng(seed), (np.arange(n) < treated)[:, None] & (np.arange(T) >= START)
    counts = rng.poisson(rate * np.where(helped, ratio, 1.0))
    units = pd.DataFrame({"home_type": "nursing"}, index=pd.Index([f"H{i:03d}" for i in range(n)], name="unit"))
    panel = Panel(units=units, months=np.datetime64("2022-01", "M") + np.arange(T), counts=counts,
                  exposure=np.full((n, T), DAYS), outcome="emergency admissions", exposure_unit="bed-days")  # fmt: skip
    start = np.where(np.arange(n) < treated, START, NEVER)
    return panel, Design(intervention="ward round", start=start, included=np.ones((n, T), bool))


def of(panel, design):
    """The panel as shown, counted from the start of the first intervention."""
    had = design.start != NEVER
    spells = pd.DataFrame({"location_id": panel.units.index[had], "started": panel.months[design.start[had]]})
    return counts_as_shown(panel, panel, spells.assign(started=spells["started"].astype("datetime64[s]")))


def answers(treated, last=T, seed=3, **like):
    panel, design = programme(treated, seed, **like)
    held = design.included.copy()
    held[:, last:] = False
    design, shown = Design(intervention="ward round", start=design.start, included=held), of(panel, design)
    return panel.counts, PLAIN.fit(panel, design), published(PLAIN.fit(shown, design), shown, design)


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


def test_a_ratio_as_told_is_that_of_the_bands_and_of_nothing_else():
    """One start and equal bed-days: a ratio of four sums, each the middle of a band for every home."""
    counts, found, shown = answers(1, seed=4)
    bands = lambda part: 5 * (part.sum() // 5) + 2  # noqa: E731
    o, b = bands(counts[0, START:]), bands(counts[0, :START])
    a, n = (sum(bands(home[part]) for home in counts[1:]) for part in (slice(0, START), slice(START, T)))
    row = shown.tidy().set_index("term").loc[RATE_RATIO]
    assert abs(row["estimate"] - o * a / b / n) <= 0.0051
    assert found.tidy()["estimate"].iloc[0] != row["estimate"]


def test_an_answer_about_the_counts_themselves_is_not_handed_on():
    panel, design = programme(3)
    with pytest.raises(ValueError, match="not as shown"):
        published(PLAIN.fit(panel, design), panel, design)


@pytest.mark.parametrize(("a_year", "told"), [(1.2, False), (2.4, False), (18, True), (36, True)])
def test_of_homes_too_small_to_be_seen_nothing_is_told_and_of_others_what_is_so(a_year, told):
    """Sixty homes at 0.6 times the admissions: as counted in bands, homes of 1.2 a year would be told as 0.97."""
    shown = [
        answers(60, seed=seed, n=120, rate=a_year / 12, ratio=0.6)[2].tidy()["estimate"].iloc[0] for seed in (1, 2, 3)
    ]
    assert np.isfinite(shown).tolist() == [told] * 3
    if told:
        assert np.mean(shown) == pytest.approx(0.6, abs=0.04)


def test_too_few_events_are_not_told_and_that_is_said():
    counts, _, shown = answers(1, last=START + 2)
    assert counts[0, START : START + 2].sum() < 25
    assert shown.tidy()["estimate"].isna().all()
    assert "is not shown" in str(shown.summary["not_shown"])


def test_cells_handed_on_have_no_counts():
    assert answers(3)[2].augment()[["observed", "fitted", "counterfactual", "weight"]].isna().all(axis=None)


def test_limits_asked_for_at_every_level_follow_from_the_same_two_numbers():
    exact = {"estimate": 0.7812345, "std_error": 0.04844, "p_value": 0.001}
    widths = []
    for z in np.linspace(0.5, 3.5, 200):
        low, high = (0.7812345 * np.exp(s * z * 0.062) for s in (-1, 1))
        told = rounded_ratio(exact | {"conf_low": low, "conf_high": high})
        widths.append(np.log(told["conf_high"] / told["conf_low"]) / (2 * z))
    assert abs(np.mean(widths) - 0.062) < 2e-4  # the error as told, 0.062, whatever the level


def test_counts_as_shown_follow_from_bands_alone_and_lie_near_the_counts():
    rng = np.random.default_rng(1)
    counts, exposure = rng.poisson(1.5, (50, 30)), rng.uniform(600, 900, (50, 30))
    anchor = rng.integers(0, 31, 50)
    shown = as_shown(counts, exposure, anchor)
    for row, a in enumerate(anchor):
        for part in (slice(a, None), slice(a - 1, None, -1) if a else slice(0, 0)):
            lowest = np.diff(5 * (np.cumsum(counts[row, part]) // 5), prepend=0)
            np.testing.assert_allclose(
                as_shown(lowest[None], exposure[row, part][None], np.array([0]))[0], shown[row, part], atol=1e-9
            )
            gap = np.abs(np.cumsum(shown[row, part]) - np.cumsum(counts[row, part]))
            assert gap.max(initial=0) <= 5
    assert (shown >= -1e-9).all()
    assert abs(shown.sum() / counts.sum() - 1) < 0.01


def test_the_month_from_which_a_home_is_counted_is_no_choice_of_a_protocol():
    """Whatever is asked about, whatever the window, the same counts are shown of a home."""
    panel, design = programme(6)
    whole = of(panel, design)
    later = replace(panel, months=panel.months[8:], counts=panel.counts[:, 8:], exposure=panel.exposure[:, 8:])
    had = panel.units.index[:6]
    spells = pd.DataFrame(
        {"location_id": [*had, *had[:3]], "started": pd.to_datetime(["2023-01-01"] * 6 + ["2023-06-01"] * 3)}
    )
    np.testing.assert_array_equal(counts_as_shown(later, panel, spells).counts, whole.counts[:, 8:])
