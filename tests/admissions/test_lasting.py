"""Does it last? Later years against the first in the same homes: by hand, and in worlds whose truth is known."""

from dataclasses import replace
from pathlib import Path

import lasting as bench
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.admissions import StaggeredRates
from analysis.design import NEVER
from analysis.results import AFTERWARDS, RATE_RATIO
from analysis.simulate import PanelSpec, simulate_panel
from analysis.words.lasting import ENOUGH, SELDOM, TOO_SHORT, lasted

BARE = StaggeredRates(leads=0, subgroups=(), permutations=0, vcov="CR1")
SPEC = PanelSpec(n_homes=60, n_months=48, starts=(12,) * 10 + (30,) * 5, residential_rate=40, nursing_rate=40)
FADES = (np.log(0.6),) * 12 + (np.log(0.9),)


def asked(seed=1, **how):
    panel, truth = simulate_panel(replace(SPEC, **how), seed)
    return panel, truth.design()


@pytest.fixture(scope="module")
def fades():
    panel, design = asked(effect=FADES)
    return panel, design, BARE.fit(panel, design)


def test_years_are_observed_over_expected_of_their_months(fades):
    _, _, found = fades
    cells = found.augment()
    cells = cells[cells["event_time"] >= 0].assign(year=lambda c: c["event_time"] // 12 + 1)
    sums = cells.groupby("year")[["observed", "counterfactual"]].sum()
    years = found.tidy("year")
    ratio = years[years["term"] == RATE_RATIO].set_index("year")["estimate"]
    assert ratio.to_numpy() == pytest.approx((sums["observed"] / sums["counterfactual"]).to_numpy(), rel=1e-9)
    assert ratio.index.tolist() == [1, 2, 3]


def test_later_years_are_held_against_the_first_of_the_same_homes(fades):
    _, _, found = fades
    cells = found.augment()
    long = (
        cells.groupby("unit")["event_time"].max().loc[lambda last: last >= 24].index
    )  # ten homes, and none of the five
    assert len(long) == 10
    own = cells[cells["unit"].isin(long) & (cells["event_time"] >= 0)]
    year = own["event_time"] // 12 + 1
    sums = {k: own[year == k][["observed", "counterfactual"]].sum() for k in (1, 3)}
    ratio = (sums[3]["observed"] / sums[3]["counterfactual"]) / (sums[1]["observed"] / sums[1]["counterfactual"])
    table = found.diagnostic("lasting").set_index("year")
    assert table.loc["3", "ratio"] == pytest.approx(ratio, rel=1e-9) and table.loc["3", "homes"] == 10
    assert table.loc["2", "homes"] == table.loc[AFTERWARDS, "homes"] == 15


def test_one_cohort_is_a_regression_with_an_effect_for_each_year():
    """With equal expected months the years of one cohort are two coefficients; their difference is the test."""
    panel, _ = simulate_panel(PanelSpec(n_homes=30, n_months=36, starts=(12,) * 8, residential_rate=40), 2)
    start = np.where(np.arange(30) < 8, 12, NEVER)
    design = replace(asked()[1], start=start, included=np.ones((30, 36), bool))
    found = BARE.fit(panel, design).diagnostic("lasting").set_index("year").loc[AFTERWARDS]
    home, month = np.repeat(np.arange(30), 36), np.tile(np.arange(36), 30)
    on = (start[home] != NEVER) & (month >= 12)
    X = np.column_stack([np.eye(30)[home], np.eye(36)[month][:, 1:], on, on & (month >= 24)])
    fit = sm.GLM(panel.counts.ravel(), X, family=sm.families.Poisson(), offset=np.log(panel.exposure.ravel()))
    fit = fit.fit(tol=1e-12, cov_type="cluster", cov_kwds={"groups": home, "use_correction": False})
    assert np.log(found["ratio"]) == pytest.approx(fit.params[-1], abs=0.02)
    error = np.log(found["conf_high"] / found["ratio"]) / np.log(found["ratio"] / found["conf_low"])
    assert error == pytest.approx(1, abs=1e-6)  # symmetric in logs
    from scipy.stats import t  # noqa: PLC0415

    half = np.log(found["conf_high"] / found["ratio"]) / t.ppf(0.975, found["df"])
    assert half == pytest.approx(fit.bse[-1], rel=0.1)


def test_what_fades_is_said_and_what_stays_is_not(fades):
    _, _, found = fades
    row = found.diagnostic("lasting").set_index("year").loc[AFTERWARDS]
    assert row["ratio"] == pytest.approx(1.5, rel=0.15) and row["conf_low"] > 1
    assert lasted(found.diagnostic("lasting")).startswith("It did not last as it began")
    stays = BARE.fit(*asked(effect=(np.log(0.7),)))
    assert lasted(stays.diagnostic("lasting")).startswith("Nothing shows that it grew or faded")
    short = BARE.fit(*asked(starts=(40,) * 6))
    assert not len(short.diagnostic("lasting")) and lasted(short.diagnostic("lasting")) == TOO_SHORT
    assert not lasted(stays.diagnostic("lasting")).endswith(SELDOM)  # 15 homes with many admissions: known to an eighth
    few = BARE.fit(*asked(starts=(12, 12, 40, 40)))
    assert "Too few homes" in lasted(few.diagnostic("lasting"))


def test_the_stored_table_says_how_often_it_speaks():
    """Size where the effect stays, power where it does not; three to five homes never tell the one from the other."""
    table = pd.read_csv(Path(bench.__file__).with_suffix(".csv")).set_index(["treated", "world"])
    assert len(table) == len(bench.DESIGNS) * len(bench.WORLDS_OF) and (table["worlds"] == bench.WORLDS).all()
    stays = table[table["true_ratio"] == 1]
    assert (stays["grew_pct"] + stays["faded_pct"]).max() <= 6 and table["held_pct"].min() >= 94
    assert (table["bias"].abs() <= np.maximum(3 * table["bias_error"], 0.01)).all()
    assert table.loc[(20, "fades"), "faded_pct"] > 90 and table.loc[(20, "grows"), "grew_pct"] > 90
    assert 15 < table.loc[(10, "fades"), "faded_pct"] < 30 and table.loc[(5, "fades"), "faded_pct"] == 0


def test_the_table_counts_what_the_model_says():
    panel, design = bench.drawn("fades", 10, 60, 0)
    own = bench.tested(panel, design)
    told = BARE.fit(panel, design).diagnostic("lasting").set_index("year").loc[AFTERWARDS]
    assert own["ratio"] == pytest.approx(told["ratio"])  # the same ratio, whichever error
    again = bench.line("fades", 20, 120, 10)
    assert again["faded_pct"] >= 60 and again["with_test_pct"] == 100


def test_of_few_homes_it_is_said_that_a_change_could_hardly_have_been_seen_as_often_as_was_counted():
    def told(homes, low=0.7, high=1.7):
        row = {"year": AFTERWARDS, "ratio": 1.1, "conf_low": low, "conf_high": high, "homes": homes}
        return lasted(pd.DataFrame([row]))

    table = pd.read_csv(Path(bench.__file__).with_suffix(".csv"))
    changed = table[table["true_ratio"] != 1].assign(seen=lambda t: t[["grew_pct", "faded_pct"]].max(axis=1))
    seen = changed.groupby("treated")["seen"].agg(["min", "max"])
    assert seen.loc[20, "min"] >= 90 and "nine times in ten of 20 homes" in SELDOM
    assert seen.loc[10, "max"] <= 40 and "twice in five at most of 10" in SELDOM
    assert seen.loc[5, "max"] == 0 and "never of 5" in SELDOM
    assert told(ENOUGH - 1).endswith(SELDOM) and told(3).endswith(SELDOM) and SELDOM not in told(ENOUGH)
    assert SELDOM not in told(10, high=1.4) and SELDOM in told(10, low=0.6, high=1.4)
