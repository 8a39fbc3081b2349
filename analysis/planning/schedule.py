"""Which home starts in which month, so that nobody chose?

Homes are drawn into waves by lot, in strata: within each stratum (such as kind of home) they are put in random order,
and all of them are then dealt out to the waves like cards, the order of the waves drawn too. Waves differ by one home
at most, in all and in every stratum. The seed is part of the record: whoever has it and the list of homes gets the same
schedule, and can see that it was not changed afterwards.

Source: Hemming et al. (2015), "The stepped wedge cluster randomised trial", BMJ 350:h391; CONSORT extension for stepped
wedge trials (2018), item 8.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.baseline.homes import STILL_OPEN_MONTHS
from analysis.errors import AnalysisError
from analysis.panel import Panel

CHOSEN_BY = "by lot (seed {seed}), in {waves} waves"
COLUMNS = ("location_id", "name", "intervention", "wave", "start_month", "chosen_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """What is drawn.

    Parameters
    ----------
    intervention : str
        Its name, as it will stand in the list of interventions.
    waves : int
    first : str
        Month of the first wave, such as "2025-04".
    gap : int
        Months between waves.
    seed : int
        Of the lot.
    strata : tuple of str
        Columns within whose values homes are spread evenly over the waves.
    """

    intervention: str
    waves: int
    first: str
    gap: int
    seed: int
    strata: tuple[str, ...] = ()


def schedule(homes: pd.DataFrame, lot: Lot) -> pd.DataFrame:
    """Draw the schedule of a stepped wedge or staggered roll-out.

    Parameters
    ----------
    homes : DataFrame, index ``unit``
        ``name`` and the columns that name strata.
    lot : Lot

    Returns
    -------
    DataFrame
        One row per home, `COLUMNS`, in the order of starts: a list of interventions as it can be loaded.

    Raises
    ------
    AnalysisError
        If there are fewer homes than waves, fewer than two waves, or no month to start in.
    """
    when, rng = _first_month(homes, lot), np.random.default_rng(lot.seed)
    ordered = homes.sort_index()
    order = np.lexsort((rng.permutation(len(ordered)), _stratum(ordered, lot.strata)))
    wave = np.empty(len(ordered), int)
    wave[order] = rng.permutation(lot.waves)[np.arange(len(ordered)) % lot.waves]
    drawn = pd.DataFrame(
        {
            "location_id": ordered.index,
            "name": ordered["name"].to_numpy(),
            "intervention": lot.intervention,
            "wave": wave + 1,
            "start_month": (when + lot.gap * wave).astype(str),
            "chosen_by": CHOSEN_BY.format(seed=lot.seed, waves=lot.waves),
        }
    )
    return drawn.sort_values(["wave", "location_id"], ignore_index=True)


def _stratum(homes, strata):
    """Give each home the number of its stratum, shape (N,)."""
    if not strata:
        return np.zeros(len(homes), int)
    named = homes[list(strata)].fillna("unknown").astype(str).agg(" ".join, axis=1)
    return np.unique(named, return_inverse=True)[1]


def _first_month(homes, lot):
    """Check the request; the month of the first wave."""
    faults = []
    if lot.waves < 2:
        faults.append("A schedule needs at least 2 waves.")
    if lot.waves > len(homes):
        faults.append("There cannot be more waves than homes.")
    if lot.gap < 1:
        faults.append("Waves must be at least 1 month apart.")
    try:
        when = np.datetime64(lot.first, "M")
    except ValueError:
        faults.append("The first month is written like 2025-04.")
    if faults:
        raise AnalysisError("No schedule can be drawn.", found=f"{len(homes):,} homes", do=" ".join(faults))
    return when


def balance(drawn: pd.DataFrame, homes: pd.DataFrame, strata: tuple[str, ...]) -> pd.DataFrame:
    """Count homes by wave, in all and in every stratum: wave, start_month, homes, then one column per value."""
    counts = drawn.groupby(["wave", "start_month"], as_index=False).agg(homes=("location_id", "size"))
    for name in strata:
        value = homes[name].fillna("unknown").astype(str).reindex(drawn["location_id"]).to_numpy()
        counts = counts.join(pd.crosstab(drawn["wave"], value), on="wave")
    return counts


def taking_part(panel: Panel, without: np.ndarray, listed: str, count: int, seed: int) -> pd.DataFrame:
    """Homes that take part: those listed, or as many as are wanted by lot among open homes that never had anything.

    Parameters
    ----------
    panel : Panel
    without : ndarray of bool, shape (N, T)
        Home-months without any intervention.
    listed : str
        IDs, apart by spaces, commas or lines; empty for the lot.
    count, seed : int
        Homes that are drawn, where none are listed.

    Raises
    ------
    AnalysisError
        If a listed home is not in the data, or there are too few to draw from.
    """
    names = list(dict.fromkeys(listed.replace(",", " ").split()))
    if unknown := [name for name in names if name not in panel.units.index]:
        raise AnalysisError(
            "Some of the homes listed are not in the data.", found=", ".join(unknown[:5]),
            do="Write the location IDs as they stand in the files.",
        )  # fmt: skip
    if names:
        return panel.units.loc[names]
    fresh = panel.units[(panel.exposure[:, -STILL_OPEN_MONTHS:] > 0).any(axis=1) & without.all(axis=1)]
    if len(fresh) < count:
        raise AnalysisError(
            f"{count:,} homes cannot be drawn by lot.",
            found=f"{len(fresh):,} open homes that never had an intervention",
            do="Plan for fewer homes here, or list the homes.",
        )
    drawn = np.random.default_rng([seed, 1]).permutation(len(fresh))[:count]
    return fresh.iloc[np.sort(drawn)]
