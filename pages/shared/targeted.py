"""What is worked out for the Targeting page, cached by the digest of the data, a visitor's own in the session."""

import numpy as np

from analysis.missing import Missing
from analysis.plans import past, targets
from analysis.targeting.benefit import YearlyOffer
from analysis.targeting.choice import Capacity
from analysis.targeting.contest import Contest
from analysis.targeting.heterogeneity import Attribute
from pages.shared import cached, choices
from pages.shared.cached import Loaded, remembered


def ratings_before(data: Loaded):
    """Give a function from a month to every home's rating then; None without ratings."""
    units = cached.past(data).shown.units.index
    return remembered(data, ("rated",), lambda: past.ratings_before(cached.inspections(data), units))


def judged(data: Loaded, offer: YearlyOffer, capacity: Capacity) -> Contest | Missing:
    """Let the rules compete on the past."""
    seen, ratings, seed = cached.past(data), ratings_before(data), targets.SEED
    known = remembered(data, ("record",), lambda: targets.recorded(seen, ratings, seed))
    question = ("contest", repr(offer), repr(capacity))
    return remembered(data, question, lambda: targets.competed(known, offer, capacity, seed))


def places(data: Loaded) -> dict[targets.Way, np.ndarray]:
    """Ways of grouping homes for fairness, each of shape (N,)."""
    return targets.places(data.store, cached.past(data).shown.units)


def by_attribute(data: Loaded, intervention: str) -> list[Attribute]:
    """Read how the effect of an intervention differs between homes."""
    return remembered(data, ("attributes", intervention), lambda: _by_attribute(data, intervention))


def _by_attribute(data: Loaded, intervention: str) -> list[Attribute]:
    given = cached.interventions(data)
    protocol = choices.first_protocol(given[given["intervention"] == intervention])
    return targets.by_attribute(cached.evaluation(data, protocol), ratings_before(data))
