"""Which published ratings make up a home's history, and when was each inspection?

What is left out, in this order, each row for the first reason that fits:

1. a rating of one service, not of the home (where a home has one service only, its source says so under Overall);
2. a place that is not in the directory, or that the directory says is no care home;
3. a rating without a publication date;
4. a second report published on the same day on the same key question: a rating stands over none, then the later
   visit, then a registration's own report over an inherited copy, then the lower rating;
5. an inspection published again: the next publication of the same visit; of the same report; or, within 60 days and
   where either names no visit, the same rating told by another source (two sources date one report differently: 5 of
   712 homes in the API and the directory of February 2021). The one with a visit stands, then the later. Different
   visits, different reports of one source and different ratings are different inspections, however close; where two
   are close and nothing but that tells them apart, it is counted;
6. a copy of a rating that another registration of the family has too (after a move or a split the new homes carry the
   history of the old one): the rating that stood when the home was registered anew is kept, those before it are told
   once, by the home that was given them.

What is changed and kept:

* A visit date after its publication, or more than a year before it with another report of the home published in
  between, is not believed. A long lag alone is: enforcement delays reports, and the two lags over a year in the South
  West file of February 2021 (394 and 587 days) fit the order of the homes' other visits.
* A rating published before its registration began was given to an earlier one, and is marked as inherited.
* A rating known from lists of latest ratings only, first listed more than `LONGEST_GAP_DAYS` after the rating before it
  was last listed, follows a gap: others may have come and gone between the lists. It is marked, and the two make no
  pair. Ratings that are soon replaced are mostly poor ones that did not improve, so that pairs across gaps overstate
  improvement: in the histories of the South West (2016 to 2021, 58% of homes below Good better at the next inspection)
  lists a month to a quarter apart give 58%, half a year apart 60%, a year 64%, two years 77%.

A rating is seen from the date of exposure; one that was inherited, from the registration that inherited it, because
had the home been rated again in between, that rating would have been inherited instead.

The date of exposure is the visit where it is known and believed, the publication otherwise: reports appear weeks after
the visit (median 47 days, 90% within 105, for the home's own rating in that file).
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.sources.schema import KEY_QUESTIONS, RATINGS, UNRATED, WITHDRAWN

LONGEST_LAG_DAYS = 365
"""Beyond this a visit is believed only where no other report came between: inspections take weeks to publish."""

REPUBLISHED_DAYS = 60
"""Two publications this close may be of one inspection, where not each names its own visit: CQC replaces a report with
errors within weeks, and a source copies another's within days."""

LONGEST_GAP_DAYS = 186
"""Lists of latest ratings up to half a year apart miss so few inspections that the share rated better is at most two
points too high (South West histories), which the share of a council's hundred re-ratings cannot tell from none."""

COLUMNS = (
    "home", "location_id", "key_question", "visited", "published", "date", "date_basis", "seen_from",
    "rating", "unrated", "inherited", "regime", "report_id", "first_listed", "last_listed", "after_gap",
)  # fmt: skip

OF_ONE_QUESTION = ["home", "key_question"]

CODED = ("home", "location_id", "family", "report_id", "regime", "service")

Rule = Callable[[pd.DataFrame], pd.Series]


def histories(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sift published ratings into histories.

    Parameters
    ----------
    rows : DataFrame
        Table ``ratings`` of `analysis.sources.schema` with home, family (of the home), registered (of the location)
        and counted (whether the home is of a kind that is asked for; missing where it is not in the directory) beside
        each row.

    Returns
    -------
    frame : DataFrame
        `COLUMNS`, in the order of home, key question (Overall first) and date.
    ledger : DataFrame
        outcome ("read", "left out", "used", "used, changed"), reason, rows. Read = used + left out.
    """
    kept, left_out = _sift(_prepared(_coded(rows)), WHOLE_HOMES)
    frame, also_left_out = _sift(_dated(kept), ONE_INSPECTION)
    frame = frame.sort_values([*OF_ONE_QUESTION, "date", "published", "report_id"], ignore_index=True)
    frame = frame.assign(close=_close_to_another(frame), after_gap=_after_gap(frame))
    changed = [("used, changed", reason, int(frame[flag].to_numpy().sum())) for flag, reason in CHANGES.items()]
    counts = [("read", "", len(rows)), *left_out, *also_left_out, ("used", "", len(frame)), *changed]
    frame = frame.loc[:, list(COLUMNS)].astype({name: rows[name].dtype for name in CODED if name in COLUMNS})
    return frame, pd.DataFrame(counts, columns=["outcome", "reason", "rows"])


def _coded(rows: pd.DataFrame) -> pd.DataFrame:
    """Give words by which rows are sorted and matched as numbers in the order of the words: half a country's time."""
    return rows.assign(**{name: _numbered(rows[name]) for name in CODED})


def _numbered(words: pd.Series) -> pd.Series:
    codes, known = pd.factorize(words, sort=True)
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(known)), words.index)


def _prepared(rows: pd.DataFrame) -> pd.DataFrame:
    """Ratings as an ordered scale, with what is not a rating kept beside it."""
    return rows.assign(
        unrated=rows["rating"].where(rows["rating"].isin([*UNRATED, WITHDRAWN])),
        rating=pd.Categorical(rows["rating"].where(rows["rating"].isin(RATINGS)), RATINGS, ordered=True),
        inherited=rows["inherited"].astype("boolean").fillna(False).astype(bool),
        key_question=pd.Categorical(rows["key_question"], KEY_QUESTIONS, ordered=True),
        first_listed=pd.to_datetime(rows["first_listed"]),
        last_listed=pd.to_datetime(rows["last_listed"]),
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
    return frame.counted.isna()


def _not_counted(frame: pd.DataFrame) -> pd.Series:
    return ~frame.counted.astype(bool)


def _unpublished(frame: pd.DataFrame) -> pd.Series:
    return frame.published.isna()


def _second_of_a_day(frame: pd.DataFrame) -> pd.Series:
    order = frame.assign(rated=frame["rating"].notna(), own=~frame["inherited"], low=-frame["rating"].cat.codes)
    order = order.sort_values(["rated", "visited", "own", "low", "report_id"], na_position="first")
    order = order.loc[order["unrated"] != WITHDRAWN]
    return order.duplicated([*OF_ONE_QUESTION, "published"], keep="last").reindex(frame.index, fill_value=False)


def _published_again(frame: pd.DataFrame) -> pd.Series:
    rated = frame.loc[frame["rating"].notna()].sort_values([*OF_ONE_QUESTION, "published", "report_id"])
    before, close = _before(rated)
    one_report = rated["report_id"] == before["report_id"]
    told_again = (rated["rating"].cat.codes == before["code"]) & ~_reports_of_one_source(rated, before)
    again = (close & (one_report | told_again)) | (rated["visited"] == before["visited"])
    inspection = (~again).cumsum()
    reports = rated.assign(inspection=inspection).sort_values(["visited", "published"], na_position="first")
    return reports.duplicated(["inspection"], keep="last").reindex(frame.index, fill_value=False)


def _before(rated: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Return the publication before each, and whether it was close to it with a visit not named."""
    rated = rated.assign(code=rated["rating"].cat.codes)
    columns = ["visited", "published", "report_id", "regime", "code"]
    before = rated.groupby(OF_ONE_QUESTION, observed=True)[columns].shift()
    unnamed = rated["visited"].isna() | before["visited"].isna()
    return before, unnamed & ((rated["published"] - before["published"]).dt.days <= REPUBLISHED_DAYS)


def _reports_of_one_source(rated: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Whether both name their report under one regime, so that different names are different reports."""
    return rated["report_id"].notna() & before["report_id"].notna() & (rated["regime"] == before["regime"])


def _close_to_another(frame: pd.DataFrame) -> np.ndarray:
    """Whether a rating that was kept is close to the one before, and no visit shows that it is another inspection."""
    rated = frame.loc[frame["rating"].notna()].sort_values([*OF_ONE_QUESTION, "published", "report_id"])
    return _before(rated)[1].reindex(frame.index, fill_value=False).to_numpy(bool)


def _copied(frame: pd.DataFrame) -> pd.Series:
    """Whether a rating is a copy of another home's, and so is the next one of the home: that pair is told there."""
    if not frame["inherited"].any():
        return frame["inherited"]
    fact = ["family", "key_question", "published", "rating", "unrated"]
    order = frame.sort_values(["inherited", "home"], kind="stable")
    first_told = order.groupby(fact, observed=True, dropna=False)["home"].transform("first").reindex(frame.index)
    copy = frame["inherited"] & (first_told != frame["home"])
    time = frame.assign(copy=copy).sort_values([*OF_ONE_QUESTION, "published"])
    following = time.groupby(OF_ONE_QUESTION, observed=True)["copy"].shift(-1)
    return copy & following.eq(True).reindex(frame.index)


def _after_gap(frame: pd.DataFrame) -> np.ndarray:
    """Whether a rating of a list follows so long after the one before was last listed that others may be missing."""
    rated = frame.loc[frame["rating"].notna()]
    before = rated.groupby(OF_ONE_QUESTION, observed=True)[["published", "last_listed"]].shift()
    seen = before["last_listed"].fillna(before["published"])
    gap_days = (rated["first_listed"] - seen).dt.days.where(rated["report_id"].isna())
    return (gap_days > LONGEST_GAP_DAYS).reindex(frame.index, fill_value=False).to_numpy(bool)


WHOLE_HOMES: dict[str, Rule] = {
    "of one service, not of the home": _of_one_service,
    "of a place that is not in the directory loaded": _not_in_directory,
    "of a place that is not a care home": _not_counted,
    "without a publication date": _unpublished,
}
PUBLISHED_AGAIN = "the same inspection published again"
COPIED = "a copy of what another home of the family was given"
ONE_INSPECTION: dict[str, Rule] = {
    "a second report published on the same day": _second_of_a_day,
    PUBLISHED_AGAIN: _published_again,
    COPIED: _copied,
}


CHANGES = {
    "disbelieved": "visit date not believed, dated by publication",
    "early": "published before the registration began, marked as inherited",
    "close": "within 60 days of the report before and without a visit day of its own, counted as an inspection",
    "after_gap": "after a gap between lists of latest ratings, in which others may have gone unseen",
}


def _dated(frame: pd.DataFrame) -> pd.DataFrame:
    """Dates of exposure, and a flag for each of `CHANGES`."""
    lag_days = (frame["published"] - frame["visited"]).dt.days
    disbelieved, long = lag_days < 0, lag_days > LONGEST_LAG_DAYS
    if long.any():
        disbelieved |= long & _published_between(frame)
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
