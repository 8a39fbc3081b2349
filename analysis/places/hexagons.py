"""In which hexagon of a grid does each home lie?

Hexagons with a corner to the north, of one width. Their middles are two lattices of rectangles, one shifted by half a
rectangle against the other; a home belongs to the nearer of its nearest middle in each.

Source: D. B. Carr, R. J. Littlefield, W. L. Nicholson and J. S. Littlefield, Scatterplot matrix techniques for large N,
JASA 82 (1987), 424–436.
"""

import numpy as np
import pandas as pd

WIDTHS_KM = (1, 2, 3, 5, 10, 15, 20, 30, 50)
"""Of a hexagon from side to side: as one would say it."""
MOST = 500
"""Hexagons that can still be told apart on a telephone, and that cost a browser little."""
EACH = 8
"""Homes that a hexagon holds on average at least: a share of fewer is mostly chance."""


def hexagons(east: np.ndarray, north: np.ndarray, width: float) -> pd.DataFrame:
    """Find the middle of each place's hexagon.

    Parameters
    ----------
    east, north : ndarray, shape (N,)
        Kilometres.
    width : float
        Kilometres from side to side.

    Returns
    -------
    DataFrame, N rows
        east, north: of the middle, to a tenth of a metre, so that one hexagon's is one value.
    """
    steps = np.array([width, width * np.sqrt(3)])
    at = np.stack([east, north], axis=1) / steps
    here = np.round(at)
    between = np.floor(at) + 0.5
    nearer = (((at - here) * steps) ** 2).sum(axis=1) <= (((at - between) * steps) ** 2).sum(axis=1)
    middle = np.where(nearer[:, None], here, between) * steps
    return pd.DataFrame(np.round(middle, 4) + 0.0, columns=["east", "north"])  # no minus zero


def width_for(homes: pd.DataFrame) -> int:
    """Choose the narrowest hexagons of which there are few enough; `homes` has east and north."""
    east, north = homes["east"].to_numpy(), homes["north"].to_numpy()
    most = min(MOST, max(len(homes) // EACH, 1))
    widths = (width for width in WIDTHS_KM if len(hexagons(east, north, width).drop_duplicates()) <= most)
    return next(widths, WIDTHS_KM[-1])
