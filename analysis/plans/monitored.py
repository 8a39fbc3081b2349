"""Are admissions more than their usual coming and going, and which homes stand apart?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from analysis.allowed import Entry, Option, faults, whole
from analysis.disclosure import instead
from analysis.errors import AnalysisError
from analysis.evaluation import Material
from analysis.missing import Missing
from analysis.monitoring import Cause, Charted, ControlChart, Funnel, Series, funnel
from analysis.monitoring.funnel import Spread
from analysis.monitoring.totals import NOT_KNOWN, Totals, totals
from analysis.panel import Panel, beds_for_days, monthly, names_of
from analysis.panel.doubtful import left_out, of_homes
from analysis.plural import counted

Group = Literal["all homes", "council", "kind of home"]
GROUPS: tuple[Group, ...] = ("all homes", "council", "kind of home")
PER = 1_000.0
FEWEST_EXPECTED = 20
"""In a home of the funnel. With fewer, homes with a count that is not shown (1 to 7) would be missing below; at 20
expected by chance alone fewer than one in a thousand is."""
FEWEST_UNITS = 10
"""Of which the usual differences between homes are learnt."""
MOST_AT_A_GLANCE = 20
"""Groups: a screen of icons. Of more, councils are asked for one by one."""
MONTHS = {"month": 1, "quarter": 3}
COLUMN = {"council": "area", "kind of home": "home_type"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPlan:
    """What is watched.

    Parameters
    ----------
    kind : "groups"
    title : str
    group : Group
        Whose admissions are charted.
    name : str
        Which council or kind; "" for the first.
    every : "month" or "quarter"
    chart : ControlChart
    last : int
        Months of the funnel of homes, up to the last.
    spread : Spread
        How the funnel allows for homes that differ for reasons of their own.
    """

    RULES: ClassVar[Mapping[str, Option]] = {"last": whole(1, 120, 24)}

    ENTRIES: ClassVar[Mapping[str, Entry]] = {
        "every": Entry("Points", options={"month": "month", "quarter": "quarter"}),
        "last": Entry("Months of the funnel, up to the last"),
    }

    kind: Literal["groups"] = "groups"
    title: str = "Watching emergency admissions"
    group: Group = "all homes"
    name: str = ""
    every: Literal["month", "quarter"] = "month"
    chart: ControlChart = field(default_factory=ControlChart)
    last: int = 24
    spread: Spread = "additive"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Apart:
    """A funnel of homes.

    Parameters
    ----------
    homes : DataFrame
        location_id, name, home_type, observed, expected, beside the limits' rows; only homes that may be shown.
    funnel : Funnel
    small : int
        Homes in which too few are expected to say anything of them.
    first, last : datetime64[M]
    """

    homes: pd.DataFrame
    funnel: Funnel
    small: int
    first: np.datetime64
    last: np.datetime64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Monitored:
    """A plan carried out."""

    plan: MonitoringPlan
    charted: Charted
    glance: tuple[list[tuple[str, Charted]], int]
    homes: int
    apart: Apart | Missing
    left_out: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Watchable:
    """What a store says of homes, to be watched: their totals, counts as shown, and what was done in them."""

    totals: Totals
    shown: Panel
    causes: tuple[Cause, ...]
    left_out: str


def seen(given: Material) -> Watchable:
    """Take from a store what is watched; homes with beds given for bed-days are left out."""
    odd = beds_for_days(monthly(given.shown))
    shown = of_homes(given.shown, ~odd)
    return Watchable(totals=totals(shown), shown=shown, causes=_causes(given.spells, shown),
                left_out=left_out(int(odd.sum())))  # fmt: skip


def names(known: Watchable, group: Group) -> list[str]:
    """List the groups of one kind by name."""
    return [] if group == "all homes" else sorted(known.totals.cells[COLUMN[group]].unique())


def watch(plan: MonitoringPlan, known: Watchable) -> Monitored:
    """Carry out a plan.

    Raises
    ------
    AnalysisError
        If an option cannot be, there is no such group, or its months do not make a chart.
    """
    if wrong := [*faults(plan, plan.RULES), *faults(plan.chart, plan.chart.RULES)]:
        raise AnalysisError(" ".join(wrong), do="Put it right, and the answer appears.")
    inside, name = _group(plan, known)
    return Monitored(
        plan=plan, charted=_charted(plan, known, inside, name), glance=glance(plan, known),
        homes=int(known.totals.cells["homes"][inside].sum()),
        apart=_apart(known.shown, plan), left_out=known.left_out,
    )  # fmt: skip


def glance(plan: MonitoringPlan, known: Watchable) -> tuple[list[tuple[str, Charted]], int]:
    """Chart every group by the same plan: those that can be, by name, and how many cannot."""
    every = [("all homes", ""), *((group, name) for group in GROUPS[1:] for name in names(known, group))]
    found, too_few = [], 0
    for group, name in every[:MOST_AT_A_GLANCE]:
        try:
            inside, called = _group(replace(plan, group=group, name=name), known)
            found.append((called[:1].upper() + called[1:], _charted(plan, known, inside, called)))
        except AnalysisError:
            too_few += 1
    return found, too_few + max(len(every) - MOST_AT_A_GLANCE, 0)


def _charted(plan, known, inside, name):
    periods, events, exposure = known.totals.of(inside, MONTHS[plan.every])
    series = Series(name=f"Emergency admissions, {name}", unit="per 1,000 bed-days", periods=periods, events=events,
                    of=exposure, sort="rate", per=PER)  # fmt: skip
    return plan.chart.of(series, known.causes)


def _group(plan, known):
    """Which cells, shape (K,), and what they are called."""
    cells, there = known.totals.cells, names(known, plan.group)
    if plan.group == "all homes":
        return np.ones(len(cells), bool), "all homes"
    name = plan.name or there[0]
    if name not in there:
        raise AnalysisError(f"There is no {plan.group} {name!r}.", do=f"Choose one of {', '.join(there)}.")
    return (cells[COLUMN[plan.group]] == name).to_numpy(), f"{name} homes" if plan.group == "kind of home" else name


def _causes(spells, panel):
    """Find the first start of each intervention within the panel's homes and months."""
    starts = spells[spells["location_id"].isin(panel.units.index)].dropna(subset=["started"])
    first = starts.groupby("intervention")["started"].min()
    months = first.to_numpy().astype("datetime64[M]")
    said = [str(name).replace("_", " ") for name in first.index]
    return tuple(Cause(month, name) for month, name in zip(months, said, strict=True) if month in panel.months)


def _apart(shown: Panel, plan: MonitoringPlan) -> Apart | Missing:
    try:
        return stand_apart(shown, plan.last, plan.spread)
    except AnalysisError as error:
        return Missing(str(error))


def stand_apart(shown: Panel, last: int, spread: Spread) -> Apart:
    """Set homes against what is expected of their kind, over the last months.

    Raises
    ------
    AnalysisError
        If too few homes have enough expected admissions.
    """
    recent = slice(-last, None)
    observed, days = shown.counts[:, recent].sum(axis=1), shown.exposure[:, recent].sum(axis=1)
    kind = shown.units["home_type"].astype(object).fillna(NOT_KNOWN).astype(str)
    frame = pd.DataFrame({"observed": observed, "days": days, "kind": kind.to_numpy()}, index=shown.units.index)
    frame = frame[frame["days"] > 0]
    by_kind = frame.groupby("kind")[["observed", "days"]].transform("sum")
    frame["expected"] = frame["days"] * by_kind["observed"] / by_kind["days"]
    homes = frame[frame["expected"] >= FEWEST_EXPECTED]
    if len(homes) < FEWEST_UNITS:
        raise AnalysisError(
            f"Fewer than {FEWEST_UNITS} homes have {FEWEST_EXPECTED} expected admissions or more in {last} months.",
            found=counted(len(homes), "home"),
            do="Ask for more months of the funnel.",
        )
    homes = homes.assign(observed=instead(homes["observed"].to_numpy()))
    homes = homes.assign(name=names_of(shown.units).reindex(homes.index)).rename_axis("location_id").reset_index()
    drawn = funnel(homes["observed"].to_numpy(float), homes["expected"].to_numpy(), spread)
    months = shown.months[recent]
    return Apart(homes=homes, funnel=drawn, small=len(frame) - len(homes), first=months[0], last=months[-1])
