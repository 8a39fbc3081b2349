"""How does one area stand beside everything that is loaded, and beside what has been published for England?

The same share three times, each with what it rests on: of homes of a rating that were inspected again, those rated
better. Published shares carry no interval where their source gives no count.
"""

import numpy as np
import pandas as pd

from analysis.inference.usual import wilson
from analysis.ratings.base_rates import Transitions
from analysis.sources.published_ratings import published_next_ratings

COLUMNS = ("whose", "period", "count", "n", "share", "conf_low", "conf_high", "caveat", "source")

PERCENT = 0.01


def beside_published(every: Transitions, by_area: Transitions, area: str | None, origin: str) -> pd.DataFrame:
    """Set an area beside everything loaded and the published figures.

    Parameters
    ----------
    every, by_area : Transitions
        Over all homes loaded, and by ``area_name``.
    area : str or None
        Which area; None for all only.
    origin : str
        A key of `analysis.ratings.ORIGINS`.

    Returns
    -------
    DataFrame
        `COLUMNS`: the area, everything loaded, then every published figure for that origin.
    """
    loaded = [("All homes loaded", every.table)]
    if area is not None:
        loaded.insert(0, (area, by_area.table.loc[by_area.table["area_name"] == area]))
    rows = [
        {"whose": whose, "period": _period(every), **row, "caveat": "", "source": "The files loaded"}
        for whose, table in loaded
        for row in _better(table, origin).to_dict("records")
    ]
    published = published_next_ratings()
    wanted = published.loc[(published["from_rating"] == origin) & (published["moved"] == "better")]
    rows += [_published(row) for row in wanted.to_dict("records")]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _better(table: pd.DataFrame, origin: str) -> pd.DataFrame:
    wanted = (table["from_rating"] == origin) & (table["moved"] == "better")
    return table.loc[wanted, ["count", "n", "share", "conf_low", "conf_high"]]


def _period(every: Transitions) -> str:
    years = every.pairs["year"]
    return f"{years.min()} to {years.max()}" if len(years) else ""


def _published(row: dict) -> dict:
    share, of = row["percent"] * PERCENT, row["of"]
    low, high = (np.nan, np.nan) if pd.isna(of) else wilson(round(share * of), float(of))
    about = {"whose": row["homes"], "period": row["period"], "count": row["count"], "n": of}
    return about | {
        "share": share,
        "conf_low": low,
        "conf_high": high,
        "caveat": row["caveat"],
        "source": row["source"],
    }
