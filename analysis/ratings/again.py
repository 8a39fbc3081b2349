"""The same programme asked about again: without some homes, until an earlier day, or from another start.

For doubts, which ask it many times: homes compared, rated better and expected, with the p-value, and no interval. It is
observed over expected (`observed_expected`), whichever model's answer leads, on the spells that answer rests on.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.design import Others
from analysis.inspections import Inspections, spells_of
from analysis.ratings.observed_expected import how_far
from analysis.ratings.programme import DAY, beside_others, described, nearest_of_few
from analysis.ratings.support import Support
from analysis.sources.schema import RATINGS

ALPHA = 0.05
"""A p-value below it is what an interval that leaves out 1 has."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RatingSpells:
    """How ratings of all homes went, and which homes were supported since when.

    Parameters
    ----------
    spells : DataFrame
        `Spells.frame`.
    homes : DataFrame, index home
        home_type, provider_id, area_name.
    started, others : Series of datetime64, index home
        Day on which the intervention, and any other, began.
    other_interventions : Others
        What becomes of homes with another intervention.
    """

    spells: pd.DataFrame
    homes: pd.DataFrame
    started: pd.Series
    others: pd.Series
    other_interventions: Others = "leave out"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedBetter:
    """Supported homes that can be compared, how many were rated better, how many would have been anyway."""

    homes: int
    observed: int
    expected: float
    p_value: float

    @property
    def ratio(self) -> float:
        """Observed over expected."""
        return self.observed / self.expected

    @property
    def speaks(self) -> bool:
        """Whether more or fewer were rated better than chance allows."""
        return self.p_value < ALPHA

    @property
    def more(self) -> bool:
        """Whether more were rated better than expected."""
        return self.observed > self.expected


def rating_spells_of(inspections: Inspections, support: Support) -> RatingSpells:
    """Give the ratings that an answer rests on."""
    seen = support.seen(inspections)
    until = seen.frame["published"].max()
    spells = spells_of(seen, support.key_question, until=until).frame
    return RatingSpells(
        spells=spells, homes=seen.homes, started=support.started.dropna(), others=support.others,
        other_interventions=support.other_interventions,
    )  # fmt: skip


def compared(given: RatingSpells) -> RatedBetter:
    """Set supported homes beside homes like them.

    Raises
    ------
    AnalysisError
        Where there is no answer.
    """
    found = how_far(beside_others(given.spells, given.homes, given.started, given.others, given.other_interventions))
    homes, observed, expected, p_value = found
    return RatedBetter(homes=homes, observed=observed, expected=expected, p_value=p_value)


def without(given: RatingSpells, homes: pd.Index) -> RatingSpells:
    """Leave homes out, supported or not."""
    return replace(
        given,
        spells=given.spells.loc[~given.spells["home"].isin(homes)].reset_index(drop=True),
        started=given.started.drop(homes, errors="ignore"),
    )


def seen_until(given: RatingSpells, day: pd.Timestamp) -> RatingSpells:
    """Give what had been seen on a day."""
    spells = given.spells.loc[given.spells["start"] < day].reset_index(drop=True)
    open_then = spells["end"] > day
    end = spells["end"].where(~open_then, day)
    return replace(given, spells=spells.assign(
        end=end, days=(end - spells["start"]).dt.days, ended=spells["ended"].where(~open_then, "in sight no longer"),
        next_rating=spells["next_rating"].where(~open_then),
    ))  # fmt: skip


def begun(given: RatingSpells, months: int) -> RatingSpells:
    """Give the same as if the support had begun so many months later, or earlier where below 0."""
    return replace(given, started=given.started + pd.DateOffset(months=months))


WHEN_BEGUN = ("home", "supported", "since", "rating", "before", "improved", "usable", "days", "ended", "ended_by")


def rated_when_begun(given: RatingSpells) -> pd.DataFrame:
    """List homes rated on the days support began, supported and not, and what came of that rating.

    Returns
    -------
    DataFrame
        One row per home and day: `WHEN_BEGUN`; days is from that day to the end of the rating, before how it was
        come to (`strata.BEFORE`). Homes with another intervention are there as homes without the intervention.
    """
    every = described(given.spells, given.homes).assign(start=lambda rows: rows["start"].astype(DAY))
    began = given.started.astype(DAY)
    since = nearest_of_few(began)
    own = every.assign(since=every["home"].map(began), supported=True)
    others = every.loc[~every["home"].isin(began.index)]
    parts = [own.loc[(own["start"] <= own["since"]) & (own["end"] > own["since"])]]
    parts += [others.loc[(others["start"] <= day) & (others["end"] > day)].assign(since=day, supported=False)
              for day in np.unique(since.to_numpy(DAY))]  # fmt: skip
    rows = pd.concat(parts, ignore_index=True)
    moved = rows["home"].map(since).astype(DAY).where(rows["supported"], rows["since"].astype(DAY))
    rows = rows.assign(days=(rows["end"] - rows["since"]).dt.days, since=moved)
    rating = pd.Categorical(rows["rating"], list(RATINGS), ordered=True)
    return rows.assign(rating=rating, supported=rows["supported"].astype(bool))[list(WHEN_BEGUN)]
