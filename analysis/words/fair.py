"""Is the comparison fair, what do other defensible analyses say, and how right is this design here?"""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.calibration import Calibration
from analysis.calibration.injected import RULE, USUAL
from analysis.design import MatchOn
from analysis.matching.comparable import Comparability
from analysis.specifications import Curve, Joint
from analysis.words.phrases import homes, listed

WAYS = {
    "none": "as they are", "propensity": "matched by propensity", "mahalanobis": "matched by distance",
    "entropy": "weighted to the same averages", "overlap": "weighted by overlap",
}  # fmt: skip
MATCHED_ON: Mapping[MatchOn, str] = {
    "rate": "rates before the start", "size": "size", "home_type": "kind of home",
    "rating": "rating when the first home started", "area": "area", "region": "region",
}  # fmt: skip
"""What homes can be made alike in."""
FEWEST_PAIRS = 6
"""Fewer matched pairs cannot reject no effect at all: all falling is one in thirty-two by chance."""
NOT_SEEN = (
    "Matching makes homes alike in what is listed here and in nothing else: managers, residents' needs and the "
    "willingness to change are not in these data."
)


NOT_BY_PERIOD = (
    "Other analyses begin and end in other calendar months, which homes counted by {period} do not have: load counts "
    "by calendar month to see what they would have said."
)


def alike(found: Comparability) -> str:
    """Say how alike the groups are as they stand."""
    apart = found.balance.loc[found.balance["before"].abs() >= 0.1, "covariate"].tolist()
    told = f"{homes(found.treated[0])} with the intervention and {homes(found.untreated[0])} without it"
    if not apart:
        return f"{told} were alike before the start in all that was compared: under a tenth of a standard deviation."
    by_lot = by_lot_as_far(found.treated[0], found.untreated[0])
    return f"{told} were a tenth of a standard deviation or more apart before the start in: {listed(apart)}. {by_lot}"


def by_lot_as_far(one: int, other: int) -> str:
    """Say how often groups that nobody chose lie a tenth of a standard deviation apart in a measure."""
    share = math.erfc(0.1 / math.sqrt(2 * (1 / max(one, 1) + 1 / max(other, 1))))
    told = f"{100 * share:.0f} times" if share >= 0.015 else "once" if share >= 0.005 else "less than once"
    return f"Groups of these sizes picked by lot are as far apart in any one measure {told} in 100."


def overlap(found: Comparability) -> str:
    """Say for how many homes with the intervention there are others like them."""
    if not np.isfinite(found.overlap):
        return "What was known before tells exactly which homes had the intervention: no home without it is like them."
    if found.overlap == 1:
        return "For every home with the intervention there is one without it that was as likely to have had it."
    return (
        f"For {found.overlap:.0%} of the homes with the intervention there is a home without it that was as likely to "
        "have had it."
    )


def made_alike(match_on: Sequence[MatchOn]) -> str:
    """Say what the answer is held against."""
    return (
        "The same model, against homes matched or weighted to be like those with the intervention in "
        f"{listed([MATCHED_ON[name] for name in match_on])}."
    )


def after(found: Comparability, way: str) -> str:
    """Say what matching or weighting came to."""
    left = f"{homes(found.treated[1])} with it and {homes(found.untreated[1])} without it are compared"
    size = f", which count as {found.effective:,.0f} of equal weight" if found.method in ("entropy", "overlap") else ""
    apart = found.unbalanced
    end = f"still a tenth or more apart in {listed(apart)}" if apart else "alike in all that was compared"
    return f"{WAYS[way].capitalize()}: {left}{size}; {end}."


def unmeasured(e_value: float, limit: float, odds: float, pairs: int) -> str:
    """Say how strong something unmeasured would have to be."""
    told = (
        f"Something nobody measured would explain the estimate away if it went along with having the intervention "
        f"and with admissions by a rate ratio of {e_value:.1f} each; for the interval to reach no effect, {limit:.1f}."
    )
    if limit <= 1:
        told = f"E-value of the estimate {e_value:.1f}; the interval holds no effect as it stands."
    if pairs < FEWEST_PAIRS:
        return told
    if odds <= 1:
        return f"{told} The test of {pairs:,} matched pairs does not reject no effect even if nothing is hidden."
    return (
        f"{told} In {pairs:,} matched pairs the test no longer rejects once hidden differences could change the odds "
        f"of having had the intervention by {odds:.1f}."
    )


def every_analysis(found: Curve, joint: Joint) -> str:
    """Say in one sentence what all analyses come to."""
    below, above = found.speaks()
    low, high = found.table["estimate"].min(), found.table["estimate"].max()
    lie = (
        f"{below or 'none'} of their intervals lie wholly below no effect and {above or 'none'} above"
        if found.table[["conf_low", "conf_high"]].notna().all(axis=1).any()
        else "none of them has an interval that can be trusted"
    )
    told = (
        f"{len(found.table):,} analyses that could be defended give rate ratios from {low:.2f} to {high:.2f}, the "
        f"middle one {found.median:.2f}; {lie}"
    )
    if not np.isfinite(joint.p_value):
        return f"{told}. Homes cannot change places here, so no test of all of them together can be made."
    p = max(joint.p_value, 1 / (joint.draws + 1))
    seldom = "fewer than 1 in 100" if p < 0.01 else f"{100 * p:.0f} in 100"
    return f"{told}; had homes been picked by lot and nothing been done, {seldom} curves would lie as far from it."


def calibrated(found: Calibration) -> Iterator[str]:
    """Say how right this design is on these homes."""
    zero, usual = found.row(1.0), found.row(1.0, USUAL)
    error = 100 * zero["share_error"]
    yield (
        f"In {int(zero['draws']):,} panels of {homes(found.homes)}, {found.treated:,} with an intervention that does "
        f"nothing, the interval held the truth in {zero['coverage']:.0%} (give or take {2 * error:.0f} points) and "
        f"claimed an effect in {zero['speaks']:.0%}; the usual interval held it in {usual['coverage']:.0%}."
    )
    ruled = found.table[(found.table["interval"] == RULE) & (found.table["ratio"] != 1)]
    for row in ruled.to_dict("records"):
        yield (
            f"A true fall of {1 - row['ratio']:.0%} was seen in {row['speaks']:.0%}, and held by "
            f"{row['coverage']:.0%} of intervals."
        )
    if zero["coverage"] + 2 * zero["share_error"] < 0.93:
        yield "The interval holds the truth too seldom on these homes: read it as wider than it is drawn."


def not_matched_on(table: pd.DataFrame) -> pd.DataFrame:
    """Say of covariates that nothing was done to make homes alike in them."""
    return table.assign(covariate=[f"{name}, not matched" for name in table["covariate"]])


def weights_told(table: pd.DataFrame) -> pd.DataFrame:
    """Round differences to what is told."""
    return table.assign(**{name: table[name].round(2) + 0.0 for name in ("before", "after")})  # and no minus zero
