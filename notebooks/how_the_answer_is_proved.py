# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How the answer is proved
#
# Four questions a referee asks of the admission-rate engine: does it give what other software gives, does it give what
# was published, does it stand still when nothing that matters changes, and does its interval miss the truth as seldom
# as it says? Each is answered by running the engine here and now.

# %%
import sys
from pathlib import Path

import altair as alt
import pandas as pd

import analysis
from analysis import charts

sys.path += [str(Path(analysis.__file__).parents[1] / folder) for folder in ("tests/reference", "bench")]

# %%
import agreement
import reference_panels
import size

alt.renderers.enable("svg")
pd.options.display.float_format = "{:.3g}".format

# %% [markdown]
# ## 1. Against R
#
# R's own `glm`, with a dummy for every home, month and treated cell, its errors by `sandwich` and `clubSandwich`. Its
# results are stored with the script that made them (`tests/reference/rates.R`); five small panels: complete, with gaps,
# with no home that is never treated, with one start, and overdispersed. R stores twelve digits.

# %%
against_r = agreement.against_r()
against_r

# %% [markdown]
# ### Other questions to the same engine
#
# An average per home, an effect for each start, months by kind of home, an answer net of another intervention, an
# effect by dose: each beside statsmodels, run here and now with every dummy variable written out
# (`tests/reference/option_cases.py`), its CR2 errors computed from their definition. The last columns are relative
# differences.

# %%
agreement.options_against_statsmodels()

# %% [markdown]
# ## 2. Against print
#
# The same R reproduces the rate ratio of the British doctors (Stata's manual), the ship damage of McCullagh and Nelder,
# and the event study of teen employment by R's `etwfe`. So the yardstick itself is right. The tests hold the engine to
# the doctors and to the event study directly.

# %%
reference_panels.stored("published")

# %% [markdown]
# ## 3. What must change nothing

# %%
agreement.invariances()

# %% [markdown]
# ## 4. Does the interval hold what it promises?
#
# Ten homes, five of them treated, admissions that are overdispersed and alike from one month to the next, and an
# intervention that does **nothing**. An interval of 95% should hold "no difference" in 95 of 100 such studies. Beside
# the default stand the intervals of an ordinary Poisson regression: with its own errors, with clustered errors and
# normal limits, and with clustered errors and t limits.

# %%
design = size.Cell(treated=5, homes=10)
found = next(size.run([design], sims=100, permutations=0, workers=2))
named = {"covers": "default", "model_covers": "model errors", "cr1_normal_covers": "clustered, normal"}
named |= {"cr1_t_covers": "clustered, t"}
live = pd.DataFrame({"interval": named.values(), "share": [found[f"{name}_pct"] / 100 for name in named]})
live["monte_carlo_error"] = (live["share"] * (1 - live["share"]) / found["simulations"]) ** 0.5
live

# %%
ends = live["share"] - 2 * live["monte_carlo_error"], live["share"] + 2 * live["monte_carlo_error"]
drawn = live.assign(conf_low=ends[0], conf_high=ends[1].clip(upper=1), n=found["simulations"])
charts.shares(drawn, "interval", "Intervals that hold the truth")

# %% [markdown]
# The lines reach two Monte Carlo errors either way: of 100 studies, a share of 95% is known to within about 4 points.
# `python bench/size.py` draws 2,000 studies of every design, which takes hours; where its table has been made, it
# stands here.

# %%
table = Path(analysis.__file__).parents[1] / "bench" / "size.csv"
shown = ["treated", "homes", "starts", "effect_sd", "ratio", "covers_pct", "rejects_pct", "cr1_normal_covers_pct"]
pd.read_csv(table)[shown] if table.exists() else "The whole table has not been made here: python bench/size.py"
