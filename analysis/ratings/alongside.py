"""What becomes of comparison homes in which something else was done?

What homes would have done anyway cannot be read off homes with an intervention of their own. Either such a home is
compared until that began and no longer ("left out"), or as if nothing had been done ("kept"). Supported homes are never
left out: what else was done in them is in the answer, and how many there are is told. The effect of the other
intervention is not estimated beside the one asked about, as it is for admissions: with one re-rating a home there is
too little to tell the two apart.
"""

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from analysis.inspections import Spells

OtherInterventions = Literal["left out", "kept"]

OUT_OF_SIGHT = "in sight no longer"
"""How a spell ends on the day another intervention begins; of `analysis.inspections.spells.ENDS`."""


def began(homes: pd.Series, started: pd.Series, other: pd.Series | None) -> np.ndarray:
    """Find the day another intervention began in homes that are not supported; datetime64, missing where none did.

    Parameters
    ----------
    homes : Series of str
    started, other : Series of datetime64, index home
        Days on which the intervention asked about, and any other, began.
    """
    if other is None or other.empty:
        return np.full(len(homes), np.datetime64("NaT"), "datetime64[us]")
    first = other.groupby(level=0).min().drop(started.index, errors="ignore")
    return first.reindex(homes).to_numpy("datetime64[us]")


def until_other(spells: Spells, started: pd.Series, other: pd.Series | None) -> Spells:
    """Follow homes that are not supported until another intervention began there, and no longer.

    Parameters
    ----------
    spells : Spells
    started, other : as `began`
    """
    frame = spells.frame
    first = began(frame["home"], started, other)
    frame = frame.loc[~(frame["start"].to_numpy() >= first)]
    first = pd.Series(began(frame["home"], started, other), frame.index)
    cut = frame["end"] > first
    end = frame["end"].mask(cut, first)
    return replace(
        spells,
        frame=frame.assign(
            end=end,
            days=(end - frame["start"]).dt.days,
            ended=frame["ended"].mask(cut, OUT_OF_SIGHT),
            next_rating=frame["next_rating"].mask(cut),
        ).reset_index(drop=True),
    )
