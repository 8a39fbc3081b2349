"""Could a change in one area be told, and is it compared fairly? Asked of the periods before the start, and no other.

Every area's series is cut at the start, so that nothing worked out here can hold what came after it. Then: which areas
may serve as comparison; was the last year a spike, as the doubt will ask (`analysis.checks.spike_before`); would a
change have been announced had something begun a year earlier, when nothing was done (the rule of the answer,
`analysis.areas.verdict`); and how large a fall that rule would announce.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from analysis.areas import choose
from analysis.areas.in_time import EARLIER
from analysis.areas.observed import Areas
from analysis.areas.question import Chosen
from analysis.areas.verdict import AreaVerdict, verdict
from analysis.areas.year_before import stood_before, years_from
from analysis.checks.spike_before import spike_said
from analysis.errors import AnalysisError
from analysis.evaluation import Material
from analysis.figures import Figure, Table
from analysis.months import month_said
from analysis.outcomes import AreaMeasure
from analysis.panel import Panel
from analysis.protocol import Protocol
from analysis.reports.before import COULD_BE_FOUND, RAN_ALIKE, WHAT
from analysis.results import interval
from analysis.tables.columns import Column

ROLES = (Column("Why it is left out", "reason"), Column("Areas", "areas"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaBefore:
    """The periods before the start.

    Parameters
    ----------
    until : str
        First month that was not looked at.
    areas : Areas
        Cut at it.
    question : AreaMeasure
        As if the start had been a year earlier.
    chosen : Chosen
        Who would be compared with whom then.
    told : AreaVerdict or None
        What would have been announced; None where the method has no answer.
    """

    until: str
    areas: Areas
    question: AreaMeasure
    chosen: Chosen
    told: AreaVerdict | None


def area_before(given: Material, protocol: Protocol) -> AreaBefore:
    """Cut everything at the start.

    Raises
    ------
    AnalysisError
        If too few months are left, or the area is not in the data.
    """
    outcome = protocol.outcome
    assert isinstance(outcome, AreaMeasure)
    until, observed = outcome.start[:7], given.observed
    panel = _cut(observed.panel, until)
    returns = None if observed.returns is None else _cut(observed.returns, until)
    early = replace(outcome, start=str(np.datetime64(until, "M") - EARLIER), claimed=None, phase_in=0)
    try:
        chosen = choose(panel, early, returns)
    except AnalysisError as error:
        raise AnalysisError(
            "The protocol cannot be locked: too little is known of the time before the start. As if it had begun a "
            f"year earlier: {error}", do="Load earlier months, or choose a later start.",
        ) from error  # fmt: skip
    return AreaBefore(until=until, areas=replace(observed, panel=panel, returns=returns), question=early,
                      chosen=chosen, told=verdict(panel, early, returns))  # fmt: skip


def _cut(panel: Panel, until: str) -> Panel:
    """Give the periods that end before a month; a period that reaches into it is not known before."""
    ends = panel.months + np.timedelta64(panel.length, "M")
    return panel.of(months=slice(0, int((ends <= np.datetime64(until, "M")).sum())))


def area_figures(before: AreaBefore, protocol: Protocol, warning: str, *, counted: bool) -> Iterator[Figure]:
    """Yield what is to be seen before a protocol about one area is locked; areas' figures are published."""
    yield Figure(title=WHAT, warning=warning)
    yield _compared(before)
    yield _spike(before)
    yield _placebo(before)
    yield _could_be_found(before)


def _compared(before: AreaBefore) -> Figure:
    roles = before.chosen.roles
    out = roles[roles["role"] == "left out"].groupby("reason").size().rename("areas").reset_index()
    told = f"{before.chosen.comparison:,} areas may serve as comparison by what was known before"
    return Figure(
        title="Are there others like it?",
        sentence=f"{told}, {int(out['areas'].sum()):,} are left out." if len(out) else f"{told}; none is left out.",
        tables=(Table(tidy=out, columns=ROLES, title=""),) if len(out) else (),
    )


def _spike(before: AreaBefore) -> Figure:
    """Hold the last year before the start against the years before it, as the doubt will."""
    years = years_from(before.areas.panel, before.until, before.areas.returns, before.areas.national)
    try:
        told = spike_said(stood_before(years, before.question.area))
    except AnalysisError:
        told = "No whole year before the start is known, so it cannot be said."
    return Figure(title="Was the year before a spike?", sentence=told)


def _placebo(before: AreaBefore) -> Figure:
    told, start = before.told, month_said(before.question.start)
    if told is None or not told.enough:
        return Figure(title=RAN_ALIKE, sentence=NO_ANSWER)
    row = told.asked.iloc[0]
    found = interval(float(row["estimate"]), float(row["conf_low"]), float(row["conf_high"]))
    end = (
        "A change would have been announced where nothing was done: the others do not follow this area, and an answer "
        "would hold this too." if told.years else "No change would have been announced, as it should be."
    )  # fmt: skip
    return Figure(title=RAN_ALIKE, sentence=f"Had it begun in {start}, when nothing was done, the answer would be a "
                  f"rate ratio of {found}. {end}")  # fmt: skip


NO_ANSWER = (
    "A year in which nothing was done cannot be judged: too few areas can be compared, or too few months are known."
)


def _could_be_found(before: AreaBefore) -> Figure:
    told = before.told
    if told is None or not told.enough:
        return Figure(title=COULD_BE_FOUND, sentence=NO_ANSWER)
    row = told.asked.iloc[0]
    half = float(np.log(row["conf_high"] / row["conf_low"]) / 2)
    if not np.isfinite(half):
        return Figure(title=COULD_BE_FOUND, sentence=NO_ANSWER)
    least = 1 - np.exp(-half)
    return Figure(
        title=COULD_BE_FOUND,
        sentence=f"Within a year a fall is announced only where it comes out as {least:.0%} or more; a true fall of "
        "that size comes out so about one time in two. A smaller one would mostly be missed.",
    )
