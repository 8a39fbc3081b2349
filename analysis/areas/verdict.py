"""Did the area change by more than areas in which nothing was done? One rule decides, named before any answer is seen.

One method is asked, the synthetic control, whose suppositions are the weakest. Of every area i and year k since the
start it gives t_ik = |θ_ik| / s_i (`answer`); later years stray farther, so each is measured by its own median,
u_ik = t_ik / median_j t_jk. The area's year is held against every other area's *farthest* year,

    p_k = (1 + #{i: max_m u_im ≥ u_1k}) / (1 + n),   θ_1k ± q·median_j t_jk·s_1,

with q the ⌈(1 − α)(n + 1)⌉-th smallest of the others' farthest years. Whichever years are looked at, and whatever is
then said of them (came late, faded, lasted), an area like the others is told of a change with probability α at most.

The months before the start that an area is measured by can make it seem to rise or to fall. A change is announced in a
year only where it stands, and points the same way, measured by every one of these `baselines`: all usable months, the
last 36, the last 24, and those the reader asked for. Each alone is wrong at most α of the time, so all together are.

Source: Westfall and Young (1993), for the farthest of several; Berger (1982), Technometrics 24, for all at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.areas.answer import ranks_and_limits
from analysis.areas.case import ALL
from analysis.areas.conformal import EVEN, rejects
from analysis.areas.question import choose
from analysis.areas.synthetic import SyntheticControl
from analysis.errors import AnalysisError
from analysis.months import MONTH, QUARTER, YEAR
from analysis.outcomes import AreaMeasure
from analysis.panel import Panel

LAST_MONTHS = (36, 24)
"""Baselines beside the whole one: three of every calendar month, and two, the fewest that `question` accepts."""
LAST: Mapping[int, tuple[int, ...]] = {MONTH: LAST_MONTHS, QUARTER: (12, 8), YEAR: (8, 5)}
"""The same by months in a period; of years eight, and the fewest that `question` accepts."""

CONF_LEVEL = 0.95

NEARLY_NONE = np.finfo(float).tiny

RANKED = ("first_month", "months_before", "asked", "year", "estimate", "conf_low", "conf_high", "p_value", "areas")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaVerdict:
    """What may be announced of one area.

    Parameters
    ----------
    ranked : DataFrame
        One row per baseline and year since the start, with the columns `RANKED`: rate ratios with their interval over
        all years at once; ``asked`` marks the baseline the reader asked for.
    conf_level : float
    """

    ranked: pd.DataFrame
    conf_level: float = CONF_LEVEL

    @property
    def asked(self) -> pd.DataFrame:
        """Rows of the reader's own baseline, indexed by year."""
        return self.ranked.loc[self.ranked["asked"]].set_index("year")

    @property
    def areas(self) -> int:
        """Comparison areas, by the baseline that has the fewest."""
        return int(self.ranked["areas"].min())

    @property
    def needed(self) -> int:
        """Comparison areas without which even the most unusual of all is no rarer than chance allows."""
        return int(np.ceil(self.conf_level / (1 - self.conf_level) - EVEN))

    @property
    def enough(self) -> bool:
        """Whether a change could be told at all."""
        return self.areas >= self.needed

    @property
    def years(self) -> tuple[int, ...]:
        """Years since the start whose change stands by every baseline."""
        return self._where(all)

    @property
    def by_some(self) -> tuple[int, ...]:
        """Years whose change stands by one baseline and not by another, or points another way there."""
        return tuple(year for year in self._where(any) if year not in self.years)

    def _where(self, which) -> tuple[int, ...]:
        found = []
        for year, rows in self.ranked.groupby("year"):
            one_way = len(set(rows["estimate"] > 1)) == 1 if which is all else True
            if which(rejects(rows["p_value"], self.conf_level)) and one_way:
                found.append(int(year))
        return tuple(found)


def verdict(
    panel: Panel, question: AreaMeasure, returns: Panel | None = None, model: SyntheticControl | None = None
) -> AreaVerdict | None:
    """Ask the one method of every baseline; None where it can answer by none, or not by the reader's own.

    Parameters
    ----------
    panel, question, returns
        As of `question.choose`.
    model : SyntheticControl, optional
        Another specification of the method.
    """
    model = SyntheticControl(conf_level=CONF_LEVEL) if model is None else model
    parts = []
    for number, asked in enumerate(baselines(panel, question, returns).values()):
        try:
            parts.append(_ranked(panel, asked, returns, model).assign(asked=number == 0))
        except AnalysisError:
            if number == 0:
                return None
    table = pd.concat(parts, ignore_index=True)[list(RANKED)]
    return AreaVerdict(ranked=table, conf_level=model.conf_level)


def baselines(panel: Panel, question: AreaMeasure, returns: Panel | None = None) -> Mapping[int, AreaMeasure]:
    """Questions that differ in the months before the start only, by the number of those months; the reader's own first.

    A baseline for which too few months are left is not there.
    """
    found: dict[int, AreaMeasure] = {}
    whole = replace(question, first=None)
    for asked in (question, whole, *_last(panel, whole, returns)):
        try:
            used = _before(panel, asked, returns)
        except AnalysisError:
            continue
        found.setdefault(int(used.sum()), asked)
    return found


def _last(panel: Panel, question: AreaMeasure, returns: Panel | None) -> list[AreaMeasure]:
    """Ask the same of the last months before the start alone."""
    used = np.flatnonzero(_before(panel, question, returns))
    return [replace(question, first=str(panel.months[used[-n]])) for n in LAST[panel.length] if n <= len(used)]


def _before(panel: Panel, question: AreaMeasure, returns: Panel | None) -> np.ndarray:
    """Months before the start that take part, shape (T,) of bool."""
    design = choose(panel, question, returns).design
    row = panel.units.index.get_loc(question.area)
    return design.included[row] & (panel.exposure[row] > 0) & (panel.months < np.datetime64(question.start, "M"))


def _ranked(panel: Panel, question: AreaMeasure, returns: Panel | None, model: SyntheticControl) -> pd.DataFrame:
    """One row per year since the start, with the columns `RANKED` but ``asked``."""
    case, log_ratio, scale = model.follow(panel, choose(panel, question, returns).design)
    windows = list(case.windows)
    years = [k for k, year in enumerate(windows) if year != ALL]
    found = across_years(log_ratio[:, years], scale[:, years], case.treated, model.conf_level)
    return pd.DataFrame({
        "first_month": pd.Timestamp(case.months[0]), "months_before": int(case.before.sum()),
        "year": [windows[k] for k in years], "estimate": np.exp(log_ratio[case.treated, years]),
        "conf_low": np.exp(found["conf_low"]), "conf_high": np.exp(found["conf_high"]), "p_value": found["p_value"],
        "areas": len(case.units) - 1,
    })  # fmt: skip


def across_years(log_ratio: np.ndarray, scale: np.ndarray, treated: int, conf_level: float) -> pd.DataFrame:
    """Rank each year of the treated area among the others' farthest years; one row per year.

    Parameters
    ----------
    log_ratio, scale : ndarray, shape (n, K)
    treated : int
        Its row.
    """
    t = np.abs(log_ratio / scale)
    t = np.where(np.isnan(t), np.inf, t)
    usual = np.maximum(np.median(t, axis=0), NEARLY_NONE)
    farthest = np.delete(t / usual, treated, axis=0).max(axis=1, initial=0.0)
    return ranks_and_limits(
        t[treated] / usual, np.repeat(farthest[:, None], t.shape[1], axis=1), log_ratio[treated],
        usual * scale[treated], conf_level,
    )  # fmt: skip
