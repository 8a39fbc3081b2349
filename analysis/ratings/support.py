"""Which homes were supported since when, and which ratings are looked at?

What `Design` is to admissions: the plan and what the store says of interventions become who is compared with whom, and
every rule that takes something out says how much. Homes that had the intervention from a day that nobody knows are
neither supported nor like those that were not, so their ratings take no part; nor do ratings in months the protocol
leaves out. A home's first start counts, and a support that ended still counts from its start.

Homes are chosen for their ratings more often than not. No month is left out for that: the models compare homes at the
same rating on the same day, just fallen to it or not, so that what becomes of homes rated so badly is expected.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd

from analysis.design import UNDATED, Others, Plan, spells_of
from analysis.inspections import Inspections
from analysis.inspections.regimes import beyond_what_is_known
from analysis.outcomes import Ratings
from analysis.plural import counted
from analysis.results import Effects

LEFT_OUT = ("reason", "homes", "ratings")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Support:
    """Supported homes, and what is looked at.

    Parameters
    ----------
    intervention : str
        Its name.
    key_question : str
        "Overall" or one of the five: of which rating everything is counted.
    started : Series of datetime64, index home
        Day each supported home first started.
    others : Series of datetime64, index home
        Day from which homes had another intervention, supported ones among them.
    included : ndarray of bool, shape (rows of the inspections' frame,)
        Ratings that take part.
    left_out : DataFrame
        One row per rule that left ratings of the key question out: reason, homes, ratings. None is counted twice.
    other_interventions : Others
        What becomes of homes with another intervention.
    chosen_by : str
        How homes were chosen, in the evaluator's words; empty where nobody said.
    notes : tuple of str
        Plain sentences the reader must see beside every estimate.
    """

    intervention: str
    key_question: str
    started: pd.Series
    others: pd.Series
    included: np.ndarray
    left_out: pd.DataFrame
    other_interventions: Others = "leave out"
    chosen_by: str = ""
    notes: tuple[str, ...] = ()

    @property
    def listed(self) -> pd.DataFrame:
        """Supported homes in the columns of a file of interventions: location_id, intervention, started."""
        started = self.started.sort_index()
        return pd.DataFrame({"location_id": started.index, "intervention": self.intervention, "started": started.array})

    @property
    def digest(self) -> str:
        """SHA-256 of which homes were supported, and since when."""
        return hashlib.sha256(self.listed.to_csv(index=False, date_format="%Y-%m-%d").encode()).hexdigest()

    def seen(self, inspections: Inspections) -> Inspections:
        """Give the inspections without the ratings that take no part."""
        if self.included.all():
            return inspections
        digest = hashlib.sha256(inspections.digest.encode() + np.packbits(self.included).tobytes()).hexdigest()
        return replace(inspections, frame=inspections.frame.loc[self.included].reset_index(drop=True), digest=digest)


def support_from(inspections: Inspections, interventions: pd.DataFrame, plan: Plan, outcome: Ratings) -> Support:
    """Turn intervention spells and a plan into who is supported, and which ratings are looked at.

    Parameters
    ----------
    inspections : Inspections
        Every published rating.
    interventions : DataFrame
        One row per home and spell: location_id (of the home), intervention, started, ended, chosen_by.
    plan : Plan
    outcome : Ratings

    Raises
    ------
    AnalysisError
        If nothing is known of the intervention.
    """
    columns = ["location_id", "intervention", "started", "ended", "chosen_by"]
    spells = interventions.reindex(columns=columns).rename(columns={"location_id": "home"})
    own = spells_of(spells, plan.intervention)
    started = own.dropna(subset=["started"]).groupby("home")["started"].min()
    others = _others(spells, plan, inspections)
    included, left_out = _apply(inspections, outcome.key_question, [*_rules(inspections, own, started, plan, outcome)])
    return Support(
        intervention=plan.intervention,
        key_question=outcome.key_question,
        started=started,
        others=others,
        included=included,
        left_out=left_out,
        other_interventions=plan.others,
        chosen_by="; ".join(sorted(set(own["chosen_by"].dropna()))),
        notes=(*_notes(own, started), *filter(None, [beyond_what_is_known(inspections.frame["date"])])),
    )


def fit(model: Any, inspections: Inspections, support: Support) -> Effects:
    """Ask a model of ratings, with the days of other interventions where it can allow for them."""
    more = {"other": support.others} if "other" in signature(model.fit).parameters else {}
    return model.fit(support.seen(inspections), support.started, **more)


def _others(spells: pd.DataFrame, plan: Plan, inspections: Inspections) -> pd.Series:
    """First day of any other intervention in each home; from a day that nobody knows: from every day."""
    other = spells.loc[spells["intervention"] != plan.intervention]
    days = pd.to_datetime(other["started"]).fillna(inspections.frame["date"].min())
    return days.groupby(other["home"]).min()


def _rules(inspections, own, started, plan, outcome) -> Iterator[tuple[str, np.ndarray]]:
    """Yield what takes ratings out: a reason, and which rows."""
    home, date = inspections.frame["home"], inspections.frame["date"]
    month = date.to_numpy("datetime64[M]")
    yield UNDATED, (home.isin(own["home"]) & ~home.isin(started.index)).to_numpy()
    if outcome.first:
        yield f"ratings before {outcome.first}", month < np.datetime64(outcome.first, "M")
    if outcome.last:
        yield f"ratings after {outcome.last}", month > np.datetime64(outcome.last, "M")
    for first, last in plan.leave_out:
        inside = (month >= np.datetime64(first, "M")) & (month <= np.datetime64(last, "M"))
        yield f"{first} to {last}: left out by the protocol", inside


def _apply(inspections: Inspections, key_question: str, rules) -> tuple[np.ndarray, pd.DataFrame]:
    """Ratings still included, and how many of the key question each rule took that none before it had."""
    frame = inspections.frame
    counted = (frame["key_question"] == key_question).to_numpy() & frame["rating"].notna().to_numpy()
    included, rows = np.ones(len(frame), bool), []
    for reason, out in rules:
        taken = frame.loc[included & out & counted, "home"]
        included &= ~out
        if len(taken):
            rows.append((reason, taken.nunique(), len(taken)))
    return included, pd.DataFrame(rows, columns=list(LEFT_OUT))


def _notes(own: pd.DataFrame, started: pd.Series) -> Iterator[str]:
    again = int(own["started"].notna().sum()) - len(started)
    if again:
        yield f"Not used: {counted(again, 'later start')} of homes already started; a home's first start counts."
    undated = own.loc[~own["home"].isin(started.index), "home"].nunique()
    if undated:
        were = "home that had the intervention from a day that is not known is" if undated == 1 else (
            "homes that had the intervention from a day that is not known are")  # fmt: skip
        yield f"{undated:,} {were} left out: neither supported nor to be compared with."
