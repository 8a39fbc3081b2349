"""Were homes chosen because of the very numbers they are judged by?

A home is noticed in a bad year. Bad luck passes, with or without help, so a home chosen for its numbers falls back by
itself, and a comparison group does not help while the baseline is the year that chose it. How far is told three ways:

* how much higher the chosen homes stood in the choosing months, against the other homes, than in their other months
  before the start: what they fell back by, in these very homes;
* the same choice (as many homes, the highest rates of a window as long) made in every earlier window, when nobody was
  helped, and how far those homes then fell against the others after as long a wait;
* what chance alone explains, if every home's own rate never changed (gamma-Poisson shrinkage of the window's rates).

Source: Daw & Hatfield (2018), Health Services Research 53(6); Morris (1983), JASA 78, for the shrinkage.
"""

import numpy as np
import pandas as pd

from analysis.design import NEVER, Design
from analysis.months import a_year_of, period_said
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import Check, Fitted

NAME = "Were homes chosen because of their numbers?"
OUTCOMES = (Rate,)
MOST_WINDOWS = 60
"""Earlier windows tried, the latest first; neighbouring ones share most of their months and add little."""

COLUMNS = ("method", "windows", "expected_fall")


def how_chosen(fitted: Fitted[Panel, Design]) -> Check:
    """Say how far homes chosen like this fall back by themselves, and whether that is in the estimate."""
    panel, design = fitted.observed, fitted.design
    if not design.chosen.any():
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=_not_told(design))
    counts, exposure = panel.counts.astype(float), panel.exposure
    window, homes = (np.logical_or.reduce(design.chosen, axis=axis) for axis in (0, 1))
    month = np.arange(counts.shape[1])
    untreated = (design.start[:, None] == NEVER) | (month < design.start[:, None])
    before = untreated & ~window & (month < _first_start(design, homes))
    falls = pd.DataFrame(
        [
            ("the chosen homes, those months against their other months before", 1,
             1 - _relative(counts, exposure, homes, before) / _relative(counts, exposure, homes, untreated & window)),
            ("the same choice in earlier months, nobody helped", *_earlier(panel, design, homes, window)),
            ("chance alone, if no home's own rate ever changed", 1, _chance(counts, exposure, homes, window)),
        ],
        columns=list(COLUMNS),
    )  # fmt: skip
    kept = bool((design.included & design.chosen).any())
    return Check(name=NAME, passed=not kept, table=falls, reading=_reading(panel, design, falls, kept=kept))


def _not_told(design: Design) -> str:
    if not design.chosen_by:
        return (
            "Nobody said how homes were chosen. If it was for bad numbers, they would have fallen back without help, "
            "and the estimate may contain that fall; say how, and from which months, in the interventions file."
        )
    return (
        f"Homes were chosen by: {design.chosen_by}. No months of numbers are named, so none were left out. If numbers "
        "were looked at, name the months in the interventions file."
    )


def _first_start(design: Design, homes: np.ndarray) -> int:
    starts = design.start[homes & (design.start != NEVER)]
    return int(starts.min()) if starts.size else design.chosen.shape[1]


def _rate(counts: np.ndarray, exposure: np.ndarray, cells: np.ndarray) -> float:
    days = exposure[cells].sum()
    return float(counts[cells].sum() / days) if days > 0 else np.nan


def _relative(counts, exposure, homes, cells) -> float:
    """Rate of some homes over the rate of the others, in the same months; shape of `cells` (N, T)."""
    others = _rate(counts, exposure, cells & ~homes[:, None])
    return _rate(counts, exposure, cells & homes[:, None]) / others if others > 0 else np.nan


def _earlier(panel: Panel, design: Design, homes: np.ndarray, window: np.ndarray) -> tuple[int, float]:
    """Count earlier windows of the same length, and average the fall of homes chosen in them."""
    length, first = int(window.sum()), int(window.argmax())
    wait = max(_first_start(design, homes) - first - length, 0)
    # they are followed for a year, so that winter counts once
    starts = range(first - length - wait - a_year_of(panel.length), -1, -1)[:MOST_WINDOWS]
    falls = [_fall(panel, design, int(homes.sum()), (a, a + length, a + length + wait)) for a in starts]
    known = [fall for fall in falls if np.isfinite(fall)]
    return len(known), float(np.mean(known)) if known else np.nan


def _fall(panel: Panel, design: Design, k: int, at: tuple[int, int, int]) -> float:
    """Fall, against the others, of the k homes with the highest rates in months a ≤ t < b, after month c."""
    (a, b, c), year = at, a_year_of(panel.length)
    month = np.arange(len(panel.months))
    untreated = ((design.start == NEVER) | (design.start >= c + year))[:, None] & (panel.exposure > 0)
    inside, after = untreated & (month >= a) & (month < b), untreated & (month >= c) & (month < c + year)
    days = np.where(inside, panel.exposure, 0).sum(axis=1)
    eligible = inside.any(axis=1) & after.any(axis=1)
    rate = np.where(eligible, np.where(inside, panel.counts, 0).sum(axis=1) / np.maximum(days, 1e-9), -1.0)
    if eligible.sum() <= k:
        return np.nan
    chosen = np.isin(np.arange(len(rate)), np.argsort(-rate, kind="stable")[:k])
    rates = panel.counts.astype(float), panel.exposure, chosen
    return 1 - _relative(*rates, after & eligible[:, None]) / _relative(*rates, inside & eligible[:, None])


def _chance(counts, exposure, homes, window) -> float:
    """Give the expected fall of the chosen homes if rates differ between homes but never change.

    Rates r_i ~ Gamma with mean m and variance v (moments), counts Poisson; the expected later rate of a home is
    m + (r_i − m) · v / (v + m / E_i), with E_i its exposure in the window.
    """
    y, E = (np.where(window, values, 0).sum(axis=1) for values in (counts, exposure))
    seen = E > 0
    y, E, homes = y[seen], E[seen], homes[seen]
    m = y.sum() / E.sum()
    v = max(float((E * (y / E - m) ** 2).sum() - m * (len(E) - 1)) / float(E.sum() - (E**2).sum() / E.sum()), 0.0)
    expected = (m + (y / E - m) * v / (v + m / E)) * E
    return float(1 - expected[homes].sum() / y[homes].sum()) if y[homes].sum() > 0 else np.nan


def _reading(panel: Panel, design: Design, falls: pd.DataFrame, *, kept: bool) -> str:
    months = panel.months[np.logical_or.reduce(design.chosen, axis=0)]
    own, earlier, chance = falls["expected_fall"]
    when = f"{period_said(months[0], panel.length)} to {period_said(months[-1], panel.length)}"
    who = f"Homes were chosen by: {design.chosen_by or 'their numbers'} ({when})."
    if own <= 0:
        return (
            f"{who} In those months they stood no higher than in their other months, so nothing falls back by itself."
        )
    rise = own / (1 - own) if own < 1 else np.nan
    told = {
        f"In those months they stood {rise:.0%} above their other months before the start": rise,
        f"the same choice in earlier months, nobody helped, was followed by {_size(earlier)}": earlier,
        f"chance alone explains {_size(chance)}": chance,
    }
    end = (
        "The protocol keeps those months in the baseline, so that fall is counted as effect."
        if kept
        else "Those months are left out for every home, so the fall from them is not counted as effect; what a bad "
        "spell did beyond them is looked at below."
    )
    known = "; ".join(words for words, fall in told.items() if np.isfinite(fall))
    known = known or "How far they would have fallen back cannot be told from these months"
    return f"{who} {known}. {end}"


def _size(fall: float) -> str:
    return f"a fall of {fall:.0%}" if fall >= 0 else f"a rise of {-fall:.0%}"
