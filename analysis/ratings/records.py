"""What the models of ratings are fitted to: which homes, rated when, supported from when, alike in what?

Stretches of time from one rating to the next thing known of a home come from `Spells` (dated by the visit where known;
leaving told from registering anew). Homes are described by kind (nursing, or not known to be either, against
residential) and size (from 50 beds, or not known); time by the periods between breaks of the rating regime.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.inspections import Inspections, Spells
from analysis.inspections.regimes import RETURN_TO_GOOD, STARTS
from analysis.inspections.watched import DAYS_PER_YEAR, EXIT, NEVER, OPEN, Watched

LARGE_FROM = 50
"""Beds from which CQC calls a care home large."""
ATTRIBUTES = ("nursing", "kind not known", "large", "size not known")
EPOCH = np.datetime64("2000-01-01")
"""Calendar time in the models is counted from here."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Records:
    """Homes over time.

    Parameters
    ----------
    watched : Watched
    homes : ndarray of str, shape (H,)
        Homes in the order of `watched`.
    provider : ndarray of int64, shape (H,)
        Number of each home's provider; homes without a known one are their own.
    supported : int
        Homes with the intervention while they were watched.
    unknown : int
        Homes said to be supported of which no rating is loaded.
    """

    watched: Watched
    homes: np.ndarray
    provider: np.ndarray
    supported: int
    unknown: int


def records(inspections: Inspections, spells: Spells, started: pd.Series, other: pd.Series | None = None) -> Records:
    """Bring ratings, homes and starts together.

    Parameters
    ----------
    started : Series of datetime64, index home
        Day each supported home started.
    other : Series of datetime64, index home, optional
        Day from which homes had another intervention that has an effect of its own.

    Raises
    ------
    AnalysisError
        If no supported home was rated, or was watched after it started.
    """
    known = started.dropna().groupby(level=0).min()
    found = _brought(inspections, spells, known)
    if other is not None:
        days = years(other.dropna().groupby(level=0).min().reindex(found.homes).to_numpy())
        found = replace(found, watched=replace(found.watched, other=days))
    if not found.supported:
        _refuse(known, inspections.rated(spells.key_question))
    return found


def without_support(inspections: Inspections, spells: Spells, started: pd.Series) -> Records:
    """Bring together what was seen without support: a supported home is watched until its start, and no longer.

    Parameters
    ----------
    started : Series of datetime64, index home
        Day each supported home started; may be empty.

    Raises
    ------
    AnalysisError
        If no home was watched after a rating.
    """
    found = _brought(inspections, spells, started.dropna().groupby(level=0).min())
    seen = found.watched
    starts = seen.started[seen.home]
    kept, cut = seen.begin < starts, seen.end > starts
    watched = replace(
        seen,
        home=seen.home[kept],
        begin=seen.begin[kept],
        end=np.minimum(seen.end, starts)[kept],
        rated=seen.rated[kept],
        became=np.where(cut, OPEN, seen.became)[kept],
        started=np.full(len(seen.started), NEVER),
    )
    if not len(watched.home):
        raise AnalysisError("No home has a rating from a time without support.", do="Load earlier ratings.")
    return replace(found, watched=watched, supported=0)


def _brought(inspections: Inspections, spells: Spells, known: pd.Series) -> Records:
    """Bring ratings, homes and the first start of each supported home together."""
    frame = spells.timed()
    homes, home = np.unique(frame["home"].to_numpy(str), return_inverse=True)
    starts = years(known.reindex(homes).to_numpy())
    begin, end = years(frame["seen_from"].to_numpy()), years(frame["end"].to_numpy())
    after = np.zeros(len(homes), bool)
    after[home[end > starts[home]]] = True
    became = np.where(frame["ended"] == "rated", frame["next_rating"].cat.codes, OPEN)
    described = inspections.homes.reindex(homes)
    return Records(
        watched=Watched(
            home=home,
            begin=begin,
            end=end,
            rated=frame["rating"].cat.codes.to_numpy(np.int64),
            became=np.where(frame["ended"] == "left", EXIT, became).astype(np.int64),
            started=starts,
            attributes=attributes(described),
            breaks=years(np.array(STARTS, "datetime64[D]")),
        ),
        homes=homes,
        provider=_numbered(described["provider_id"], homes),
        supported=int(after.sum()),
        unknown=len(known) - int(known.index.isin(homes).sum()),
    )


def years(days: np.ndarray) -> np.ndarray:
    """Calendar time in years, `NEVER` for missing days."""
    days = np.asarray(days, "datetime64[D]")
    return np.where(np.isnat(days), NEVER, (days - EPOCH).astype(float) / DAYS_PER_YEAR)


def attributes(homes: pd.DataFrame) -> np.ndarray:
    """Describe homes by `ATTRIBUTES`, shape (H, 4)."""
    beds = homes["beds"].astype("Float64").to_numpy(float, na_value=np.nan)
    kind = homes["home_type"]
    columns = [kind == "nursing", kind.isna(), beds >= LARGE_FROM, np.isnan(beds)]
    return np.column_stack([np.asarray(column.fillna(False) if hasattr(column, "fillna") else column, float)
                            for column in columns])  # fmt: skip


def _numbered(provider: pd.Series, homes: np.ndarray) -> np.ndarray:
    named = np.where(provider.isna(), np.char.add("home ", homes), provider.astype("str").fillna("").to_numpy(str))
    return np.unique(named, return_inverse=True)[1]


def _refuse(supported: pd.Series, rated: pd.DataFrame) -> None:
    """Say in words why no supported home was watched."""
    if supported.empty:
        raise AnalysisError("No home is said to be supported.", do="Name the supported homes and when they started.")
    own = rated.loc[rated["home"].isin(supported.index)]
    once = (own["home"].value_counts() == 1).sum()
    raise AnalysisError(
        "No supported home was watched after it started.",
        found=f"{len(supported):,} supported homes, {own['home'].nunique():,} of them with a rating, "
        f"{once:,} with one only",
        do=_remedy(own, supported),
    )


def _remedy(own: pd.DataFrame, supported: pd.Series) -> str:
    """Say which file would help: ratings of before where only one list is known, else later ones; or that none does."""
    if (supported >= RETURN_TO_GOOD).all():
        return (
            f"This model compares ratings visited before {RETURN_TO_GOOD:%B %Y} only: since then homes are visited "
            "because they look Good. Observed over expected compares homes below Good visited since."
        )
    listed = own["report_id"].isna() & own["first_listed"].notna()
    days = own["last_listed"].drop_duplicates().tolist()
    if len(days) == 1 and listed.all():
        day = f"{days[0].day} {days[0]:%B %Y}"
        return (
            f"Their ratings are known from one list of latest ratings only (as of {day}), which does not say "
            "what a home was rated before. Load earlier ratings: CQC's API documents, or lists of earlier months, from "
            "before the start on."
        )
    return "Load ratings up to today, or wait: inspections are one to three years apart."
