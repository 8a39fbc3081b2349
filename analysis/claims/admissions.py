"""What is "admissions fell by 60% in the home that had most" worth?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.claims.anyway import LocalKnowledge, rate_of, trend_of
from analysis.claims.appraisal import Appraisal, Number, as_change, number
from analysis.claims.claim import FewerAdmissions
from analysis.claims.regression import (
    BETWEEN,
    OCCUPANCY,
    chance_of_so_few,
    expected_after,
    highest_of,
)
from analysis.claims.shrinkage import Bounded, Counted, Prior, Trend, appraised, prior_of, ratio_of, shrunk

BEDS = {"all": 30.8, "residential": 22.8, "nursing": 51.9}
"""Mean registered beds of England's care homes, 2023 (CQC's register), where the claim does not say."""
MONTHS = 12.0
"""Of each window, where the claim does not say."""
OF = 7
"""Homes it is the highest of, where the claim does not say: homes of one clinical lead on average (South West)."""
LENGTHS = (12, 6, 3)
COUNTS = "Worked out from the counts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The claim with what had to be assumed: `counted` for all its homes, and resident-years of one home."""

    counted: Counted
    of: int
    fall: float
    months: tuple[float, float]
    rate_source: str
    assumed: tuple[str, ...]


def appraise_admissions(claim: FewerAdmissions, known: LocalKnowledge) -> Appraisal:
    """Appraise a fall in the admissions of one home, or of several."""
    taken = _taken(claim)
    if taken is None:
        return Appraisal(claim=claim, numbers={}, unit="change")
    counted, prior = taken.counted, prior_of(claim.support, claim.home_type)
    trend = trend_of(claim, known, sum(taken.months) / 24)
    scale = counted.years_before / counted.years_after
    own = ratio_of(counted.after, counted.before, scale)
    found = appraised(counted, prior, trend)
    numbers = {
        "claimed": number("The claim by itself", as_change(own), "change", f"{COUNTS}, exact"),
        "before": number("Admissions before", counted.before, "count", _whose(claim.count_before)),
        "after": number("Admissions after", round(counted.after, 1), "count", _whose(claim.count_after)),
        "rate": number("Admissions per resident and year in homes like these", counted.rate, "rate", taken.rate_source),
        **_regressed(counted, taken),
        **_trended(trend),
        "prior": number("Controlled evaluations of such support", _of_prior(prior), "change", prior.source),
        "shrunk": number("The claim and that evidence together, chance alone heard",
                         as_change(shrunk(counted.after, counted.before, prior, scale)), "change",
                         "Normal approximation (analysis.claims.shrinkage)"),
        "appraised": number("What is left: chance, choice, trend and evidence heard", as_change(found), "change",
                            "Posterior (analysis.claims.shrinkage)"),
        **_settled(prior, counted.rate),
    }  # fmt: skip
    return Appraisal(claim=claim, numbers=numbers, unit="change", headline=as_change(own), appraised=as_change(found),
                     regression=_by_window(counted, taken, claim.homes), assumed=taken.assumed)  # fmt: skip


def _whose(said: int | None) -> str:
    return "Claim" if said is not None else "Assumed: see what had to be assumed"


def _taken(claim: FewerAdmissions) -> Taken | None:
    """Fill in what is not said; None where there is no number at all."""
    if claim.percent_fewer is None and (claim.count_before is None or claim.count_after is None):
        return None
    assumed: list[str] = []

    def given(said: float | None, otherwise: float, words: str) -> float:
        if said is None:
            assumed.append(words.format(otherwise))
        return otherwise if said is None else said

    beds = given(claim.beds, BEDS[claim.home_type] * claim.homes, "{:,.0f} beds, the mean of England's homes.")
    before = given(claim.before.length, MONTHS, "{:,.0f} months before.")
    after = given(claim.after.length, before, "{:,.0f} months after.")
    years = [beds * OCCUPANCY * months / 12 for months in (before, after)]
    rate, source = rate_of(claim.what, claim.home_type)
    of = claim.chosen.of or OF
    if claim.chosen.how == "highest" and claim.chosen.of is None:
        assumed.append(f"The highest of {OF} homes.")
    between = BETWEEN / np.sqrt(claim.homes)
    if claim.count_before is None:
        count = _typical(claim, of, years, rate)
        assumed.append(f"{count:,.0f} admissions before: what homes of this size, chosen so, have.")
    else:
        count = float(claim.count_before)
    then = claim.count_after
    if then is None:
        then = count * (1 - float(claim.percent_fewer or 0) / 100) * years[1] / years[0]
    counted = Counted(before=count, after=float(then), years_before=years[0], years_after=years[1], rate=rate,
                      between=float(between))  # fmt: skip
    fall = 1 - counted.after / counted.before * years[0] / years[1]
    return Taken(counted=counted, of=of, fall=fall, months=(before, after), rate_source=source, assumed=tuple(assumed))


def _typical(claim: FewerAdmissions, of: int, years: list[float], rate: float) -> float:
    """Admissions before, of homes of this size: of the highest of several where it was chosen for that."""
    if claim.chosen.how == "highest" and claim.homes == 1 and of > 1:
        return max(round(highest_of(of, years[0], years[1], rate).count), 1)
    return max(round(rate * years[0]), 1)


def _regressed(counted: Counted, taken: Taken) -> dict[str, Number]:
    """Say what so many before would have become without any effect, and how often so few come by themselves."""
    made = (counted.before, counted.years_before, counted.years_after, counted.rate, counted.between)
    scaled = expected_after(*made) * counted.years_before / counted.years_after
    by = "Gamma and Poisson (analysis.claims.regression)"
    anyway = chance_of_so_few(counted.after, *made)
    return {
        "regression": number("Change to be expected without any effect, because so many before are partly bad luck",
                             scaled / counted.before - 1, "change", by),
        "anyway": number("Chance of so few after without any effect, in a home chosen so", anyway, "chance", by),
    }  # fmt: skip


def _trended(trend: Trend) -> dict[str, Number]:
    reach = 1.96 * trend.spread
    low, value, high = (float(np.expm1(trend.mean + step)) for step in (-reach, 0.0, reach))
    found = Bounded(value=value, low=low, high=high)
    return {"trend": number("Change over the same time where nothing was done", found, "change", trend.source)}


def _of_prior(prior: Prior) -> Bounded:
    reach = 1.96 * prior.spread
    low, value, high = (prior.ratio * float(np.exp(step)) - 1 for step in (-reach, 0.0, reach))
    return Bounded(value=value, low=low, high=high)


def _settled(prior: Prior, rate: float) -> dict[str, Number]:
    """Say how much would have settled it, for the effect that controlled evaluations find of enhanced support."""
    ratio = prior.ratio if prior.ratio < 1 else prior_of("enhanced support").ratio
    years = float(np.ceil(admissions_needed(ratio) / rate))
    what = f"Resident-years, with it and again without, that would show {1 - ratio:.0%} fewer four times in five"
    return {"needed": number(what, years, "count", "Two Poisson rates (analysis.claims.admissions.admissions_needed)")}


def admissions_needed(ratio: float, power: float = 0.8, level: float = 0.95) -> float:
    """Admissions that must be expected without it, over as many resident-years with it, to show a rate ratio.

    Log ratio of two Poisson counts, variance 1/n + 1/(n ratio): n = (z_{α/2} + z_β)² (1 + 1/ratio) / log(ratio)².
    """
    from scipy.special import ndtri  # noqa: PLC0415 - beside the one place that needs it

    return float((ndtri(0.5 + level / 2) + ndtri(power)) ** 2 * (1 + 1 / ratio) / np.log(ratio) ** 2)


def _by_window(counted: Counted, taken: Taken, homes: int) -> pd.DataFrame:
    """Say what the highest home does without any effect, by length of the windows: as said, then 12, 6 and 3 months.

    Returns
    -------
    DataFrame
        of, months, same (mean fall from the months that chose it), other (from other months before), at_least.
    """
    if homes > 1 or taken.of < 2:
        return pd.DataFrame()
    said = taken.months[0]
    a_month = counted.years_before / said
    lengths = [said, *(months for months in LENGTHS if months != said)]
    rows = []
    for months in lengths:
        after = taken.months[1] if months == said else months
        found = highest_of(taken.of, a_month * months, a_month * after, counted.rate, counted.between, fall=taken.fall)
        rows.append({"of": taken.of, "months": months, "after": after, "same": found.fall,
                     "other": found.fall_elsewhere, "fall": taken.fall, "at_least": found.at_least})  # fmt: skip
    return pd.DataFrame(rows)
