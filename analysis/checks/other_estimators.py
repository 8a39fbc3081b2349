"""Would the estimators that others use say the same?

Two-way fixed effects, Callaway and Sant'Anna's effects of every group and month, and imputation (`inference.adoption`),
of admissions per bed-day by quarter in homes that are seen in every month (a single month of a home is mostly chance).
A quarter in which a home starts counts as with the intervention. They ask something else than the answer, in steps that
are told one by one: rates are subtracted, not divided (imputation, averaged by bed-days); every home counts alike
(imputation as it is mostly used); and all is held against the one quarter before the start, not all before it (Callaway
and Sant'Anna), whose chance then enters whole. All are told as ratios to what imputation expects.

Intervals are by leaving out groups of homes in turn, and so is the chance of the difference between
imputation, each home alike, and the answer: more than that is a concern, for then large homes did otherwise than small
ones, or differences otherwise than ratios. Where homes start at different times, part of two-way fixed effects compares
homes with others that have started already; how much is told, because effects that grow make that part mislead.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.leaving import leaving
from analysis.checks.bare import DIGITS, enough_behind, ratio
from analysis.design import NEVER, Design
from analysis.inference.adoption import LATER, decomposed, group_time, imputed, two_way
from analysis.inference.resampling import groups_of, jackknife_variance
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import NOT_SHOWN, Check, Fitted, interval

NAME = "Would the estimators that others use say the same?"
OUTCOMES = (Rate,)
FEWEST = 3
"""Homes with the intervention seen in every month, below which an average over homes says little."""
QUARTER = 3

COLUMNS = ("what", "estimate", "conf_low", "conf_high", "weight")
GIVEN, BY_BED_DAY, IMPUTATION, TWO_WAY, GROUP_TIME = (
    "the answer, per bed-day", "imputation, by bed-days", "imputation, each home alike", "two-way fixed effects",
    "Callaway and Sant’Anna, the quarter before alone",
)  # fmt: skip
NAMES = (BY_BED_DAY, IMPUTATION, TWO_WAY, GROUP_TIME)
ALPHA = 0.05
FEW = (
    "These estimators need homes that take part in every month, before the start and after it, and fewer than "
    f"{FEWEST} homes with the intervention do."
)
ALL_STARTED = "Every home has started by the months to be looked at, so nothing shows what was to be expected."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quarters:
    """Homes seen throughout, by quarter.

    Parameters
    ----------
    y, bed_days : ndarray, shape (n, Q)
        Events per 1,000 bed-days, and bed-days.
    start : ndarray of int64, shape (n,)
        First quarter with the intervention, Q where there is none.
    homes : ndarray of bool, shape (N,)
        Which of the panel they are.
    """

    y: np.ndarray
    bed_days: np.ndarray
    start: np.ndarray
    homes: np.ndarray


def other_estimators(fitted: Fitted[Panel, Design]) -> Check:
    """Ask other estimators, and take two-way fixed effects apart."""
    panel, design, model = fitted.observed, fitted.design, fitted.model
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    seen = _seen(panel, design)
    if seen is None or not isinstance(model, StaggeredRates) or not enough_behind(panel, design):
        return Check.cannot_say(NAME, COLUMNS, FEW)
    logs = _logs(seen)
    if logs is None:
        return Check.cannot_say(NAME, COLUMNS, ALL_STARTED)
    answer = float(np.log(ratio(fitted.effects)[0]))
    found = _with_gaps(logs, answer)
    left = np.array([*_left_out(seen, groups_of(design.start), answer, leaving(model, panel, design).moved)])
    V = [jackknife_variance(*each) for each in zip(left.T, found, strict=True)]
    half = stdtrit(len(left) - 1, 1 - ALPHA / 2) * np.sqrt(V)
    return _check(fitted, (logs, seen), (found, half))


def _with_gaps(logs: Mapping[str, float], answer: float) -> np.ndarray:
    """Add how far imputation lies from the answer, and Callaway and Sant'Anna's from imputation."""
    return np.array([*logs.values(), logs[IMPUTATION] - answer, logs[GROUP_TIME] - logs[IMPUTATION]])


def _left_out(seen: Quarters, group: np.ndarray, answer: float, moved: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the same without each group of homes, the answer to first order; missing where nothing is expected."""
    for g in np.unique(group):
        out = group == g
        logs = _logs(_those(seen, ~out[seen.homes]))
        some: dict[str, float] = dict.fromkeys(NAMES, np.nan) if logs is None else logs
        yield _with_gaps(some, answer - float(moved[out].sum()))


def _seen(panel: Panel, design: Design) -> Quarters | None:
    """Take homes seen in every month that takes part; nothing where too few with the intervention are."""
    used = design.included & (panel.exposure > 0)
    months = np.flatnonzero(used.any(axis=0))
    homes = np.asarray(used[:, months].all(axis=1), bool)
    start = np.where(design.start[homes] == NEVER, len(months), np.searchsorted(months, design.start[homes]))
    if (start < len(months)).sum() < FEWEST:
        return None
    first = int(start.min()) % QUARTER  # quarters begin at the first start; what is no whole quarter is left out
    edges = np.arange(first, len(months) - QUARTER + 1, QUARTER)
    given = (values[homes][:, months[: edges[-1] + QUARTER]] for values in (panel.counts, panel.exposure))
    counts, bed_days = (np.add.reduceat(values, edges, axis=1) for values in given)
    quarter = np.where(start >= len(months), len(edges), (start - first) // QUARTER)
    return Quarters(y=1000 * counts / bed_days, bed_days=bed_days, start=quarter, homes=homes)


def _those(seen: Quarters, kept: np.ndarray) -> Quarters:
    return Quarters(y=seen.y[kept], bed_days=seen.bed_days[kept], start=seen.start[kept], homes=seen.homes)


def _logs(seen: Quarters) -> dict[str, float] | None:
    """Give the log of every estimator's ratio, by name; nothing where nothing can be expected."""
    y, start, weights = seen.y, seen.start, seen.bed_days
    if not (start < y.shape[1]).any():
        return None
    expected = imputed(y, start)
    known = (np.arange(y.shape[1]) >= start[:, None]) & np.isfinite(expected)
    if not known.any() or (level := float(expected[known].mean())) <= 0:
        return None
    by_bed_day = float((y * weights)[known].sum() / (expected * weights)[known].sum())
    effects = float((y - expected)[known].mean()), two_way(y, start), group_time(y, start)
    ratios = np.array([by_bed_day, *(1 + effect / level for effect in effects)])
    logs = np.log(np.maximum(ratios, LEAST))
    return dict(zip(NAMES, logs.tolist(), strict=True))


LEAST = 0.01
"""Differences may come to less than nothing; a ratio does not."""


def _check(fitted: Fitted[Panel, Design], given: tuple[Mapping, Quarters], errors: tuple) -> Check:
    (logs, seen), (found, half) = given, errors
    answer, ends = ratio(fitted.effects)[:3], np.exp([found, found - half, found + half]).round(DIGITS).T
    rows = [(GIVEN, *answer, np.nan)]
    rows += [(name, *end, np.nan) for name, end in zip(logs, ends[: len(logs)].tolist(), strict=True)]
    parts = pd.DataFrame(decomposed(seen.y, seen.start))
    kinds = parts.groupby("kind")["weight"].sum()
    rows += [(f"weight of {kind} in two-way fixed effects", np.nan, np.nan, np.nan, round(weight, DIGITS))
             for kind, weight in kinds.items()]  # fmt: skip
    apart = [bool(abs(found[at]) <= half[at]) if np.isfinite(half[at]) else None for at in (-2, -1)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Check(
        name=NAME, passed=apart[0], table=table, number=f"{ends[1][0]:.2f} by imputation",
        reading=_reading(table, len(seen.y), apart, float(kinds.get(LATER, 0.0))),
    )  # fmt: skip


def _reading(table: pd.DataFrame, homes: int, apart: list[bool | None], already: float) -> str:
    said = {row["what"]: interval(row["estimate"], row["conf_low"], row["conf_high"])
            for row in table.to_dict("records")}  # fmt: skip
    told = (
        f"The answer, per bed-day, is {said[GIVEN]}. Other methods were asked about the {homes:,} homes that take part "
        f"in every month, by quarter. With rates subtracted and not divided: {said[BY_BED_DAY]}. If each home also "
        f"weighs the same, however small (imputation): {said[IMPUTATION]}, {_than_chance(apart[0], 'the answer')}. If "
        f"all is also held against the one quarter before the start (Callaway and Sant’Anna): {said[GROUP_TIME]}, "
        f"{_than_chance(apart[1], 'imputation')}. Two-way fixed effects: {said[TWO_WAY]}"
    )
    compared = "nobody is compared with homes that have started already" if not already else (
        f"{already:.0%} of them compares homes with others that have started already, which misleads where effects grow"
    )  # fmt: skip
    end = " Large homes did otherwise than small ones, or differences otherwise than ratios: say which is asked about."
    return f"{told}; {compared}.{end if apart[0] is False else ''}"


def _than_chance(within: bool | None, what: str) -> str:
    if within is None:
        return f"of which it cannot be told how far chance takes it from {what}"
    return f"{'no ' if within else ''}further from {what} than chance explains"
