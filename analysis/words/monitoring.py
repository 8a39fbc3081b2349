"""What a control chart and a funnel say, in sentences that can be read aloud."""

import numpy as np

from analysis.monitoring import Charted, Funnel
from analysis.months import month_said
from analysis.words.phrases import homes

MEANS = {
    "common cause": "the usual coming and going: nothing in it asks for a reason",
    "improvement": "lower than the usual coming and going explains",
    "concern": "higher than the usual coming and going explains",
    "special cause": "more than the usual coming and going explains",
}
ASSURED = {
    "pass": "As things are, the target is met every time.",
    "fail": "As things are, the target is not met: nothing but a change of the process will meet it.",
    "inconsistent": "As things are, the target is met at one time and missed at another by chance alone.",
}
RULES = (
    "A point is special cause where it lies outside the limits, where it is one of {points} in a row on one side of "
    "the centre or of {points} that rise or fall without a break, or where two of three in a row lie close to a limit."
)
BY_CHANCE = (
    "A steady process breaks one of these rules too: about one point in twenty does, and of 36 points some do in one "
    "chart of three. Look for what happened before you act on one."
)
CHART_CANNOT = (
    "A chart cannot tell why a level moved, and it compares with nobody: whether an intervention helped is for the "
    "Admissions page, which sets homes with it beside homes without."
)
FUNNEL_CANNOT = (
    "A funnel cannot tell why a home stands apart: how frail its residents are is not in it. It is no league table: "
    "homes within the limits are not in any order."
)


def headline(found: Charted) -> str:
    """Say what the last point is."""
    limits, value, last = found.limits, found.series.values[-1], found.series.periods[-1]
    return (
        f"{found.series.name}: {month_said(last)} is {MEANS[found.variation]}. It is {value:.2f} {found.series.unit}; "
        f"a steady process would lie between {limits.lower[-1]:.2f} and {limits.upper[-1]:.2f}."
    )


def glance(too_few: int, with_target: bool) -> str:
    """Say how to read icons of groups of homes."""
    second = (
        " Beside it, whether the target is met every time (P), never (F) or now and then (?)." if with_target else ""
    )
    left = f" Of {too_few} more groups there are too few admissions, or more than fit here." if too_few else ""
    return (
        "The last point of every group: ~ is the usual coming and going, H is higher and L is lower than that explains."
        f"{second}{left}"
    )


def signals(special: int, of: int, points: int) -> str:
    """Say how many points are special cause, what makes one, and how often chance does."""
    return f"{special} of {of} points are special cause. {RULES.format(points=points)} {BY_CHANCE}"


def notes(found: Charted, count: int) -> tuple[str, ...]:
    """Say what must be known beside it."""
    every = [
        f"{homes(count)}, {len(found.series.periods)} points; limits are learnt from {int(found.base.sum())} of them."
    ]
    every.append(f"Chart: {found.kind}. {found.why}")
    if found.taken_out:
        every.append("Times of the year differ, and what returns every year is no special cause: it is taken out.")
    elif found.seasonal:
        every.append("Times of the year differ: what returns every year is season, not special cause.")
    if found.alike:
        every.append(
            "Neighbouring points resemble each other, so runs come by themselves more often than the rules allow."
        )
    if found.assurance:
        every.append(ASSURED[found.assurance])
    return (*every, *filter(None, [found.proposal]))


def apart(found: Funnel, count: int, small: int, least: int) -> str:
    """Say which homes stand apart, beside how many would by chance."""
    outside = found.outside()
    above, below = int((outside > 0).sum()), int((outside < 0).sum())
    seen = [f"{homes(some)} {where}" for some, where in ((above, "above"), (below, "below")) if some]
    left = f" Left out: {homes(small)} in which fewer than {least} were expected." if small else ""
    told = " and ".join(seen) or "none"
    return (
        f"Of {homes(count)}, outside the limits that one in 500 passes by chance: {told}.{_differ(found)} Where homes "
        f"differ lastingly by a fifth or more, one or two in a hundred lie outside though nothing is amiss.{left}"
    )


def _differ(found: Funnel) -> str:
    if found.spread == "none":
        return " The limits allow for chance alone: homes also differ in who lives there."
    if found.spread == "multiplicative":
        wider = np.sqrt(max(found.phi, 1))
        return (
            f" Limits are {wider:.1f} times as wide as chance alone would make them: homes differ in who lives there."
        )
    if found.tau2 == 0:
        return " Homes differ no more than chance explains."
    typical = 2 * np.sqrt(found.tau2)
    why = "in who lives there, not only in care"
    return f" Limits allow for homes that differ lastingly, typically by {typical:.0%}: {why}."
