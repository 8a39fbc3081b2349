"""What would a scenario come to in the homes of this store: admissions, money, days below Good, delayed days?"""

from dataclasses import dataclass

import pandas as pd

from analysis.baseline import Baseline
from analysis.errors import AnalysisError
from analysis.inspections import Inspections
from analysis.missing import Missing
from analysis.plans.past import Ready
from analysis.registrations import stored_registrations
from analysis.scenarios import Money, Projection, Scenario, money, project, published
from analysis.scenarios.below_good import BelowGood, project_ratings
from analysis.scenarios.days import Days
from analysis.scenarios.delays import Delays, delays_of, project_delays
from analysis.scenarios.lots import in_other_order
from analysis.scenarios.ranges import Draws
from analysis.scenarios.ratings_at_start import RatingsAtStart, ratings_at_start
from analysis.store import Store
from analysis.words import scenarios as words

BELOW_GOOD, DELAYED = "Days below Good", "Delayed days"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """What the loaded data say of ratings and delays."""

    ratings_at_start: RatingsAtStart | Missing
    delays: Delays | Missing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BeyondAdmissions:
    """Days of a projection, by the name of the outcome; and of its single homes."""

    days: dict[str, Days | Missing]
    homes: BelowGood | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WhatIf:
    """A scenario laid on the homes of a store.

    Parameters
    ----------
    scenario : Scenario
    ready : Ready
        What is expected of every home without it.
    projection, money : Projection, Money
        What it comes to.
    beyond_admissions : BeyondAdmissions
        What of it goes beyond admissions.
    """

    scenario: Scenario
    ready: Ready
    projection: Projection
    money: Money
    beyond_admissions: BeyondAdmissions


def what_if(scenario: Scenario, given: Ready, beyond: Known) -> WhatIf:
    """Lay a scenario on what is known.

    Raises
    ------
    AnalysisError
        If the scenario cannot be: every fault at once, in words.
    """
    projection = project(given.baseline, scenario, levels=given.levels)
    beyond_admissions = projected(beyond, given.baseline, projection)
    return WhatIf(
        scenario=scenario,
        ready=given,
        projection=projection,
        money=money(projection),
        beyond_admissions=beyond_admissions,
    )


def ratings_and_delays(store: Store, baseline: Baseline, inspections: Inspections, outcomes: pd.DataFrame) -> Known:
    """Learn how homes move between ratings and what councils' delays were.

    Parameters
    ----------
    store : Store
    baseline : Baseline
    inspections : Inspections
    outcomes : DataFrame
        The table ``area_outcomes``, joined over its releases.
    """
    councils = baseline.units["area"].dropna().astype("str").unique()
    return Known(
        ratings_at_start=_ratings_at_start(store, baseline, inspections), delays=delays_of(outcomes, councils, Draws())
    )


def _ratings_at_start(store: Store, baseline: Baseline, inspections: Inspections) -> RatingsAtStart | Missing:
    spells = store.table("interventions")
    home = stored_registrations(store).of(spells["location_id"])
    started = pd.Series(spells["started"].to_numpy("datetime64[ns]"), index=home.array).groupby(level=0).min()
    try:
        return ratings_at_start(inspections, started, baseline, Draws())
    except AnalysisError as error:
        return Missing(str(error))


def projected(what: Known, baseline: Baseline, projection: Projection) -> BeyondAdmissions:
    """Lay a projection on what is known of ratings and delays."""
    below = project_ratings(what.ratings_at_start, baseline, projection)
    delayed = project_delays(what.delays, baseline, projection)
    days = below if isinstance(below, Missing) else below.days
    return BeyondAdmissions(
        days={BELOW_GOOD: days, DELAYED: delayed}, homes=None if isinstance(below, Missing) else below
    )


def headline(projection: Projection) -> str:
    """Say to how many it is offered, and what it averts."""
    averted = dict(zip(("estimate", "low", "high"), published.rounded(projection.total_averted), strict=True))
    without = published.a_year(float(projection.without.sum(0).mean()), projection)
    _, least, most = published.span(projection.taken_up.max(0))
    offered = projection.offered
    who = {"offered": offered.homes, "among": len(offered.rows) * offered.by_lot, "least": least, "most": most}
    return words.what_if(projection.scenario.title, who, len(projection.months), averted, without)


def worth(found: Money) -> str:
    """Say what it costs and frees, and how likely it is to be worth its cost."""
    together = published.by_payer(found).iloc[-1].to_dict()
    return words.worth(together, float((found.net > 0).mean()))


def elsewhere(answer: WhatIf) -> str:
    """Say what hangs on which homes get it, where there are more than the team can take on."""
    other = in_other_order(answer.scenario, answer.ready.baseline)
    if other is None:
        return ""
    there = project(answer.ready.baseline, other[1], levels=answer.ready.levels)
    averted = dict(zip(("estimate", "low", "high"), published.rounded(there.total_averted), strict=True))
    chances = float((answer.money.net > 0).mean()), float((money(there).net > 0).mean())
    return words.which_homes(other[0], averted, *chances, published.from_lot_to_lot(answer.projection))


def luck(projection: Projection) -> str:
    """Say what last year's figures would have suggested."""
    worst = any(offer.who.order == "highest rate last year" for offer in projection.scenario.offers)
    naive = published.a_year(projection.naive_without, projection)
    without = published.a_year(float(projection.without.sum(0).mean()), projection)
    return words.luck(naive, without, worst)
