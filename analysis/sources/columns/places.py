"""Where does each home lie, and which coordinates are none?

CQC gives latitude and longitude of a home's postcode (ONS Postcode Directory, WGS 84). What lies in England is kept;
invented homes lie in the open sea of the Gulf of Guinea, where no home is, and are kept too. A pair of zeros, a pair
that is England once it is swapped, one of a pair alone and anything else are told in words and kept as missing:
a home on a wrong place of a map is worse than one beside it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from analysis.sources.columns.screening import Screening, more, screening
from analysis.sources.layout import RawTable

Box = tuple[tuple[float, float], tuple[float, float]]
"""Latitudes from and to, longitudes from and to."""
ENGLAND: Box = ((49.8, 55.9), (-6.5, 1.8))
"""With the Isles of Scilly and Berwick; a little of Wales and Scotland is in it too."""
INVENTED: Box = ((0.05, 4.2), (0.05, 6.5))
"""Open sea: of samples, whose homes must pretend no real place."""
UNREAD, HALF, ZERO, SWAPPED, OUTSIDE = (
    "coordinates unreadable", "half a coordinate", "coordinates at zero", "coordinates swapped",
    "coordinates outside England",
)  # fmt: skip
EXPECTED = "a latitude from 49.8 to 55.9 and a longitude from −6.5 to 1.8"
DO = "Kept without a place: no map shows {them}."


def within(box: Box, latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Tell which places lie in a box."""
    (south, north), (west, east) = box
    return (latitude >= south) & (latitude <= north) & (longitude >= west) & (longitude <= east)


def judged(latitude: pd.Series, longitude: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Keep the coordinates that are a place, and say what is wrong with the others.

    Parameters
    ----------
    latitude, longitude : Series
        As they stand: numbers or text, missing where nothing stands.

    Returns
    -------
    DataFrame
        latitude, longitude (float64, to a millionth of a degree), both missing where they are no place.
    Series of str
        The fault of each row; missing where there is none.
    """
    given = [each.mask(each.astype("str").str.strip().isin(["", "nan", "None"])) for each in (latitude, longitude)]
    read = [pd.to_numeric(column, errors="coerce").astype("float64").round(6) for column in given]
    north, east = (column.to_numpy() for column in read)
    known = np.isfinite(north) & np.isfinite(east)
    unread = np.logical_or(*(a.notna().to_numpy() & ~np.isfinite(b) for a, b in zip(given, (north, east), strict=True)))
    here = within(ENGLAND, north, east) | within(INVENTED, north, east)
    faults = np.select(
        [unread, ~known & (np.isfinite(north) | np.isfinite(east)), ~known | here, (north == 0) & (east == 0),
         within(ENGLAND, east, north)],
        [UNREAD, HALF, "", ZERO, SWAPPED], OUTSIDE,
    )  # fmt: skip
    kept = pd.DataFrame({"latitude": read[0].where(known & here), "longitude": read[1].where(known & here)})
    return kept, pd.Series(faults, latitude.index, dtype="str").replace("", pd.NA)


def faults_told(given: pd.DataFrame, faults: pd.Series) -> Iterator[tuple[str, pd.DataFrame, str, str]]:
    """Yield each kind of fault: its name, its rows, what was found, and what was done."""
    for fault, rows in given.groupby(faults, sort=True):
        first = rows.iloc[0]
        found = f"latitude {_cell(first['latitude'])}, longitude {_cell(first['longitude'])}{more(len(rows) - 1)}"
        turn = " Turn the two columns round and load the file again." if fault == SWAPPED else ""
        yield str(fault), rows, found, DO.format(them="it" if len(rows) == 1 else "them") + turn


def places(raw: RawTable) -> tuple[pd.DataFrame, Screening]:
    """Read the coordinates of a table; a table without them has none, and nothing is said."""
    nothing = pd.Series(pd.NA, raw.frame.index, dtype="str")
    given = pd.DataFrame({name: raw.frame.get(name, nothing) for name in ("latitude", "longitude")})
    kept, faults = judged(given["latitude"], given["longitude"])
    said = Screening()
    for fault, rows, found, do in faults_told(given, faults):
        cells = rows["latitude"]
        said += screening("warn", raw, "latitude", cells, fault=fault, found=found, expected=EXPECTED, do=do)
    return kept, said


def _cell(value: Any) -> str:
    return "missing" if pd.isna(value) else str(value)[:20]
