"""In how many counties out of twenty does the sample teach what it should? Not the luck of one seed."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.admissions.answer.staggered import StaggeredRates
from analysis.design import Plan, design_from
from analysis.simulate import SEED, on_admissions, simulate_county

SEEDS = range(SEED, SEED + 20)
MODEL = StaggeredRates(subgroups=(), permutations=19, leads=1)


def interval(panel, county, intervention):
    """Ends of the 95% interval of the rate ratio."""
    effects = MODEL.fit(panel, design_from(panel, county.spells(), Plan(intervention=intervention)))
    ratio = effects.tidy().query("term == 'rate_ratio'").iloc[0]
    return ratio["conf_low"], ratio["conf_high"]


def holds(ends, value):
    return ends[0] <= value <= ends[1]


def change_in_chosen_homes(county, panel):
    """Rate in the year after the start over the rate in the year that chose the homes."""
    chosen = panel.units.index.isin(county.homes_with("rapid_response"))
    first = county.months.astype(str).tolist().index
    year, after = (slice(first(month), first(month) + 12) for month in ("2020-04", "2021-06"))
    rates = [panel.counts[chosen, span].sum() / panel.exposure[chosen, span].sum() for span in (after, year)]
    return rates[0] / rates[1]


@pytest.mark.bench
def test_twenty_counties():
    rows = []
    for seed in SEEDS:
        county = simulate_county(seed)
        panel, truth = county.panel(), on_admissions(county, "weekly_ward_round")["rate_ratio"]
        bare = replace(panel, exposure=(panel.exposure > 0).astype(float), digest="")
        rows.append(
            {
                "truth inside": holds(interval(panel, county, "weekly_ward_round"), truth),
                "truth outside without bed-days": not holds(interval(bare, county, "weekly_ward_round"), truth),
                "nothing found where nothing was done": holds(interval(panel, county, "rapid_response"), 1.0),
                "chosen homes improved by a tenth": change_in_chosen_homes(county, panel) < 0.9,
            }
        )
    counties = {name: sum(row[name] for row in rows) for name in rows[0]}
    print(counties)
    # A 95% interval holds the truth in 17 or more of 20 with probability 0.98
    assert counties["truth inside"] >= 17
    assert counties["truth outside without bed-days"] >= 19
    assert counties["nothing found where nothing was done"] >= 16
    assert counties["chosen homes improved by a tenth"] >= 10


def test_the_shipped_county():
    county = simulate_county(SEED)
    panel, truth = county.panel(), on_admissions(county, "weekly_ward_round")["rate_ratio"]
    bare = replace(panel, exposure=np.where(panel.exposure > 0, 1.0, 0.0), digest="")
    assert holds(interval(panel, county, "weekly_ward_round"), truth)
    assert not holds(interval(bare, county, "weekly_ward_round"), truth)
    assert holds(interval(panel, county, "rapid_response"), 1.0)
    assert change_in_chosen_homes(county, panel) < 0.8
