"""What does a control chart say of a series of months?

A `ControlChart` is the question: which chart, from which baseline, drawn anew when, against which target. Laid on a
`Series` it gives `Charted`: limits, signals, icons, and why this chart. Limits are never drawn anew of themselves.
Where a run has lasted and a known cause stands near its beginning, that is proposed with its reason, and a person
decides; where no cause is known, the reader is told to look for it first.

What returns every year is no special cause. Whether months of the year differ is tested (the F test of their means,
after each year's own), and told; where the reader asks, they are taken out: exposure is multiplied by each month's own
level over all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
from scipy.special import chdtrc, fdtrc

from analysis.allowed import Entry, Option, whole
from analysis.errors import AnalysisError
from analysis.monitoring.limits import (
    Limits,
    individuals,
    rates,
    shares,
    spread_of_rates,
    spread_of_shares,
)
from analysis.monitoring.signals import Assurance, Better, Signals, Variation, assurance, signals
from analysis.months import is_month, month_said
from analysis.plural import counted

Kind = Literal["auto", "XmR", "U", "u′", "P", "p′"]
MONTHS = Option(lambda value: all(is_month(month) for month in value), "months, year first", '["2022-01"]')
TARGET = Option(lambda value: value is None or 0 <= value < np.inf, "a number from 0", "2.5")
FEWEST_POINTS = 12
"""Making Data Count: limits from fewer points are not to be relied on."""
FEWEST_EXPECTED = 5
"""Expected events a point: with fewer, limits by the normal law do not hold (Montgomery, 7.3)."""
SURPRISING = 0.01
"""How seldom a steady process strays as far as seen before a chart is drawn that allows for it."""
NEAR = 3
"""Months between a cause and the first month of a run that it may explain."""
FEWEST_YEARS = 2
"""Of which the level of a time of the year is learnt."""
AUTOCORRELATED = 2.0
"""Standard errors of a correlation of neighbours from which it is told."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Series:
    """What was counted, month after month or quarter after quarter.

    Parameters
    ----------
    name : str
        What it is called: "Emergency admissions, all homes".
    unit : str
        What is drawn: "per 1,000 bed-days".
    periods : ndarray of datetime64[M], shape (T,)
        The first month of each period.
    events, of : ndarray of float64, shape (T,)
        Counts, and over what; `of` of ones for a measurement.
    sort : "rate", "share" or "measurement"
    per : float
        What a rate is drawn per.
    """

    name: str
    unit: str
    periods: np.ndarray
    events: np.ndarray
    of: np.ndarray
    sort: Literal["rate", "share", "measurement"]
    per: float = 1.0

    @property
    def values(self) -> np.ndarray:
        """What is drawn, shape (T,)."""
        return self.per * self.events / self.of


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that is known to have happened: its month and what it was."""

    month: np.datetime64
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlChart:
    """How a series is charted.

    Parameters
    ----------
    kind : Kind
        "auto" chooses by the data, and says why.
    points : 6 or 7
        How many in a row make a run or a trend.
    baseline : int
        Points at the start of each stretch from which limits are learnt; 0 for all.
    rebased : tuple of str
        Months from which limits are learnt anew, which a person decided.
    target : float or None
        In the units of what is drawn.
    better : "lower", "higher" or "neither"
    season : "auto", "kept" or "taken out"
        Whether the time of the year is part of what is charted; "auto" takes it out where times of the year differ.
    """

    RULES: ClassVar[Mapping[str, Option]] = {
        "points": whole(6, 7, 7), "baseline": whole(0, 1_000, 24), "rebased": MONTHS, "target": TARGET
    }  # fmt: skip

    ENTRIES: ClassVar[Mapping[str, Entry]] = {
        "baseline": Entry("Points from which limits are learnt (0: all)"),
        "points": Entry("In a row that make a run or a trend", options={7: "7", 6: "6"}),
        "season": Entry(
            "Take the time of the year out",
            options={"auto": "Where it is found", "kept": "Never", "taken out": "Always"},
        ),
    }

    kind: Kind = "auto"
    points: int = 7
    baseline: int = 0
    rebased: tuple[str, ...] = ()
    target: float | None = None
    better: Better = "lower"
    season: Literal["auto", "kept", "taken out"] = "auto"

    def of(self, series: Series, causes: Sequence[Cause] = ()) -> "Charted":
        """Lay it on a series.

        Raises
        ------
        AnalysisError
            If a stretch has fewer points than limits need, or the kind does not fit the series.
        """
        stretch = _stretches(series.periods, self.rebased)
        base = _baselines(stretch, self.baseline)
        seasonal = _seasonal(series, base)
        taken_out = self.season == "taken out" or (self.season == "auto" and seasonal)
        if taken_out:
            series = _without_season(series, base)
        kind, why = _chosen(self.kind, series, stretch, base)
        limits = _limits(kind, series, stretch, base)
        found = signals(series.values, limits, stretch, self.points)
        return Charted(
            series=series,
            asked=self,
            kind=kind,
            why=why,
            limits=limits,
            stretch=stretch,
            base=base,
            signals=found,
            causes=tuple(causes),
            proposal=_proposal(series.periods, found, stretch, causes),
            alike=_alike_neighbours(series.values[base]),
            seasonal=seasonal,
            taken_out=taken_out,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Charted:
    """A series with its limits and signals.

    Parameters
    ----------
    series : Series
    asked : ControlChart
    kind, why : str
        The chart that was drawn, and the reason.
    limits : Limits
        In the units of what is drawn.
    stretch : ndarray of int, shape (T,)
    base : ndarray of bool, shape (T,)
        From which points limits were learnt.
    signals : Signals
    causes : tuple of Cause
        What is known to have happened.
    proposal : str
        Whether limits might be drawn anew, and why; empty where nothing speaks for it.
    alike : bool
        Whether neighbouring points of the baseline resemble each other.
    seasonal, taken_out : bool
        Whether times of the year differ more than chance explains, and whether that was taken out.
    """

    series: Series
    asked: ControlChart
    kind: str
    why: str
    limits: Limits
    stretch: np.ndarray
    base: np.ndarray
    signals: Signals
    causes: tuple[Cause, ...]
    proposal: str
    alike: bool
    seasonal: bool
    taken_out: bool

    @property
    def variation(self) -> Variation:
        """What the last point is."""
        return self.signals.variation(self.asked.better)[-1]

    @property
    def assurance(self) -> Assurance | None:
        """Whether the target is met always, never or by chance, as limits are now."""
        target = self.asked.target
        return None if target is None else assurance(target, self.limits, self.asked.better)


def _stretches(periods, rebased):
    months = np.array([np.datetime64(month, "M") for month in rebased], "datetime64[M]")
    return (periods[:, None] >= np.sort(months)[None, :]).sum(axis=1) if len(months) else np.zeros(len(periods), int)


def _baselines(stretch, points):
    """Which points teach limits; a stretch with too few is refused in words."""
    base = np.zeros(len(stretch), bool)
    for number in np.unique(stretch):
        part = np.flatnonzero(stretch == number)
        base[part[: points or len(part)]] = True
        if base[part].sum() < FEWEST_POINTS:
            raise AnalysisError(
                f"Limits would be learnt from {counted(base[part].sum(), 'point')}.",
                do=f"Give at least {FEWEST_POINTS}: a longer series or baseline, or limits drawn anew from elsewhere.",
            )
    return base


def _time_of_year(periods):
    """Which time of the year a period is, and which year it belongs to, each of shape (T,)."""
    months = periods.astype(int)
    return months % 12, months // 12


def _seasonal(series, base):
    """Whether times of the year differ: two-way layout of whole years in the baseline, F test."""
    time, year = (part[base] for part in _time_of_year(series.periods))
    values, times = series.values[base], np.unique(time)
    whole_years = [number for number in np.unique(year) if (year == number).sum() == len(times)]
    if len(whole_years) < FEWEST_YEARS or len(times) < 2:
        return False
    grid = np.array([values[year == number][np.argsort(time[year == number])] for number in whole_years])
    between = len(grid) * ((grid.mean(axis=0) - grid.mean()) ** 2).sum() / (len(times) - 1)
    rest = grid - grid.mean(axis=0) - grid.mean(axis=1, keepdims=True) + grid.mean()
    within = (rest**2).sum() / ((len(times) - 1) * (len(grid) - 1))
    return bool(within > 0 and fdtrc(len(times) - 1, (len(times) - 1) * (len(grid) - 1), between / within) < SURPRISING)


def _without_season(series, base):
    """Lay the series over exposure at each time of the year's own level."""
    time, _ = _time_of_year(series.periods)
    overall, of = series.events[base].sum() / series.of[base].sum(), series.of.astype(float).copy()
    for each in np.unique(time):
        known = base & (time == each)
        if series.sort != "rate" or known.sum() < FEWEST_YEARS or series.events[known].sum() == 0:
            raise AnalysisError(
                "The time of the year cannot be taken out.",
                do=f"It is learnt from rates of at least {FEWEST_YEARS} years in the baseline.",
            )
        of[time == each] *= series.events[known].sum() / series.of[known].sum() / overall
    return replace(series, of=of, unit=f"{series.unit}, the time of year taken out")


def _chosen(kind, series, stretch, base):
    """Choose the chart, and say why."""
    allowed = {"rate": ("U", "u′"), "share": ("P", "p′"), "measurement": ()}[series.sort]
    if kind != "auto":
        if kind not in ("XmR", *allowed):
            raise AnalysisError(
                f"A {kind} chart is not for a {series.sort}.", do=f"Ask for {', '.join(('XmR', *allowed))} or auto."
            )
        return kind, "It was asked for."
    if not allowed:
        return "XmR", "It is a measurement, not a count over an exposure."
    _refuse_rare(series, base)
    surprise = _surprise(series, stretch, base)
    if surprise < SURPRISING:
        law = "points stray further than counts by chance alone would"
        return allowed[1], f"{law}, so its limits are widened to how far they do stray".capitalize() + "."
    return allowed[0], "Points stray no further than counts by chance alone would."


def _refuse_rare(series, base):
    expected = (series.events[base].sum() / series.of[base].sum() * series.of).min()
    if expected < FEWEST_EXPECTED:
        raise AnalysisError(
            f"{series.name} has points at which fewer than {FEWEST_EXPECTED} are expected ({expected:.1f}).",
            do="Chart quarters instead of months, or a larger group.",
        )


def _surprise(series, stretch, base):
    """How often a steady process would stray as far from the centre of its stretch: χ² of counts."""
    statistic, freedom = 0.0, 0
    for number in np.unique(stretch):
        part = base & (stretch == number)
        events, of = series.events[part], series.of[part]
        centre = events.sum() / of.sum()
        variance = of * centre * ((1 - centre) if series.sort == "share" else 1)
        statistic += float(((events - of * centre) ** 2 / variance).sum()) if centre > 0 else 0.0
        freedom += int(part.sum()) - 1
    return float(chdtrc(freedom, statistic))


def _limits(kind, series, stretch, base):
    """Limits of every stretch, in the units of what is drawn."""
    parts = [(places, base[places]) for places in (np.flatnonzero(stretch == n) for n in np.unique(stretch))]
    found = [_of_stretch(kind, series, places, learnt) for places, learnt in parts]
    names = ("centre", "lower", "upper", "near_lower", "near_upper")
    return Limits(**{name: series.per * np.concatenate([getattr(part, name) for part in found]) for name in names})


def _of_stretch(kind, series, places, learnt):
    events, of = series.events[places], series.of[places]
    if kind == "XmR":
        return individuals(events / of, learnt)
    if kind in ("U", "u′"):
        return rates(events, of, learnt, spread_of_rates(events, of, learnt) if kind == "u′" else 1.0)
    return shares(events, of, learnt, spread_of_shares(events, of, learnt) if kind == "p′" else 1.0)


def _proposal(periods, found, stretch, causes):
    """Say whether the level seems to have moved for good: the last points are one run, long enough to learn from."""
    side = found.side
    run = len(side) - 1 - np.flatnonzero((side != side[-1]) | (stretch != stretch[-1]))[-1:]
    length = int(run[0]) if run.size else len(side)
    if side[-1] == 0 or length < FEWEST_POINTS or length == (stretch == stretch[-1]).sum():
        return ""
    first = periods[-length]
    where = "below" if side[-1] < 0 else "above"
    said = f"Since {month_said(first)} every one of {length} points lies {where} the centre."
    near = [cause for cause in causes if abs((cause.month - first).astype(int)) <= NEAR]
    if not near:
        return f"{said} No cause is known near that month: look for it before limits are drawn anew."
    known = " and ".join(f"{cause.name} began in {month_said(cause.month)}" for cause in near)
    anew = f"limits may be drawn anew from {month_said(first)}; that is for you to decide"
    return f"{said} Near its beginning {known}. If that is the reason, {anew}."


def _alike_neighbours(values):
    """Whether the correlation of neighbours is more than two standard errors above none."""
    moved = values - values.mean()
    total = float((moved**2).sum())
    return bool(total > 0 and (moved[1:] * moved[:-1]).sum() / total > AUTOCORRELATED / np.sqrt(len(values)))
