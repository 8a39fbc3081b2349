"""How long did each rating stand, and what ended it?

A spell begins with a rating and ends with the home's next rating, with its leaving the register (`leaving`), or not
within sight. The rules:

* Time runs between dates of exposure (visits where known). A visit that gave no rating ("Inspected but not rated",
  "Insufficient evidence to rate", "Not rated") leaves the rating standing; how many there were is kept beside it.
* A home that goes on under a registration which is not loaded is lost from sight on the day its own ended: that is
  neither a rating nor a leaving.
* Reports appear weeks after the visit, so what was visited just before the last report of the files is not yet all
  there. Sight ends `REPORTING_DAYS` before that report; spells are cut there, and ratings after it begin none.
* Late entry: a rating inherited from an earlier registration that is not loaded was seen only because the home came to
  be registered anew with that rating, so its time counts from that registration. Of a home known from lists of
  latest ratings only, the first rating was seen because it still stood, and since when is not known: `seen_from` is
  missing, and the spell cannot enter into times.
* A rating dated after the home left stands; the home then leaves on that day (`late`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inspections.histories import OF_ONE_QUESTION
from analysis.inspections.leaving import LEFT, REGISTERED

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
        Homes that left, and that went on out of sight.
    """

    frame: pd.DataFrame
    key_question: str
    until: pd.Timestamp
    homes_left: int
    homes_again: int

    def timed(self) -> pd.DataFrame:
        """Spells that enter into times: seen from a known day, before they ended."""
        frame = self.frame.loc[self.frame["seen_from"].notna()]
        return frame.loc[frame["seen_from"] < frame["end"]].reset_index(drop=True)

    @property
    def leaving(self) -> str:
        """What is known of homes that left, as a sentence."""
        if not self.homes_left + self.homes_again:
            return (
                "No home that left the register is among the files, so nothing here allows for closures; poor homes "
                "close more often, and improvement is overstated. CQC's list of deactivated locations would add them."
            )
        again = f", and {self.homes_again:,} went on under a number that is not loaded" if self.homes_again else ""
        return f"{self.homes_left:,} rated homes left the register{again}; leaving is counted as an end of its own."


def spells_of(inspections, key_question: str = "Overall", until: pd.Timestamp | None = None) -> Spells:
    """Turn ratings into spells.

    Parameters
    ----------
    inspections : Inspections
        Every published rating.
    key_question : str
        "Overall" or one of the five.
    until : Timestamp, optional
        Last day in sight; by default `REPORTING_DAYS` before the last publication loaded.
    """
    of_question = inspections.frame.loc[inspections.frame["key_question"] == key_question]
    until = _last_in_sight(inspections.frame) if until is None else until
    rated = of_question.loc[of_question["rating"].notna() & (of_question["date"] <= until)].reset_index(drop=True)
    frame = _ended(_begun(rated), inspections.homes, until)
    frame = frame.assign(unrated_visits=_unrated(frame, of_question.loc[of_question["rating"].isna()]))
    ended = frame.loc[:, "ended"].value_counts()
    return Spells(
        frame=frame.loc[:, list(COLUMNS)],
        key_question=key_question,
        until=until,
        homes_left=int(ended.get("left", 0)),
        homes_again=int(ended.get("registered again", 0)),
    )


def _last_in_sight(frame: pd.DataFrame) -> pd.Timestamp:
    return frame["published"].max() - pd.Timedelta(days=REPORTING_DAYS)


def _begun(rated: pd.DataFrame) -> pd.DataFrame:
    """Each rating with the next one of the home; `rated` in time order within each home."""
    rated = rated.sort_values([*OF_ONE_QUESTION, "date", "published", "report_id"], ignore_index=True)
    later = rated.groupby("home")[["rating", "date"]].shift(-1)
    listed_only = rated["report_id"].isna() & ~rated["home"].duplicated()
    return rated.assign(
        start=rated["date"],
        seen_from=rated["seen_from"].mask(listed_only),
        next_rating=later["rating"],
        next_date=later["date"],
    )


def _ended(frame: pd.DataFrame, homes: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """When and how each spell ended."""
    last = frame["next_rating"].isna()
    how = homes["leaving"].reindex(frame["home"]).set_axis(frame.index).where(last, REGISTERED)
    left = homes["deregistered"].reindex(frame["home"]).set_axis(frame.index)
    gone = last & (how != REGISTERED) & (left <= until)
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
