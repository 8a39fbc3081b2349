# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Planning the next evaluation, and choosing homes
#
# Three questions a commissioner asks before anything starts: could a study find an effect that matters, to which homes
# should it be offered, and does choosing them cleverly buy anything once luck is taken out? All on the fictional
# county.

# %%
import altair as alt
import numpy as np
import pandas as pd

# %%
from analysis import planning, scenarios, simulate
from analysis.baseline import baseline_of, months_without
from analysis.charts import planning as curves
from analysis.charts import targeting as pictures
from analysis.planning import RatingsStudy, Study
from analysis.scenarios.effect_from import from_published
from analysis.scenarios.yearly import a_year

# %%
from analysis.tables import targeting as tables
from analysis.tables.columns import read
from analysis.targeting import Capacity, YearlyOffer, benefits, choose
from analysis.targeting.contest import contest, record
from analysis.targeting.entry_rule import FEATURES, entry_rule
from analysis.words import planning as words

alt.renderers.enable("svg")
pd.options.display.float_format = "{:.3g}".format

# %% [markdown]
# ## 1. The noise of the county
#
# Read from the months before any intervention: rates of homes, seasons, growth, and good and bad spells that last. They
# were made with a standard deviation of 0.25 and a month-to-month correlation of 0.8.

# %%
county = simulate.simulate_county(simulate.SEED)
panel = county.panel()
without = months_without(panel, county.spells())
noise = planning.background(panel, without)
(noise.shock_sd, noise.shock_correlation, noise.home_cv)

# %% [markdown]
# ## 2. Could a study find it?
#
# 40 homes with the intervention and 60 without it, a year before and a year after. Each simulated panel is answered by
# the method of the Admissions page.

# %%
study = Study(supported=40, compared=60)
*_, end = planning.simulate(noise, [study], planning.GRID, sims=500, seed=1)
least = planning.smallest(end.table)
print(words.power(end.table.set_index("rate_ratio", drop=False).loc[0.8].to_dict()))
print(words.smallest(least.iloc[0].to_dict(), min(planning.GRID)))

# %%
curves.power_curve(end.table, 0.8)

# %% [markdown]
# The textbook's two-arm formula (Hayes and Bennett 1999) uses only the months after the start and takes homes to be of
# one size. With no effect at all, the interval misleads about as often as it says:

# %%
*_, none = planning.simulate(noise, [study], [1.0], sims=1000, seed=1)
print(f"textbook, 20% fewer: {planning.textbook(noise, study, 0.8)[1]:.0%}")
print(f"found with no effect: {none.table['power'][0]:.1%}")

# %% [markdown]
# ## 3. Ratings take more services than most programmes have
#
# From 57% that improve anyway to 72%: 159 services in each group; to 77%: 86. The Isle of Wight has 83 homes.

# %%
small = RatingsStudy(supported=40, compared=40)
pd.DataFrame(
    {
        "to": [0.72, 0.77],
        "services in each group": [np.ceil(planning.services_needed(0.57, better)) for better in (0.72, 0.77)],
        "power with 40 and 40": [planning.ratings_power(small, better) for better in (0.72, 0.77)],
    }
)

# %% [markdown]
# ## 4. To which homes?
#
# An offer as on the What if page, and four clinical leads, seven homes and 300 residents each. The optimum, and the
# plain rule that comes nearest to it.

# %%
baseline, capacity = baseline_of(panel, without), Capacity(leads=4)
support = scenarios.Offer(name="enhanced support", effect=from_published("enhanced_support_all"))
yearly = a_year(scenarios.Scenario(title="", offers=(support,)), baseline.calendar.last + 1)
offer = YearlyOffer(**{name: getattr(yearly, name) for name in yearly.__slots__ if name != "fixed"})
offered = benefits(baseline, offer, seed=1)
needs = capacity.needs(offered.residents, offered.cost)
best = choose(offered.mean, needs, capacity.limits(), eligible=baseline.open)
rule = entry_rule(panel, baseline, offered, capacity, best)
print(rule.kinds, f"at least {rule.threshold} {FEATURES[rule.feature]}; worth kept: {rule.share_of_worth:.0%}")

# %% [markdown]
# ## 5. What does targeting truly buy?
#
# Every rule chooses on the months before a cut and is judged on the year after it. The homes with last year's highest
# rates promise more than they deliver: that is regression to the mean.

# %%
known = record(panel, without, seed=1)
judged = contest(known, offer, capacity, seed=1)
read(tables.contested(judged.table), tables.CONTESTED)

# %%
pictures.contest(tables.contested(judged.table))

# %% [markdown]
# A learned score (boosted trees) is used only if it beats the shrunken baseline on years it has not seen, by an
# interval that lies wholly above nothing.

# %%
print("the learned score is", "used" if judged.learned is not None else "not used")
