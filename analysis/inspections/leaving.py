"""Has a home left the register, or does it go on under another number?

Deactivated is not closed: a registration also ends when the provider, its legal form or the building changes. A home
whose newest loaded registration has ended is said

* to be *registered again* where anything says that it goes on: a later registration is named (loaded or not, joined or
  not), or another registration of the same name and postcode began within `AGAIN_DAYS` of the end;
* to have *left* otherwise: closed, or gone where no file that is loaded can follow it.

What is told apart depends on the files. CQC's API names later registrations; the list of deactivated locations does
not, and there only name and postcode tell. Files of active homes alone hold no home that left.
"""

import numpy as np
import pandas as pd

from analysis.registrations import Registrations

REGISTERED, AGAIN, LEFT = "registered", "registered again", "left"

AGAIN_DAYS = 92
"""A registration of the same name and place this close to the end of another goes on from it: CQC ends the old one
when the new one is granted, and a quarter allows for what is registered late."""


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
    out_of_sight = ~homes.index.isin(locations["location_id"])
    followed = homes.index.isin(list(registrations.followed)) | homes.index.isin(_found_again(locations, registrations))
    return np.select([~ended, out_of_sight | followed], [REGISTERED, AGAIN], LEFT)


def _found_again(locations: pd.DataFrame, registrations: Registrations) -> pd.Series:
    """Homes of which another registration, of the same name and postcode, began when theirs ended."""
    rows = locations.assign(home=registrations.of(locations["location_id"]), same=_name_and_place(locations))
    rows = rows.dropna(subset=["same"])
    ended = rows.loc[rows["deregistered"].notna(), ["same", "home", "deregistered"]]
    pairs = ended.merge(rows.loc[rows["registered"].notna(), ["same", "home", "registered"]], on="same")
    days = (pairs["registered"] - pairs["deregistered"]).dt.days.abs()
    return pairs.loc[(pairs["home_x"] != pairs["home_y"]) & (days <= AGAIN_DAYS), "home_x"]


def _name_and_place(locations: pd.DataFrame) -> pd.Series:
    """Letters and digits of name and postcode; missing where either is."""
    name, postcode = (
        locations[part].astype("str").str.lower().str.replace(r"[^a-z0-9]", "", regex=True)
        for part in ("name", "postcode")
    )
    return (name + " " + postcode).where(locations["name"].notna() & locations["postcode"].notna())
