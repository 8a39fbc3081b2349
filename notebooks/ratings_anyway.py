# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # "Nearly 63% improved": against what?
#
# In 2017–18 a council trained the managers of care homes and reported that "nearly 63%" of services inspected again
# after the training had improved. This notebook asks what that is worth: how often homes are rated better **anyway**,
# how many homes can be behind the figure, how a programme is compared fairly, and how often a programme that does
# nothing would be called helpful.
#
# It reads the CQC documents of every care home in Devon, Somerset, Plymouth and Torbay (23 February 2021) where they
# are on this machine, in the folder named by `HOMEWARD_REALDATA`. Where they are not it says so and runs on the sample,
# **Marlshire, which is synthetic**, and the numbers are Marlshire's.

# %%
from os import environ
from pathlib import Path

import altair as alt
import pandas as pd

# %%
import analysis
from analysis import charts, sources, words
from analysis.inspections import breaks, spells_of, stored_inspections
from analysis.tables.columns import read

alt.renderers.enable("svg")

# %%
from analysis.ratings import ObservedExpected, transitions
from analysis.ratings.claim import beside_base_rate, denominators
from analysis.ratings.key_questions import by_question, order
from analysis.ratings.reference import beside_published
from analysis.ratings.supported import intervention_starts
from analysis.ratings.waits import times
from analysis.store import Store
from analysis.tables import programmes as tables

pd.options.display.float_format = "{:.3g}".format

# %%
real = Path(environ.get("HOMEWARD_REALDATA", "../shared/data")) / "cqc_api_locations_south_west_2021-02.jsonl.gz"
file = real if real.is_file() else Path(analysis.__file__).parents[1] / "data/sample/cqc_api_locations.jsonl.gz"
print("The real files." if file == real else "The real files are not on this machine: what follows is SYNTHETIC.")
store = Store.in_memory()
print(store.load(sources.read(file.name, file)))

# %% [markdown]
# ## 1. What happens anyway
#
# Every pair of consecutive ratings of a home, at least 60 days apart. The record (1,182 pairs, dated by publication)
# has 56.3% better from Requires improvement (n = 414), 79.5% from Inadequate (39), 58.3% from either (453). Dated by
# the visit, which is when the rating was earned, seven more pairs count and the shares move by a point or two;
# `tests/ratings/test_real_base_rates.py` accounts for every difference.

# %%
inspections = stored_inspections(store)
every, published = transitions(inspections), transitions(inspections, dates="published")
charts.transitions(every.matrix)

# %%
pd.concat({"by visit": every.table, "by publication": published.table}).query("moved == 'better'")

# %% [markdown]
# The base rate itself moves by fifteen points and more between years, so a programme must be compared with its own
# time. The numbered marks are changes of the rules of rating.

# %%
year = transitions(inspections, by="year").table.query("from_rating == 'Below Good' and moved == 'better'")
changes = breaks(every.pairs["from_date"].min(), every.pairs["to_date"].max())
charts.by_year(year, changes, "Better, from below Good")

# %%
changes

# %% [markdown]
# One area beside everything loaded, and beside what has been published for England (each row with its source).

# %%
by_area = transitions(inspections, by="area_name")
area = inspections.homes["area_name"].mode()[0]
read(beside_published(every, by_area, area, "Requires improvement"), tables.REFERENCE)

# %% [markdown]
# How soon? Half of the homes are rated better within so many days of the rating, however many inspections that takes,
# with leaving the register as an end of its own (Aalen–Johansen).

# %%
spells = spells_of(inspections)
print(spells.leaving)
read(times(spells), tables.TIMES)

# %% [markdown]
# ## 2. The claim
#
# Twenty managers had been trained. Only two counts of at most twenty print as "nearly 63%": 5 of 8 and 10 of 16.
# Beside them, the homes below Good that were inspected again in the claim's own time, April 2017 to December 2018.

# %%
when = every.pairs["to_date"].between("2017-04-01", "2018-12-31") & (every.pairs["from_rating"] < "Good")
moved = every.pairs.loc[when, "moved"] == "better"
print(f"{moved.sum()} of {len(moved)} rated better in the claim's own time: {moved.mean():.1%}")
beside_base_rate(denominators(0.62, 0.63, 20), moved.sum(), len(moved)).T

# %% [markdown]
# The last two rows are the chance that at least as many would have been rated better with no training at all: about
# one in two. The interval of observed over expected (`conf_low` to `conf_high`) runs from far fewer to half as many
# again. **The claim is what would have happened anyway, and the homes are too few to show anything else.**

# %% [markdown]
# ## 3. A programme compared with homes like it
#
# Where the homes are known, each is compared with others that stood at the same rating on the same day and, where there
# are enough, of the same kind, year and follow-up. The sample's
# manager training is **synthetic** and doubles, in truth, the odds of a better rating; its homes were chosen because
# they were rated badly.

# %%
sample, county = Path(analysis.__file__).parents[1] / "data/sample", Store.in_memory()
for name in ("cqc_api_locations.jsonl.gz", "interventions.csv"):
    county.load(sources.read(name, sample / name))
marlshire = stored_inspections(county)
trained = ObservedExpected().fit(marlshire, intervention_starts(county, "manager_training"))
print(words.programme(trained, "the manager training"), words.needed(trained))

# %%
charts.over_expected(tables.groups(trained))

# %%
trained.diagnostics["strata"]

# %% [markdown]
# ## 4. Which key question moves, and does Well-led move first?
#
# A programme that trains managers should show in Well-led first. Among all homes it does not come first by itself: most
# often everything moves at one inspection. What supported homes show has to be read against this.

# %%
shares = by_question(inspections)
print(words.questions(shares))
charts.question_shares(shares)

# %%
first = order(inspections, seed=20261126)
print(words.well_led_first(first))
read(first, tables.ORDER)

# %% [markdown]
# ## 5. How often would a programme that does nothing be called helpful?
#
# `bench/helpful.py` draws counties without any effect, chooses twenty homes because they are rated badly, and counts
# how often the 95% interval lies above 1. By chance alone it should in 2.5% of programmes; 6% is the most the project
# allows. In the last columns: the interval that takes the expected number as known, and the evaluator who compares with
# all homes instead of homes like them.

# %%
pd.read_csv(Path(analysis.__file__).parents[1] / "bench/helpful.csv")
