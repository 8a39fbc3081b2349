"""Are supported homes followed beside the right others, in the right mix?"""

import numpy as np
import pandas as pd
import pytest

from analysis.inspections import Spells
from analysis.ratings.curves import supported_curves
from analysis.ratings.programme import MOST_DAYS
from analysis.simulate.renewal import simulate_spells

DAY = pd.Timestamp("2018-04-01")


@pytest.fixture(scope="module")
def spells():
    frame = simulate_spells(np.random.default_rng(1), 400, until=np.datetime64("2022-01-01"))
    return Spells(frame=frame, key_question="Overall", until=pd.Timestamp("2022-01-01"), homes_left=0, homes_again=0)


def standing(spells, rating, day=DAY):
    frame = spells.frame
    return frame.loc[(frame["start"] <= day) & (frame["end"] > day) & (frame["rating"] == rating), "home"]


def at(curves, who, years):
    part = curves.frame.loc[curves.frame["who"] == who]
    return part.loc[part["years"] <= years].iloc[-1]


def test_the_mix_of_the_others_is_that_of_the_supported(spells):
    """Of each rating, the share of others rated better within a year is counted by hand and mixed by hand."""
    low, bad = standing(spells, "Requires improvement").iloc[:12], standing(spells, "Inadequate").iloc[:3]
    started = pd.Series(DAY, index=[*low, *bad])
    frame, year = spells.frame, DAY + pd.Timedelta(days=365)
    mixed = 0.0
    for rating, count in (("Requires improvement", len(low)), ("Inadequate", len(bad))):
        others = standing(spells, rating)
        others = others[~others.isin(started.index)]
        better = frame.loc[(frame["start"] > DAY) & (frame["start"] <= year) & (frame["rating"] > rating), "home"]
        mixed += count * others.isin(better).mean()
    found = at(supported_curves(spells, started), "homes like them", 365 / 365.25)
    assert found["better"] == pytest.approx(mixed / len(started), abs=0.02)  # leaving and steps of the curve
    assert supported_curves(spells, started).homes["supported homes"] == len(started)


def test_many_starts_are_compared_on_few_days(spells):
    homes = standing(spells, "Requires improvement")
    days = DAY + pd.to_timedelta(np.arange(len(homes)) * 7, unit="D")
    started = pd.Series(days, index=homes.to_numpy())
    assert started.nunique() > MOST_DAYS
    found = supported_curves(spells, started)
    assert set(found.frame["who"]) == {"supported homes", "homes like them"}
    assert found.frame["better"].between(0, 1).all()


def test_homes_without_others_are_left_out_and_counted(spells):
    bad = standing(spells, "Inadequate")
    found = supported_curves(spells, pd.Series(DAY, index=bad.to_numpy()))
    assert found.unmatched == len(bad)
    assert found.homes == {"supported homes": 0, "homes like them": 0}


def test_both_lines_begin_at_nothing_and_end_on_one_day(spells):
    low = standing(spells, "Requires improvement").iloc[:20]
    frame = supported_curves(spells, pd.Series(DAY, index=low.to_numpy())).frame
    ends = frame.groupby("who")["years"].agg(["min", "max"])
    assert (ends["min"] == 0).all()
    assert ends["max"].iloc[0] == ends["max"].iloc[1]
    assert frame.groupby("who")["better"].apply(lambda share: share.is_monotonic_increasing).all()
