"""How far east and north of the middle does each home lie, in kilometres?

Lambert's azimuthal equal-area projection about the middle of the homes, on a sphere of the earth's mean radius: every
square kilometre of it is one of the ground, so that hexagons of one size hold homes of one area. Across England a
distance is at most one in 800 too long or short by the projection, and one in 300 by the sphere.

    k = √(2 / (1 + sin φ₀ sin φ + cos φ₀ cos φ cos(λ − λ₀)))
    x = R k cos φ sin(λ − λ₀),   y = R k (cos φ₀ sin φ − sin φ₀ cos φ cos(λ − λ₀))

Source: J. P. Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395 (1987), equations 24-2 to 24-4.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import ConvexHull, QhullError

from analysis.sources.columns.places import ENGLAND, within
from analysis.store import Store

RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plane:
    """Homes on a plane.

    Parameters
    ----------
    homes : DataFrame, index ``home``, sorted
        east, north: kilometres from the middle of all of them.
    invented : bool
        Whether the places are of no real country.
    without : int
        Homes asked for that have no place, or an invented one among real ones.
    """

    homes: pd.DataFrame
    invented: bool
    without: int


def plane(store: Store, homes: pd.Index) -> Plane:
    """Lay homes out on a plane.

    Parameters
    ----------
    store : Store
    homes : Index of str
        Location ids; of a home with several registrations the one that names it.
    """
    asked = homes.unique()
    known = store.table("places").set_index("location_id").astype("float64")
    known = known.loc[known.index.intersection(asked).sort_values()]
    real = within(ENGLAND, *(known[name].to_numpy() for name in ("latitude", "longitude")))
    drawn = known[real] if real.any() else known
    east, north = projected(*(drawn[name].to_numpy() for name in ("latitude", "longitude")))
    laid = pd.DataFrame({"east": east, "north": north}, index=drawn.index.rename("home"))
    return Plane(homes=laid, invented=bool(len(drawn)) and not real.any(), without=len(asked) - len(drawn))


def projected(
    latitude: np.ndarray, longitude: np.ndarray, middle: tuple[float, float] | None = None, radius: float = RADIUS_KM
) -> tuple[np.ndarray, np.ndarray]:
    """Project places onto the plane that touches the sphere in their middle; kilometres east and north of it."""
    if not len(latitude):
        return np.zeros(0), np.zeros(0)
    centre = [(values.min() + values.max()) / 2 for values in (latitude, longitude)] if middle is None else middle
    phi, phi0, along = np.radians(latitude), np.radians(centre[0]), np.radians(longitude - centre[1])
    k = np.sqrt(2 / (1 + np.sin(phi0) * np.sin(phi) + np.cos(phi0) * np.cos(phi) * np.cos(along)))
    east = radius * k * np.cos(phi) * np.sin(along)
    return east, radius * k * (np.cos(phi0) * np.sin(phi) - np.sin(phi0) * np.cos(phi) * np.cos(along))


def outline(homes: pd.DataFrame) -> pd.DataFrame:
    """Draw a line around homes: the corners of their convex hull in order, the first again at the end.

    Without rows where they are fewer than three or lie on one line.
    """
    try:
        corners = ConvexHull(homes[["east", "north"]].to_numpy()).vertices
    except (QhullError, ValueError):
        return pd.DataFrame(columns=["east", "north"], dtype="float64")
    return homes[["east", "north"]].iloc[[*corners, corners[0]]].reset_index(drop=True)
