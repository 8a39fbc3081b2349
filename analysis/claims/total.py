"""What does a total that was scaled up to the country rest on?"""

import numpy as np

from analysis.claims.admissions import BEDS
from analysis.claims.anyway import LocalKnowledge, rate_of, trend_of
from analysis.claims.appraisal import Appraisal, Number, number
from analysis.claims.claim import ScaledTotal
from analysis.claims.regression import OCCUPANCY
from analysis.claims.shrinkage import Bounded, prior_of

CLAIM = "Claim"
DIVIDED = "Worked out from the figures in the claim"
IN_A_YEAR, IN_ENGLAND = (
    192_000,
    "Improvement Analytics Unit, July 2019: emergency admissions of care-home residents, 2016/17",
)
MONTHS = 12.0


def appraise_total(claim: ScaledTotal, known: LocalKnowledge) -> Appraisal:
    """Appraise a total that was scaled up."""
    numbers, assumed = _rests_on(claim), []
    if claim.total is None:
        return Appraisal(claim=claim, numbers=numbers, unit="change")
    months = claim.after.length or MONTHS
    if claim.after.length is None:
        assumed.append(f"{MONTHS:.0f} months.")
    homes = _homes(claim)
    whole = IN_A_YEAR * months / 12
    what = f"The total as a share of all emergency admissions of care-home residents in England in {months:.0f} months"
    numbers["of_all"] = number(what, claim.total / whole, "share", IN_ENGLAND)
    fall = _fall(claim, homes, months, assumed)
    if fall is None or not 0 < fall < 1:
        return Appraisal(claim=claim, numbers=numbers, unit="change", assumed=tuple(assumed))
    own = number("The fall that this total is of what was to be expected", -fall, "change", _fall_source(claim))
    left, trend, prior = _left(claim, known, fall, months)
    numbers |= {
        "claimed": own,
        "trend": number("Change over the same time where nothing was done", _spread(trend.mean, trend.spread), "change",
                        trend.source),
        "prior": number("Controlled evaluations of such support", _spread(np.log(prior.ratio), prior.spread), "change",
                        prior.source),
        "appraised": number("What is left: trend and evidence heard", left, "change",
                            "Normal, on logs (analysis.claims.total)"),
        "total_left": number("Fewer in all, by what is left", _of(left, claim.total / fall), "count",
                             "The same share of what was to be expected"),
    }  # fmt: skip
    headline = Bounded(value=-fall, low=np.nan, high=np.nan)
    return Appraisal(claim=claim, numbers=numbers, unit="change", headline=headline, appraised=left,
                     assumed=tuple(assumed))  # fmt: skip


def _rests_on(claim: ScaledTotal) -> dict[str, Number]:
    found = {}
    if claim.seen is not None:
        found["seen"] = number("Fewer, as counted", claim.seen, "count", CLAIM)
    if claim.total is not None:
        found["total"] = number("Fewer, scaled up", claim.total, "count", CLAIM)
    if claim.total is not None and claim.seen:
        found["times"] = number("Times as many as were counted", claim.total / claim.seen, "times", DIVIDED)
        found["not_seen"] = number("Of the total nobody counted", 1 - claim.seen / claim.total, "share", DIVIDED)
        if claim.to_homes:
            homes, said = _homes(claim), claim.of_homes is not None
            what = "Homes in which it was counted" + ("" if said else ", if it was scaled by homes")
            found["homes"] = number(what, float(homes or np.nan), "count", CLAIM if said else DIVIDED)
    return found


def _homes(claim: ScaledTotal) -> float | None:
    """Homes in which it was counted: as said, or as scaling by homes implies."""
    if claim.of_homes is not None:
        return claim.of_homes
    return claim.to_homes * claim.seen / claim.total if claim.to_homes and claim.seen and claim.total else None


def _fall(claim: ScaledTotal, homes: float | None, months: float, assumed: list[str]) -> float | None:
    """Give the fall as a share of what was to be expected where it was counted."""
    if claim.percent_fewer is not None:
        return claim.percent_fewer / 100
    if not homes or claim.seen is None:
        return None
    rate, _ = rate_of("emergency admissions", "all")
    assumed.append(f"{BEDS['all']:g} beds a home, {OCCUPANCY:.0%} taken, {rate:g} admissions per resident and year.")
    return claim.seen / (homes * BEDS["all"] * OCCUPANCY * rate * months / 12)


def _fall_source(claim: ScaledTotal) -> str:
    return CLAIM if claim.percent_fewer is not None else "Homes counted, mean size, published rate: see what is assumed"


def _left(claim: ScaledTotal, known: LocalKnowledge, fall: float, months: float):
    """Weigh the fall with the trend and with controlled evidence; counts this large have no chance of their own."""
    trend, prior = trend_of(claim, known, months / 12), prior_of(claim.support)
    seen, told = np.log(1 - fall) - trend.mean, 1 / trend.spread**2
    evidence = 1 / prior.spread**2
    mean = (seen * told + np.log(prior.ratio) * evidence) / (told + evidence)
    return _spread(float(mean), float((told + evidence) ** -0.5)), trend, prior


def _spread(mean: float, spread: float) -> Bounded:
    low, value, high = (float(np.expm1(mean + step * spread)) for step in (-1.96, 0.0, 1.96))
    return Bounded(value=value, low=low, high=high)


def _of(left: Bounded, expected: float) -> Bounded:
    return Bounded(value=-left.value * expected, low=-left.high * expected, high=-left.low * expected)
