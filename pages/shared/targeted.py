"""What is worked out for the Targeting page, cached by the digest of the data, a visitor's own in the session."""

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.admissions.published import published
from analysis.design import NEVER
from analysis.sources.schema import RATINGS
from analysis.targeting.benefit import Offer
from analysis.targeting.choice import Capacity
from analysis.targeting.contest import Contest, as_shown, contest, record
from analysis.targeting.heterogeneity import Attribute, heterogeneity, with_attributes
from pages.shared import cached, choices, planned
from pages.shared.cached import Loaded, remembered


def judged(data: Loaded, offer: Offer, capacity: Capacity) -> Contest:
    """Let the rules compete on the past."""
    past, ratings = cached.past(data), planned.ratings_before(data)
    known = remembered(
        data, ("record",), lambda: as_shown(record(past.panel, past.without, ratings=ratings, seed=planned.SEED))
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
    panel, design = evaluation.panel, evaluation.design
    treated = design.start != NEVER
    ratings, at = planned.ratings_before(data), panel.months[design.start[treated].min()]
    known = None if ratings is None else pd.Series(ratings(at), cached.past(data).panel.units.index)
    named = None if known is None else known.map(lambda rank: RATINGS[int(rank)] if np.isfinite(rank) else None)
    panel, design, names = with_attributes(panel, design, named)
    fitted = StaggeredRates(subgroups=tuple(names), permutations=0, leads=0).fit(panel, design)
    return heterogeneity(published(fitted, panel, design))


def places(data: Loaded) -> dict[str, np.ndarray]:
    """Ways of grouping homes for fairness, each of shape (N,)."""
    units = cached.past(data).panel.units
    locations = data.store.table("locations").drop_duplicates("location_id").set_index("location_id")
    district = locations["postcode"].reindex(units.index).str.split().str[0]
    ways = {"Kind of home": units["home_type"], "Council": units["area"], "Postcode district": district,
            "Provider": units["provider"]}  # fmt: skip
    return {name: way.fillna("not known").astype(str).to_numpy() for name, way in ways.items() if way.notna().any()}
