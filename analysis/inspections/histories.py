"""Which published ratings make up a home's history, and when was each inspection?

What is left out, in this order, each row for the first reason that fits:

1. a rating of one service, not of the home (where a home has one service only, its source says so under Overall);
2. a place that is not in the directory, or that the directory says is no care home;
3. a rating without a publication date;
4. a second report published on the same day on the same key question: a rating stands over none, then the later
   visit, then a registration's own report over an inherited copy, then the lower rating;
5. an inspection published again: the next publication of the same visit, or one within 60 days where either names no
   visit (two sources date one report differently: 5 of 712 homes in the API and the directory of February 2021).
   The one with a visit stands, then the later. Different visits are different inspections, however close.

What is changed and kept:

* A visit date after its publication, or more than a year before it with another report of the home published in
  between, is not believed. A long lag alone is: enforcement delays reports, and the two lags over a year in the South
  West file of February 2021 (394 and 587 days) fit the order of the homes' other visits.
* A rating published before its registration began was given to an earlier one, and is marked as inherited.

A rating is seen from the date of exposure; one that was inherited, from the registration that inherited it, because
had the home been rated again in between, that rating would have been inherited instead.

The date of exposure is the visit where it is known and believed, the publication otherwise: reports appear weeks after
the visit (median 47 days, 90% within 105, for the home's own rating in that file).
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.sources.schema import KEY_QUESTIONS, RATINGS, UNRATED

LONGEST_LAG_DAYS = 365
"""Beyond this a visit is believed only where no other report came between: inspections take weeks to publish."""

REPUBLISHED_DAYS = 60
"""Two publications this close are taken for one report, unless each names its own visit."""

COLUMNS = (
    "home", "location_id", "key_question", "visited", "published", "date", "date_basis", "seen_from",
    "rating", "unrated", "inherited", "regime", "report_id",
)  # fmt: skip

OF_ONE_QUESTION = ["home", "key_question"]

Rule = Callable[[pd.DataFrame], pd.Series]


def histories(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sift published ratings into histories.

    Parameters
    ----------
    rows : DataFrame
        Table ``ratings`` of `analysis.sources.schema` with home, registered (of the location) and care_home (of the
        home; missing where the home is not in the directory) beside each row.

    Returns
    -------
    frame : DataFrame
        `COLUMNS`, in the order of home, key question (Overall first) and date.
    ledger : DataFrame
        outcome ("read", "left out", "used", "used, changed"), reason, rows. Read = used + left out.
    """
    kept, left_out = _sift(_prepared(rows), WHOLE_HOMES)
    frame, also_left_out = _sift(_dated(kept), ONE_INSPECTION)
    changed = [("used, changed", reason, int(frame[flag].to_numpy().sum())) for flag, reason in CHANGES.items()]
    counts = [("read", "", len(rows)), *left_out, *also_left_out, ("used", "", len(frame)), *changed]
    frame = frame.sort_values([*OF_ONE_QUESTION, "date", "published", "report_id"], ignore_index=True)
    return frame.loc[:, list(COLUMNS)], pd.DataFrame(counts, columns=["outcome", "reason", "rows"])


def _prepared(rows: pd.DataFrame) -> pd.DataFrame:
    """Ratings as an ordered scale, with what is not a rating kept beside it."""
    return rows.assign(
        unrated=rows["rating"].where(rows["rating"].isin(UNRATED)),
        rating=pd.Categorical(rows["rating"].where(rows["rating"].isin(RATINGS)), RATINGS, ordered=True),
        inherited=rows["inherited"].astype("boolean").fillna(False).astype(bool),
        key_question=pd.Categorical(rows["key_question"], KEY_QUESTIONS, ordered=True),
    )


def _sift(frame: pd.DataFrame, rules: dict[str, Rule]) -> tuple[pd.DataFrame, list[tuple[str, str, int]]]:
    """Apply each rule to what the rules before it left."""
    counts = []
    for reason, rule in rules.items():
        out = rule(frame)
        counts.append(("left out", reason, int(out.to_numpy().sum())))
        frame = frame.loc[~out]
    return frame, counts


def _of_one_service(frame: pd.DataFrame) -> pd.Series:
    return frame.service != "Overall"


def _not_in_directory(frame: pd.DataFrame) -> pd.Series:
    return frame.care_home.isna()


def _not_a_care_home(frame: pd.DataFrame) -> pd.Series:
    return ~frame.care_home.astype(bool)


def _unpublished(frame: pd.DataFrame) -> pd.Series:
    return frame.published.isna()


def _second_of_a_day(frame: pd.DataFrame) -> pd.Series:
    order = frame.assign(rated=frame["rating"].notna(), own=~frame["inherited"], low=-frame["rating"].cat.codes)
    order = order.sort_values(["rated", "visited", "own", "low", "report_id"], na_position="first")
    return order.duplicated([*OF_ONE_QUESTION, "published"], keep="last").reindex(frame.index)


def _published_again(frame: pd.DataFrame) -> pd.Series:
    rated = frame.loc[frame["rating"].notna()].sort_values([*OF_ONE_QUESTION, "published"])
    before = rated.groupby(OF_ONE_QUESTION, observed=True)[["visited", "published"]].shift()
    unnamed = rated["visited"].isna() | before["visited"].isna()
    close = (rated["published"] - before["published"]).dt.days <= REPUBLISHED_DAYS
    inspection = (~((unnamed & close) | (rated["visited"] == before["visited"]))).cumsum()
    reports = rated.assign(inspection=inspection).sort_values(["visited", "published"], na_position="first")
    return reports.duplicated(["inspection"], keep="last").reindex(frame.index, fill_value=False)


WHOLE_HOMES: dict[str, Rule] = {
    "of one service, not of the home": _of_one_service,
    "of a place that is not in the directory loaded": _not_in_directory,
    "of a place that is not a care home": _not_a_care_home,
    "without a publication date": _unpublished,
}
ONE_INSPECTION: dict[str, Rule] = {
    "a second report published on the same day": _second_of_a_day,
    "the same inspection published again": _published_again,
}


CHANGES = {
    "disbelieved": "visit date not believed, dated by publication",
    "early": "published before the registration began, marked as inherited",
}


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Dates of exposure, and a flag for each of `CHANGES`."""
    lag_days = (frame["published"] - frame["visited"]).dt.days
    disbelieved = (lag_days < 0) | ((lag_days > LONGEST_LAG_DAYS) & _published_between(frame))
    visited = frame["visited"].mask(disbelieved)
    early = (frame["published"] < frame["registered"]) & ~frame["inherited"]
    date = visited.fillna(frame["published"])
    carried = (frame["inherited"] | early) & (frame["registered"] > date)
    return frame.assign(
        visited=visited,
        date=date,
        seen_from=date.mask(carried, frame["registered"]),
        date_basis=np.where(visited.notna(), "visit", "publication"),
        inherited=frame["inherited"] | early,
        disbelieved=disbelieved,
        early=early,
    )


def _published_between(frame: pd.DataFrame) -> pd.Series:
    """Whether the home's last report of an earlier day, on the key question, came after this one's visit."""
    days = frame.loc[:, [*OF_ONE_QUESTION, "published"]].drop_duplicates().sort_values(["published"])
    days["earlier"] = days.groupby(OF_ONE_QUESTION, observed=True)["published"].shift()
    earlier = frame.loc[:, [*OF_ONE_QUESTION, "published"]].merge(days, how="left")["earlier"]
    return frame.visited < earlier.set_axis(frame.index)
