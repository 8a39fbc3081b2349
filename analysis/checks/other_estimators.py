"""Would the estimators that others use say the same?

Two-way fixed effects, Callaway and Sant'Anna's effects of every group and month, and imputation (`inference.adoption`),
of admissions per bed-day by quarter in homes that are seen in every month (a single month of a home is mostly chance).
A quarter in which a home starts counts as with the intervention. They average over homes, not over bed-days, and give
differences, which are told as ratios to what imputation expects. Where homes start at different times, part of two-way
fixed effects compares homes with others that have started already; how much is told, because effects that grow make
that part mislead. A concern is imputation, which looks at the same months as the answer, outside its interval; Callaway
and Sant'Anna's effects rest on the one quarter before the start, and scatter more.
"""

import numpy as np
import pandas as pd

from analysis.checks.bare import DIGITS, enough_behind, ratio
from analysis.design import NEVER, Design
from analysis.inference.adoption import LATER, decomposed, group_time, imputed, two_way
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import NOT_SHOWN, Check, Fitted, interval

NAME = "Would the estimators that others use say the same?"
OUTCOMES = (Rate,)
FEWEST = 3
"""Homes with the intervention seen in every month, below which an average over homes says little."""
QUARTER = 3

COLUMNS = ("what", "estimate", "conf_low", "conf_high", "weight")
GIVEN, TWO_WAY, GROUP_TIME, IMPUTATION = (
    "the answer, per bed-day", "two-way fixed effects", "Callaway and Sant’Anna", "imputation",
)  # fmt: skip


def other_estimators(fitted: Fitted[Panel, Design]) -> Check:
    """Ask other estimators, and take two-way fixed effects apart."""
    panel, design = fitted.observed, fitted.design
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    used = design.included & (panel.exposure > 0)
    months = np.flatnonzero(used.any(axis=0))
    homes = np.asarray(used[:, months].all(axis=1), bool)
    if (homes & (design.start != NEVER)).sum() < FEWEST or not enough_behind(panel, design):
        return Check.cannot_say(
            NAME,
            COLUMNS,
            "These estimators need homes that take part in every month, before the start and after it, and fewer than "
            f"{FEWEST} homes with the intervention do.",
        )
    place = np.where(design.start[homes] == NEVER, len(months), np.searchsorted(months, design.start[homes]))
    y, start = _by_quarter(panel.counts[homes][:, months], panel.exposure[homes][:, months], place)
    after = np.arange(y.shape[1]) >= start[:, None]
    expected = imputed(y, start)
    known = after & np.isfinite(expected)
    if not known.any() or expected[known].mean() <= 0:
        return Check.cannot_say(
            NAME,
            COLUMNS,
            "Every home has started by the months to be looked at, so nothing shows what was to be expected.",
        )
    level = float(expected[known].mean())
    effects = (two_way(y, start), group_time(y, start), float((y - expected)[known].mean()))
    return _check(fitted, [round(1 + effect / level, DIGITS) for effect in effects], decomposed(y, start), len(y))


def _by_quarter(counts: np.ndarray, exposure: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give events per 1,000 bed-days by quarter, and the first with the intervention; they begin at the first start.

    Months at either end that make up no whole quarter are left out.
    """
    T = counts.shape[1]
    first = int(start.min()) % QUARTER
    edges = np.arange(first, T - QUARTER + 1, QUARTER)
    y, e = (np.add.reduceat(values[:, : edges[-1] + QUARTER], edges, axis=1) for values in (counts, exposure))
    return 1000 * y / e, np.where(start >= T, len(edges), (start - first) // QUARTER)


def _check(fitted: Fitted[Panel, Design], ratios: list[float], parts: list, homes: int) -> Check:
    given = ratio(fitted.effects)[:3]
    rows = [(GIVEN, *given, np.nan)]
    rows += [(name, value, np.nan, np.nan, np.nan)
             for name, value in zip((TWO_WAY, GROUP_TIME, IMPUTATION), ratios, strict=True)]  # fmt: skip
    weights = pd.Series([part.weight for part in parts], dtype=float)
    kinds = weights.groupby([part.kind for part in parts]).sum().to_dict()
    rows += [(f"weight of {kind} in two-way fixed effects", np.nan, np.nan, np.nan, round(weight, DIGITS))
             for kind, weight in kinds.items()]  # fmt: skip
    passed = bool(given[1] <= ratios[2] <= given[2]) if np.isfinite(given[1:]).all() else None
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Check(
        name=NAME, passed=passed, table=table, reading=_reading(ratios, given, kinds.get(LATER, 0.0), homes),
        number=f"{ratios[2]:.2f} by imputation",
    )  # fmt: skip


def _reading(ratios: list[float], given: tuple[float, ...], already: float, homes: int) -> str:
    plain, group, imputation = ratios
    told = (
        f"By quarter, of the {homes:,} homes that take part in every month, each counting alike: imputation "
        f"{imputation:.2f}, two-way fixed effects {plain:.2f}, and Callaway and Sant’Anna, who hold everything against "
        f"the one quarter before the start, {group:.2f}, as ratios; the answer, per bed-day and of all homes, is "
        f"{interval(given[0], given[1], given[2])}"
    )
    if not already:
        return f"{told}. Nobody is compared with homes that have started already."
    return (
        f"{told}. {already:.0%} of two-way fixed effects compares homes with others that have started already, which "
        "misleads where effects grow."
    )
