# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The home with the most admissions improved: against what?
#
# A home is noticed in a bad year. Part of a bad year is bad luck, and bad luck passes, with help or without it. This
# notebook shows how far homes chosen for a bad year fall back when **nothing** is done, that a comparison group alone
# does not mend it, what does, and how a choice of which nobody speaks is noticed. Everything here is simulated.

# %%
from dataclasses import replace
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

# %%
import analysis
from analysis import charts, sources
from analysis.evaluation import evaluate
from analysis.protocol import Protocol
from analysis.results import interval
from analysis.store import Store

# %%
alt.renderers.enable("svg")
pd.options.display.float_format = "{:.3g}".format
root = Path(analysis.__file__).parents[1]
rng = np.random.default_rng(20261127)

# %% [markdown]
# ## 1. The worst of many, a year later, with nothing done
#
# Homes have twenty admissions a year on average. Their own rates differ by a coefficient of variation (`cv`) and never
# change; what each year counts is chance about them. The home with the most admissions of the first year is looked at
# again in the second. The more homes it was chosen from, and the less homes truly differ, the further it falls.

# %%
falls = {}
for cv, homes in [(cv, homes) for cv in (0.1, 0.2, 0.4, 0.6) for homes in (10, 50, 200)]:
    own = 20 * rng.gamma(cv**-2, cv**2, (2000, homes))
    first, second = rng.poisson(own), rng.poisson(own)
    worst = np.arange(2000), first.argmax(axis=1)
    falls[cv, homes] = 100 * (1 - second[worst].mean() / first[worst].mean())

# %%
pd.DataFrame([(*key, fall) for key, fall in falls.items()], columns=["cv", "homes", "fall, %"])

# %% [markdown]
# ## 2. A comparison group alone does not help
#
# Marlshire's *rapid response* went to the twelve homes with the highest rates of one year, and did nothing. Compared
# with other homes, but with the choosing year in the baseline, it seems to help; with that year left out it does not.

# %%
store = Store.in_memory()
sample = root / "data" / "sample"
for path in (path for path in sorted(sample.iterdir()) if path.suffix in {".csv", ".gz"}):
    store.load(sources.read(path.name, path))
protocol = Protocol.read(sample / "protocols" / "rapid_response.toml")

# %%
names = {"leave out": "without the year that chose them", "keep": "with that year in the baseline"}
asked = {names[way]: replace(protocol, plan=replace(protocol.plan, selection=way)) for way in names}
answers = {name: evaluate(each, store) for name, each in asked.items()}
tidy = pd.concat([answer.published.tidy().iloc[:1].assign(group=name) for name, answer in answers.items()])
tidy = tidy.assign(told=[interval(*row) for row in tidy[["estimate", "conf_low", "conf_high"]].to_numpy()])

# %%
charts.forest(tidy, "group", "rate ratio of a programme that did nothing")

# %% [markdown]
# How far such homes fall back by themselves is told three ways: by these homes' other months, by the same choice made
# in earlier months, and by chance alone.

# %%
left_out = answers[names["leave out"]]
doubts = {check.name: check for check in left_out.checks}
doubts["Were homes chosen because of their numbers?"].table

# %%
print(doubts["Were homes chosen because of their numbers?"].reading)

# %% [markdown]
# ## 3. How persistent is a bad year?
#
# If homes' own rates themselves move from year to year, the choice takes hold of that as well, and homes fall further.
# Counted by `bench/declared.py`, nothing ever done: `correlation` is that of a home's own rates from one year to the
# next, `bias_points` what is left when the year is left out and one year lies on either side of it, and
# `kept_bias_points` what is found when it is kept; `rejected_pct` is how often the 95% interval is wrong.

# %%
pd.read_csv(root / "bench" / "declared.csv")

# %% [markdown]
# ## 4. A choice that nobody speaks of
#
# The doubt *stood out* asks how far the chosen homes stood above the others in the year before they started, and how
# rare that is when lots are drawn. In the table of the doubts it speaks in nearly every world in which homes were
# chosen for their worst year, and seldom where they were drawn by lot (`bench/doubts.py`).

# %%
table = pd.read_csv(root / "bench" / "doubts.csv")
table.loc[table["doubt"] == "stood out", ["world", "speaks", "homes", "treated", "concern_pct", "cannot_say_pct"]]

# %% [markdown]
# What this cannot tell: how homes were really chosen. Ask, and write it into the interventions file.
