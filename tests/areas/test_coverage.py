"""What the page says of each method's own interval is what the simulations counted."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.areas.coverage import OWN, OWN_BY_LENGTH, TOO_NARROW
from analysis.months import QUARTER, YEAR
from analysis.questions.area_methods import METHODS

COUNTED = pd.read_csv(Path(__file__).parents[2] / "bench" / "areas.csv")


def test_the_figures_on_the_page_are_those_of_the_table():
    worlds = COUNTED[COUNTED["world"].isin(["steady", "wandering"])].dropna(subset=["own_coverage"])
    spans = worlds.groupby("method")["own_coverage"].agg(["min", "max"]).round(2)
    assert dict(zip(spans.index, spans.itertuples(index=False, name=None), strict=True)) == OWN
    assert set(OWN) <= set(METHODS)
    assert any(least < TOO_NARROW for least, _ in OWN.values())


@pytest.mark.parametrize(("length", "named"), [(QUARTER, "by quarter"), (YEAR, "by year")])
def test_so_are_those_of_quarters_and_years(length, named):
    worlds = COUNTED[COUNTED["world"].str.endswith(named)].dropna(subset=["own_coverage"])
    spans = worlds.groupby("method")["own_coverage"].agg(["min", "max"]).round(2)
    assert dict(zip(spans.index, spans.itertuples(index=False, name=None), strict=True)) == OWN_BY_LENGTH[length]


@pytest.mark.parametrize("world", [world for world in COUNTED["world"].unique() if world != "chosen after a rise"])
def test_the_interval_by_ranking_holds_the_truth_about_as_often_as_it_says(world):
    """Exchangeable areas make it 95%, whatever the method; three Monte Carlo standard errors are allowed.

    Ranks among 25 areas come in steps of 1/25, so no share of them can be nearer to a decile than that.
    """
    rows = COUNTED[COUNTED["world"] == world]
    assert (rows["placebo_coverage"] > 0.95 - 3 * (0.95 * 0.05 / rows["draws"]) ** 0.5).all()
    assert (rows["p_off_uniform"] < 1 / 25 + 3 * 0.5 / rows["draws"] ** 0.5).all()
