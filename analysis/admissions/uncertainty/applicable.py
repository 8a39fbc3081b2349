"""Which methods do not know what this model estimates?

Methods that draw or permute anew do it for the plain model: an effect for every home and for every month, homes
clustered one way, every bed-day counting alike. Asked of another model they would answer another question, so they give
no number there and say why. CR3 leaves out one cluster at a time whatever the model, but where homes are clustered in
two ways nothing can be left out one at a time.
"""

from analysis.admissions.engine.estimate import PoissonFit

DRAWS = ("randomisation", "randomisation interval", "start months", "wild score", "wild score Webb")
REFITS = ("cluster bootstrap",)
COHORTS = "it would rest on an effect for each home, and the model asked for has one for each start"
ADJUSTED = "it knows neither months by kind of home nor other interventions, and would leave them out"
TWO_WAYS = "it moves or leaves out whole clusters, and homes clustered in two ways have none"
PER_HOME = "it re-estimates the average per bed-day, not per home"


def is_plain(fit: PoissonFit) -> bool:
    """Whether a fit has an effect for every home and every month and nothing else, every bed-day counting alike."""
    return fit.cohorts is None and fit.sample.untreated is None and fit.average == "bed_day"


def inapplicable(method: str, fit: PoissonFit) -> str:
    """Say why a method does not apply to a fit; empty where it does."""
    if method in ("CR3", *REFITS, *DRAWS) and len(fit.references) > 1:
        return TWO_WAYS
    if method not in (*REFITS, *DRAWS):
        return ""
    if fit.cohorts is not None:
        return COHORTS
    if fit.sample.untreated is not None:
        return ADJUSTED
    return PER_HOME if method in REFITS and fit.average == "home" else ""
