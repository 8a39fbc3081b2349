"""What would a scenario come to? What is shown of it, in the order in which it is read.

Pictures take a second to import, so that the answer, which needs none, comes before them.
"""
# ruff: noqa: PLC0415

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from analysis.disclosure import HES
from analysis.figures.figure import Figure, Source, Table
from analysis.figures.plans import assumed, facts, made_from, worth_table
from analysis.missing import Missing
from analysis.months import month_said
from analysis.plans import what_if
from analysis.plans.past import Past
from analysis.plans.what_if import WhatIf
from analysis.plural import counted
from analysis.prices import BASE_YEAR
from analysis.scenarios import Projection, published
from analysis.scenarios.days import by_month
from analysis.scenarios.sensitivity import switching_values, tornado
from analysis.sources.evidence import published_effects
from analysis.tables import scenarios as tables
from analysis.words import scenarios as say
from analysis.written import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """What whoever shows the figures may ask in between, each when its turn has come.

    Parameters
    ----------
    at_least : callable
        Given the middle, how many admissions averted a chance is wanted of; None for none.
    break_even : callable
        Whether the break-even values are wanted, which take a second.
    """

    at_least: Callable[[int], int | None] = lambda _: None
    break_even: Callable[[], bool] = lambda: True


LIKELY = "Ask for a number: how many of twenty equally likely futures avert as many?"
BANDS = "Darker bands hold 80% of draws, lighter ones 95%."
POUNDS = (
    f"Pounds of {BASE_YEAR} over the whole time, mean and 95% interval, to two figures; later years discounted at 3.5% "
    "a year. Capacity is a bed for somebody else; cash can be taken out of a budget."
)
MIDDLE = "With every other assumption in its middle. “none” means that no value within reach does it."
PLANE = "Each dot is a draw. Below the line the programme pays for itself in cash; right of zero it averts some."
DISCOUNTED = "Admissions discounted at 1.5% a year, money at 3.5%."
WHICH = (
    "Where most would be averted comes first. What is expected of a home is drawn from its own past and from homes "
    "like it, so that one bad year does not decide."
)


def source(found: WhatIf, past: Past, data: tuple[str, str]) -> Source:
    """Say what the figures of a scenario were made from; `data` is the digest and the name of the store."""
    projection = found.projection
    made = made_from(
        past.shown.units, *data, panel_sha256=found.ready.baseline.digest, scenario_sha256=digest(found.scenario)
    )
    first, last = (month_said(projection.months[end]) for end in (0, -1))
    origin = (
        f"{made.origin.removesuffix('.')}, projected from {first} to {last}; "
        f"{counted(projection.offered.homes, 'home')}, "
        f"{projection.averted.shape[1]:,} draws. {HES}"
    )
    return Source(origin=origin, made_from=made.made_from)


def answer(found: WhatIf, source: Source | None = None) -> Figure:
    """Say what it averts, what it costs, and what last year's figures would have said."""
    from analysis.charts import scenarios as charts

    twenty = published.dots(found.projection)
    beside = what_if.worth(found.money), what_if.elsewhere(found), what_if.luck(found.projection)
    return Figure(
        title="The answer", headline=what_if.headline(found.projection), notes=tuple(filter(None, beside)),
        sentence=say.likely(twenty["averted"].to_numpy()),
        facts=tuple(facts(found.projection, found.money)), chart=charts.dots(twenty),
        caption=source.caption() if source else "",
        tables=(worth_table(found.money),),
    )  # fmt: skip


def side_by_side(rows: Sequence[tuple[str, WhatIf]]) -> Figure:
    """Set scenarios beside one another, each under its title."""
    compared = published.compare(
        [(title, one.projection, one.money, one.beyond_admissions.days) for title, one in rows]
    )
    return Figure(tables=(Table(tidy=compared, columns=tables.compared(compared), name="scenarios", title=""),))


def rest(found: WhatIf, source: Source, asked: Callbacks) -> Iterator[Figure]:
    """Yield all but the answer."""
    projection = found.projection
    yield from _futures(projection, asked)
    yield _months(projection, source)
    yield _gains(found)
    yield _hangs_on(found, source)
    yield from _break_even(found, asked)
    yield _plane(found, source)
    yield _homes(found)
    yield Figure(title="What this cannot tell you", notes=say.CANNOT)
    yield assumed(found.scenario, "What is assumed")
    evidence = published_effects().reset_index()
    listed = Table(
        tidy=evidence, columns=tables.EVIDENCE, name="published_effects", title="What evaluations have found"
    )
    yield Figure(tables=(listed,))


def _futures(projection: Projection, asked: Callbacks) -> Iterator[Figure]:
    """Say the chance of as much as one asks for."""
    yield Figure(title="How likely is it?", sentence=LIKELY)
    wanted = asked.at_least(max(published.rounded(projection.total_averted)[0], 5))
    if wanted is not None:
        chance = say.in_twenty(projection.at_least(wanted)).capitalize()
        yield Figure(sentence=f"{chance} futures avert {wanted:,} emergency admissions or more.")


def _months(projection: Projection, source: Source) -> Figure:
    """Draw how many fewer admissions there would be, period by period."""
    from analysis.charts import scenarios as charts

    fan = published.fan(projection)
    period = charts.PERIODS.get(int(fan["months"].iloc[0]), "year")
    return Figure(
        title=f"{period.capitalize()} by {period}",
        sentence=say.difference(fan.iloc[-1].to_dict(), period),
        chart=charts.fan(fan),
        caption=source.caption(BANDS),
        tables=(Table(tidy=fan, columns=tables.FAN, name="admissions_to_come"),),
    )


def _gains(found: WhatIf) -> Figure:
    """Show what is averted, days below Good and delayed days by month, and money by payer."""
    days = found.beyond_admissions.days
    averted, payers = published.outcomes(found.projection, found.money, days), published.by_payer(found.money)
    monthly = by_month(days)
    title = "Days below Good and delayed days, month by month"
    listed = (Table(tidy=monthly, columns=tables.DAYS, name="days_by_month", title=title),) if len(monthly) else ()
    return Figure(
        title="What is averted, and who gains",
        notes=tuple(
            f"{name}: not available; {each.reason}" if isinstance(each, Missing) else each.basis
            for name, each in days.items()
        ),
        caption=POUNDS,
        tables=(
            Table(tidy=averted, columns=tables.OUTCOMES, name="averted", title=""),
            Table(tidy=payers, columns=tables.BY_PAYER, name="by_payer", title=""),
            *listed,
        ),
    )


def _hangs_on(found: WhatIf, source: Source) -> Figure:
    """Draw which assumption matters."""
    from analysis.charts import scenarios as charts

    moved = tables.ends(published.tornado(tornado(found.ready.baseline, found.scenario)))
    first = moved.iloc[0]
    return Figure(
        title="What the answer hangs on",
        sentence=say.matters(first["input"], first["net_low"], first["net_high"]),
        chart=charts.tornado(moved),
        caption=source.caption(),
        tables=(Table(tidy=moved, columns=tables.TORNADO, name="what_it_hangs_on"),),
    )


def _break_even(found: WhatIf, asked: Callbacks) -> Iterator[Figure]:
    """Show how different each assumption would have to be for value to equal cost."""
    if asked.break_even():
        switch = published.switching(switching_values(found.ready.baseline, found.scenario))
        table = Table(tidy=switch, columns=tables.SWITCHING, name="break_even", title="")
        yield Figure(title="Where value equals cost", level=3, sentence=MIDDLE, tables=(table,))


def _plane(found: WhatIf, source: Source) -> Figure:
    """Draw cost against effect, draw by draw."""
    from analysis.charts import scenarios as charts

    points = published.plane(found.money)
    return Figure(
        title="Cost against effect", sentence=PLANE, chart=charts.plane(points), caption=source.caption(DISCOUNTED)
    )


def _homes(found: WhatIf) -> Figure:
    """List what is expected of each home."""
    offered = found.projection.offered
    listed = published.homes(found.projection, found.ready.baseline, found.beyond_admissions.homes)
    lot = (
        f"A lot decides which {offered.homes:,} of these {len(listed):,} homes are offered it. What it averts in a "
        "home is told as if it were drawn. "
    )
    title = "Homes, what is expected and averted"
    return Figure(
        title="Which homes",
        sentence=f"{lot if offered.by_lot else ''}{WHICH}",
        tables=(Table(tidy=listed, columns=tables.HOMES, name="homes", title=title),),
    )
