"""Who is compared with whom, over which months?

Every home gets the month it started, and every rule that takes months out of the comparison says how much it took.

Homes chosen because of recent bad numbers would have fallen back without help; a difference-in-differences whose
baseline contains the months that chose them keeps all of that fall. So those months are left out, and for *every*
home, chosen or not: the same months' luck sorted the unchosen homes too, and leaving out only the chosen ones' months
would keep the lucky months of the others as comparison. Where everybody was chosen over one window this costs nothing,
because months in which no supported home takes part say nothing about the effect.

Source: selection window, Ashenfelter (1978) and Daw & Hatfield (2018), *Health Services Research* 53(6).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.panel import Panel

NEVER = -1
"""Start index of a unit that never receives the intervention."""
PANDEMIC = ("2020-03", "2021-06")
"""From the first national lockdown to the return of routine inspection: the one span that is meant by the pandemic."""

FAR_AHEAD = 1_000_000
"""Start index of another intervention that a unit never receives: beyond every month."""

Comparison = Literal["never_treated", "not_yet_treated"]

LEFT_OUT = ("reason", "units", "unit_months")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """Who is compared with whom, over which window.

    Parameters
    ----------
    intervention : str
        Its name.
    start : ndarray of int64, shape (N,)
        Index into the panel's months of each unit's first month with the intervention; `NEVER` for comparison units.
        A unit without any month before its start keeps its start and has no month included.
    included : ndarray of bool, shape (N, T)
        Unit-months that take part: False where something was left out (selection window, anticipation, after the
        intervention ended, months excluded by the protocol). Months without exposure never take part anyway.
    comparison : Comparison
        Which untreated unit-months serve as comparison.
    left_out : DataFrame
        One row per rule that left something out: reason, units, unit_months.
    chosen : ndarray of bool, shape (N, T)
        Unit-months whose numbers were looked at to choose that unit, left out or not.
    chosen_by : str
        How homes were chosen, in the evaluator's words; empty where nobody said.
    notes : tuple of str
        Plain sentences the reader must see beside the estimate.
    dose : ndarray of float64, shape (N,)
        How much of the intervention each unit received; missing where nobody said.
    others : mapping of str to ndarray of int64, shape (N,)
        First month of each other intervention whose effect is to be estimated beside; `FAR_AHEAD` where there was none.
    """

    intervention: str
    start: np.ndarray
    included: np.ndarray
    comparison: Comparison = "not_yet_treated"
    left_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LEFT_OUT)))
    chosen: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))
    chosen_by: str = ""
    notes: tuple[str, ...] = ()
    dose: np.ndarray = field(default_factory=lambda: np.zeros(0))
    others: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The part of a protocol that decides who is compared with whom.

    Parameters
    ----------
    intervention : str
        Its name, as in the interventions file.
    comparison : Comparison
        Homes that never start, or also homes that have not started yet.
    anticipation : int
        Months before the start in which the intervention may already act; they are left out.
    leave_out : tuple of (str, str)
        First and last month ("2020-03") of periods nobody takes part in.
    selection : "leave out" or "keep"
        What happens to the months whose numbers were looked at to choose homes.
    others : "leave out", "keep" or "estimate"
        What happens to a home's months from the start of *another* intervention: "keep" takes them as if there had been
        none, "estimate" gives the other an effect of its own, and the answer is net of it.
    """

    intervention: str
    comparison: Comparison = "not_yet_treated"
    anticipation: int = 0
    leave_out: tuple[tuple[str, str], ...] = ()
    selection: Literal["leave out", "keep"] = "leave out"
    others: Literal["leave out", "keep", "estimate"] = "leave out"


def design_from(panel: Panel, interventions: pd.DataFrame, plan: Plan) -> Design:
    """Turn intervention spells and a plan into a design on a panel.

    The month in which a home starts is its first month with the intervention, whatever the day; the month in which it
    ends is its last.

    Parameters
    ----------
    panel : Panel
        Where and when the outcome was observed.
    interventions : DataFrame
        One row per unit and spell, with ``unit`` (or ``location_id``) and the columns of the interventions table.
    plan : Plan
        Who is to be compared with whom.

    Raises
    ------
    AnalysisError
        If nothing is known of the intervention.
    """
    spells = interventions.rename(columns={"location_id": "unit"})
    own, other = (part.loc[part["unit"].isin(list(panel.units.index))] for part in _spells(spells, plan.intervention))
    first = own.sort_values(["started", "ended"]).drop_duplicates("unit")
    position = panel.units.index.get_indexer(first["unit"].array)
    start, last = np.full(len(panel.units), NEVER), np.full(len(panel.units), len(panel.months))
    start[position] = np.maximum(panel.month_index(first["started"]), 0)
    last[position] = np.where(first["ended"].isna(), len(panel.months), panel.month_index(first["ended"]))

    unseen = (start != NEVER) & (start > _last_month(panel))
    start[unseen] = NEVER
    chosen = _chosen(panel, own)
    month = np.arange(len(panel.months))[None, :]
    rules = [
        *_calendar(panel, plan, chosen),
        (f"the {plan.anticipation} months before the start", _anticipated(month, start, plan)),
        ("months after the intervention ended", (start != NEVER)[:, None] & (month > last[:, None])),
        _otherwise_treated(panel, other, plan),
    ]
    included, left_out = _apply(panel.exposure > 0, rules)
    included, left_out = _without_before(panel, start, included, left_out)
    return Design(
        intervention=plan.intervention,
        start=start,
        included=included,
        comparison=plan.comparison,
        left_out=left_out,
        chosen=chosen,
        chosen_by="; ".join(sorted(set(own["chosen_by"].dropna()))),
        notes=tuple(_notes(own, unseen, chosen, plan)),
        dose=_dose(panel, first),
        others=_others(panel, other) if plan.others == "estimate" else {},
    )


def _spells(spells: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Spells of the intervention, and of all others."""
    spells = spells.reindex(
        columns=spells.columns.union(["ended", "dose", "chosen_by", "chosen_from", "chosen_to"], sort=False)
    )
    own = (spells["intervention"] == name).to_numpy()
    if not own.any():
        raise AnalysisError(
            f"No home is recorded as having had {name!r}.",
            found=", ".join(sorted(set(map(repr, spells["intervention"].dropna())))) or "no intervention at all",
            do="Name one of these in the protocol, or load the file that says which homes had it.",
        )
    return spells.loc[own], spells.loc[~own]


def _last_month(panel: Panel) -> np.ndarray:
    """Index of each unit's last month with exposure, shape (N,)."""
    T = len(panel.months)
    observed = panel.exposure > 0
    return np.where(observed.any(axis=1), T - 1 - observed[:, ::-1].argmax(axis=1), NEVER)


def _chosen(panel: Panel, own: pd.DataFrame) -> np.ndarray:
    """Unit-months whose numbers chose the unit, shape (N, T)."""
    chosen = np.zeros(panel.counts.shape, bool)
    stated = own.dropna(subset=["chosen_from", "chosen_to"])
    first, last = panel.month_index(stated["chosen_from"]), panel.month_index(stated["chosen_to"])
    for unit, a, b in zip(panel.units.index.get_indexer(stated["unit"].array), first, last, strict=True):
        chosen[unit, max(a, 0) : max(b + 1, 0)] = True
    return chosen


def _calendar(panel: Panel, plan: Plan, chosen: np.ndarray) -> Iterable[tuple[str, np.ndarray]]:
    """Yield months that nobody takes part in: a reason and a mask of shape (1, T) each."""
    for first, last in plan.leave_out:
        inside = (panel.months >= np.datetime64(first, "M")) & (panel.months <= np.datetime64(last, "M"))
        yield f"{first} to {last}: left out by the protocol", inside[None, :]
    if plan.selection == "leave out":
        yield "months whose numbers were looked at to choose homes", np.logical_or.reduce(chosen, axis=0, keepdims=True)


def _anticipated(month: np.ndarray, start: np.ndarray, plan: Plan) -> np.ndarray:
    """Mask of the months just before each start, shape (N, T)."""
    start = start[:, None]
    return (start != NEVER) & (month < start) & (month >= start - plan.anticipation)


def _otherwise_treated(panel: Panel, other: pd.DataFrame, plan: Plan) -> tuple[str, np.ndarray]:
    """Say what other interventions take out: months from the first one's start, or none, or those after one's end."""
    month, first = np.arange(len(panel.months))[None, :], np.full(len(panel.units), FAR_AHEAD)
    date = {"leave out": "started", "estimate": "ended"}.get(plan.others)
    if date:
        other = other.dropna(subset=[date])
        np.minimum.at(first, panel.units.index.get_indexer(other["unit"].array), panel.month_index(other[date]))
    if plan.others == "estimate":
        return "months after another intervention ended", month > first[:, None]
    return "months from the start of another intervention", month >= first[:, None]


def _others(panel: Panel, other: pd.DataFrame) -> dict[str, np.ndarray]:
    """First month of every other intervention, by name."""
    found = {}
    for name, spells in other.dropna(subset=["started"]).groupby("intervention", sort=True):
        found[str(name)] = np.full(len(panel.units), FAR_AHEAD)
        at = panel.units.index.get_indexer(spells["unit"].array), panel.month_index(spells["started"])
        np.minimum.at(found[str(name)], *at)
    return found


def _dose(panel: Panel, first: pd.DataFrame) -> np.ndarray:
    """How much each unit received in its first spell, shape (N,)."""
    dose = np.full(len(panel.units), np.nan)
    dose[panel.units.index.get_indexer(first["unit"].array)] = pd.to_numeric(first["dose"]).astype(float)
    return dose


def _apply(observed: np.ndarray, rules: Iterable[tuple[str, np.ndarray]]) -> tuple[np.ndarray, pd.DataFrame]:
    """Months still included, and how many observed unit-months each rule took that none before it had."""
    included, rows = np.ones_like(observed), []
    for reason, out in rules:
        taken = observed & included & out
        included &= ~out
        if taken.any():
            rows.append((reason, int(taken.any(axis=1).sum()), int(taken.sum())))
    return included, pd.DataFrame(rows, columns=list(LEFT_OUT))


def _without_before(panel: Panel, start, included, left_out) -> tuple[np.ndarray, pd.DataFrame]:
    """Leave out units that started but have no month before it: nothing says what they were like without it."""
    month = np.arange(len(panel.months))[None, :]
    observed = included & (panel.exposure > 0)
    always = (start != NEVER) & ~(observed & (month < start[:, None])).any(axis=1)
    taken = observed & always[:, None]
    if not taken.any():
        return included & ~always[:, None], left_out
    row = ("homes with no month left before their start", int(taken.any(axis=1).sum()), int(taken.sum()))
    more = pd.DataFrame([row], columns=list(LEFT_OUT))
    left_out = pd.concat([left_out, more], ignore_index=True) if len(left_out) else more
    return included & ~always[:, None], left_out


def _notes(own: pd.DataFrame, unseen: np.ndarray, chosen: np.ndarray, plan: Plan) -> Iterable[str]:
    again = len(own) - len(set(own["unit"]))
    if again:
        yield f"{again:,} later starts of homes that had already started were not used: a home's first spell counts."
    if unseen.any():
        yield f"{int(unseen.sum()):,} homes start only after their last month with data, and serve as comparison."
    if chosen.any() and plan.selection == "keep":
        yield (
            "The protocol keeps the months whose numbers were looked at to choose homes. Homes chosen for bad months "
            "fall back without any help, and the estimate below contains that fall."
        )
