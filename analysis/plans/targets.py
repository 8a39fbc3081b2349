"""To which homes should it be offered, when there is not enough for all, and what does that come to?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.published import fitted
from analysis.allowed import LAST_SEED, Option, whole
from analysis.baseline import Baseline
from analysis.design import NEVER, Plan
from analysis.errors import AnalysisError
from analysis.evaluation import Evaluation
from analysis.missing import Missing
from analysis.plans import what_if
from analysis.plans.past import Past, Ready
from analysis.protocol import Protocol
from analysis.scenarios import Projection, Scenario, money, project
from analysis.scenarios.faults import wrong_with
from analysis.scenarios.yearly import Yearly, a_year
from analysis.sources.schema import RATINGS
from analysis.store import Store
from analysis.targeting.benefit import Benefits, YearlyOffer, benefits, listed
from analysis.targeting.choice import Capacity, Choice, Fairness, choose
from analysis.targeting.contest import Contest, Ratings, Record, as_shown, contest, record
from analysis.targeting.entry_rule import EXIT_MONTHS, FEATURES, LONGEST_MONTHS, EntryRule, entry_rule
from analysis.targeting.heterogeneity import Attribute, heterogeneity, with_attributes
from analysis.words import targeting as words
from analysis.written import Fault

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

    RULES: ClassVar[Mapping[str, Option]] = {"least": whole(0, 100_000, 1), "most": whole(0, 100_000, 0)}

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

    RULES: ClassVar[Mapping[str, Option]] = {"seed": whole(0, LAST_SEED, SEED)}

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


def competed(known: Record | Missing, offer: YearlyOffer, capacity: Capacity, seed: int) -> Contest | Missing:
    """Let the rules compete on the past, where there is enough of it."""
    if isinstance(known, Missing):
        return known
    try:
        return contest(known, offer, capacity, seed=seed)
    except AnalysisError as error:
        return Missing(str(error))


def recorded(past: Past, ratings: Ratings | None, seed: int) -> Record | Missing:
    """Look at the past as it stood a year ago, two years ago, and so on, in counts as shown."""
    try:
        known = record(past.shown.by_chance, past.without, ratings=ratings, seed=seed)
        return as_shown(known, past.shown, past.without)
    except AnalysisError as error:
        return Missing(str(error))


def offer_of(yearly: Yearly) -> YearlyOffer:
    """Hand an offer to the choice of homes."""
    return YearlyOffer(
        effect=yearly.effect, value=yearly.value, cost_per_home=yearly.cost_per_home, uptake=yearly.uptake,
        fidelity=yearly.fidelity, shares=yearly.shares,
    )  # fmt: skip


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
        rule=entry_rule(past.shown, baseline, offered, room, choice),
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
        "kinds": rule.kinds, "threshold": rule.threshold, "homes": int(rule.qualifies.sum()),
        "kept": rule.share_of_worth, "shared": rule.shared, "optimum": int(found.choice.chosen.sum()),
        "expected": rule.expected, "goal": rule.goal, "leaves_below": rule.leaves_below, "exit_months": EXIT_MONTHS,
        "longest_months": LONGEST_MONTHS,
    }  # fmt: skip
    return tuple(words.rule(told, FEATURES[rule.feature]))


def published_rule(found: Listing) -> str:
    """Write down the rule, to be published."""
    return "\n".join(["Who is offered it", "", *rule_in_words(found), ""])


def first_protocol(spells: pd.DataFrame) -> Protocol | None:
    """Ask about the intervention that most homes have had; None where there is none."""
    homes = spells.groupby("intervention")["location_id"].nunique()
    if homes.empty:
        return None
    name = sorted(homes.items(), key=lambda pair: (-pair[1], str(pair[0])))[0][0]
    return Protocol(plan=Plan(intervention=str(name)), subgroups=(), checks=())


def by_attribute(evaluation: Evaluation, ratings: Ratings | None) -> list[Attribute]:
    """Read how the effect of an intervention differs between homes."""
    panel, design = evaluation.shown, evaluation.design
    at = panel.months[int(design.start[design.start != NEVER].min())]
    known = None if ratings is None else pd.Series(ratings(at), panel.units.index)
    named = None if known is None else known.map(lambda rank: RATINGS[int(rank)] if np.isfinite(rank) else None)
    panel, design, names = with_attributes(panel, design, named)
    model = StaggeredRates(subgroups=tuple(names), permutations=0, leads=0)
    return heterogeneity(fitted(model, panel, design))


def known_places(plan: TargetingPlan, ways: dict[Way, np.ndarray]) -> np.ndarray | None:
    """Give how homes are grouped for fairness, if they are.

    Raises
    ------
    AnalysisError
        If the data do not say it of any home.
    """
    every = plan.fairness.every
    if every and every not in ways:
        raise AnalysisError(
            f"The data do not say of any home what it takes to be fair to every {every.replace('_', ' ')}.",
            do=f"Choose one of: {', '.join(ways)}.",
        )
    return ways[every] if every else None
