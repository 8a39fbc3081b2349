# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # How right is this design on these homes?
#
# An interval that claims 95% holds the truth in 95 of 100 panels only if homes are as its formula takes them to be.
# That need not be believed: months in which **nothing** was done are in the data, and known effects can be put into
# them and looked for. This notebook does so for a design that is sound and for one that is not, and then asks homes
# that nobody has seen whether the prediction was right. Everything here is simulated.

# %%
from dataclasses import replace

import altair as alt
import pandas as pd

# %%
from analysis.admissions import StaggeredRates
from analysis.calibration import calibrate, fresh_coverage
from analysis.calibration.injected import RULE, USUAL
from analysis.simulate import PanelSpec, simulate_panel
from analysis.words import fair as words

# %%
alt.renderers.enable("svg")
pd.options.display.float_format = "{:.3g}".format
model = StaggeredRates(leads=0, subgroups=(), permutations=0)
names = ["ratio", "interval", "draws", "bias", "bias_error", "coverage", "speaks", "share_error"]

# %% [markdown]
# ## 1. Twenty of eighty homes
#
# Homes that never had the intervention are drawn with replacement, as many of them as truly started are taken as if
# they had, by lot, and a known effect is put into their months: none, and a fall by a fifth. `coverage` is how often
# the interval holds what was put in, `speaks` how often it leaves out no effect, `share_error` the Monte Carlo error.

# %%
sound, truth = simulate_panel(PanelSpec(starts=(18,) * 20), 1)
found = calibrate(sound, truth.design(), model, ratios=(1.0, 0.8), draws=40)
found.table[names]

# %%
print(*words.calibrated(found), sep="\n")

# %% [markdown]
# ## 2. Two of eighty homes, and the interval most software prints
#
# With two homes the usual error and 1.96 know next to nothing of how far these two vary by themselves. The rule of the
# answer asks a randomisation test instead; both are tried here on the same panels.

# %%
few, truth = simulate_panel(PanelSpec(starts=(18,) * 2), 1)
bad = calibrate(few, truth.design(), replace(model, permutations=199), ratios=(1.0,), draws=40)
bad.table[names]

# %%
x = alt.X("coverage", title="Held the truth").scale(domain=[0.5, 1]).axis(format="%")
bars = alt.Chart(bad.table).mark_bar().encode(x, alt.Y("interval", title=None).axis(labelLimit=300))
promised = alt.Chart(pd.DataFrame({"coverage": [0.95]})).mark_rule(strokeDash=[4, 2]).encode(x="coverage")
(bars + promised).properties(title="Two homes: held the truth, of 40 panels; dashed: promised")

# %% [markdown]
# ## 3. Was the prediction right?
#
# Forty panels of new homes, nothing done to any of them, two homes taken as if. `bench/calibrated.csv` has the same of
# hundreds of counties and thousands of panels for both designs, with errors.

# %%
held, error = fresh_coverage(PanelSpec(starts=(18,) * 2), model, USUAL, panels=40, seed=1000)
predicted = bad.row(1.0, USUAL)["coverage"]
print(f"The usual interval: predicted {predicted:.0%}, on new homes {held:.0%} ± {error:.0%}; promised 95%.")
print(f"The rule of the answer, predicted: {bad.row(1.0, RULE)['coverage']:.0%}.")

# %% [markdown]
# ## What this cannot tell
#
# Here the intervention falls on homes by lot. How homes were truly chosen is not in this, nor an effect that differs
# from home to home; and homes drawn from few are a little more alike than homes are. A design that fails here fails;
# one that passes has passed one of several doubts.
