"""Did an intervention change admissions of homes? The panel, the design, and how the answer is told."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from analysis import disclosure, tables
from analysis.admissions.answer.published import published
from analysis.design import Design, design_from
from analysis.matching import comparable
from analysis.months import in_periods
from analysis.outcomes import Rate
from analysis.panel import Panel, build_panel
from analysis.panel.by_registration import COLUMNS, PART_OF, CountsByRegistration, counts_by_registration
from analysis.panel.dense import FACTS, month_index
from analysis.panel.doubtful import with_doubt
from analysis.panel.in_bands import CountsInBands, counts_in_bands, first_held
from analysis.panel.shown import as_told, evenly
from analysis.panel.together import counts_together
from analysis.protocol import Protocol
from analysis.questions import Question
from analysis.registrations import stored_registrations
from analysis.results import RATE_RATIO, Effects, Fitted, interval, with_level
from analysis.store import Store
from analysis.store.let_out import OTHERS

ACCOUNT = ("what", "homes", "home_months", "why")
LEFT_OUT = "left out"
NOTHING_TO_COMPARE = "months of homes that take part in which no home without the intervention could be compared"
CORRECTED = "counts corrected since they may have been told"
IN_BANDS = (
    "used; what was added or taken away is told in bands of five of its own, and of avoidable admissions only as far "
    "as emergency ones were added or taken away, so that it gives no count away beside what was told before: whoever "
    "has the store sees the corrected counts with --own"
)
MOVED = "starts known after their homes were counted"
STRADDLED = (
    "used; these homes stay counted in bands from the month from which they were told first, so that the band in which "
    "the start falls lies on both sides of it, and an effect is told nearer to none than it is: a rate ratio of 0.70 "
    "as 0.72 to 0.74. A store made anew from the same files has no such homes"
)
ANOTHER = "Another model of the same effect: {estimand}."


Told = tuple[CountsInBands, list[np.ndarray], np.ndarray]
"""What is told of counts, by how much each file changed them, and the counts as they come evenly in their bands."""


def told_of(store: Store, outcome: Rate) -> Told:
    """Say what is told of the counts that a store holds, whatever else is asked for."""
    told, revised = _told(store, outcome.count)
    return told, revised, evenly(told)


def show(panel: Panel, store: Store, outcome: Rate, known: Told) -> Panel:
    """Give the counts as they may be shown, which do not depend on what is asked for, nor on bed-days."""
    told, revised, even = known
    first, cells = first_held(told.whole, revised), store.let_out("added_up")
    together = None if outcome.count in PART_OF else lambda told, drawn: counts_together(told, first, drawn, cells)
    also = {count: as_told(other, _told(store, count)[0]) for count, other in panel.also.items()}
    shown = replace(as_told(panel, told, together, even), also=also)
    return with_doubt(_with_moved(_with_corrections(shown, told.whole, revised), store))


def _told(store: Store, count: str) -> tuple[CountsInBands, list[np.ndarray]]:
    """Say what is told of counts, and by how much each file changed them; of a part at the pace of the whole."""
    whole = PART_OF.get(count)
    of = _told(store, whole)[0] if whole else None
    held = counts_by_registration(store, count, stored_registrations(store))
    counted_from, revised = store.let_out("counted_from"), _revised(store, held, count)
    return counts_in_bands(held, counted_from.assign(started=counted_from["month"]), revised, of), revised


def told_emergencies(store: Store) -> CountsInBands:
    """Say what is told of emergency admissions: of what is a part of them no more is told than fits it."""
    return _told(store, "emergency_admissions")[0]


def _with_corrections(shown: Panel, held: CountsByRegistration, revised: list[np.ndarray]) -> Panel:
    """Note homes whose counts were corrected since they were told."""
    cells = np.any([changes != 0 for changes in revised], axis=0) if revised else np.zeros(held.counts.shape, bool)
    if not cells.any():
        return shown
    homes = len(np.unique(held.homes[cells.any(axis=1)]))
    row = pd.DataFrame([(CORRECTED, homes, int(cells.sum()), IN_BANDS)], columns=list(FACTS))
    return replace(shown, facts=pd.concat([shown.facts, row], ignore_index=True))


def _with_moved(shown: Panel, store: Store) -> Panel:
    """Note homes whose start became known after the month was fixed from which they are counted."""
    spells = store.table("interventions").dropna(subset=["started"])
    first = spells.groupby("location_id")["started"].min()
    told = store.let_out("counted_from").set_index("location_id")["month"]
    if first.empty or told.empty:
        return shown
    counted = first.index.to_series().map(told).fillna(told.get(OTHERS, pd.NaT))
    start, fixed = shown.month_index(first), shown.month_index(counted)
    inside = (start > 0) & (start < len(shown.months)) & (start != fixed)
    homes = shown.units.index.isin(stored_registrations(store).of(pd.Series(first.index[inside])))
    if not homes.any():
        return shown
    row = pd.DataFrame(
        [(MOVED, int(homes.sum()), int((shown.exposure[homes] > 0).sum()), STRADDLED)], columns=list(FACTS)
    )
    return replace(shown, facts=pd.concat([shown.facts, row], ignore_index=True))


def _revised(store: Store, held: CountsByRegistration, count: str) -> list[np.ndarray]:
    """Give by how much each later file changed counts, in order, shape (R, T) each."""
    told = store.let_out("revised")
    row = pd.Index(held.registrations).get_indexer(told["location_id"].array)
    month, found = month_index(told["month"], held.months), []
    for load in sorted(set(told["load"])):
        some, changes = (told["load"] == load).to_numpy(), np.zeros(held.counts.shape, np.int64)
        np.add.at(changes, (row[some], month[some]), told[COLUMNS[count]].to_numpy(np.int64)[some])
        found.append(changes)
    return found


def _design(panel: Panel, spells: pd.DataFrame, protocol: Protocol) -> Design:
    design = design_from(panel, spells, protocol.plan)
    if protocol.plan.match in (None, "none"):
        return design
    return comparable(panel, design, protocol.plan)[0]


def _publish(effects: Effects, panel: Panel, design: Design, outcome: Rate) -> Effects:
    made = published(effects, panel, design)
    return replace(made, notes=[in_periods(note, panel.length) for note in made.notes]) if panel.length > 1 else made


def compare(fitted: Fitted[Panel, Design]) -> pd.DataFrame:
    """Give every method's account of the one effect: those of the leading model, then other models."""
    effects = fitted.effects
    own = tables.methods(effects) if len(effects.diagnostic("methods")) else pd.DataFrame(columns=["method"])
    others = [
        {"method": name, "default": False, **_ratio(answer), "good_for": ANOTHER.format(**answer.summary)}
        for name, answer in fitted.answers.items() if answer is not effects
    ]  # fmt: skip
    others += [{"method": name, "default": False, "good_for": why} for name, why in fitted.unanswered.items()]
    return pd.concat([own, pd.DataFrame(others)], ignore_index=True) if others else own


def _ratio(effects: Effects) -> dict[str, Any]:
    tidy = effects.tidy()
    row = tidy.loc[tidy["term"] == RATE_RATIO].iloc[0]
    return {name: row[name] for name in ("estimate", "conf_low", "conf_high", "p_value")}


def account(fitted: Fitted[Panel, Design]) -> pd.DataFrame:
    """Say what was used, what was noticed, and what was left out: `ACCOUNT`.

    What was used and what was left out are together all that was observed, and a home left out stands there once.
    """
    glance, noticed = fitted.effects.summary, fitted.observed.facts
    used = int(glance["n_obs"])  # type: ignore[call-overload]
    return (
        pd.DataFrame(
            [
                ("used", glance["n_units"], used, "home-months on which the answer rests"),
                *noticed[["fact", "homes", "home_months", "reading"]].itertuples(index=False),
                *_left_out(fitted, used),
            ],
            columns=list(ACCOUNT),
        )
        .map(partial(in_periods, length=fitted.observed.length))
        .astype({"homes": "Int64", "home_months": "Int64"})
    )


def _left_out(fitted: Fitted[Panel, Design], used: int) -> Iterator[tuple]:
    """Yield what the design left out, then what could not be compared."""
    design, panel = fitted.design, fitted.observed
    observed = panel.exposure > 0
    yield from ((LEFT_OUT, *row[1:], row[0]) for row in design.left_out.itertuples(index=False))
    dropped = fitted.effects.diagnostic("dropped")
    row = panel.units.index.get_indexer(dropped["unit"])
    apart = design.set_aside[row] == "" if design.set_aside.size else np.ones(len(row), bool)
    months = (observed & design.included).sum(axis=1)[row]
    for reason, some in dropped.assign(months=months)[apart].groupby("reason", sort=False)["months"]:
        yield LEFT_OUT, len(some), int(some.sum()), reason
    rest = int(observed.sum() - used - design.left_out["unit_months"].sum() - months[apart].sum())
    if rest > 0:
        yield LEFT_OUT, pd.NA, rest, NOTHING_TO_COMPARE


def headline(protocol: Protocol, fitted: Fitted[Panel, Design]) -> str:
    """Say the rate ratio with its interval."""
    row = _ratio(fitted.effects)
    told = f"rate ratio {interval(row['estimate'], row['conf_low'], row['conf_high'])}"
    return with_level(told, float(fitted.effects.summary["conf_level"]))  # type: ignore[arg-type]


def _glance(effects: Effects) -> dict[str, Any]:
    """Give the glance with events as counts of people are shown."""
    shown = disclosure.protect(effects.glance(), ["events"]).drop(columns="hidden").iloc[0]
    return {str(name): value for name, value in shown.items()}


QUESTION: Question[Panel, Design] = Question(
    observe=build_panel,
    show=show,
    told=told_of,
    design=_design,
    publish=_publish,
    estimates=tables.published,
    compare=compare,
    account=account,
    headline=headline,
    glance=_glance,
    disclosure=f"{disclosure.HES} {disclosure.ESTIMATES}",
)
