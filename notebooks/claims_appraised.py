# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Four headlines, and one that nobody prepared
#
# What a published sentence is worth: which counts it can stand for, what happens anyway, what is left of it, and what
# to ask for. Published tables only; the sample county is loaded for the last two sections alone.

# %%
import altair as alt
import pandas as pd

# %%
from analysis import written
from analysis.claims import Claim, appraise
from analysis.claims.cards import cards
from analysis.claims.library import pools
from analysis.evaluation import evaluate

# %%
from analysis.figures import cards as card_figures
from analysis.figures import claims as figures
from analysis.sources.evidence import written_beside
from analysis.store import sample
from analysis.tables.claims import BASES, COUNTS, HIGHEST, NUMBERS, PERIODS, POOLED
from analysis.tables.columns import read
from analysis.words import claims as words

# %%
alt.renderers.enable("svg")
pd.options.display.max_colwidth = 90

# %% [markdown]
# ## The sentences
#
# Each is a file, as far as it says anything.

# %%
texts = written_beside("claims")
found = {name: appraise(written.from_text(Claim, text)) for name, text in texts.items()}
ratings, admissions, permanent, delays, live = found.values()
print(texts["1_ratings_nearly_63_per_cent"])

# %% [markdown]
# ## 1. “Nearly 63% improved”

# %%
for say in (words.headline, words.established, words.not_established, words.ask_for):
    print(say(ratings))
read(ratings.counts, COUNTS)

# %%
read(ratings.bases, BASES).head(12)

# %% [markdown]
# ## 2. “Admissions fell by 60% in the home with the highest rate”

# %%
for say in (words.headline, words.established, words.not_established, words.ask_for):
    print(say(admissions))
read(admissions.regression, HIGHEST)

# %%
figures.beside(admissions).chart

# %% [markdown]
# ## 3. “Permanent admissions down by over 60%”

# %%
for say in (words.headline, words.established, words.not_established, words.ask_for):
    print(say(permanent))

# %% [markdown]
# ## 4. “Delayed transfers down by over 55%”

# %%
for say in (words.headline, words.established, words.not_established, words.ask_for):
    print(say(delays))
read(delays.periods, PERIODS)

# %% [markdown]
# ## 5. “44,969 fewer admissions”: a claim that nobody prepared

# %%
for say in (words.headline, words.established, words.not_established, words.ask_for):
    print(say(live))
read(figures.numbers(live), NUMBERS)

# %% [markdown]
# ## What controlled evaluations say together

# %%
read(pools(), POOLED)

# %% [markdown]
# ## A card: what is known of one intervention, and how it would be evaluated
#
# Its case study says that a video link out of hours brought fewer admissions, and no number. The card says by which
# question each outcome would be asked, and holds a protocol for each; on the sample another intervention stands in.

# %%
card = cards()["advance_plans_and_video_link"]
print(card.known)
card_figures.meant_to_work(card).chart

# %%
read(card_figures.moved(card).tables[0].tidy, card_figures.MOVED)

# %%
store, _ = sample.stored(sample.SAMPLE_FILES)
for asked in card.also_of_sample.values():
    print(evaluate(asked, store).headline)

# %% [markdown]
# ## Closures averted
#
# The Nottingham practitioners are said to have averted closures; no number. Homes are followed from their start beside
# homes at the same rating on the same day, those that are only registered again told apart.

# %%
nottingham = cards()["nottingham_early_intervention"]
print(nottingham.known)
print(evaluate(nottingham.asked_of_sample, store).headline)
