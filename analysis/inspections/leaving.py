"""Has a home left the register, or does it go on under another number?

Deactivated is not closed: a registration also ends when the provider, its legal form or the building changes. A home
whose newest loaded registration has ended is said

* to be *registered again* where anything says that it goes on: a later registration is named (loaded or not, joined or
  not), or another registration of the same name and postcode began within `store.again.AGAIN_DAYS` of the end, unless
  the reader said that it is another home;
* to have *left* otherwise: closed, or gone where no file that is loaded can follow it.

What is told apart depends on the files. CQC's API names later registrations; the list of deactivated locations does
not, and there only name and postcode tell. Files of active homes alone hold no home that left.
"""

import numpy as np
import pandas as pd

from analysis.registrations import Registrations
from analysis.store.again import registered_again

REGISTERED, AGAIN, LEFT = "registered", "registered again", "left"


def leaving(locations: pd.DataFrame, registrations: Registrations, homes: pd.DataFrame) -> np.ndarray:
    """Say of each home whether it is `REGISTERED`, registered `AGAIN` or has `LEFT`; str, shape (homes,).

    Parameters
    ----------
    locations : DataFrame
        Table of `analysis.sources.schema`.
    registrations : Registrations
        Which of them are one home.
    homes : DataFrame, index ``home``
        With ``deregistered``, the end of the newest registration that is loaded.
    """
    ended = homes["deregistered"].notna()
    if not ended.any():
        return np.full(len(homes), REGISTERED)
    out_of_sight = ~homes.index.isin(locations["location_id"])
    followed = homes.index.isin(list(registrations.followed)) | homes.index.isin(_found_again(locations, registrations))
    return np.select([~ended, out_of_sight | followed], [REGISTERED, AGAIN], LEFT)


def _found_again(locations: pd.DataFrame, registrations: Registrations) -> pd.Series:
    """Homes of which another registration, of the same name and postcode, began when theirs ended."""
    pairs = registered_again(locations)
    older, newer = registrations.of(pairs["related_id"]), registrations.of(pairs["location_id"])
    said = [pair in registrations.apart for pair in zip(pairs["related_id"], pairs["location_id"], strict=True)]
    return older.loc[(older != newer) & ~pd.Series(said, pairs.index, dtype=bool)]
