"""How many days will residents of these councils wait in hospital to be discharged, with and without it?

Each council's own past goes on (`analysis.areas.forecast`: level, trend, season, errors that hang together), times the
rate ratio claimed, as it builds up, fades and ends with the offer. Councils are those of the homes offered it (where a
lot is drawn, of all that may be drawn). Nothing ties a council's delays to single homes, so a ratio is claimed for the
council, at the scenario's uptake.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.areas.forecast import Forecast, forecast
from analysis.areas.observed import area_panel
from analysis.baseline import Baseline, days_in
from analysis.errors import AnalysisError
from analysis.missing import Missing
from analysis.months import month_said
from analysis.outcomes import TOTAL_DELAYS
from analysis.scenarios.days import Days
from analysis.scenarios.groups import together
from analysis.scenarios.inputs import place
from analysis.scenarios.projection import Projection
from analysis.scenarios.ranges import Draws

LONGEST_GAP = 24
"""Months between the last delays seen and the first month to come: over more, a trend and a season are stale."""
NOT_LOADED = "load delayed transfers by council and month (NHS England) on the Data page"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Delays:
    """What is known of councils' delays.

    Parameters
    ----------
    past : mapping of str to Forecast
        By council's name or code, in small letters.
    refused : mapping of str to str
        Councils whose past says too little, and why.
    """

    past: Mapping[str, Forecast]
    refused: Mapping[str, str]


def delays_of(outcomes: pd.DataFrame, areas: np.ndarray, luck: Draws) -> Delays | Missing:
    """Learn from the delays of these councils, or say what is missing.

    Parameters
    ----------
    outcomes : DataFrame
        The store's table ``area_outcomes``.
    areas : ndarray of str
        Names or codes, as the homes' files give them.
    """
    if TOTAL_DELAYS not in set(outcomes["measure"]):
        return Missing(NOT_LOADED)
    panel = area_panel(outcomes, TOTAL_DELAYS)
    names = panel.units["name"].astype(str).str.strip().str.casefold()
    row_of = {key: row for row, pair in enumerate(zip(names, panel.units.index.str.casefold(), strict=True))
              for key in pair}  # fmt: skip
    past, refused = {}, {}
    for area in sorted({_key(area) for area in areas} & row_of.keys()):
        row = row_of[area]
        try:
            past[area] = forecast(
                panel.counts[row].astype(float), panel.exposure[row], panel.months, luck.rng(f"delays {area}"), luck.n
            )
        except AnalysisError as error:
            refused[area] = str(error)
    return Delays(past=past, refused=refused)


def project_delays(known: Delays | Missing, baseline: Baseline, projection: Projection) -> Days | Missing:
    """Lay a scenario on the delays of its homes' councils, or say what is missing."""
    if isinstance(known, Missing):
        return known
    area = baseline.units["area"].astype("str").fillna("").map(_key).to_numpy(str)
    councils = sorted(set(area[projection.rows]))
    if wrong := _missing(known, councils, projection.months[0]):
        return Missing(wrong)
    luck, shape = Draws(seed=projection.scenario.seed, n=projection.averted.shape[1]), projection.averted.shape
    logs = _log_ratios(projection, luck)
    offers = [set(area[offer.who.choose(baseline)]) for offer in projection.scenario.offers]
    without, averted, days = np.zeros(shape), np.zeros(shape), days_in(projection.months)[:, None]
    for council in councils:
        expected = days * known.past[council].rates(projection.months, luck.rng(f"delays to come {council}"))
        offered = [k for k, named in enumerate(offers) if council in named]
        without += expected
        averted += expected * -np.expm1(together(logs[offered], projection.scenario.overlap))
    return Days(
        months=projection.months,
        without=without,
        averted=averted,
        counted=f"{len(councils):,} council{'s' if len(councils) > 1 else ''}",
        basis=_basis(known, councils),
        claimed=any(offer.delays.claimed for offer in projection.scenario.offers),
    )


def _log_ratios(projection: Projection, luck: Draws) -> np.ndarray:
    """Log rate ratios of every offer by itself, shape (K, T, D)."""
    found = []
    for k, offer in enumerate(projection.scenario.offers):
        full = luck.value(place(k, "delays.ratio"), offer.delays.ratio)
        found.append(full * projection.drawn[place(k, "fidelity")] * offer.share(projection.months)[:, None])
    return np.stack(found)


def _missing(known: Delays, councils: list[str], first: np.datetime64) -> str:
    """Say which councils' delays are not known well enough, if any."""
    absent = [name for name in councils if name not in known.past]
    if absent:
        told = known.refused.get(absent[0], NOT_LOADED)
        return f"no delayed days to go by for {absent[0].title() or 'homes whose council is not known'}; {told}"
    last = min(known.past[name].last for name in councils)
    gap = int((first - last).astype(int))
    if gap < 1:
        return f"the delayed days go on to {month_said(last)}, past the first month looked at; load later admissions"
    if gap > LONGEST_GAP:
        apart = f"more than {LONGEST_GAP} months before {month_said(first)}"
        return f"the delayed days end in {month_said(last)}, {apart}; load later ones"
    return ""


def _basis(known: Delays, councils: list[str]) -> str:
    last = max(known.past[name].last for name in councils)
    return (
        f"Delayed days: each council's own months to {month_said(last)} go on, with their trend, season and what "
        "carries over from month to month; councils are taken to vary apart."
    )


def _key(name: object) -> str:
    return str(name).strip().casefold()
