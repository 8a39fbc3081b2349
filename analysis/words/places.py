"""Where do homes lie, do they lie together, and are those compared neighbours of those with the intervention?"""

import numpy as np

from analysis.places import Lying, Plane
from analysis.words.phrases import homes

NO_PLACES = (
    "No place of these homes is known, so no map of them can be drawn. CQC's API documents and its list of active "
    "locations say where homes lie: load one of them on the Data page."
)
NEAR_KM = 5
"""Kilometres within which homes are called neighbours: they may share a practice, a nurse or a manager's next post."""
NO_RATES = (
    "Admissions are not mapped: in a hexagon of few homes, or from two maps laid over one another, small counts could "
    "be worked out."
)
FEW_RATED = "Hexagons with fewer than {few} rated homes are not coloured: a share of so few is mostly chance."
DRAWN = (
    "The line is drawn around the homes themselves, and is no boundary of a council.",
    "Hexagons are {width} km from side to side, all of the same area.",
)
NO_ROADS = "Distances are straight lines between postcodes: rivers, roads and who works where are not in them."


def where_from(plane: Plane, width: float | None) -> str:
    """Say how a map was drawn, and what is not on it."""
    how = DRAWN[0] if width is None else DRAWN[1].format(width=f"{width:g}")
    missing = f" {homes(plane.without).capitalize()} without a known place {_are(plane.without)} not on it."
    plain = " The places are invented: a plane of its own, and no part of England." if plane.invented else ""
    return f"{how}{plain}{missing if plane.without else ''}"


def below_good(good: int, rated: int, found: Lying | None) -> str:
    """Say how many homes are Good, and whether those below it lie together."""
    if not rated:
        return "No home with a place has a rating."
    told = f"{rated - good:,} of {rated:,} rated homes on the map ({1 - good / rated:.0%}) are below Good"
    if found is None:
        return f"{told}; too few are below it, or not, to tell whether they lie together."
    return f"{told}. {_lie(found, 'Homes below Good', 'below Good')}"


def with_it(treated: int, compared: int, found: Lying | None) -> str:
    """Say whether homes with an intervention lie together among all that take part."""
    if found is None:
        return f"{homes(treated)} with it and {compared:,} compared: too few to tell whether they lie together."
    return _lie(found, "Homes with it", "with it")


def neighbours(km: np.ndarray) -> str:
    """Say how near homes compared are to homes with the intervention; `km`: of each compared home to the nearest."""
    near, far = int((km <= NEAR_KM).sum()), float(np.median(km))
    return (
        f"Of {homes(len(km))} compared, {near:,} ({near / len(km):.0%}) lie within {NEAR_KM} km of a home with it; "
        f"half lie nearer than {far:.1f} km. What is done in one home may reach its neighbours: whether it did is "
        "asked among the doubts."
    )


def _lie(found: Lying, who: str, what: str) -> str:
    mean, low, high = found.by_lot
    verdict = "lie together more than by lot" if found.together else "lie together no more than by lot"
    return (
        f"{who} {verdict}: of the five homes nearest to one of them, {found.share:.0%} are {what} too; had the "
        f"{found.marked:,} been picked by lot from these {found.homes:,}, it would be {mean:.0%} (95 lots in 100: "
        f"{low:.0%} to {high:.0%})."
    )


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
