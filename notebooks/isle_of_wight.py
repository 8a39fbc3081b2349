# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # "Delayed transfers down 55%": one council against all others
#
# From April 2017 the Isle of Wight trained managers of care homes and reported delayed transfers of care down by more
# than 55%. The published file of delayed transfers says how much they fell, what other councils did, and what was left
# by the second year. NHS England's file is not kept with this project. Where the folder named by `HOMEWARD_REALDATA`
# (or `../shared/data`) does not hold it, the notebook runs on the **synthetic** councils of the sample, and says so.

# %%
import os
from dataclasses import replace
from pathlib import Path

import altair as alt
import pandas as pd

# %%
import analysis
from analysis import sources
from analysis.areas.synthetic import SYNTHETIC

# %%
from analysis.charts import areas as charts
from analysis.design import Plan
from analysis.evaluation import evaluate
from analysis.outcomes import AreaMeasure
from analysis.protocol import Protocol
from analysis.store import Store
from analysis.tables import areas as tables
from analysis.tables.columns import read
from analysis.words import areas as words

# %%
alt.renderers.enable("svg")
name = "delayed_transfers_la_month.csv"
real = Path(os.environ.get("HOMEWARD_REALDATA", "../shared/data")) / name
is_real = real.is_file()
file = real if is_real else Path(analysis.__file__).parents[1] / "data/sample/delayed_transfers.csv"
area, start = ("E06000046", "2017-04") if is_real else ("X000", "2021-04")
print("NHS England's file" if is_real else "SYNTHETIC: NHS England's file is not here; these are the sample's councils")

# %% [markdown]
# ## Files come in

# %%
store = Store.in_memory()
print(store.load(sources.read(file.name, file)))

# %% [markdown]
# ## The question, and every method's answer
#
# Years in which the area hardly reported are left out by a stated rule, and areas that cannot serve as comparison are
# left out, each with its reason.

# %%
total, social = "delayed days, total", "delayed days, social care"
asked = AreaMeasure(measure=total, area=area, start=start, claimed=0.55)
found = evaluate(Protocol(plan=Plan(intervention="manager training"), outcome=asked), store)
island, roles = found.fitted.judged, found.design.roles
print(*found.design.notes, sep="\n")
read(roles[roles["role"] == "left out"], tables.LEFT_OUT)

# %%
since = f"{pd.Timestamp(start):%B %Y}"
subject = words.AreaSubject(name=island.name, outcome=words.outcome_of(total), start=since)
print(words.headline(island.verdict, subject, island.baseline, island.in_time), end="\n\n")
print(*words.sentences(island, subject))

# %%
shown = tables.series(found.answers[SYNTHETIC], island.name)
charts.area_series(shown, pd.Timestamp(start), "People delayed on an average day")

# %% [markdown]
# ## Methods side by side
#
# The thick line holds the effects that would not stand out among councils in which nothing was done; the thin dashed
# one is the method's own interval. First the first year, then the second.

# %%
charts.methods_forest(tables.forest(island.years, 1), "Year 1")

# %%
charts.methods_forest(tables.forest(island.years, 2), "Year 2")

# %%
read(island.years[island.years["year"] > 0], tables.METHODS)

# %% [markdown]
# ## Was the baseline a spike, and how common was such a fall?

# %%
charts.before_and_after(island.baseline.years, island.name)

# %%
read(island.baseline.falls, tables.FALLS)

# %% [markdown]
# The claim was about social care too: the same questions of the delays due to social care.

# %%
asked = replace(asked, measure=social)
social_care = evaluate(Protocol(plan=Plan(intervention="manager training"), outcome=asked), store)
care = social_care.fitted.judged
about = words.AreaSubject(name=care.name, outcome=words.outcome_of(social), start=since)
print(words.headline(care.verdict, about), words.before(care.baseline), words.common(care.baseline.falls, 0.55))
read(care.baseline.falls, tables.FALLS)

# %%
charts.placebo_strip(tables.placebos(social_care.answers, 1), care.name)
