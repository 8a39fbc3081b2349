"""What of a scenario goes beyond admissions: days below Good and delayed days, where ratings and delays are loaded."""

from analysis.baseline import Baseline
from analysis.design import Plan
from analysis.outcomes import Ratings
from analysis.plans import what_if
from analysis.plans.what_if import Known
from analysis.protocol import Protocol
from analysis.scenarios.claimed import OnRatings
from analysis.scenarios.effect_from import ratings_from
from analysis.words.phrases import called
from pages.shared import areas, cached
from pages.shared.cached import Loaded, remembered


def known(data: Loaded, baseline: Baseline) -> Known:
    """Learn how homes move and what councils' delays were, or remember it."""

    def made() -> Known:
        outcomes = areas.outcomes(areas.loaded(data))
        return what_if.ratings_and_delays(data.store, baseline, cached.inspections(data), outcomes)

    return remembered(data, ("ratings and delays", baseline.digest), made)


def ratings_effect(data: Loaded, name: str) -> OnRatings:
    """Take what the ratings of homes with an intervention show, or remember it."""
    protocol = Protocol(plan=Plan(intervention=name), outcome=Ratings(), methods=("multi_state",), checks=())

    def made() -> OnRatings:
        return ratings_from(cached.evaluation(data, protocol).published, called(name))

    return remembered(data, ("effect on ratings", name), made)
