"""From when to when is each home seen, and how did that end?

A home is at risk from its first registration (or its first rating, where that is earlier or no registration is known)
to the day on which the registration ended that is its newest. Deactivated is not closed: where it goes on under another
number it was not closed, and is out of sight from that day (`inspections.leaving`). Sight ends with the last report of
the files: a closure that came later would be known of no home alike.

Of homes with the intervention the first start counts; one registered only later is followed from then. Homes that had
it from a day that nobody knows take no part, nor do homes that had ended by the day they started.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.design import UNDATED, Plan
from analysis.errors import AnalysisError
from analysis.inspections import Inspections
from analysis.outcomes import Closures, Ratings
from analysis.ratings.support import Support, support_from

DAY = "datetime64[D]"
STILL, LEFT, AGAIN = "still registered when sight ends", "left the register", "registered again under another number"
UNKNOWN = "not among the homes loaded"
BEFORE = "had ended, or was out of sight, by the day it started"
NEVER = np.datetime64("9999-12-31", "D")
"""Day on which homes without an intervention start it."""
NONE_LEFT = (
    "No home in these files has left the register, so nothing can be said about closures: files of active homes hold "
    "only those that stayed."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Following:
    """Who is followed, from when to when.

    Parameters
    ----------
    support : Support
        Supported homes, and other interventions.
    homes : DataFrame, index home
        enter, exit (datetime64[D]: at risk from, and until), left, again (bool: how it ended), begun (first day
        followed with the intervention, `NEVER` without), other (of any other intervention), home_type, size, provider,
        area_name.
    left_out : DataFrame
        reason, homes: supported homes that take no part.
    until : Timestamp
        Last day in sight.
    left_out_periods : tuple of (str, str)
        Months in which nothing is counted.
    """

    support: Support
    homes: pd.DataFrame
    left_out: pd.DataFrame
    until: pd.Timestamp
    left_out_periods: tuple[tuple[str, str], ...] = ()

    @property
    def started(self) -> pd.Series:
        """Day each supported home first started, those that take no part among them."""
        return self.support.started

    @property
    def chosen_by(self) -> str:
        """How homes were chosen, in the evaluator's words."""
        return self.support.chosen_by

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be known beside every estimate."""
        return self.support.notes

    @property
    def supported(self) -> np.ndarray:
        """Whether each home has the intervention, bool, shape (N,)."""
        return self.homes["begun"].to_numpy(DAY) < NEVER

    @property
    def digest(self) -> str:
        """SHA-256 of who is followed, from when to when."""
        return hashlib.sha256(self.homes.reset_index().to_csv(index=False).encode()).hexdigest()


SMALL_BEDS = 20
"""Homes below this are small: what a home costs to run falls on fewer residents. The median home has 25 beds."""


def following_from(inspections: Inspections, spells: pd.DataFrame, plan: Plan, outcome: Closures) -> Following:
    """Say who is followed.

    Parameters
    ----------
    inspections : Inspections
        Every home and rating.
    spells : DataFrame
        Who had which intervention from when to when, by home.
    plan : Plan
    outcome : Closures

    Raises
    ------
    AnalysisError
        If nothing is known of the intervention, or no home in the files has left.
    """
    support = support_from(inspections, spells, replace(plan, leave_out=()), Ratings(services=outcome.services))
    if not (inspections.homes["leaving"] == "left").any():
        raise AnalysisError(
            NONE_LEFT, do="Load CQC's list of deactivated locations, or API documents of homes that were deregistered."
        )
    until = _until(inspections, outcome)
    undated = _undated(spells, plan, support)
    homes = _homes(inspections, until)
    begun = support.started.reindex(homes.index).to_numpy(DAY)
    asked = support.others if plan.others == "leave out" else support.others.iloc[:0]
    others = asked.reindex(homes.index).to_numpy(DAY)
    begun = np.where(np.isnat(begun), NEVER, np.maximum(begun, _first(homes, outcome)))
    homes = homes.assign(begun=begun, other=np.where(np.isnat(others), NEVER, others))
    homes = homes.loc[~homes.index.isin(undated)]
    kept, left_out = _set_apart(homes, support, undated)
    return Following(
        support=support, homes=kept, left_out=left_out, until=until, left_out_periods=tuple(plan.leave_out)
    )


def _until(inspections: Inspections, outcome: Closures) -> pd.Timestamp:
    """Last day in sight: that of the last report, or of the protocol's last month where that is earlier."""
    days = inspections.frame["published"].dropna()
    ends = inspections.homes[["registered", "deregistered"]].max()
    last = pd.Timestamp(days.max() if len(days) else ends.max())
    asked = pd.Period(outcome.last, "M").end_time.normalize() if outcome.last else last
    return min(last, asked)


def _undated(spells: pd.DataFrame, plan: Plan, support: Support) -> set:
    own = spells.loc[spells["intervention"] == plan.intervention, "location_id"]
    return set(own) - set(support.started.index)


def _first(homes: pd.DataFrame, outcome: Closures) -> np.ndarray:
    """First day on which each home can be followed."""
    enter = homes["enter"].to_numpy(DAY)
    return np.maximum(enter, np.datetime64(f"{outcome.first}-01", "D")) if outcome.first else enter


def _homes(inspections: Inspections, until: pd.Timestamp) -> pd.DataFrame:
    """One row per home that is ever seen: enter, exit, how it ended, and what homes are alike in."""
    homes = inspections.homes
    first = inspections.frame.groupby("home")["date"].min().reindex(homes.index)
    enter = homes["registered"].fillna(first).where(~(first < homes["registered"]), first)
    ended = homes["deregistered"].where(homes["leaving"] != "registered")
    seen_to = ended.where(ended <= until, until)
    frame = pd.DataFrame(
        {
            "enter": enter.to_numpy(DAY),
            "exit": seen_to.to_numpy(DAY),
            "left": ((homes["leaving"] == "left") & (ended <= until)).to_numpy(bool),
            "again": ((homes["leaving"] == "registered again") & (ended <= until)).to_numpy(bool),
            "home_type": homes["home_type"].astype(object).fillna("not known").to_numpy(object),
            "size": _sizes(homes["beds"]),
            "provider": _providers(homes),
            "area_name": homes["area_name"].astype(object).fillna("not known").to_numpy(object),
        },
        index=homes.index,
    )
    return frame.loc[frame["enter"].notna() & (frame["enter"] < frame["exit"])]


def _sizes(beds: pd.Series) -> np.ndarray:
    known = np.where(beds.fillna(0) < SMALL_BEDS, "small", "large")
    return np.where(beds.isna(), "size not known", known).astype(object)


def _providers(homes: pd.DataFrame) -> np.ndarray:
    """Name providers; homes without a known one are their own."""
    given = homes["provider_id"].astype(object)
    return given.where(given.notna(), "home " + homes.index.astype(str)).to_numpy(object)


def _set_apart(homes: pd.DataFrame, support: Support, undated: set) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take supported homes out that cannot be followed, and count them by the reason."""
    supported = homes["begun"].to_numpy(DAY) < NEVER
    ended = supported & (homes["begun"] >= homes["exit"]).to_numpy()
    unseen = len(support.started) - int(supported.sum())
    counted = [(UNKNOWN, unseen), (BEFORE, int(ended.sum())), (UNDATED, len(undated))]
    rows = [(reason, n) for reason, n in counted if n]
    return homes.loc[~ended], pd.DataFrame(rows, columns=["reason", "homes"])


def notes(following: Following, inspections: Inspections) -> Iterator[str]:
    """Yield what must be known of the files."""
    yield from following.notes
    ended = inspections.homes["deregistered"].dropna()
    ended = ended.loc[ended <= following.until]
    if len(ended) and following.until - ended.max() > pd.Timedelta(days=QUIET_DAYS):
        yield (
            f"The last registration to end in these files ended on {ended.max().day} {ended.max():%B %Y}, and the last "
            f"report is of {following.until:%B %Y}: closures since may be missing. CQC's newest list of deactivated "
            "locations would tell."
        )


QUIET_DAYS = 366
"""A year without any end of a registration: a file of closures that is older than the ratings looks like that."""
