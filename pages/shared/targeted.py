"""What is worked out for the Targeting page, cached by the digest of the data, a visitor's own in the session."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.published import fitted
from analysis.baseline import Baseline
from analysis.design import NEVER
from analysis.scenarios import Projection, Scenario
from analysis.scenarios.yearly import Yearly
from analysis.sources.schema import RATINGS
from analysis.targeting.benefit import Benefits, Offer, listed
from analysis.targeting.choice import Capacity, Choice
from analysis.targeting.contest import Contest, as_shown, contest, record
from analysis.targeting.entry_rule import EntryRule
from analysis.targeting.heterogeneity import Attribute, heterogeneity, with_attributes
from pages.shared import cached, choices, planned
from pages.shared.cached import Loaded, remembered


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listing:
    """The homes chosen and all that is said of them.

    Parameters
    ----------
    scenario : Scenario
        The offer, to the homes chosen by name.
    yearly : Yearly
        What it comes to in a home and year.
    projection : Projection, optional
        None where no home is chosen.
    """

    scenario: Scenario
    yearly: Yearly
    capacity: Capacity
    offered: Benefits
    choice: Choice
    rule: EntryRule | None
    contest: Contest | None
    projection: Projection | None


def offer_of(yearly: Yearly) -> Offer:
    """Hand an offer to the choice of homes."""
    return Offer(effect=yearly.effect, value=yearly.value, cost_per_home=yearly.cost_per_home, uptake=yearly.uptake,
                 fidelity=yearly.fidelity, shares=yearly.shares)  # fmt: skip


def offered_to(scenario: Scenario, baseline: Baseline, chosen: np.ndarray) -> Scenario:
    """Offer it to these homes by name."""
    offer = scenario.offers[0]
    named = tuple(baseline.units.index[chosen].astype(str))
    return replace(scenario, offers=(replace(offer, who=replace(offer.who, units=named)),))


def by_name(baseline: Baseline, listing: Listing) -> pd.DataFrame:
    """One row per open home: `benefit.listed`, and whether it is chosen, qualifies, and has had an intervention."""
    qualifies = False if listing.rule is None else listing.rule.qualifies
    rows = listed(baseline, listing.offered)
    rows = rows.assign(chosen=listing.choice.chosen, qualifies=qualifies, already=baseline.supported)
    return rows[baseline.open].reset_index(drop=True)


def judged(data: Loaded, offer: Offer, capacity: Capacity) -> Contest:
    """Let the rules compete on the past."""
    past, ratings = cached.past(data), planned.ratings_before(data)
    known = remembered(
        data,
        ("record",),
        lambda: as_shown(
            record(past.panel, past.without, ratings=ratings, seed=planned.SEED), past.shown, past.without
        ),
    )  # fmt: skip
    question = ("contest", repr(offer), repr(capacity))
    return remembered(data, question, lambda: contest(known, offer, capacity, seed=planned.SEED))


def by_attribute(data: Loaded, intervention: str) -> list[Attribute]:
    """Read how the effect of an intervention differs between homes."""
    return remembered(data, ("attributes", intervention), lambda: _by_attribute(data, intervention))


def _by_attribute(data, intervention):
    given = cached.interventions(data)
    protocol = choices.first_protocol(given[given["intervention"] == intervention])
    evaluation = cached.evaluation(data, protocol)
    panel, design = evaluation.shown, evaluation.design
    treated = design.start != NEVER
    ratings, at = planned.ratings_before(data), panel.months[design.start[treated].min()]
    known = None if ratings is None else pd.Series(ratings(at), cached.past(data).panel.units.index)
    named = None if known is None else known.map(lambda rank: RATINGS[int(rank)] if np.isfinite(rank) else None)
    panel, design, names = with_attributes(panel, design, named)
    model = StaggeredRates(subgroups=tuple(names), permutations=0, leads=0)
    return heterogeneity(fitted(model, panel, design))


def places(data: Loaded) -> dict[str, np.ndarray]:
    """Ways of grouping homes for fairness, each of shape (N,)."""
    units = cached.past(data).panel.units
    locations = data.store.table("locations").drop_duplicates("location_id").set_index("location_id")
    district = locations["postcode"].astype("string").reindex(units.index).str.split().str[0]
    ways = {"Kind of home": units["home_type"], "Council": units["area"], "Postcode district": district,
            "Provider": units["provider"]}  # fmt: skip
    return {name: way.fillna("not known").astype(str).to_numpy() for name, way in ways.items() if way.notna().any()}
