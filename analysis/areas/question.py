"""Which area, from when, and which other areas may show what would have happened?

Rules that leave areas and months out, in this order, each with its account:

1. **Under-reporting.** A half of a financial year in which an area returned less than a fifth of its own median half is
   taken as a return not made. The treated area's series begins after its last such half; a comparison area with one
   inside the window is left out. (Isle of Wight: 81 and 87 delayed days in the whole of 2011/12 and 2012/13, 60 in the
   first half of 2013/14, and 1,500 to 5,200 a year from then on.) Judged by the total of the return, because the split
   of one total between the NHS and social care may move while the return is complete.
2. **Named by the reader**: neighbours that share a hospital, areas with a programme of their own.
3. **Missing months** in the window: often a council that was reorganised and changed its code.
4. **Mostly zero**: more than half of the months before the start without any event.
5. **A break before the start**: a half year more than four times, or less than a quarter of, the half before it.

Only months before the start decide about breaks, so that no area is chosen by what came after. Of figures by quarter
the same is asked of quarters, and of figures by year of years, a year taking the place of a half. A quarter or a year
in which the intervention began after its first month is neither before nor after the start, and takes no part.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.design import LEFT_OUT, NEVER, Design
from analysis.errors import AnalysisError
from analysis.months import MONTH, PERIODS, QUARTER, YEAR, month_said, period_said, periods_said
from analysis.outcomes import AreaMeasure
from analysis.panel import Panel

UNDER_REPORTED = 0.2
"""Share of an area's median half year below which its return is taken as not made. Half years of complete English
returns stay above it; the two councils below it in 2011–2013 had 2% to 5% of their later level."""

BREAK = 4.0
"""A half year this many times the half before it, or its inverse, is a change of definition or of return: year to year
an English council moves between −40% and +69% (5th and 95th centile, 2014/15 to 2018/19)."""

FEWEST_BEFORE = 24
"""Months needed before the start: two of every calendar month, without which season and trend cannot be told apart."""

FEWEST: Mapping[int, int] = {MONTH: FEWEST_BEFORE, QUARTER: 8, YEAR: 5}
"""The same by months in a period: two of every quarter; of years, in which no season is to be told, a level and a trend
and as many again that can contradict them, so that how far an area strays from its own course shows at all."""

MOSTLY_ZERO = 0.5
ROLES = ("unit", "name", "role", "reason")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """Who is compared with whom, and why.

    Parameters
    ----------
    question : AreaMeasure
        What is asked.
    design : Design
        For any model.
    roles : DataFrame
        One row per area: unit, name, role ("treated", "comparison", "left out"), reason.
    notes : tuple of str
        Plain sentences the reader must see beside every estimate.
    """

    question: AreaMeasure
    design: Design
    roles: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def comparison(self) -> int:
        """Number of comparison areas."""
        return int((self.roles["role"] == "comparison").sum())


def choose(panel: Panel, question: AreaMeasure, returns: Panel | None = None) -> Chosen:
    """Turn a question into a design on a panel of areas, with an account of who was left out and why.

    Parameters
    ----------
    panel : Panel
        Areas by month.
    question : AreaMeasure
        What is asked.
    returns : Panel, optional
        The same areas' whole return, by which under-reporting is judged; by default the panel itself.

    Raises
    ------
    AnalysisError
        If the area or its start is not in the data, or too few months are left before it.
    """
    treated, start = _treated(panel, question), _first_from(panel, question.start)
    _refuse_start(panel, question, start)
    whole = panel if returns is None else _aligned(returns, panel)
    window, notes = _window(panel, whole, question, (treated, start))
    reason = _reasons(panel, whole, question, (treated, start, window))
    included = window[None, :] & (reason == "")[:, None]
    design = Design(
        intervention=f"from {question.start}",
        start=np.where(np.arange(len(panel.units)) == treated, start, NEVER),
        included=included,
        comparison="never_treated",
        left_out=_left_out(reason, panel.exposure[:, window] > 0),
        notes=tuple(notes),
    )
    return Chosen(question=question, design=design, roles=_roles(panel, treated, reason), notes=tuple(notes))


def _treated(panel: Panel, question: AreaMeasure) -> int:
    if question.area in panel.units.index:
        return int(panel.units.index.get_loc(question.area))  # type: ignore[arg-type]
    raise AnalysisError(
        f"There is no area {question.area!r} in the data.",
        found=f"{len(panel.units):,} areas, from {panel.units.index[0]} to {panel.units.index[-1]}",
        do="Give the area's code as the file has it. A council that was reorganised has a new code from then on.",
    )


def _since(panel: Panel, month: str) -> np.ndarray:
    """Months from a month to the first of every period, shape (T,)."""
    return (panel.months - np.datetime64(month, "M")).astype(int)


def _first_from(panel: Panel, month: str) -> int:
    """Position of the first period that begins in a month or after it; negative before the first."""
    return int(-(_since(panel, month)[0] // panel.length))


def _refuse_start(panel: Panel, question: AreaMeasure, start: int) -> None:
    fewest = FEWEST[panel.length]
    if fewest <= start < len(panel.months):
        return
    first, last = (period_said(panel.months[k], panel.length) for k in (0, -1))
    names, least = f"{PERIODS[panel.length]}s", periods_said(fewest, panel.length)
    raise AnalysisError(
        f"The start, {month_said(question.start)}, leaves fewer than {least} before it, or none after it.",
        found=f"{names} from {first} to {last}",
        do=f"Choose a start from {month_said(panel.months[fewest])} to {month_said(panel.months[-1])}."
        if len(panel.months) > fewest
        else f"Load more {names}: at least {fewest} before the start.",
    )


def _aligned(returns: Panel, panel: Panel) -> Panel:
    """Bring the whole returns into the rows and months of the panel, or fall back on the panel."""
    same = returns.units.index.equals(panel.units.index) and np.array_equal(returns.months, panel.months)
    return returns if same else panel


def halves(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Sum counts over halves of financial years, or over whole years of a yearly figure.

    A half with a missing month is missing.

    Returns
    -------
    half : ndarray of int, shape (T,)
        Number of each month's half, from zero.
    sums : ndarray of float64, shape (N, halves)
        Events a day in each half.
    """
    month = panel.months.astype(int)
    half = (month - 3) // max(6, panel.length)  # month 3 is April 1970
    half = half - half[0]
    cell = np.zeros((len(half), half[-1] + 1))
    cell[np.arange(len(half)), half] = 1.0
    observed = panel.exposure > 0
    complete = (observed @ cell) == cell.sum(0)
    days = panel.exposure @ cell
    return half, np.where(complete, (panel.counts * observed) @ cell / np.where(days > 0, days, 1), np.nan)


def _under_reported(panel: Panel) -> np.ndarray:
    """Area-months in halves whose return was not made, shape (N, T)."""
    half, sums = halves(panel)
    with np.errstate(invalid="ignore"):
        low = sums < UNDER_REPORTED * _median(sums)
    return low[:, half]


def reported(returns: Panel, panel: Panel) -> np.ndarray:
    """Area-months whose return was made, shape (N, T) of the panel."""
    return ~_under_reported(_aligned(returns, panel))


def _median(sums: np.ndarray) -> np.ndarray:
    """Median half of each area, shape (N, 1); missing where it has none."""
    known = np.isfinite(sums).any(axis=1)
    median = np.full((len(sums), 1), np.nan)
    median[known, 0] = np.nanmedian(sums[known], axis=1)
    return median


def _window(panel, whole, question, place) -> tuple[np.ndarray, list[str]]:
    """Months that take part, shape (T,), and what the reader must know about them."""
    treated, start = place
    t, notes = np.arange(len(panel.months)), []
    first = max(_first_from(panel, question.first), 0) if question.first else 0
    last = min(int(panel.month_index([question.last])[0]), len(t) - 1) if question.last else len(t) - 1
    low = _under_reported(whole)[treated] & (t < start)
    if low.any() and np.flatnonzero(low)[-1] >= first:
        first = int(np.flatnonzero(low)[-1]) + 1
        notes.append(
            f"{PERIODS[panel.length].capitalize()}s before {period_said(panel.months[first], panel.length)} are left "
            f"out: in a {_half(panel)} among them the area returned less than {UNDER_REPORTED:.0%} of its own median "
            f"{_half(panel)}."
        )
    window = (t >= first) & (t <= last) & ~_between(panel, question)
    notes += _straddled(panel, question)
    missing = window & (panel.exposure[treated] == 0)
    if missing.any():
        said = periods_said(int(missing.sum()), panel.length)
        notes.append(f"{said} that the area did not report are left out for every area.")
    window = window & ~missing
    _refuse_window(panel, question, (window, start, first))
    return window, [*notes, *_zeros(panel.counts[treated, window & (t < start)], panel.length)]


def _half(panel: Panel) -> str:
    """Name what returns are judged by."""
    return "year" if panel.length == YEAR else "half year"


def _between(panel: Panel, question: AreaMeasure) -> np.ndarray:
    """Periods that are neither before nor after, shape (T,): of set-up, of early action, or cut in two by the start."""
    begins = _since(panel, question.start)
    ends = begins + panel.length - 1
    set_up = (ends >= -question.wash_out) & (begins < question.phase_in)
    return set_up & bool(question.wash_out + question.phase_in) | (begins < 0) & (ends >= 0)


def _straddled(panel: Panel, question: AreaMeasure) -> list[str]:
    """Say which period the start cuts in two."""
    cut = (_since(panel, question.start) < 0) & (_since(panel, question.start) > -panel.length)
    return [
        f"{period_said(month, panel.length)} takes no part: the start, {month_said(question.start)}, lies inside it."
        for month in panel.months[cut]
    ]


def _zeros(before: np.ndarray, length: int) -> list[str]:
    """Say how many periods before the start had no event."""
    empty = int((before == 0).sum())
    if not empty:
        return []
    return [
        f"In {empty} of the {periods_said(len(before), length)} before the start the area had no event at all: "
        "percentages of so little swing widely, and a zero may be a return that was not made."
    ]


def _refuse_window(panel, question, place) -> None:
    window, start, first = place
    t, length = np.arange(len(window)), panel.length
    before = int((window & (t < start)).sum())
    name, why = PERIODS[length], "tell trend from chance" if length == YEAR else "tell season from trend"
    if before < FEWEST[length]:
        raise AnalysisError(
            f"Only {before} usable {name}s are left before {month_said(question.start)}; {FEWEST[length]} are needed "
            f"to {why}.",
            found=f"usable {name}s from {period_said(panel.months[min(first, len(t) - 1)], length)}",
            do=f"Choose a later start, an earlier first {name}, or fewer months of wash-out.",
        )
    if not (window & (t >= start)).any():
        raise AnalysisError(
            f"No {name} is left from {month_said(question.start)} on.",
            do=f"Choose an earlier start, a later last {name}, or a shorter phase-in.",
        )
    treated = panel.units.index.get_loc(question.area)
    counts = panel.counts[treated, window & (t < start)]
    if (counts == 0).mean() > MOSTLY_ZERO:
        raise AnalysisError(
            f"{panel.units['name'].iloc[treated]} had no event in most {name}s before "
            f"{month_said(question.start)}: no percentage can be told.",
            found=f"{int((counts == 0).sum())} of {periods_said(len(counts), length)} without any",
            do="Choose a measure with more events, such as the total.",
        )


def _reasons(panel, whole, question, place) -> np.ndarray:
    """Why each area is left out; empty for the treated area and those that stay, shape (N,) of str."""
    treated, _, _ = place
    reason = np.full(len(panel.units), "", dtype=object)
    for why, where in _rules(panel, whole, question, place):
        reason[where & (reason == "")] = why
    reason[treated] = ""
    return reason.astype(str)


def _rules(panel, whole, question, place) -> Iterator[tuple[str, np.ndarray]]:
    _, start, window = place
    t = np.arange(len(window))
    before, name = window & (t < start), PERIODS[panel.length]
    yield "named by the reader", panel.units.index.isin(list(question.leave_out))
    yield f"{name}s missing (often a changed code or boundary)", (panel.exposure[:, window] == 0).any(axis=1)
    yield f"under-reported for a {_half(panel)}", np.any(_under_reported(whole)[:, window], axis=1)
    yield f"no event in most {name}s before the start", (panel.counts[:, before] == 0).mean(axis=1) > MOSTLY_ZERO
    yield f"a break before the start: one {_half(panel)} four times another", _broken(whole, before)


def _broken(panel: Panel, before: np.ndarray) -> np.ndarray:
    """Areas that moved by more than `BREAK` from one half year before the start to the next, shape (N,)."""
    half, sums = halves(panel)
    inside = np.bincount(half, weights=before, minlength=sums.shape[1]) == np.bincount(half, minlength=sums.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        moves = np.abs(np.diff(np.log(sums[:, inside]), axis=1))
    return (moves > np.log(BREAK)).any(axis=1)


def _left_out(reason: np.ndarray, observed: np.ndarray) -> pd.DataFrame:
    """Count areas and area-months by reason."""
    rows = [(why, int((reason == why).sum()), int(observed[reason == why].sum())) for why in sorted(set(reason) - {""})]
    return pd.DataFrame(rows, columns=list(LEFT_OUT))


def _roles(panel: Panel, treated: int, reason: np.ndarray) -> pd.DataFrame:
    role = np.where(reason == "", "comparison", "left out").astype(object)
    role[treated] = "treated"
    columns = (panel.units.index, panel.units["name"].to_numpy(), role, reason)
    return pd.DataFrame(dict(zip(ROLES, columns, strict=True)))


def starts(rows: pd.DataFrame, *, length: int) -> list[str]:
    """List the months, quarters or years from which a programme can have begun: there are enough before them.

    Of years one before is enough to say where an area stands among others.
    """
    periods = sorted(set(rows["period"]))
    usable = (periods[1:] if length == YEAR else periods[FEWEST[length] :]) or periods[-1:]
    return [f"{period:%Y-%m}" for period in usable]
