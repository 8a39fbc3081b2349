"""What an early warning is worth, in words."""

import numpy as np

from analysis.monitoring.warning import FEWEST_EVENTS, SLOPES, TRUE_WITHIN, TooFew, WarningJudged
from analysis.words.phrases import homes, listed

CANNOT = (
    "A chance is of homes like this one, not a finding about this one. Most homes with a high chance will not have it.",
    "Inspectors go where they are worried, and what worries them is partly what is counted here: the chance is that of "
    "being found, not of being poor. Rules of inspection change, and what was learnt under one need not hold under the "
    "next.",
    "Files of active homes alone hold no home that left. Chances learnt from them are those of homes that stayed.",
)

NOBODY_LEFT = (
    "Files of active homes alone hold no home that left: load CQC’s list of deactivated locations, or several "
    "years of its API, and it can be judged."
)


def verdict(judged: WarningJudged | TooFew, event: str, ahead: int, rule: str) -> str:
    """Say whether a warning has earned to be shown, and what it adds to the simple rule."""
    if isinstance(judged, TooFew):
        return (
            f"No warning of {event} within {ahead} months is shown: it happened {judged.earlier:,} times in the "
            f"earlier years and {judged.later:,} times in the later ones, and {FEWEST_EVENTS} in each "
            "are needed to judge one."
        )
    on = f"{judged.landmarks:,} looks at {homes(judged.homes)} in the later years, {judged.events:,} with {event}"
    if not judged.earned:
        return f"No warning of {event} within {ahead} months is shown. {_why_not(judged, rule)} Judged on {on}."
    return (
        f"A warning of {event} within {ahead} months adds to the simple rule of {rule}. Of two "
        f"homes, one with it and one without, it gave the one the higher chance {judged.ranks:.0%} of the time, the "
        f"rule {judged.rule_ranks:.0%}; {gain(judged)} Judged on {on}."
    )


def gain(judged: WarningJudged) -> str:
    """Say how much more likely what happened was, as foretold by the model, than by the rule."""
    middle, low, high = (100 * np.expm1(each) for each in (judged.gain, judged.gain_low, judged.gain_high))
    return (
        f"what happened was {_per_cent(middle)} as foretold by it than by the rule (95% interval: {_per_cent(low)} to "
        f"{_per_cent(high)})."
    )


def _per_cent(value: float) -> str:
    size = f"{abs(value):.1f}%"
    return f"{size} more likely" if value >= 0 else f"{size} less likely"


def _why_not(judged, rule):
    told = gain(judged)
    if judged.gain_low <= 0:
        return f"It does not add to the simple rule of {rule}: {told}"
    return f"Its chances did not come true: {came_true(judged)}"


def came_true(judged: WarningJudged) -> str:
    """Say how chances came true."""
    return (
        f"it happened {judged.true_ratio:.2f} times as often as foretold (allowed: within {TRUE_WITHIN:g} times either "
        f"way), and the calibration slope is {judged.slope:.2f} (allowed: {SLOPES[0]} to {SLOPES[1]})."
    )


def drivers(judged: WarningJudged) -> str:
    """Name what moves the chance most."""
    more = [name for name, odds in judged.drivers if odds > 1]
    fewer = [name for name, odds in judged.drivers if odds <= 1]
    said = f"What raises the chance most: {listed(more)}." if more else ""
    return f"{said} What lowers it: {listed(fewer)}." if fewer else said


CURVE = (
    "Acting on every home with at least a chance: true warnings less false ones at their price. The higher line is "
    "better; where none is above nought, acting on nobody is."
)
STABLE = "Events, and events foretold, by kind of home: where they part, the chances are not right for that kind."
CALIBRATED = "Homes by fifths of the chance they were given, and how often it happened: points on the line came true."
"""What stands beside every score."""
