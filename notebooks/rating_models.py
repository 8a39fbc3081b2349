# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The rating models, and what they can be trusted with
#
# Two models say what support changed in the ratings of homes: one of the chance of a better next rating, one of how
# fast homes move between ratings that are seen only when inspectors come. This notebook shows that they give the
# numbers of R, how often their intervals hold a known truth, and how far the answer moves if inspectors come for
# reasons that are not published.

# %%
import sys
from pathlib import Path

import altair as alt
import pandas as pd

# %%
import analysis
from analysis import sources
from analysis.inspections import stored_inspections

sys.path += [str(Path(analysis.__file__).parents[1] / "tests/ratings")]

# %%
import beside_r

from analysis.charts import rating_models as charts
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.next_rating.model import NextRating
from analysis.ratings.sensitivity import sensitivity
from analysis.ratings.supported import intervention_starts
from analysis.store import Store

# %%
from analysis.tables import rating_models as tables
from analysis.tables.columns import read
from analysis.words import rating_models as words

alt.renderers.enable("svg")
pd.options.display.float_format = "{:.4f}".format

# %% [markdown]
# ## 1. The next rating: against R's ordinal
#
# Nine judges rated the bitterness of 72 glasses of wine on a scale of five (Randall 1989), as inspectors rate homes on
# a scale of four. R's `clm`, and `clmm` with an effect of the judge; its numbers are stored with the script that made
# them (`tests/ratings/reference/ordinal.R`).

# %%
beside_r.wine("fixed")

# %%
beside_r.wine("judge")

# %% [markdown]
# ## 2. Moves between inspections: against R's msm
#
# A simulated panel of homes seen at inspections, with support that starts between them (`reference/msm.R`). Logarithms
# of the intensities a year (1 is Inadequate, 4 Outstanding, 5 has left) and of the ratios. With R's `msm` at hand, the
# tests also reproduce the published likelihood of its heart transplant data (3,968.798).

# %%
beside_r.moves()

# %% [markdown]
# ## 3. Does the interval hold the truth as often as it says?
#
# `bench/ratings.py` draws 1,000 homes watched for five years, again and again, with a known effect. An interval of 95%
# should hold it in 95 of 100. First as it should be: inspections depend on what is published. All ways to an interval
# agree here.

# %%
simulated = pd.read_csv(Path(analysis.__file__).parents[1] / "bench/ratings.csv").set_index(
    ["scenario", "quantity", "way", "interval"]
)
shown = ["truth", "simulations", "bias", "mc_error", "sd", "std_error", "covers_pct"]
simulated.loc[["last rating"], shown]

# %% [markdown]
# Twenty homes, supported because they were rated badly, and support that does nothing: how often is it called helpful?
# The interval lies wholly above for the ratio up and the months saved, wholly below for the ratio down. At most 2.5% on
# one side is what an interval of 95% promises.

# %%
none = simulated.loc[["no effect"], ["simulations", "with_interval", "covers_pct", "above_pct", "below_pct"]]
none

# %% [markdown]
# Homes that leave because they were rated badly, and inspectors who are told: both bias the answer when they are
# ignored, and do not when they are modelled as they are.

# %%
simulated.loc[["leaving", "told", "alarmed"], shown]

# %% [markdown]
# ## 4. The sample county
#
# Marlshire is **synthetic**. Its manager training doubles, in truth, the odds of a better rating; sixteen homes with
# training have a rating.

# %%
folder, county = Path(analysis.__file__).parents[1] / "data/sample", Store.in_memory()
for name in ("cqc_api_locations.jsonl.gz", "cqc_latest_ratings.csv", "interventions.csv"):
    county.load(sources.read(name, folder / name))
marlshire, trained = stored_inspections(county), intervention_starts(county, "manager_training")

# %%
chance = NextRating().fit(marlshire, trained)
print(words.chance_of_better(chance, "the manager training"))
read(tables.model_estimates(chance), tables.MODEL)

# %%
speed = MultiState().fit(marlshire, trained)
print(words.speed(speed, "the manager training"))
read(tables.model_estimates(speed), tables.MODEL)

# %% [markdown]
# ## 5. What if inspectors were told?
#
# If supporters tell inspectors when a home is ready, improved homes are seen sooner and the answer is overstated. The
# model is fitted again for every assumed strength of this.

# %%
told = sensitivity(marlshire, trained, times=(1.0, 4.0))
print(words.tipping(told.frame, told.tips))
charts.sensitivity(told.frame)

# %%
read(told.frame, tables.SENSITIVITY)

# %% [markdown]
# ## 6. What these models cannot tell

# %%
print(*words.MODELS_CANNOT_TELL, sep="\n")
