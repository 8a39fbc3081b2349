"""What of a scenario goes beyond admissions: days below Good and delayed days, where ratings and delays are loaded."""

from dataclasses import dataclass

import pandas as pd

from analysis.baseline import Baseline
from analysis.errors import AnalysisError
from analysis.ratings.multi_state.model import MultiState
from analysis.ratings.supported import intervention_starts
from analysis.registrations import stored_registrations
from analysis.scenarios.below_good import BelowGood, project_ratings
from analysis.scenarios.claimed import OnRatings
from analysis.scenarios.days import Days
from analysis.scenarios.delays import Delays, delays_of, project_delays
from analysis.scenarios.effect_from import ratings_from
from analysis.scenarios.projection import Projection
from analysis.scenarios.ranges import Luck
from analysis.scenarios.standing import Standing, standing
from analysis.words.phrases import called
from pages.shared import areas, cached
from pages.shared.cached import Loaded, remembered

BELOW_GOOD, DELAYED = "Days below Good", "Delayed days"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """What the loaded data say of ratings and delays, or what is missing."""

    standing: Standing | str
    delays: Delays | str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Further:
    """Days of a projection, by the name of the outcome; and of its single homes."""

    days: dict[str, Days | str]
    homes: BelowGood | None


def known(data: Loaded, baseline: Baseline) -> Known:
    """Learn how homes move and what councils' delays were, or remember it."""

    def made() -> Known:
        return Known(standing=_standing(data, baseline), delays=_delays(data, baseline))

    return remembered(data, ("ratings and delays", baseline.digest), made)


def projected(what: Known, baseline: Baseline, projection: Projection) -> Further:
    """Lay a scenario on them."""
    below = project_ratings(what.standing, baseline, projection)
    delayed = project_delays(what.delays, baseline, projection)
    rated = isinstance(below, BelowGood)
    return Further(days={BELOW_GOOD: below.days if rated else below, DELAYED: delayed}, homes=below if rated else None)


def ratings_effect(data: Loaded, name: str) -> OnRatings:
    """Take what the ratings of homes with an intervention show, or remember it."""

    def made() -> OnRatings:
        starts = intervention_starts(data.store, name)
        return ratings_from(MultiState().fit(cached.inspections(data), starts), called(name))

    return remembered(data, ("effect on ratings", name), made)


def _standing(data: Loaded, baseline: Baseline) -> Standing | str:
    spells = data.store.table("interventions")
    home = stored_registrations(data.store).of(spells["location_id"])
    started = pd.Series(spells["started"].to_numpy("datetime64[ns]"), index=home.array).groupby(level=0).min()
    try:
        return standing(cached.inspections(data), started, baseline, Luck())
    except AnalysisError as error:
        return str(error)


def _delays(data: Loaded, baseline: Baseline) -> Delays | str:
    outcomes = areas.outcomes(areas.loaded(data))
    return delays_of(outcomes, baseline.units["area"].dropna().astype("str").unique(), Luck())
