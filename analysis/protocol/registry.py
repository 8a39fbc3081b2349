"""Which questions can be asked, which methods answer each, and which doubts may be examined about the answer?

Names only, so that a protocol can be read without loading what carries it out. A method's options are said by its own
class (`OPTIONS`), and a doubt says itself which outcomes it may be asked about (`OUTCOMES` of its module).
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from analysis.allowed import Option
from analysis.outcomes import AreaMeasure, Closures, Rate, Ratings, Residents, Stays

RATES, RATINGS, CLOSURES, AREA, RESIDENTS = "rates", "ratings", "closures", "area measure", "residents"
STAYS = "hospital stays"
KINDS: Mapping[str, type] = {
    RATES: Rate, RATINGS: Ratings, CLOSURES: Closures, AREA: AreaMeasure, RESIDENTS: Residents, STAYS: Stays
}  # fmt: skip
"""What stands under [outcome] kind to the outcome it means; the first where nothing stands there."""

_AREA_METHODS = "analysis.questions.area_methods:METHODS"
MODELS: Mapping[str, dict[str, str]] = {
    RATES: {
        "staggered_rates": "analysis.admissions:StaggeredRates",
        "negative_binomial": "analysis.admissions.regressions:NegativeBinomialRates",
        "gee": "analysis.admissions.regressions:MarginalRates",
        "mixed": "analysis.admissions.regressions:MixedRates",
    },
    RATINGS: {
        "observed_expected": "analysis.ratings:ObservedExpected",
        "next_rating": "analysis.ratings.next_rating.model:NextRating",
        "multi_state": "analysis.ratings.multi_state.model:MultiState",
    },
    CLOSURES: {"closures_expected": "analysis.ratings.closures:ClosuresExpected"},
    AREA: dict.fromkeys(
        (
            "Synthetic control",
            "Ridge-augmented synthetic control",
            "Synthetic difference-in-differences",
            "Difference-in-differences",
            "Controlled time series, Newey–West",
            "Controlled time series, AR(1)",
            "Time series alone, Newey–West",
            "Time series alone, AR(1)",
        ),
        _AREA_METHODS,
    ),
    RESIDENTS: {"matched_residents": "analysis.residents.model:MatchedResidents"},
    STAYS: {"stay_ratios": "analysis.admissions.stays:StayRatios"},
}
"""Kind of outcome to its methods, name to specification: the class, or a mapping that holds it by name. The first
method leads; of admissions only that one is asked unless a protocol names others, elsewhere all are."""

LEADING = next(iter(MODELS[RATINGS]))
"""The method that leads about ratings."""
ASKED_AGAIN = ("one_home_or_provider", "other_programmes", "earlier_programmes", "looked_at_until")
"""Checks about ratings that ask the same again and again: seconds, so a page makes them only where they are wanted."""
OF_MODELS = ("proportional_odds", "methods_agree")
"""Checks of ratings that need more than the first method."""

CHECKS: Mapping[str, str] = {
    "parallel_before": "analysis.checks.parallel_before:parallel_before",
    "drifting_apart": "analysis.checks.drifting_apart:drifting_apart",
    "earlier_starts": "analysis.checks.earlier_starts:earlier_starts",
    "how_chosen": "analysis.checks.how_chosen:how_chosen",
    "outlasting": "analysis.checks.outlasting:outlasting",
    "stood_out": "analysis.checks.stood_out:stood_out",
    "others_alike": "analysis.checks.others_alike:others_alike",
    "few_clusters": "analysis.checks.few_clusters:few_clusters",
    "other_homes": "analysis.checks.other_homes:other_homes",
    "every_month": "analysis.checks.every_month:every_month",
    "leave_one_out": "analysis.checks.leave_one_out:leave_one_out",
    "missing_months": "analysis.checks.missing_months:missing_months",
    "comings_and_goings": "analysis.checks.comings_and_goings:comings_and_goings",
    "occupancy_moved": "analysis.checks.occupancy_moved:occupancy_moved",
    "windows": "analysis.checks.windows:windows",
    "national_events": "analysis.checks.national_events:national_events",
    "negative_control": "analysis.checks.negative_control:negative_control",
    "spill_over": "analysis.checks.spill_over:spill_over",
    "other_estimators": "analysis.checks.other_estimators:other_estimators",
    "without_exposure": "analysis.checks.without_exposure:without_exposure",
    "dose_bands": "analysis.checks.dose_bands:dose_bands",
    "chosen_by_rating": "analysis.checks.chosen_by_rating:chosen_by_rating",
    "one_home_or_provider": "analysis.checks.one_home_or_provider:one_home_or_provider",
    "other_programmes": "analysis.checks.other_programmes:other_programmes",
    "earlier_programmes": "analysis.checks.earlier_programmes:earlier_programmes",
    "looked_at_until": "analysis.checks.looked_at_until:looked_at_until",
    "inspected_otherwise": "analysis.checks.inspected_otherwise:inspected_otherwise",
    "left_the_register": "analysis.checks.left_the_register:left_the_register",
    "other_support": "analysis.checks.other_support:other_support",
    "not_rated_again": "analysis.checks.not_rated_again:not_rated_again",
    "few_supported": "analysis.checks.few_supported:few_supported",
    "proportional_odds": "analysis.checks.proportional_odds:proportional_odds",
    "leaving_known": "analysis.checks.leaving_known:leaving_known",
    "registered_again": "analysis.checks.registered_again:registered_again",
    "about_to_close": "analysis.checks.about_to_close:about_to_close",
    "one_provider_closed": "analysis.checks.one_provider_closed:one_provider_closed",
    "few_closures": "analysis.checks.few_closures:few_closures",
    "more_than_chance": "analysis.checks.more_than_chance:more_than_chance",
    "spike_before": "analysis.checks.spike_before:spike_before",
    "placebo_in_time": "analysis.checks.placebo_in_time:placebo_in_time",
    "one_area_left_out": "analysis.checks.one_area_left_out:one_area_left_out",
    "other_months_before": "analysis.checks.other_months_before:other_months_before",
    "lasted": "analysis.checks.lasted:lasted",
    "methods_agree": "analysis.checks.methods_agree:methods_agree",
    "residents_alike": "analysis.checks.residents_alike:residents_alike",
    "residents_unmatched": "analysis.checks.residents_unmatched:residents_unmatched",
    "residents_died_alike": "analysis.checks.residents_died_alike:residents_died_alike",
    "planned_as_ever": "analysis.checks.planned_as_ever:planned_as_ever",
    "residents_linked": "analysis.checks.residents_linked:residents_linked",
    "stays_recorded": "analysis.checks.stays_recorded:stays_recorded",
}
"""Name in a protocol to the function that examines the doubt; in the order in which an evaluator would ask."""
ON_REQUEST = ("dose_bands",)
"""Checks made only where a protocol names them: doses are examined where they are asked about."""
EVERY = ("every doubt",)
"""Stands for all checks that may be asked, but those on request."""

SAID_ELSEWHERE = ("subgroups", "seed", "key_question", "other_interventions")
"""What a model may want to know that a protocol says in its other sections, never under [model]."""

SUBGROUPS = ("home_type", "area", "region", "size")


def kind_of(outcome: Any) -> str:
    """Name the kind of an outcome."""
    return next(kind for kind, known in KINDS.items() if isinstance(outcome, known))


def loaded(place: str, name: str = "") -> Any:
    """Load what stands at a place of the tables above."""
    module, attribute = place.split(":")
    there = getattr(import_module(module), attribute)
    return there[name] if isinstance(there, Mapping) else there


def options_of(model: str, kind: str = RATES) -> Mapping[str, Option]:
    """Give what a protocol may set of a model: each option's name, and what may stand there.

    Parameters
    ----------
    model : str
        One of `MODELS` of that kind. Its class says it as `OPTIONS`; without, it has none.
    """
    options = getattr(loaded(MODELS[kind][model], model), "OPTIONS", {})
    return {name: rule for name, rule in options.items() if name not in SAID_ELSEWHERE}


def level_of(check: str) -> float | None:
    """Give the level of a check's own intervals, its module's `LEVEL`; None where they are at the answer's."""
    return getattr(import_module(CHECKS[check].partition(":")[0]), "LEVEL", None)


MONTH_BY_MONTH = (
    "every_month", "windows", "national_events", "other_estimators", "earlier_programmes", "looked_at_until",
)  # fmt: skip
"""Doubts that count in months, and were tried out on months alone: of homes counted by quarter or year they are not
asked."""


def first_methods(kind: str) -> tuple[str, ...]:
    """Give the methods that are asked where a protocol names none."""
    names = tuple(MODELS[kind])
    return names[:1] if kind == RATES else names


@cache
def checks_for(kind: str) -> tuple[str, ...]:
    """Give the checks that may be asked about an outcome, in the order of `CHECKS`."""
    return tuple(
        name for name, place in CHECKS.items()
        if KINDS[kind] in import_module(place.partition(":")[0]).OUTCOMES
    )  # fmt: skip


def always(kind: str = RATES) -> tuple[str, ...]:
    """Give the checks that are made unless a protocol names others."""
    return tuple(name for name in checks_for(kind) if name not in ON_REQUEST)
