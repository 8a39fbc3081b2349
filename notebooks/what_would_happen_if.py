# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What would happen if
#
# The What if page, step by step, with the same functions: each home's baseline, a scenario laid on it, what it averts,
# what it costs and whose the gain is. Then the two questions that decide whether to believe it: do its intervals hold
# what truly comes, and does it allow for regression to the mean? **Marlshire, the county, is synthetic**, so that both
# can be answered.

# %%
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

from analysis import charts, scenarios, simulate, words, written
from analysis.scenarios import calibration, money, project, published, sensitivity
from analysis.tables import scenarios as tables
from analysis.tables.columns import read

# %%
alt.renderers.enable("svg")
county = simulate.simulate_county(simulate.SEED)

# %% [markdown]
# ## 1. What each home's admissions are without anything done
#
# From months before any intervention. `weight` is how much a home's own past counts against that of homes like it: a
# small home says little about itself.

# %%
baseline = calibration.county_baseline(county)
spread, spells = baseline.spread, baseline.spells
pd.Series({"lasting differences (CV)": spread.variance**0.5, "spells (CV)": spells.variance**0.5,
           "from month to month": spells.correlation, "trend a year": baseline.calendar.trend[0]}).round(3)  # fmt: skip

# %%
pd.DataFrame({"beds": baseline.units["beds"], "weight": baseline.weight.round(2)}).sort_values("beds").iloc[::20]

# %% [markdown]
# ## 2. A scenario
#
# A published effect with its interval, offered to forty homes without an intervention. Uptake and fidelity are ranges.

# %%
ratios = {"residential": scenarios.Ratio(0.6, 0.42, 0.86), "nursing": scenarios.Ratio(1.0, 0.8, 1.25)}
effect = scenarios.Effect(source="BMJ Quality & Safety 2019; no difference in nursing homes", ratios=ratios)
offer = scenarios.Offer(
    name="enhanced support", effect=effect, who=scenarios.Who(most=40), uptake=scenarios.Range(0.6, 0.9)
)
scenario = scenarios.Scenario(title=offer.name, offers=(offer,), months=36)
projection = project(baseline, scenario)
worth = money(projection)

# %%
read(published.outcomes(projection, worth), tables.OUTCOMES)

# %%
charts.scenarios.dots(published.dots(projection))

# %%
charts.scenarios.fan(published.fan(projection))

# %% [markdown]
# ## 3. What it costs, and who gains
#
# Capacity is a bed for somebody else, cash can be taken out of a budget. Pounds of 2024, discounted at 3.5%.

# %%
read(published.by_payer(worth), tables.BY_PAYER)

# %%
charts.scenarios.tornado(tables.ends(sensitivity.tornado(baseline, scenario)))

# %%
read(sensitivity.switching_values(baseline, scenario), tables.SWITCHING)

# %%
read(published.assumptions(scenario), tables.ASSUMPTIONS)

# %% [markdown]
# A scenario is a small file: whoever reads it gets the same numbers.

# %%
print(written.to_toml(scenario)[:420])

# %% [markdown]
# ## 4. Does its interval hold what comes?
#
# A scenario with the ward round's **true** effect, and 500 futures drawn from the county's true rates, which no file
# shows. Where the line runs along the diagonal, a 90% interval holds the truth nine times in ten. All futures of one
# county share what was misjudged of its homes, so the line may lie to one side; over 500 *counties*
# (`bench/projection.py`) the 95% interval holds the averted admissions in 95 of 100.

# %%
projected = project(baseline, calibration.true_scenario())
untreated = simulate.untreated_futures(county, 24, 500, seed=1)
came = calibration.what_came(county, projected, untreated, np.random.default_rng(2))
rank = calibration.ranks(projected.total_averted, came.averted)
calibration.coverage(rank)

# %%
charts.scenarios.calibration(pd.DataFrame({"case": "averted, sample county", "rank": rank}))

# %%
pd.read_csv(Path(charts.__file__).parents[2] / "bench/projection.csv").pivot_table("held", "case", "level")

# %% [markdown]
# ## 5. Homes chosen for a bad year
#
# The twelve homes with the highest rates of the last year, projected from last year's figures and from the baseline.
# Last year's figures overstate what truly comes without any help, and with it whatever is credited to an intervention.

# %%
worst = project(baseline, calibration.true_scenario(order="highest rate last year", most=12))
truly = calibration.what_came(county, worst, untreated, np.random.default_rng(3)).without.mean()
said = pd.Series({"from last year": worst.naive_without, "from the baseline": worst.home_without.sum(), "truly": truly})
pd.DataFrame({"admissions in two years": said.round(), "over what comes": (said / truly).round(2)})

# %%
pd.read_csv(Path(charts.__file__).parents[2] / "bench/projection_overstated.csv", index_col=0)

# %%
print(words.scenarios.luck(published.a_year(worst.naive_without, worst), published.a_year(truly, worst), True))
