"""What becomes of homes in which something else was done?

What homes would have done anyway cannot be read off homes with an intervention of their own. Such a home is compared
until that began and no longer ("leave out"), or as if nothing had been done ("keep"); supported homes are never left
out, so what else was done in them is in the answer, and how many there are is told. Or the answer is made net of it
("estimate"): observed over expected compares homes in which another intervention had begun by the next rating only with
others of which the same is true; the two models give it an effect of its own, from the day it began, on the next rating
and on moving up and down. All three suppose that it does the same in supported homes as in others, and with few such
homes the answer becomes wide, or there is none.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

import numpy as np
import pandas as pd

from analysis.allowed import Option, one_of
from analysis.design import Others
from analysis.inspections import Spells
from analysis.sources.schema import KEY_QUESTIONS

OPTIONS: Mapping[str, Option] = {
    "key_question": one_of(KEY_QUESTIONS),
    "other_interventions": one_of(get_args(Others)),
}
"""What every model of ratings is asked, and what each may be."""

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


def for_choice(
    choice: Others, spells: Spells, started: pd.Series, other: pd.Series | None
) -> tuple[Spells, pd.Series | None]:
    """Give the spells that a model is fitted to, and the days of other interventions that have an effect of their own.

    Parameters
    ----------
    choice : Others
    spells : Spells
    started, other : as `began`
    """
    if choice == "leave out":
        return until_other(spells, started, other), None
    return spells, other if choice == "estimate" else None


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
