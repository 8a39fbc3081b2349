"""What became of the supported homes, and of homes like them that were not supported?

A supported home counts by the rating that stood on the day it started and the next rating visited after it. Those who
were not rated again, left, or were not rated when they started are counted apart, by name.

Homes like them were never supported, stood at the same rating on the same day, and count by their next rating, just as
supported homes do. Two wider circles would mislead. Re-ratings before the programme: homes that had just failed to
improve were taken into it, so the rest look too good. All re-ratings since it began: a home that stays below Good is
inspected again and again and counts each time, while a supported home counts once, so the rest look too bad; of twenty
homes drawn by lot in the South West in 2016, 2017 and 2018, with nothing done, 7% to 9% were then called helped.

`analysis.ratings.strata` says what they are alike in, and what stands beside them where they are few. With many starts,
each is moved to the nearest of `MOST_DAYS` days.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.design import Others
from analysis.inspections import Inspections, Spells, spells_of
from analysis.inspections.regimes import RETURN_TO_GOOD, looked_good, selection
from analysis.ratings.base_rates import MIN_GAP_DAYS
from analysis.ratings.luck import NONE, Luck, luck
from analysis.ratings.luck import UNKNOWN as UNKNOWN_FACT
from analysis.ratings.other_interventions import began
from analysis.ratings.strata import BEFORE, like_strata, strata_of
from analysis.sources.schema import ENFORCEMENT, RATINGS

EARLIER_YEARS = 2
"""Years before the first start from which a rating is looked at: nine in ten ratings below Good were followed by the
next within them, so that few are missed for lying open when the programme began."""

MOST_DAYS = 8
"""Days on which others are looked at: a start is then at most a few months from the nearest."""

FOLLOW_UP_DAYS = (365, 730)
"""Bounds of the bands of time from a rating to the next: CQC's own rules were six months, one and two years."""

FOLLOW_UPS = ("up to 1 year", "1 to 2 years", "over 2 years")

AGAIN, NOT_YET, LEFT, ELSEWHERE = (
    "rated again", "not rated again yet", "left the register", "registered again under a number not loaded",
)  # fmt: skip
CLOSED = "closed by enforcement"
"""Left the register where a file says that CQC ended it; a home that left otherwise may have, too."""
UNRATED, BEST, UNKNOWN, TOO_SOON = (
    "no rating when it started", "already Outstanding", "not among the homes loaded",
    f"rated again within {MIN_GAP_DAYS} days of the last rating",
)  # fmt: skip
CHOSEN_GOOD = f"rated again from {RETURN_TO_GOOD:%B %Y}, when homes rated Good were visited for looking Good"
BECAME = (AGAIN, NOT_YET, LEFT, CLOSED, ELSEWHERE, UNRATED, BEST, TOO_SOON, CHOSEN_GOOD, UNKNOWN)
"""What can have become of a supported home."""


TOO = ", and another intervention began"
"""Stands behind what a rating was come to from where homes are told apart by it."""

NOBODY = pd.Series(dtype="datetime64[us]")

DAY = "datetime64[us]"
"""Of every date: pandas matches days to earlier days only where both are counted in the same unit."""

HOMES = (
    "home", "started", "since", "became", "from_rating", "before", "rated_on", "to_rating", "to_date", "improved",
    "selection", "home_type", "year", "follow_up", "provider_id", "area_name",
)  # fmt: skip

ABOUT = ("home_type", "provider_id", "area_name", "ended_by")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Programme:
    """Supported homes beside homes like them.

    Parameters
    ----------
    homes : DataFrame
        One row per supported home, with the columns of `HOMES`; since is the day on which others are looked at, became
        is one of `BECAME`, and year and follow_up are of the next rating.
    others : DataFrame
        One row per day and re-rating to compare with: home, since, row (of the spell), from_rating, to_rating, to_date,
        improved, home_type, year, follow_up.
    strata : DataFrame
        from_rating, since, before, selection, home_type, year, follow_up ("any" where not told apart), supported,
        observed, others, improved, weight (different ratings among the others of that origin, over all of them),
        earlier, earlier_improved (re-ratings from before the programme that stand beside them), counted,
        counted_improved (what both count for), centre (share of all that count, of that origin).
    luck : Luck
        What homes of one provider or council share.
    unmatched : int
        Supported homes rated again for which there is nothing to compare with.
    with_other : int
        Other homes that would be compared, had not another intervention begun there before their next rating; left
        out, or kept where that was asked.
    both : int
        Supported homes rated again in which another intervention had begun by then.
    """

    homes: pd.DataFrame
    others: pd.DataFrame
    strata: pd.DataFrame
    luck: Luck
    unmatched: int
    with_other: int = 0
    both: int = 0


def programme(
    inspections: Inspections, started: pd.Series, key_question: str = "Overall", other: pd.Series | None = None,
    others: Others = "leave out",
) -> Programme:  # fmt: skip
    """Set supported homes beside homes like them.

    Parameters
    ----------
    inspections : Inspections
        Every published rating.
    started : Series of datetime64, index home
        Day each supported home started.
    key_question : str
        "Overall" or one of the five.
    other : Series of datetime64, index home, optional
        Day from which homes had another intervention.
    others : Others
        What becomes of what came of them later.
    """
    spells = spells_of(inspections, key_question, until=inspections.frame["published"].max()).frame
    return beside_others(spells, inspections.homes, started, other, others)


def beside_others(
    spells: pd.DataFrame, homes: pd.DataFrame, started: pd.Series, other: pd.Series | None = None,
    others: Others = "leave out",
) -> Programme:  # fmt: skip
    """Set supported homes beside homes like them, from spells.

    Parameters
    ----------
    spells : DataFrame
        `Spells.frame`.
    homes : DataFrame, index home
        home_type and provider_id.
    started, other, others : as `programme`
    """
    return beside(described(spells, homes), homes.index, started, other, others)


def beside_homes_like_them(
    inspections: Inspections, spells: Spells, started: pd.Series, other: pd.Series | None, others: Others
) -> pd.DataFrame:
    """Count homes like the supported ones for a model, which tells another intervention apart by an effect of its own.

    Returns
    -------
    DataFrame
        `Programme.strata`.
    """
    kept: Others = "leave out" if others == "leave out" else "keep"
    return beside_others(spells.frame, inspections.homes, started, other, kept).strata


def beside(
    every: pd.DataFrame, loaded: pd.Index, started: pd.Series, other: pd.Series | None = None,
    kept: Others = "leave out",
) -> Programme:  # fmt: skip
    """Set supported homes beside homes like them, from spells as `described`, of the homes loaded."""
    touched = every["end"].to_numpy() > began(every["home"], started, other)
    if kept == "estimate":
        every = _told_apart(every, other)
    supported = _supported(every, started.groupby(level=0).min().astype(DAY), loaded)
    again = supported.loc[supported["became"] == AGAIN].astype({"improved": bool})
    pairs = every.loc[~touched] if kept == "leave out" else every
    at_rating = _others(every.loc[every["usable"] & ~every["home"].isin(started.index)], again["since"].unique())
    others = at_rating.loc[at_rating["row"].isin(pairs["row"])].reset_index(drop=True)
    first = supported["started"].min()
    strata = strata_of(again, others, earlier(pairs, first))
    untouched = pairs["usable"] & ~(pairs["home"].isin(started.index) & (pairs["end"] >= first))
    like = others.loc[others["from_rating"].isin(again["from_rating"])]
    told = like_strata(_any_side(at_rating), _any_side(strata)) if touched.any() else at_rating.iloc[:0]
    return Programme(
        homes=supported,
        others=like_strata(others, strata),
        strata=strata,
        luck=luck(pairs.loc[untouched], again, like) if len(again) and len(like) else NONE,
        unmatched=len(again) - int(strata["supported"].sum()),
        with_other=told.loc[told["row"].isin(every.loc[touched, "row"]), "home"].nunique(),
        both=_both(again, other),
    )


def _told_apart(every: pd.DataFrame, other: pd.Series | None) -> pd.DataFrame:
    """Say beside the side a rating was come to from that another intervention began before the next."""
    touched = every["end"].to_numpy() > began(every["home"], NOBODY, other)
    return every.assign(before=np.where(touched, every["before"] + TOO, every["before"]))


def _any_side(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(before=rows["before"].astype(str).str.removesuffix(TOO))


def _both(again: pd.DataFrame, other: pd.Series | None) -> int:
    """Count supported homes in which another intervention had begun by their next rating."""
    if other is None or other.empty:
        return 0
    first = other.groupby(level=0).min().reindex(again["home"]).to_numpy(DAY)
    return int((first <= again["to_date"].to_numpy(DAY)).sum())


def earlier(pairs: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """Re-ratings of all homes from before the programme: see the module."""
    before = pairs.loc[pairs["usable"] & (pairs["end"] < first)]
    stood = np.zeros(len(before), bool)
    day = first - pd.DateOffset(years=EARLIER_YEARS)
    while len(before) and day >= before["start"].min():
        stood |= ((before["start"] <= day) & (before["end"] > day)).to_numpy()
        day -= pd.DateOffset(years=1)
    return before.loc[stood]


def nearest_of_few(days: pd.Series) -> pd.Series:
    """Move each day to the nearest of `MOST_DAYS` of them, where there are more."""
    every = np.unique(days.to_numpy("datetime64[D]"))
    if len(every) <= MOST_DAYS:
        return days
    kept = every[np.linspace(0, len(every) - 1, MOST_DAYS).round().astype(int)]
    gaps = np.abs(days.to_numpy("datetime64[D]")[:, None] - kept[None, :])
    return pd.Series(kept[gaps.argmin(axis=1)].astype(days.dtype), days.index)


def _others(pairs: pd.DataFrame, days: np.ndarray) -> pd.DataFrame:
    """Re-ratings of others whose rating stood on each of the days."""
    parts = [pairs.loc[(pairs["start"] <= day) & (pairs["end"] > day)].assign(since=day) for day in days]
    return pd.concat(parts or [pairs.iloc[:0].assign(since=pairs["start"])], ignore_index=True)


def described(spells: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    """Spells with what became of the rating and what homes are alike in; arguments as of `beside_others`."""
    frame = spells.assign(row=range(len(spells)))
    band = np.searchsorted(FOLLOW_UP_DAYS, frame["days"].to_numpy(), side="left")
    return frame.assign(
        from_rating=frame["rating"],
        before=_before(frame),
        to_rating=frame["next_rating"],
        to_date=frame["end"].where(frame["ended"] == "rated"),
        improved=frame["next_rating"].cat.codes > frame["rating"].cat.codes,
        usable=(frame["ended"] == "rated")
        & (frame["days"] >= MIN_GAP_DAYS)
        & (frame["rating"] < RATINGS[-1])
        & ~looked_good(frame["rating"], frame["end"]),
        selection=selection(frame["end"]),
        year=frame["end"].dt.year.astype("Int64"),
        follow_up=pd.Categorical.from_codes(band, FOLLOW_UPS, ordered=True),
    ).join(homes.reindex(columns=list(ABOUT)).astype(object).fillna(UNKNOWN_FACT), on="home")


def _before(frame: pd.DataFrame) -> np.ndarray:
    """Say which of `BEFORE` each rating is; spells in the order of home and time."""
    code = frame["rating"].cat.codes
    first = frame["home"].ne(frame["home"].shift())
    return np.select([first, code < code.shift()], [BEFORE[2], BEFORE[0]], BEFORE[1])


def _supported(pairs: pd.DataFrame, started: pd.Series, loaded: pd.Index) -> pd.DataFrame:
    """Say what became of each supported home."""
    asked = started.rename("started").rename_axis("home").reset_index().sort_values("started")
    asked = asked.assign(since=nearest_of_few(asked["started"]))
    begun = pairs.loc[:, ["home", "start", "row"]].astype({"start": DAY}).sort_values("start")
    found = pd.merge_asof(asked, begun, left_on="started", right_on="start", by="home").drop(columns="start")
    homes = found.merge(pairs.drop(columns="home"), on="row", how="left").rename(columns={"start": "rated_on"})
    became = {
        UNKNOWN: loaded.get_indexer(homes["home"].array) < 0,
        UNRATED: homes["row"].isna(),
        CLOSED: (homes["ended"] == "left") & (homes["ended_by"] == ENFORCEMENT),
        LEFT: homes["ended"] == "left",
        ELSEWHERE: homes["ended"] == "registered again",
        BEST: homes["rating"] == RATINGS[-1],
        NOT_YET: homes["ended"] != "rated",
        TOO_SOON: homes["days"] < MIN_GAP_DAYS,
        CHOSEN_GOOD: looked_good(homes["rating"], homes["end"]),
    }
    homes = homes.assign(became=np.select([*became.values()], [*became], AGAIN))
    return homes.loc[:, list(HOMES)].sort_values("home", ignore_index=True)
