"""What plans rest on and what lies behind their fields: worked out once for what is loaded."""

import numpy as np

from analysis.baseline import Baseline
from analysis.claims import NOTHING, LocalKnowledge
from analysis.evaluation import Evaluation
from analysis.missing import Missing
from analysis.months import MONTH
from analysis.outcomes import Ratings
from analysis.planning import Background
from analysis.plans import past, studies, targets, what_if
from analysis.plans.appraising import anyway_of
from analysis.plans.past import Ready
from analysis.plans.what_if import Known
from analysis.protocol import brief
from analysis.ratings.supported import other_starts
from analysis.scenarios.claimed import OnRatings
from analysis.scenarios.effect_from import ratings_from
from analysis.targeting.benefit import YearlyOffer
from analysis.targeting.choice import Capacity
from analysis.targeting.contest import Contest
from analysis.targeting.heterogeneity import Attribute
from analysis.words.phrases import called
from pages.shared import areas, cached
from pages.shared.cached import Loaded, remembered


def known_of_claims(data: Loaded) -> LocalKnowledge:
    """Take what a visitor's own files say of what happens anyway; invented homes say nothing of a real claim."""

    def work() -> LocalKnowledge:
        seen = cached.past(data) if cached.months_counted(data) and cached.period(data) == MONTH else None
        return anyway_of(data.name, cached.inspections(data), other_starts(data.store), seen)

    return NOTHING if data.synthetic else remembered(data, ("known of claims",), work)


def ready(data: Loaded) -> Ready:
    """Work out what is expected of every home without anything done."""
    return remembered(data, ("baseline and draws",), lambda: past.ready(cached.past(data)))


def noise(data: Loaded) -> Background:
    """Read how far homes' months vary."""
    return remembered(data, ("noise",), lambda: studies.noise_of(cached.past(data)))


def ratings_and_delays(data: Loaded, baseline: Baseline) -> Known:
    """Learn how homes move between ratings, and what councils' delays were, where either is loaded."""

    def made() -> Known:
        outcomes = areas.outcomes(areas.loaded(data))
        return what_if.ratings_and_delays(data.store, baseline, cached.inspections(data), outcomes)

    return remembered(data, ("ratings and delays", baseline.digest), made)


def evaluated(data: Loaded, intervention: str) -> Evaluation:
    """Evaluate an intervention as the Admissions page does, without its doubts."""
    return cached.evaluation(data, what_if.effect_asked(intervention))


def effect_on_ratings(data: Loaded, intervention: str) -> OnRatings:
    """Take what the ratings of homes with an intervention show."""
    asked = what_if.effect_asked(intervention, Ratings())
    return remembered(data, ("effect on ratings", intervention),
                      lambda: ratings_from(cached.evaluation(data, asked).published, called(intervention)))  # fmt: skip


def ratings_before(data: Loaded):
    """Give a function from a month to every home's rating then; None without ratings."""
    units = cached.past(data).shown.units.index
    return remembered(data, ("rated",), lambda: past.ratings_before(cached.inspections(data), units))


def contest(data: Loaded, offer: YearlyOffer, capacity: Capacity) -> Contest | Missing:
    """Let rules that choose homes compete on the past."""
    ratings, seed = ratings_before(data), targets.SEED
    known = remembered(data, ("record",), lambda: targets.recorded(cached.past(data), ratings, seed))
    question = ("contest", repr(offer), repr(capacity))
    return remembered(data, question, lambda: targets.competed(known, offer, capacity, seed))


def places(data: Loaded) -> dict[targets.Way, np.ndarray]:
    """Give the ways of grouping homes for fairness, each of shape (N,)."""
    return targets.places(data.store, cached.past(data).shown.units)


def where_it_works(data: Loaded) -> list[Attribute] | None:
    """Read the same of the intervention with most homes; None where there is none."""
    largest = targets.first_protocol(cached.past(data).spells)
    return by_attribute(data, largest.plan.intervention) if largest else None


def by_attribute(data: Loaded, intervention: str) -> list[Attribute]:
    """Read how the effect of an intervention differs between homes."""
    asked = brief(intervention)
    return remembered(data, ("attributes", intervention),
                      lambda: targets.by_attribute(cached.evaluation(data, asked), ratings_before(data)))  # fmt: skip
