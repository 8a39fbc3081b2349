"""What happens to homes' ratings anyway, with or without help?

Every pair of consecutive ratings of one home is a transition: better, the same or worse. Visits that gave no rating are
passed over. Pairs less than `min_gap_days` apart are left out (a report and its correction, or two reports of one
concern), and so are pairs between which ratings may have come and gone unseen (`Inspections.frame`, after_gap), and
those from Good or better whose later visit was made because the home looked Good (`regimes.looked_good`). Shares k/n
carry Wilson's score interval, the p for which |k/n − p| ≤ z √(p (1 − p) / n).

The interval takes transitions as independent; one home can give several (`homes` says how many homes there are), and
homes that closed or registered anew without their history give none, so that shares of improvement lean upward.

Source: E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209–212.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from analysis.inference.usual import wilson
from analysis.inspections import Inspections
from analysis.inspections.regimes import looked_good
from analysis.sources.schema import RATINGS

By = Literal["year", "home_type", "size", "area_name", "region"]
Dates = Literal["exposure", "published"]

ORIGINS: Mapping[str, tuple[str, ...]] = {
    **{rating: (rating,) for rating in RATINGS},
    "Below Good": RATINGS[:2],
    "Any rating": RATINGS,
}
"""Ratings that a home can start from, alone and pooled."""

SIZES = ("1 to 10 beds", "11 to 49 beds", "50 beds or more")
LARGER_FROM = (11, 50)
"""Small, medium and large as CQC groups care homes."""

MOVES = ("better", "same", "worse")
MIN_GAP_DAYS = 60
CONF_LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Transitions:
    """How ratings moved from one inspection of a home to the next.

    Parameters
    ----------
    table : DataFrame
        One row per group, origin and move that can happen: the `by` key (where there is one), from_rating (a key of
        `ORIGINS`), moved (one of `MOVES`), count, n (transitions from there), share, conf_low, conf_high, homes
        (different homes among n), median_gap_days (to the next rating, over n).
    matrix : DataFrame, shape (4, 4)
        Transitions from each rating (rows) to each (columns), worst first, over all groups.
    pairs : DataFrame
        One row per transition: home, from_rating, to_rating, moved, from_date, to_date, gap_days, year (of the later
        rating), home_type, area_name, region, size (one of `SIZES`, missing where beds are not known).
    left_out : int
        Pairs left out for being less than `min_gap_days` apart.
    unseen : int
        Pairs left out because ratings may have come and gone unseen between two lists of latest ratings.
    listed : int
        Of the pairs counted, those known from lists of latest ratings only.
    supported : int
        Pairs left out because the home had been supported by the later rating.
    selected : int
        Pairs left out because the home was visited for looking Good.
    homes_rated, homes_once : int
        Homes with a rating, and with only one, which say nothing here.
    by, min_gap_days, dates, key_question : as asked
    """

    table: pd.DataFrame
    matrix: pd.DataFrame
    pairs: pd.DataFrame
    left_out: int
    unseen: int
    listed: int
    supported: int
    selected: int
    homes_rated: int
    homes_once: int
    by: By | None
    min_gap_days: int
    dates: Dates
    key_question: str


def transitions(  # noqa: PLR0913 - each is a choice that a reader of a base rate makes
    inspections: Inspections,
    min_gap_days: int = MIN_GAP_DAYS,
    by: By | None = None,
    *,
    dates: Dates = "exposure",
    key_question: str = "Overall",
    supported: pd.Series | None = None,
) -> Transitions:
    """Count how ratings moved from one inspection to the next.

    Parameters
    ----------
    inspections : Inspections
        Every published rating.
    min_gap_days : int
        Shortest gap between two ratings that makes a transition.
    by : By, optional
        Group by year of the later rating or by an attribute of the home.
    dates : Dates
        Order and gaps by date of exposure (visit where known), or by publication as published figures have it.
    key_question : str
        "Overall" or one of the five.
    supported : Series of datetime64, index home, optional
        Day from which homes had an intervention: pairs that end later are no base rate, and are left out.
    """
    rated = inspections.rated(key_question)
    every = _consecutive(rated, "date" if dates == "exposure" else "published", inspections.homes)
    unseen, every = every["after_gap"].to_numpy(bool), every.loc[~every["after_gap"].to_numpy(bool)]
    far = every["gap_days"] >= min_gap_days
    selected = far & looked_good(every["from_rating"], every["to_date"])
    helped = far & ~selected & _helped(every, supported)
    pairs = every.loc[far & ~helped & ~selected].reset_index(drop=True)
    ratings_each = rated["home"].value_counts()
    return Transitions(
        table=_table(pairs, by),
        matrix=pd.crosstab(pairs["from_rating"], pairs["to_rating"], dropna=False),
        pairs=pairs.drop(columns=["after_gap", "listed"]),
        left_out=int((~far).sum()),
        unseen=int(unseen.sum()),
        listed=int(pairs["listed"].sum()),
        supported=int(helped.sum()),
        selected=int(selected.sum()),
        homes_rated=len(ratings_each),
        homes_once=int((ratings_each == 1).sum()),
        by=by,
        min_gap_days=min_gap_days,
        dates=dates,
        key_question=key_question,
    )


def grouped(every: Transitions, by: By) -> Transitions:
    """Group transitions that were counted over all homes: what is paired is paired once."""
    return replace(every, table=_table(every.pairs, by), by=by)


def _helped(pairs: pd.DataFrame, supported: pd.Series | None) -> pd.Series:
    """Say which pairs end after the home's support began."""
    if supported is None or supported.empty:
        return pd.Series(False, pairs.index)
    first = supported.groupby(level=0).min().reindex(pairs["home"]).set_axis(pairs.index)
    return pairs["to_date"] > first


def _consecutive(rated: pd.DataFrame, date: str, homes: pd.DataFrame) -> pd.DataFrame:
    """Each rating with the home's next one."""
    rated = rated.sort_values(["home", date, "published", "report_id"], ignore_index=True)
    later = rated.groupby("home").shift(-1)
    pairs = pd.DataFrame(
        {
            "home": rated["home"],
            "from_rating": rated["rating"],
            "to_rating": later["rating"],
            "moved": _moved(rated["rating"].cat.codes, later["rating"].cat.codes),
            "from_date": rated[date],
            "to_date": later[date],
            "after_gap": later["after_gap"].eq(True),
            "listed": later["report_id"].isna() & later["first_listed"].notna(),
        }
    )[later["rating"].notna()]
    pairs["gap_days"] = (pairs.to_date - pairs.from_date).dt.days.astype("int64")
    pairs["year"] = pairs.to_date.dt.year.astype("int64")
    return pairs.join(homes[["home_type", "area_name", "region"]].assign(size=size_of(homes["beds"])), on="home")


def size_of(beds: pd.Series) -> pd.Series:
    """Say which of `SIZES` a home has (ordered; missing where its beds are not known)."""
    position = np.searchsorted(LARGER_FROM, beds.fillna(0).to_numpy(float), side="right")
    codes = np.where(beds.isna() | (beds < 1), -1, position)
    return pd.Series(pd.Categorical.from_codes(codes, list(SIZES), ordered=True), beds.index)


def _moved(start: pd.Series, end: pd.Series) -> pd.Categorical:
    """Which way the rating went."""
    return pd.Categorical.from_codes(1 - np.sign(end - start), MOVES, ordered=True)


def _table(pairs: pd.DataFrame, by: By | None) -> pd.DataFrame:
    """Count moves by group and origin, with shares and intervals."""
    origins = pd.DataFrame(
        [(name, rating) for name, ratings in ORIGINS.items() for rating in ratings], columns=["origin", "from_rating"]
    )
    pooled = (
        origins.merge(pairs, on="from_rating").drop(columns="from_rating").rename(columns={"origin": "from_rating"})
    )
    pooled = pooled.join(pd.get_dummies(pooled["moved"].astype(str)).reindex(columns=MOVES, fill_value=False))
    keys = [by, "from_rating"] if by else ["from_rating"]
    groups = pooled.groupby(keys, dropna=False, observed=True).agg(
        n=("home", "size"),
        homes=("home", "nunique"),
        median_gap_days=("gap_days", "median"),
        **{move: (move, "sum") for move in MOVES},
    )
    kept = [*keys, "n", "homes", "median_gap_days"]
    table = groups.reset_index().melt(kept, list(MOVES), "moved", "count")
    table = _with_wilson(table.loc[_can_happen(table)], by)
    table["from_rating"] = pd.Categorical(table["from_rating"], list(ORIGINS), ordered=True)
    table["moved"] = pd.Categorical(table["moved"], MOVES, ordered=True)
    return table.sort_values([*keys, "moved"], ignore_index=True)


def _can_happen(table: pd.DataFrame) -> pd.Series:
    """No rating is better than Outstanding or worse than Inadequate."""
    too_good = (table.from_rating == RATINGS[-1]) & (table.moved == "better")
    too_bad = (table.from_rating == RATINGS[0]) & (table.moved == "worse")
    return ~(too_good | too_bad)


def _with_wilson(table: pd.DataFrame, by: By | None) -> pd.DataFrame:
    """Shares with Wilson intervals, columns in their order."""
    count, n = table["count"].to_numpy(float), table["n"].to_numpy(float)
    low, high = wilson(count, n, CONF_LEVEL)
    table = table.assign(share=count / n, conf_low=low, conf_high=high)
    key = [by] if by else []
    columns = ["from_rating", "moved", "count", "n", "share", "conf_low", "conf_high", "homes", "median_gap_days"]
    return table.loc[:, key + columns]
