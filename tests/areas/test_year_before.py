"""The baseline question by hand and by statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.areas.persistence import Persistence, persistence
from analysis.areas.year_before import Years, examine, predicted, years_from
from analysis.errors import AnalysisError
from analysis.simulate.areas import AreaSpec, simulate_areas


def years(values, fewest=0.0):
    values = np.asarray(values, float)
    first = np.datetime64("2014-04") + 12 * np.arange(5)
    units = pd.DataFrame(
        {"name": [f"Area {i}" for i in range(len(values))]}, index=[f"A{i}" for i in range(len(values))]
    )
    return Years(
        units=units, year=np.array([-3, -2, -1, 1, 2]), first=first, values=values, national=np.nansum(values, axis=0),
        fewest=fewest,
    )  # fmt: skip


def test_a_spike_and_what_followed_by_hand():
    found = examine(
        years([[100, 200, 450, 225, 300], [100, 100, 100, 100, 40], [50, 50, 50, 25, 60]]), "A0", claimed=0.5
    )
    assert (found.spike, found.rise, found.is_spike) == (3.0, 2.25, True)
    assert (found.spike_rank, found.spike_areas) == (1, 3)
    first, second = found.falls.to_dict("records")
    assert (first["change"], first["rank"], first["areas"]) == (-0.5, 2, 3)  # a tie counts against the area
    assert first["national_change"] == pytest.approx(350 / 600 - 1)
    assert first["since_two_years_before"] == pytest.approx(225 / 200 - 1)
    assert (first["claimed_or_larger"], second["claimed_or_larger"]) == (2, 1)
    assert np.isnan(first["predicted"])  # three areas carry no regression


def test_areas_with_few_events_or_unknown_years_are_not_ranked():
    table = years([[100, 200, 450, 225, 300], [1, 1, 2, 1, 1], [np.nan, np.nan, np.nan, 5, 5]], fewest=10)
    found = examine(table, "A0")
    assert found.falls["areas"].tolist() == [1, 1]
    assert "1 without a whole year" in found.left_out and "1 with fewer than 10 events" in found.left_out
    with pytest.raises(AnalysisError, match="needs a whole year before the start"):
        examine(table, "A2")
    with pytest.raises(AnalysisError, match="no area 'A9'"):
        examine(table, "A9")


def test_what_the_rise_predicts_is_statsmodels_prediction_interval():
    rng = np.random.default_rng(2)
    rise, ratio = np.exp(rng.normal(0, 0.3, 60)), np.exp(rng.normal(-0.2, 0.3, 60))
    there = np.ones(60, bool)
    there[50:] = False
    x, y = np.log(rise[1:50]), np.log(ratio[1:50])
    fit = sm.OLS(y, sm.add_constant(x)).fit()
    theirs = fit.get_prediction([[1, np.log(rise[0])]]).summary_frame(alpha=0.05).iloc[0]
    found = predicted(rise, ratio, 0, there)
    wanted = np.exp(theirs[["mean", "obs_ci_lower", "obs_ci_upper"]].to_numpy()) - 1
    np.testing.assert_allclose(found[:3], wanted, rtol=1e-9)
    assert found[3] == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_an_area_chosen_for_its_rise_is_predicted_to_fall_with_nothing_done():
    """Of 40 worlds in which nothing was done, the area that rose most falls in most, and the line foresees it."""
    falls = []
    for seed in range(40):
        panel, treated = simulate_areas(AreaSpec(n_areas=40, n_months=66, after_a_spike=True), seed)
        found = examine(years_from(panel, "2017-04"), str(panel.units.index[treated]))
        falls.append(found.falls.iloc[0][["change", "national_change", "predicted"]].astype(float).to_numpy())
    change, national, foreseen = np.nanmean(falls, axis=0)  # a world of few ranked areas foresees nothing
    assert change < national - 0.2
    assert foreseen < national - 0.1


def answers(*by_year):
    rows = [
        (name, year, estimate, 0.5, 1.5, extends)
        for name, estimates, extends in by_year for year, estimate in enumerate(estimates, 1)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["method", "year", "estimate", "conf_low", "conf_high", "extends_trend"])


@pytest.mark.parametrize(
    ("estimates", "gone", "halved", "size"),
    [
        ((0.6, 1.1, 1.2), 2, 2, "large"),
        ((0.6, 0.85, 0.84), None, 2, "large"),
        ((0.6, 0.65, 0.6), None, None, "large"),
        ((0.85, 0.97, 0.8), None, None, "moderate"),
        ((0.97, 0.5, 0.5), None, None, "none"),
        ((1.5, 1.3, 1.02), 3, 3, "large"),
    ],
)
def test_when_an_effect_is_gone(estimates, gone, halved, size):
    found = persistence(answers(("a", estimates, False), ("trend", (0.2, 0.2, 0.2), True)))
    assert (found.gone_from, found.halved_from, found.size, found.last_year) == (gone, halved, size, 3)


def test_methods_that_extend_a_trend_do_not_decide():
    assert persistence(answers(("trend", (0.2, 0.2), True))) is None
    assert isinstance(persistence(answers(("a", (0.2, 0.2), False))), Persistence)
