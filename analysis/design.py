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
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from analysis.allowed import Entry
from analysis.doses import doses_by_month
from analysis.errors import AnalysisError
from analysis.panel import Panel, faults
from analysis.panel.partly import in_part
from analysis.plural import counted

NEVER = -1
"""Start index of a unit that never receives the intervention."""
PANDEMIC = ("2020-03", "2021-06")
"""From the first national lockdown to the return of routine inspection: the one span that is meant by the pandemic."""
FAR_AHEAD = 1_000_000
"""Start index of another intervention that a unit never receives: beyond every month."""

Comparison = Literal["never_treated", "not_yet_treated"]
Others = Literal["leave out", "keep", "estimate"]
"""What becomes of other interventions in the same homes."""
Counted = Literal["first", "every"]
"""Which rows of one home count: its first spell, or every spell and element (`analysis.doses`)."""
Matching = Literal["none", "propensity", "mahalanobis", "entropy", "overlap"]
"""How homes to compare with are made like those with the intervention (`analysis.matching`)."""
MatchOn = Literal["rate", "size", "home_type", "area", "region", "rating"]
"""What homes may be matched on, as it was before the first start."""

WITHOUT_IT = ("months after the intervention ended", "months in which the intervention paused or had ended")
"""Rule that leaves out months since the start without it: where the first spell counts, and where every row does."""
LEFT_OUT = ("reason", "units", "unit_months")
UNDATED = "homes that had the intervention from a day that is not known"
TREATED_BEFORE = "treated before the first month (or from it), so nothing shows what they were like without it"
NO_MONTH_LEFT = "no month left before their start, once the others are left out"
EVERY_MONTH = "every month left out: {reason}"
"""Why a home as a whole takes no part."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """Who is compared with whom, over which window.

    Parameters
    ----------
    intervention : str
        Its name.
    start : ndarray of int64, shape (N,)
        Index into the panel's months of each unit's first month with the intervention; `NEVER` for comparison units.
        A unit without any month before its start keeps its start and has no month included (`set_aside`).
    included : ndarray of bool, shape (N, T)
        Unit-months that take part: False where something was left out (selection window, anticipation, after the
        intervention ended, months excluded by the protocol). Months without exposure never take part anyway.
    comparison : Comparison
        Which untreated unit-months serve as comparison.
    left_out : DataFrame
        One row per rule that left something out of homes that take part, and per cause for which whole homes take no
        part: reason, units, unit_months. No unit-month is counted twice.
    set_aside : ndarray of str, shape (N,)
        Why a unit that was observed takes no part at all; empty where it does. None known where it has no elements.
    chosen : ndarray of bool, shape (N, T)
        Unit-months whose numbers were looked at to choose that unit, left out or not.
    chosen_by : str
        How homes were chosen, in the evaluator's words; empty where nobody said.
    notes : tuple of str
        Plain sentences the reader must see beside the estimate.
    dose : ndarray of float64, shape (N,)
        How much of the intervention each unit received, on average where that changes; missing where nobody said.
    dose_by_month : ndarray of float64, shape (N, T)
        How much of it each unit had in each month, where it may change; missing where nobody said. Else without
        elements.
    dosed : ndarray of bool, shape (N, T)
        Unit-months that take part in an effect by dose: `included`, and those in which the intervention paused or had
        ended, whose dose is zero. Without elements where doses do not change.
    others : mapping of str to ndarray of int64, shape (N,)
        First month of each other intervention whose effect is to be estimated beside; `FAR_AHEAD` where there was none.
    weights : ndarray of float64, shape (N,)
        How much each home counts; without elements where all that take part count alike.
    balanced : ndarray of float64, shape (N, K)
        What the weights make alike on average; what homes' numbers owe to it is then no noise. Else without elements.
    sets : ndarray of int64, shape (N,)
        Homes matched to one another have one number, and share their luck; else without elements.
    """

    intervention: str
    start: np.ndarray
    included: np.ndarray
    comparison: Comparison = "not_yet_treated"
    left_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LEFT_OUT)))
    set_aside: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=object))
    chosen: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))
    chosen_by: str = ""
    notes: tuple[str, ...] = ()
    dose: np.ndarray = field(default_factory=lambda: np.zeros(0))
    dose_by_month: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    dosed: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), bool))
    others: Mapping[str, np.ndarray] = field(default_factory=dict)
    weights: np.ndarray = field(default_factory=lambda: np.zeros(0))
    balanced: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    sets: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))


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
    others : Others
        What happens to a home's months from the start of *another* intervention: "keep" takes them as if there had been
        none, "estimate" gives the other an effect of its own, and the answer is net of it.
    spells : Counted, optional
        Which rows of one home count: "first", where left out, or "every", so that elements may come into place one by
        one, a dose may change from month to month, and an intervention may pause. The answer is then about the months
        in which something of it ran, and an effect by dose takes months without it for a dose of zero.
    match : Matching, optional
        How homes without the intervention are made like those with it; where left out they are taken as they are.
    match_on : tuple of MatchOn, optional
        What they are to be alike in before the first start; rate, size and, where known, kind of home where left out.
    matches : int, optional
        Homes matched to each, where homes are matched; one where left out.
    caliper : float, optional
        How far apart matched homes may be, in standard deviations of the log odds of having the intervention; a fifth
        where left out.
    """

    ENTRIES: ClassVar[Mapping[str, Entry]] = {
        "comparison": Entry(
            "Compared with",
            "compared",
            options={
                "not_yet_treated": "Homes without it, or not yet",
                "never_treated": "Only homes that never have it",
            },
        ),
        "selection": Entry(
            "How homes were chosen",
            "chosen",
            options={
                "leave out": "Leave out the months whose numbers chose the homes",
                "keep": "Keep them (homes chosen in a bad spell then seem to improve by themselves)",
            },
        ),
        "anticipation": Entry(
            "Months before the start in which it may already work", "early", options={n: str(n) for n in range(7)}
        ),
        "others": Entry(
            "Homes with another intervention",
            options={
                "leave out": "Leave out their months from its start",
                "keep": "Keep them, as if there had been none",
                "estimate": "Keep them, and make the answer net of it",
            },
        ),
    }

    intervention: str
    comparison: Comparison = "not_yet_treated"
    anticipation: int = 0
    leave_out: tuple[tuple[str, str], ...] = ()
    selection: Literal["leave out", "keep"] = "leave out"
    others: Others = "leave out"
    spells: Counted | None = None
    match: Matching | None = None
    match_on: tuple[MatchOn, ...] | None = None
    matches: int | None = None
    caliper: float | None = None


def design_from(panel: Panel, interventions: pd.DataFrame, plan: Plan) -> Design:
    """Turn intervention spells and a plan into a design on a panel.

    The month in which a home starts is its first month with the intervention, whatever the day; the month in which it
    ends is its last. Of quarters and years those with it in part are left out (`panel.partly`).

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
    faults.refuse_by_period(panel.length, plan.others == "estimate" or plan.spells == "every")
    spells = interventions.rename(columns={"location_id": "unit"})
    own, other = (part.loc[part["unit"].isin(list(panel.units.index))] for part in _spells(spells, plan.intervention))
    first = own.sort_values(["started", "ended"]).drop_duplicates("unit")
    start = np.full(len(panel.units), NEVER)
    start[panel.units.index.get_indexer(first["unit"].array)] = np.maximum(panel.month_index(first["started"]), 0)
    changing = plan.spells == "every"
    dose, runs = doses_by_month(panel.units.index, panel.months, own if changing else first, panel.length)

    unseen = (start != NEVER) & (start > _last_month(panel))
    start[unseen] = NEVER
    chosen = _chosen(panel, own)
    month = np.arange(len(panel.months))[None, :]
    rules = [
        _undated(panel, own),
        *_calendar(panel, plan, chosen),
        (f"the {counted(plan.anticipation, 'month')} before the start", _anticipated(month, start, plan, panel.length)),
        *in_part(panel, first),
        (WITHOUT_IT[changing], _without(month, start, runs)),
        _otherwise_treated(panel, other, plan),
    ]
    observed = panel.exposure > 0
    included, taken = _apply(observed, rules)
    dosed = _apply(observed, [rule for rule in rules if rule[0] not in WITHOUT_IT])[0]
    set_aside = _set_aside(observed, start, included, taken)
    return Design(
        intervention=plan.intervention,
        start=start,
        included=included & (set_aside == "")[:, None],
        comparison=plan.comparison,
        left_out=_left_out(observed, taken, set_aside),
        set_aside=set_aside,
        chosen=chosen,
        chosen_by="; ".join(sorted(set(own["chosen_by"].dropna()))),
        notes=tuple(_notes(own, unseen, chosen, plan)),
        dose=_mean(dose, runs) if changing else _dose(panel, first),
        dose_by_month=dose if changing else np.zeros((0, 0)),
        dosed=dosed & (set_aside == "")[:, None] if changing else np.zeros((0, 0), bool),
        others=_others(panel, other) if plan.others == "estimate" else {},
    )


def _spells(spells: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Spells of the intervention, and of all others."""
    spells = spells.reindex(
        columns=spells.columns.union(["ended", "dose", "chosen_by", "chosen_from", "chosen_to"], sort=False)
    )
    return spells_of(spells, name), spells.loc[spells["intervention"] != name]


def spells_of(spells: pd.DataFrame, name: str) -> pd.DataFrame:
    """Give the spells of an intervention; AnalysisError where nothing is known of it."""
    own = spells.loc[spells["intervention"] == name]
    if own.empty:
        raise AnalysisError(
            f"No home is recorded as having had {name!r}.",
            found=", ".join(sorted(set(map(repr, spells["intervention"].dropna())))) or "no intervention at all",
            do="Name one of these in the protocol, or load the file that says which homes had it.",
        )
    return own


def _undated(panel: Panel, own: pd.DataFrame) -> tuple[str, np.ndarray]:
    """Leave out homes that had the intervention from a day that nobody knows: no month is known to be without it."""
    dated = own.loc[own["started"].notna(), "unit"]
    undated = panel.units.index.isin(own["unit"]) & ~panel.units.index.isin(dated)
    return UNDATED, np.broadcast_to(undated[:, None], panel.counts.shape)


def _last_month(panel: Panel) -> np.ndarray:
    """Index of each unit's last month with exposure, shape (N,)."""
    observed, T = panel.exposure > 0, len(panel.months)
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
    """Yield months, or periods of which some month is meant, that nobody takes part in: reason and mask (1, T) each."""
    for first, last in plan.leave_out:
        inside = (panel.months + panel.length > np.datetime64(first, "M")) & (panel.months <= np.datetime64(last, "M"))
        yield f"{first} to {last}: left out by the protocol", inside[None, :]
    if plan.selection == "leave out":
        yield "months whose numbers were looked at to choose homes", np.logical_or.reduce(chosen, axis=0, keepdims=True)


def _without(month: np.ndarray, start: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """Mask of the months since each start in which nothing of it ran, shape (N, T)."""
    return (start != NEVER)[:, None] & (month > start[:, None]) & ~runs


def _anticipated(month: np.ndarray, start: np.ndarray, plan: Plan, length: int) -> np.ndarray:
    """Mask of the months, or periods, just before each start, shape (N, T)."""
    start = start[:, None]
    return (start != NEVER) & (month < start) & (month >= start - -(-plan.anticipation // length))


def _otherwise_treated(panel: Panel, other: pd.DataFrame, plan: Plan) -> tuple[str, np.ndarray]:
    """Say what other interventions take out: months from the first one's start, or none, or those after one's end."""
    month, first = np.arange(len(panel.months))[None, :], np.full(len(panel.units), FAR_AHEAD)
    date = {"leave out": "started", "estimate": "ended"}.get(plan.others)
    if date == "started":  # from a day that nobody knows: from every day
        other = other.assign(started=pd.to_datetime(other["started"]).fillna(pd.Timestamp(panel.months[0])))
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


def _mean(dose: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """Average over the months in which something ran, shape (N,); missing where nothing did."""
    months = runs.sum(axis=1)
    return np.where(months > 0, (dose * runs).sum(axis=1) / np.maximum(months, 1), np.nan)


def _apply(observed: np.ndarray, rules: Iterable[tuple[str, np.ndarray]]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Months still included, and which observed unit-months each rule took that none before it had, shape (N, T)."""
    included, taken = np.ones_like(observed), {}
    for reason, out in rules:
        taken[reason] = observed & included & out
        included &= ~out
    return included, taken


def _set_aside(observed, start, included, taken: Mapping[str, np.ndarray]) -> np.ndarray:
    """Say of each unit why it takes no part at all, shape (N,): the cause, and not what follows from it."""
    before = (start != NEVER)[:, None] & (np.arange(observed.shape[1]) < start[:, None])
    seen, part, started = observed.any(axis=1), observed & included, start != NEVER
    why = np.full(len(start), "", dtype=object)
    why[started & seen & ~(part & before).any(axis=1)] = NO_MONTH_LEFT
    nothing = seen & ~part.any(axis=1)
    if nothing.any():
        reasons, most = [*taken], np.argmax([out.sum(axis=1) for out in taken.values()], axis=0)
        why[nothing] = [EVERY_MONTH.format(reason=reasons[rule]) for rule in most[nothing]]
    why[started & seen & ~(observed & before).any(axis=1)] = TREATED_BEFORE
    why[taken[UNDATED].any(axis=1)] = UNDATED
    return why


def _left_out(observed: np.ndarray, taken: Mapping[str, np.ndarray], set_aside: np.ndarray) -> pd.DataFrame:
    """Count what rules took from units that take part, and units that do not, by cause: `LEFT_OUT`."""
    parts = {reason: out & (set_aside == "")[:, None] for reason, out in taken.items()}
    for why in dict.fromkeys(set_aside[set_aside != ""]):
        parts[why] = observed & (set_aside == why)[:, None]
    rows = [(reason, int(out.any(axis=1).sum()), int(out.sum())) for reason, out in parts.items() if out.any()]
    return pd.DataFrame(rows, columns=list(LEFT_OUT))


def _notes(own: pd.DataFrame, unseen: np.ndarray, chosen: np.ndarray, plan: Plan) -> Iterable[str]:
    again = len(own) - len(set(own["unit"]))
    if again and plan.spells != "every":
        yield f"Not used: {counted(again, 'later start')} of homes already started; a home's first spell counts."
    if unseen.any():
        yield f"Starting only after their last month with data, and so compared with: {counted(unseen.sum(), 'home')}."
    if chosen.any() and plan.selection == "keep":
        yield (
            "The protocol keeps the months whose numbers were looked at to choose homes. Homes chosen for bad months "
            "fall back without any help, and the estimate below contains that fall."
        )
