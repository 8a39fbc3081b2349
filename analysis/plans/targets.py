"""To which homes should it be offered, when there is not enough for all, and what does that come to?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from analysis.allowed import LAST_SEED, Rule, whole
from analysis.baseline import Baseline
from analysis.errors import AnalysisError
from analysis.inspections import stored_inspections
from analysis.missing import Missing
from analysis.plans import what_if
from analysis.plans.past import Past, Ready, ratings_before, ready, stored_past
from analysis.plans.writing import Answer, provenance
from analysis.scenarios import Projection, Scenario, money, project, published
from analysis.scenarios.faults import wrong_with
from analysis.scenarios.yearly import Yearly, a_year
from analysis.store import Store
from analysis.tables import targeting as tables
from analysis.targeting.benefit import Benefits, Offer, benefits, listed
from analysis.targeting.choice import Capacity, Choice, Fairness, choose
from analysis.targeting.contest import Contest, Record, as_shown, contest, record
from analysis.targeting.entry_rule import EXIT_MONTHS, FEATURES, LONGEST_MONTHS, EntryRule, entry_rule
from analysis.words import targeting as words
from analysis.written import Fault, to_toml

SEED = 20261126
"""Of every draw that nobody gives a seed of its own: the same question gets the same answer."""
Way = Literal["", "home_type", "council", "postcode_district", "provider"]
NO_RULE = "No plain rule chooses homes in which it is expected to be worth its cost."


@dataclass(frozen=True, slots=True, kw_only=True)
class FairTo:
    """How many homes of each group must, and may, be chosen.

    Parameters
    ----------
    every : Way
        How homes are grouped; "" for no rule of fairness.
    least : int
        Of every group, or all its homes where it has fewer.
    most : int
        Of any group; 0 for any number.
    """

    RULES: ClassVar[Mapping[str, Rule]] = {"least": whole(0, 100_000, 1), "most": whole(0, 100_000, 0)}

    every: Way = ""
    least: int = 1
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetingPlan:
    """An offer that there is not enough of for all.

    Parameters
    ----------
    scenario : Scenario
        One offer. How many homes it goes to is decided by the capacity, whatever `who.most` and `who.order` say.
    capacity : Capacity
        What there is to give.
    fairness : FairTo
    seed : int
    """

    RULES: ClassVar[Mapping[str, Rule]] = {"seed": whole(0, LAST_SEED, SEED)}

    scenario: Scenario
    capacity: Capacity = Capacity()
    fairness: FairTo = FairTo()
    seed: int = SEED

    @property
    def title(self) -> str:
        """What is offered."""
        return self.scenario.title


def wrong_with_plan(plan: TargetingPlan) -> list[Fault]:
    """Find what cannot be, whatever the months to come are."""
    found = [fault.within("scenario") for fault in wrong_with(plan.scenario)]
    if len(plan.scenario.offers) > 1:
        found.append(Fault("scenario.offers", "Homes are chosen for one intervention at a time."))
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listing:
    """The homes chosen and all that is said of them.

    Parameters
    ----------
    scenario : Scenario
        The offer, to the homes chosen by name.
    yearly : Yearly
        What it comes to in a home and year.
    contest : Contest or Missing
        Rules judged on years they did not see.
    projection : Projection, optional
        None where no home is chosen.
    """

    scenario: Scenario
    yearly: Yearly
    capacity: Capacity
    offered: Benefits
    choice: Choice
    rule: EntryRule | None
    contest: Contest | Missing
    projection: Projection | None


def places(store: Store, units: pd.DataFrame) -> dict[Way, np.ndarray]:
    """Give the ways of grouping homes that the data know, each of shape (N,)."""
    locations = store.table("locations").drop_duplicates("location_id").set_index("location_id")
    district = locations["postcode"].astype("string").reindex(units.index).str.split().str[0]
    ways: dict[Way, pd.Series] = {"home_type": units["home_type"], "council": units["area"],
                                  "postcode_district": district, "provider": units["provider"]}  # fmt: skip
    return {name: way.fillna("not known").astype(str).to_numpy() for name, way in ways.items() if way.notna().any()}


def competed(known: Record | Missing, offer: Offer, capacity: Capacity, seed: int) -> Contest | Missing:
    """Let the rules compete on the past, where there is enough of it."""
    if isinstance(known, Missing):
        return known
    try:
        return contest(known, offer, capacity, seed=seed)
    except AnalysisError as error:
        return Missing(str(error))


def recorded(past: Past, ratings: Any, seed: int) -> Record | Missing:
    """Look at the past as it stood a year ago, two years ago, and so on, in counts as shown."""
    try:
        return as_shown(record(past.panel, past.without, ratings=ratings, seed=seed))
    except AnalysisError as error:
        return Missing(str(error))


def offer_of(yearly: Yearly) -> Offer:
    """Hand an offer to the choice of homes."""
    return Offer(effect=yearly.effect, value=yearly.value, cost_per_home=yearly.cost_per_home, uptake=yearly.uptake,
                 fidelity=yearly.fidelity, shares=yearly.shares)  # fmt: skip


def offered_to(scenario: Scenario, baseline: Baseline, chosen: np.ndarray) -> Scenario:
    """Offer it to these homes by name."""
    offer = scenario.offers[0]
    named = tuple(baseline.units.index[chosen].astype(str))
    return replace(scenario, offers=(replace(offer, who=replace(offer.who, units=named)),))


def listing(
    plan: TargetingPlan, past: Past, given: Ready, judged: Contest | Missing, groups: np.ndarray | None
) -> Listing:
    """Choose homes, and lay the offer on them as the What if page would.

    Parameters
    ----------
    plan : TargetingPlan
    past : Past
    given : Ready
    judged : Contest or Missing
        Of `competed`.
    groups : ndarray of str, shape (N,), optional
        How homes are grouped for fairness; of `places`.
    """
    baseline, scenario, capacity = given.baseline, plan.scenario, plan.capacity
    yearly = a_year(scenario, baseline.calendar.last + 1)
    offer, may = offer_of(yearly), scenario.offers[0].who.fits(baseline)
    offered = benefits(baseline, offer, seed=plan.seed)
    learned = None if isinstance(judged, Missing) else judged.learned
    mean = offered.mean if learned is None else offered.mean_with(learned, offer.mean_uptake)
    fair = plan.fairness
    rule = None if groups is None else Fairness(group=groups, least=fair.least, most=fair.most or None)
    room = capacity.after(yearly.fixed)
    choice = choose(mean, room.needs(offered.residents, offered.cost), room.limits(), rule, eligible=may)
    to = offered_to(scenario, baseline, choice.chosen)
    return Listing(
        scenario=to,
        yearly=yearly,
        capacity=capacity,
        offered=offered,
        choice=choice,
        rule=entry_rule(past.panel, baseline, offered, room, choice),
        contest=judged,
        projection=project(baseline, to, levels=given.levels) if choice.chosen.any() else None,
    )


def by_name(baseline: Baseline, found: Listing) -> pd.DataFrame:
    """One row per open home: `benefit.listed`, and whether it is chosen, qualifies, and has had an intervention."""
    qualifies = False if found.rule is None else found.rule.qualifies
    rows = listed(baseline, found.offered)
    rows = rows.assign(chosen=found.choice.chosen, qualifies=qualifies, already=baseline.supported)
    return rows[baseline.open].reset_index(drop=True)


def headline(found: Listing) -> tuple[str, ...]:
    """Say to how many, and what that comes to, in the words of a scenario."""
    offered, chosen = found.offered, found.choice.chosen
    residents, cost = (float(each[chosen].sum()) for each in (offered.residents, offered.cost))
    first = words.offered(int(chosen.sum()), residents, cost + found.yearly.fixed)
    if found.projection is None:
        return (first,)
    return (f"{first} {what_if.headline(found.projection)}", what_if.worth(money(found.projection)))


def beside(found: Listing, baseline: Baseline) -> tuple[str, ...]:
    """Say what stands beside the answer: what is in doubt, what runs out, and who has had an intervention."""
    supported = int((baseline.supported & baseline.open).sum())
    also = not found.scenario.offers[0].who.without_only
    return (words.doubt(), words.binding(found.choice.used, found.choice.limits), words.already(supported, also))


def rule_in_words(found: Listing) -> tuple[str, ...]:
    """Say who qualifies, what should change, and when it ends."""
    rule = found.rule
    if rule is None:
        return (NO_RULE,)
    told = {
        "kinds": rule.kinds, "threshold": rule.threshold, "homes": int(rule.qualifies.sum()), "kept": rule.kept,
        "shared": rule.shared, "optimum": int(found.choice.chosen.sum()), "expected": rule.expected,
        "goal": rule.goal, "leaves_below": rule.leaves_below, "exit_months": EXIT_MONTHS,
        "longest_months": LONGEST_MONTHS,
    }  # fmt: skip
    return tuple(words.rule(told, FEATURES[rule.feature]))


def carry_out(plan: TargetingPlan, store: Store) -> Answer:
    """Carry out a plan on a store: what the Targeting page shows, as files.

    Raises
    ------
    AnalysisError
        If the data cannot answer, or nothing can be offered, in the reader's words.
    """
    past = stored_past(store)
    given, ways = ready(past), places(store, past.panel.units)
    if plan.fairness.every and plan.fairness.every not in ways:
        raise AnalysisError(
            f"Fair to every {plan.fairness.every}: the data do not say it of any home.",
            do=f"Choose one of: {', '.join(ways)}.",
        )
    ratings = ratings_before(stored_inspections(store), past.panel.units.index)
    offer = offer_of(a_year(plan.scenario, given.baseline.calendar.last + 1))
    judged = competed(recorded(past, ratings, plan.seed), offer, plan.capacity, plan.seed)
    found = listing(plan, past, given, judged, ways.get(plan.fairness.every))
    return Answer(
        said=headline(found) + (beside(found, given.baseline) if found.projection else ()),
        frames=frames(found, given.baseline),
        texts={
            "entry_rule.txt": "\n".join(["Who is offered it", "", *rule_in_words(found), ""]),
            "list_of_homes.toml": to_toml(found.scenario),
        },
        provenance=provenance(plan, store, past.panel, seed=plan.seed),
    )


def frames(found: Listing, baseline: Baseline) -> dict[str, pd.DataFrame]:
    """Give what may be handed out of it, by file name; the names are those of the page's downloads."""
    judged = pd.DataFrame(columns=["rule"]) if isinstance(found.contest, Missing) else found.contest.table
    return {
        "homes_by_name": tables.homes(by_name(baseline, found)),
        "rules_judged": tables.contested(judged) if len(judged) else judged,
        "assumptions": published.assumptions(found.scenario),
    }
