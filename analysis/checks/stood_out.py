"""Did the homes stand out in the year before they started, though nobody said that they were chosen for their numbers?

Homes are often chosen because they had a bad year, and it is not always written down. Bad luck passes, so they fall
back by themselves, and a baseline that holds the bad year takes the fall for an effect. Lots drawn among homes do not
leave marks; a choice by numbers does, in two ways: the homes stand high among all homes in the year before, and high
against their own earlier months.

At each start, every home that had not started is given its place (0 the lowest, 1 the highest of its kind) by its rate
in the year before, and by how far that year lies above its own earlier months, in standard errors of a Poisson count.
The mean place of the homes that started is held against that of as many drawn by lot among all, start by start; the
larger of the two ways counts, and the draws allow for there being two. Where the homes stand out, the answer is worked
out with their year before left out, too.

A home may stand high for good, and lots may fall badly: one set of homes in 20 stands out by lot. Whether numbers were
looked at only the reader knows, so the reader is asked.

Source: Daw and Hatfield (2018), Health Services Research 53(6); Ashenfelter (1978), Review of Economics and Statistics
60(1), on the dip before a start; the lots are those of a permutation test, stratified by start.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.checks.bare import bare, ratio
from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.months import a_year_of
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import Check, Effects, Fitted, Model, interval

NAME = "Did the homes stand out in the year before?"
OUTCOMES = (Rate,)
FEWEST_MONTHS = 6
"""Of the year before a start, a year so that winter counts once, that must be seen of one home at least: a choice by
numbers looks at half a year or more."""
ALPHA = 0.05
"""Homes drawn by lot stand out as often as this."""
DRAWS = 1_999
"""The p-value is then known to about 0.005 at 0.05."""
SEED = 20261122
"""Of those draws."""
LARGE = 0.2
"""Standing a fifth above the others is as much as interventions are hoped to change: not to be passed over."""
FEWEST_ALIKE = 5
"""Homes of one kind below which they are ranked among all."""

COLUMNS = ("what", "found", "conf_low", "conf_high", "p_value")
ABOVE, RISEN = "the year before, over the other homes then", "the year before, over their own earlier months"
GIVEN, WITHOUT = "the answer", "the answer without that year"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Start:
    """Homes that could have started in one month, and those that did.

    `places`, shape (R, 2): by rate in the year before, and by its rise over earlier months (0.5 where none was seen).
    `started`, shape (R,). Sums over those that did: observed in the year before, expected of it at the others' rates,
    and expected of it at their own earlier rates with the observed of those for which these are known.
    """

    places: np.ndarray
    started: np.ndarray
    observed: float
    expected: float
    observed_earlier: float
    expected_earlier: float


def stood_out(fitted: Fitted[Panel, Design]) -> Check:
    """Say how far the homes stood out before their start, how rare that is by lot, and what it does to the answer."""
    panel, design, model, effects = fitted.observed, fitted.design, fitted.model, fitted.effects
    if design.chosen.any():
        return _silent(
            "The months whose numbers chose the homes are named; what came of that is told under the doubts above."
        )
    starts = [*_starts(panel, design)]
    if not starts:
        return _silent("No home has a month that takes part in the year before its start, so this cannot be looked at.")
    if (months := _seen_before(panel, design)) < (fewest := max(FEWEST_MONTHS // panel.length, 1)):
        return _silent(
            f"Homes with the intervention have no more than {months} {'month' if months == 1 else 'months'} before "
            f"their start that take part; it takes {fewest} to say whether they stood out in the year before."
        )
    above = sum(s.observed for s in starts) / max(sum(s.expected for s in starts), np.finfo(float).tiny)
    earlier = sum(s.expected_earlier for s in starts)
    risen = sum(s.observed_earlier for s in starts) / earlier if earlier > 0 else np.nan
    p, least = _by_lot(starts)
    rows = [(ABOVE, above, np.nan, np.nan, p), (RISEN, risen, np.nan, np.nan, p)]
    passed = _passed(p, least, above)
    if passed is False:
        rows += _answers(panel, design, model, effects)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Check(
        name=NAME,
        passed=passed,
        table=table,
        reading=_reading(table, passed, least, design.chosen_by),
        beside=_beside(table) if passed is False else "",
        number=_way(above),
    )


def _seen_before(panel: Panel, design: Design) -> int:
    """Give the most months of the year before its start that a home with the intervention has."""
    month, start = np.arange(len(panel.months)), design.start[:, None]
    year = (start != NEVER) & (month >= start - a_year_of(panel.length)) & (month < start)
    return int((year & design.included & (panel.exposure > 0)).sum(axis=1).max(initial=0))


def _silent(reading: str) -> Check:
    return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=reading)


def _starts(panel: Panel, design: Design) -> Iterator[_Start]:
    """Yield the homes of every start; all starts at once, in products of homes × months with months × starts."""
    month, part = np.arange(len(panel.months)), design.included & (panel.exposure > 0)
    counts, exposure = (np.where(part, values, 0.0) for values in (panel.counts, panel.exposure))
    joins = (design.start != NEVER) & (part & (month >= design.start[:, None])).any(axis=1)
    starts, kind = np.unique(design.start[joins]), _kinds(panel.units)
    began = starts - a_year_of(panel.length)
    year = ((month[:, None] >= began) & (month[:, None] < starts)).astype(float)
    earlier = (month[:, None] < began).astype(float)
    risk = ((design.start == NEVER)[:, None] | (design.start[:, None] >= starts)) & (part.astype(float) @ year > 0)
    started = risk & joins[:, None] & (design.start[:, None] == starts)
    level, season = _by_kind_and_month((counts, exposure), (risk & ~started).astype(float), year + earlier, kind)
    seen = [counts @ year, level * (exposure @ (season * year)), counts @ earlier,
            level * (exposure @ (season * earlier))]  # fmt: skip
    for s in range(len(starts)):
        own, of = risk[:, s], started[risk[:, s], s]
        if of.any() and not of.all():
            yield _start([values[own, s] for values in seen], of, kind[own])


def _start(seen: list[np.ndarray], started: np.ndarray, kind: np.ndarray) -> _Start:
    """Give the homes of one start their places.

    Parameters
    ----------
    seen : list of ndarray, shape (R,)
        Observed and expected of the year before, and of earlier months.
    """
    y, e, x, f = seen
    with np.errstate(divide="ignore", invalid="ignore"):
        rate, share = y / e, e / (e + f)
        rise = np.where((x > 0) | (y > 0), (y - (x + y) * share) / np.sqrt((x + y) * share * (1 - share)), np.nan)
    known = started & (x > 0) & (f > 0)
    return _Start(
        places=np.column_stack([_places(rate, kind), _places(rise, kind)]),
        started=started,
        observed=float(y[started].sum()),
        expected=float(e[started].sum()),
        observed_earlier=float(y[known].sum()),
        expected_earlier=float((x[known].sum() / f[known].sum()) * e[known].sum()) if known.any() else 0.0,
    )


def _kinds(units: pd.DataFrame) -> np.ndarray:
    """Give each home the number of its kind, shape (N,): all one where kinds are not known or have few homes."""
    if "home_type" not in units:
        return np.zeros(len(units), dtype=int)
    kind = units["home_type"].factorize(sort=True)[0]
    return np.where(np.bincount(kind + 1).take(kind + 1) >= FEWEST_ALIKE, kind + 1, 0)


def _by_kind_and_month(cells, others, before, kind) -> tuple[np.ndarray, np.ndarray]:
    """Rate of the homes that did not start, by kind over all months, (N, S), times the course of the months, (T, S).

    Parameters
    ----------
    cells : pair of ndarray, shape (N, T)
        Counts and exposure.
    others : ndarray, shape (N, S)
        Homes that did not start.
    before : ndarray, shape (T, S)
        Months before each start.
    """
    counts, exposure = cells
    y, e = (before * (values.T @ others) for values in cells)
    whole = y.sum(axis=0) / np.maximum(e.sum(axis=0), np.finfo(float).tiny)
    month = np.where(e > 0, y / np.where(e > 0, e, 1.0), whole)
    observed, expected = others * (counts @ before), others * (exposure @ (month * before))
    level = np.ones(others.shape)
    for k in np.unique(kind):
        own = kind == k
        there, due = observed[own].sum(axis=0), expected[own].sum(axis=0)
        level[own] = np.where((there > 0) & (due > 0), there / np.where(due > 0, due, 1.0), 1.0)
    return level, month


def _places(values: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Place of each home among those of its kind, between 0 and 1; the middle where it is not known."""
    rank = pd.Series(values).groupby(kind).rank()
    return ((rank - 0.5) / rank.groupby(kind).transform("count")).fillna(0.5).to_numpy(float)


def _by_lot(starts: list[_Start]) -> tuple[float, float]:
    """Share of lots in which the homes stand as high, and the smallest that this share could have been."""
    rng = np.random.default_rng(SEED)
    drawn, real, variance = np.zeros((DRAWS, 2)), np.zeros(2), np.zeros(2)
    highest = np.zeros(2)
    for start in starts:
        n, R = int(start.started.sum()), len(start.started)
        centred = start.places - start.places.mean(axis=0)
        real += centred[start.started].sum(axis=0)
        highest += np.sort(centred, axis=0)[-n:].sum(axis=0)
        variance += n * (R - n) / (R - 1) * centred.var(axis=0)
        drawn += centred[lots(rng, n, R)].sum(axis=1)
    error = np.sqrt(np.where(variance > 0, variance, np.inf))
    most = (drawn / error).max(axis=1)
    p, least = ((1 + int((most >= (value / error).max() - TIE).sum())) / (DRAWS + 1) for value in (real, highest))
    return p, least


def lots(rng: np.random.Generator, n: int, R: int) -> np.ndarray:
    """Draw n of R homes by lot, shape (DRAWS, n)."""
    if DRAWS * R <= AT_ONCE:
        return np.argpartition(rng.random((DRAWS, R)), n - 1, axis=1)[:, :n]
    if n * n > R:
        return np.array([rng.choice(R, n, replace=False, shuffle=False) for _ in range(DRAWS)])
    drawn, again = np.empty((DRAWS, n), np.int64), np.arange(DRAWS)
    while again.size:  # a lot in which a home came twice is drawn anew: every set of homes stays as likely
        drawn[again] = rng.integers(R, size=(len(again), n))
        again = again[(np.diff(np.sort(drawn[again], axis=1), axis=1) == 0).any(axis=1)]
    return drawn


AT_ONCE = 4_000_000
"""Draws times homes up to which every home is given a number by lot and the lowest are taken. Of a country that is all
the time a check takes, and half a gigabyte: there only those who are drawn are drawn."""
TIE = 1e-9
"""Places nearer than this are equal."""


def _passed(p: float, least: float, above: float) -> bool | None:
    if p <= ALPHA:
        return False
    return None if least > ALPHA or above - 1 > LARGE else True


def _answers(panel: Panel, design: Design, model: Model, effects: Effects) -> list[tuple]:
    """Give the answer, and that without each home's year before its start."""
    month, start = np.arange(len(panel.months)), design.start[:, None]
    year = a_year_of(panel.length)
    bad = (start != NEVER) & (month >= start - year) & (month < start)
    one = np.unique(design.start[design.start != NEVER])
    if len(one) == 1:  # the same months sorted the other homes too
        bad = np.broadcast_to((month >= one[0] - year) & (month < one[0]), bad.shape)
    rows = [(GIVEN, *ratio(effects)[:3], np.nan)] if "overall" in effects.tables else []
    try:
        found = bare(model).fit(panel, replace(design, included=design.included & ~bad))
        return [*rows, (WITHOUT, *ratio(found)[:3], np.nan)]
    except AnalysisError:
        return rows


def _reading(table: pd.DataFrame, passed: bool | None, least: float, chosen_by: str) -> str:
    told = _told(table)
    if passed is False:
        return f"{told}{_without(table)} {_ask(chosen_by)}"
    if passed:
        return f"{told} That is no more than lots drawn among homes give."
    if least > ALPHA:
        return f"{told} With so few homes lots could have given anything, so the data cannot say whether it is chance."
    return f"{told} Lots may give that, but so may a choice by numbers: ask how the homes were chosen."


def _told(table: pd.DataFrame) -> str:
    (above, p), risen = table.loc[0, ["found", "p_value"]], float(table.loc[1, "found"])
    own = f" and {_way(risen)} their own earlier months" if np.isfinite(risen) else ""
    return (
        f"In the year before they started, homes with the intervention stood {_way(above)} the other homes of their "
        f"kind{own} (as high in {_share(p)} of lots)."
    )


def _way(ratio: float) -> str:
    return f"{abs(ratio - 1):.0%} {'above' if ratio >= 1 else 'below'}"


def _share(p: float) -> str:
    return "fewer than 1%" if p < 0.01 else f"{p:.0%}"


def _without(table: pd.DataFrame) -> str:
    answers = table.set_index("what")[["found", "conf_low", "conf_high"]]
    if WITHOUT not in answers.index:
        return " Without that year no month before the start is left to compare with, so the answer rests on it."
    was = f" instead of {interval(*answers.loc[GIVEN])}" if GIVEN in answers.index else ""
    return f" With that year left out the rate ratio is {interval(*answers.loc[WITHOUT])}{was}."


def _ask(chosen_by: str) -> str:
    if chosen_by:
        return (
            f"Homes were chosen by: {chosen_by}. If numbers of that year were looked at, however little, name the "
            "months in the interventions file, and they are left out."
        )
    return (
        "Were they chosen because of these numbers? If so, they fall back without any help: say so in the "
        "interventions file (chosen by, chosen from, chosen to), and those months are left out. If not, say how."
    )


def _beside(table: pd.DataFrame) -> str:
    above = float(table.loc[0, "found"])
    return (
        f"In the year before they started these homes stood {_way(above)} the others, and nobody said that they were "
        f"chosen for their numbers.{_without(table)} How were they chosen?"
    )
