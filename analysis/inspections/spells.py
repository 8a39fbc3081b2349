"""How long did each rating stand, and what ended it?

A spell begins with a rating and ends with the home's next rating, with its leaving the register (`leaving`), or not
within sight. The rules:

* Time runs between dates of exposure (visits where known). A visit that gave no rating ("Inspected but not rated",
  "Insufficient evidence to rate", "Not rated") leaves the rating standing; how many there were is kept beside it.
* A home that goes on under a registration which is not loaded is lost from sight on the day its own ended: that is
  neither a rating nor a leaving. So is one whose rating was withdrawn, on that day; one that lists of latest ratings
  hold no longer, when it was last listed; and one whose next rating follows a gap between lists (`histories`), when its
  own was last listed.
* Reports appear weeks after the visit, so what was visited just before the last report of the files is not yet all
  there. Sight ends `REPORTING_DAYS` before that report; spells are cut there, and ratings after it begin none.
* Late entry: a rating inherited from an earlier registration that is not loaded was seen only because the home came to
  be registered anew with that rating, so its time counts from that registration. Of a home known from lists of
  latest ratings only, the first rating was seen because it still stood on the day of the first list that holds it, and
  its time counts from there. So does that of a rating after a gap. The last rating of a home known from the list of
  deactivated locations only was seen because the home ended: `seen_from` is missing, and the spell cannot enter into
  times.
* A rating dated after the home left stands; the home then leaves on that day (`late`).
* Sight also ends the day before homes came to be visited because they look Good (`regimes.RETURN_TO_GOOD`), unless
  another last day is asked for: what is rated from then on was chosen by how it would be rated.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inspections.histories import OF_ONE_QUESTION
from analysis.inspections.leaving import LEFT, REGISTERED
from analysis.inspections.regimes import RETURN_TO_GOOD
from analysis.sources.schema import ENFORCEMENT, WITHDRAWN

REPORTING_DAYS = 105
"""Nine reports in ten are published within so many days of the visit (CQC API, South West, February 2021)."""

ENDS = ("rated", "left", "registered again", "in sight no longer")
"""What can end a spell."""

COLUMNS = (
    "home", "key_question", "rating", "start", "seen_from", "end", "days", "ended", "next_rating", "unrated_visits",
    "inherited", "late",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spells:
    """How long each rating of one key question stood.

    Parameters
    ----------
    frame : DataFrame
        One row per spell, in time order within each home: home, key_question, rating (ordered), start, seen_from (from
        when its end would have been seen; missing where not known), end, days (start to end), ended (one of `ENDS`),
        next_rating (ordered; missing unless ended is "rated"), unrated_visits, inherited, late.
    key_question : str
    until : Timestamp
        Last day in sight.
    homes_left, homes_again : int
        Homes that left, and that went on out of sight, among spells that enter into times.
    homes_enforced : int
        Of the homes that left, those whose registration a file says CQC ended.
    homes_left_untimed : int
        Homes that left or went on of which only that is known: they enter no time.
    selected : int
        Ratings beyond sight because homes were then visited for looking Good.
    """

    frame: pd.DataFrame
    key_question: str
    until: pd.Timestamp
    homes_left: int
    homes_again: int
    homes_enforced: int = 0
    homes_left_untimed: int = 0
    selected: int = 0

    def timed(self) -> pd.DataFrame:
        """Spells that enter into times: seen from a known day, before they ended."""
        return _timed(self.frame).reset_index(drop=True)

    @property
    def leaving(self) -> str:
        """What is known of homes that left, and of ratings beyond sight, in a few sentences."""
        return " ".join(filter(None, (self._left, self.beyond)))

    @property
    def beyond(self) -> str:
        """Say how many ratings take no part because of who was then visited."""
        if not self.selected:
            return ""
        return (
            f"{self.selected:,} ratings visited from {RETURN_TO_GOOD:%B %Y} on take no part: homes were then visited "
            "because they look Good, and how they were rated says nothing of what other homes do."
        )

    @property
    def _left(self) -> str:
        untimed = _untimed(self.homes_left_untimed)
        if not self.homes_left + self.homes_again:
            none = "No home that left the register is among the files" if not untimed else "No home was seen to leave"
            remedy = untimed or "CQC's list of deactivated locations would add them."
            return (
                f"{none}, so nothing here allows for closures; poor homes close more often, and improvement is "
                f"overstated. {remedy}"
            )
        enforced = f" ({self.homes_enforced:,} of them by enforcement)" if self.homes_enforced else ""
        again = f", and {self.homes_again:,} went on under a number that is not loaded" if self.homes_again else ""
        return (
            f"{self.homes_left:,} rated homes left the register{enforced}{again}; leaving is counted as an end of its "
            f"own. {untimed}"
        ).strip()


def spells_of(inspections, key_question: str = "Overall", until: pd.Timestamp | None = None) -> Spells:
    """Turn ratings into spells.

    Parameters
    ----------
    inspections : Inspections
        Every published rating.
    key_question : str
        "Overall" or one of the five.
    until : Timestamp, optional
        Last day in sight; by default `REPORTING_DAYS` before the last publication loaded, and before homes were visited
        because they look Good.
    """
    of_question = inspections.frame.loc[inspections.frame["key_question"] == key_question]
    selected = 0
    if until is None:
        until = min(_last_in_sight(inspections.frame), RETURN_TO_GOOD - pd.Timedelta(days=1))
        selected = int((of_question["rating"].notna() & (of_question["date"] >= RETURN_TO_GOOD)).sum())
    rated = of_question.loc[of_question["rating"].notna() & (of_question["date"] <= until)].reset_index(drop=True)
    unrated = of_question.loc[of_question["rating"].isna()]
    withdrawn = unrated["unrated"] == WITHDRAWN
    begun = _until_withdrawn(_begun(rated), unrated.loc[withdrawn])
    frame = _ended(begun, inspections.homes, until)
    frame = frame.assign(unrated_visits=_unrated(frame, unrated.loc[~withdrawn]))
    gone = frame.loc[frame["ended"].isin(["left", "registered again"])]
    timed = _timed(gone)
    left = timed.loc[timed["ended"] == "left", "home"]
    return Spells(
        frame=frame.loc[:, list(COLUMNS)],
        key_question=key_question,
        until=until,
        homes_left=len(left),
        homes_again=len(timed) - len(left),
        homes_enforced=int((inspections.homes["ended_by"].reindex(left) == ENFORCEMENT).sum()),
        homes_left_untimed=len(gone) - len(timed),
        selected=selected,
    )


def _timed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.loc[frame["seen_from"].notna() & (frame["seen_from"] < frame["end"])]


def _untimed(homes: int) -> str:
    """Say how many homes are known only as gone."""
    if not homes:
        return ""
    return (
        f"Of {homes:,} more homes that ended, only the rating they ended with is known, or it came after the end; they "
        "enter no time."
    )


def _last_in_sight(frame: pd.DataFrame) -> pd.Timestamp:
    return frame["published"].max() - pd.Timedelta(days=REPORTING_DAYS)


def _begun(rated: pd.DataFrame) -> pd.DataFrame:
    """Each rating with the next one of the home; `rated` in time order within each home."""
    rated = rated.sort_values([*OF_ONE_QUESTION, "date", "published", "report_id"], ignore_index=True)
    later = rated.groupby("home")[["rating", "date", "after_gap"]].shift(-1)
    unseen = later["after_gap"].eq(True)
    # The first of a home known from lists, or after a gap, was seen because it still stood; later ones began in sight.
    listed_only = rated["report_id"].isna() & (~rated["home"].duplicated() | rated["after_gap"])
    from_list = rated["first_listed"].where(rated["first_listed"] >= rated["seen_from"], rated["seen_from"])
    of_list = rated["report_id"].isna() & rated["last_listed"].notna() & later["rating"].isna()
    return rated.assign(
        start=rated["date"],
        seen_from=rated["seen_from"].mask(listed_only, from_list.where(rated["first_listed"].notna())),
        next_rating=later["rating"].mask(unseen),
        next_date=later["date"].mask(unseen),
        sight=rated["last_listed"].where(of_list | unseen, rated["published"].where(unseen)),
    )


def _until_withdrawn(frame: pd.DataFrame, withdrawn: pd.DataFrame) -> pd.DataFrame:
    """End the sight of a rating that was withdrawn before the next one on that day."""
    if withdrawn.empty or frame.empty:
        return frame
    days = withdrawn[["home", "date"]].rename(columns={"date": "gone"}).sort_values("gone")
    starts = frame[["home", "start"]].assign(row=frame.index).sort_values("start")
    first = pd.merge_asof(starts, days, left_on="start", right_on="gone", by="home", direction="forward")
    gone = first.set_index("row")["gone"].reindex(frame.index)
    ended = gone.notna() & ~(gone >= frame["next_date"])
    return frame.assign(
        sight=frame["sight"].mask(ended, gone),
        next_rating=frame["next_rating"].mask(ended),
        next_date=frame["next_date"].mask(ended),
        withdrawn=ended,
    )


def _ended(frame: pd.DataFrame, homes: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """When and how each spell ended."""
    last = frame["next_rating"].isna()
    newest = ~frame["home"].duplicated(keep="last")
    how = homes["leaving"].reindex(frame["home"]).set_axis(frame.index).where(last & newest, REGISTERED)
    left = homes["deregistered"].reindex(frame["home"]).set_axis(frame.index)
    withdrawn = frame["withdrawn"] if "withdrawn" in frame else pd.Series(False, frame.index)
    gone = last & (how != REGISTERED) & (left <= until) & ~withdrawn
    until = frame["sight"].where(frame["sight"] < until, until)
    late = gone & (left < frame["start"])
    end = frame["next_date"].where(~last, left.where(gone, until)).mask(late, frame["start"])
    ended = np.select([~last, gone & (how == LEFT), gone], ENDS[:3], ENDS[3])
    return frame.assign(end=end, days=(end - frame["start"]).dt.days, ended=ended, late=late)


def _unrated(frame: pd.DataFrame, visits: pd.DataFrame) -> np.ndarray:
    """Visits without a rating while each spell stood."""
    starts = frame.loc[:, ["home", "start"]].assign(spell=np.arange(len(frame))).sort_values("start")
    found = pd.merge_asof(
        visits[["home", "date"]].sort_values("date"), starts, left_on="date", right_on="start", by="home"
    )
    return np.bincount(found["spell"].dropna().to_numpy(np.int64), minlength=len(frame))
