"""What an answer comes to, said: the verdict, what it rests on, and what matters most against it."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from analysis.results import Check
from analysis.verdict import Evidence, Verdict
from analysis.verdict.rules import STRENGTH
from analysis.words.phrases import change_range

CALLED = {
    "helped": "It helped.",
    "made it worse": "It made things worse.",
    "did not help by as much": "It did not help by as much as {left_out:.0%}.",
    "cannot tell": "These data cannot tell.",
    "should not be believed": "The answer should not be believed.",
}
OF_AREAS = CALLED | {
    "helped": "It fell by more than elsewhere.",
    "made it worse": "It rose by more than elsewhere.",
    "did not help by as much": "It did not fall by as much as {left_out:.0%}.",
}
"""Of an area's measure it is told which way it went: whether fewer is better, the measure decides and not the data."""
MOST = 3
"""Caveats told; more are not read."""
NOT_BY_LOT = {
    "homes": "Homes were not chosen by lot: whatever else changed in them at the time, and nobody wrote down, is in "
    "the answer.",
    "areas": "The area was not chosen by lot: whatever else changed in it at the time, and nobody wrote down, is in "
    "the answer.",
}
ACCEPTED = {
    "homes": "that, without it, homes that had it would have gone as the others did. They were not chosen by lot",
    "areas": "that, without it, the area would have gone as areas that ran like it did. It was not chosen by lot",
}
"""What one accepts, by what is compared."""
TOO_FEW = "So few homes stand on a side that no interval can be trusted."


def _called(found: Verdict) -> str:
    words = OF_AREAS if found.evidence.units == "areas" else CALLED
    return words[found.call].format(left_out=max(found.left_out, 0.0))


def _what(e: Evidence) -> str:
    return "rise" if e.rise else "fall"


def call(found: Verdict) -> str:
    """Say the verdict in a few words."""
    if found.call == "should not be believed":
        return "Should not be believed"
    return _called(found).rstrip(".")


def cost(found: Verdict) -> str:
    """Say what one accepts who believes the answer."""
    e = found.evidence
    doubts = len(e.passed) + len(e.open) + len(e.failed)
    accept = (
        "that nothing but chance parted the homes that had it from those that did not: they were chosen by lot"
        if e.strength == max(STRENGTH)
        else ACCEPTED[e.units]
    )
    found_out = f"Of {doubts} doubts examined, {len(e.failed) or 'none'} " + ("is" if len(e.failed) <= 1 else "are")
    return (
        f"To believe this you accept {accept}. {found_out} a concern ({len(e.grave) or 'none'} of them grave), and "
        f"{len(e.open) or 'none'} {'is' if len(e.open) <= 1 else 'are'} for you to judge."
    )


def verdict_said(found: Verdict) -> str:
    """Say the verdict and why."""
    e = found.evidence
    interval = _interval(e)
    side = ("better side", "worse side") if e.units == "homes" else ("side of a fall", "side of a rise")
    why = {
        "no interval": e.why_none or TOO_FEW,
        "very few homes": "Two homes or fewer stand on a side, and what befell one of them besides is in the answer.",
        "a grave doubt failed": "What was found against it can make an effect out of nothing, or hide one.",
        "below no effect": f"The whole interval lies on the {side[0]} ({interval}), and no grave doubt was found.",
        "above no effect": f"The whole interval lies on the {side[1]} ({interval}), and no grave doubt was found.",
        "worthwhile left out": f"The interval ({interval}) holds no effect and leaves out larger {_what(e)}s.",
        "otherwise": f"The interval ({interval}) holds no effect, and {_what(e)}s that would be worth having.",
    }[found.rule]
    return f"{_called(found)} {why}"


def _interval(e: Evidence) -> str:
    """Say the interval; of what is better the more there is, over what was expected."""
    if not (np.isfinite([e.low, e.high]).all() and e.low > 0):
        return ""
    return change_range(1 / e.high, 1 / e.low) if e.rise else change_range(e.low, e.high)


def rests_on(found: Verdict) -> Iterator[str]:
    """Say how strong the design is, what was doubted, whether methods agree, and what would have been found."""
    e = found.evidence
    scale = STRENGTH[e.strength].format(units=e.units)
    yield f"Strength of design: level {e.strength} of 5 on the Maryland scale ({scale})."
    yield (
        f"Doubts: {len(e.passed)} examined and of no concern, {len(e.open)} the data leave open, {len(e.failed)} a "
        f"concern, of which {len(e.grave) or 'none'} grave."
    )
    if e.of == 1:
        yield f"The one other interval lies {'on the same side of' if e.agree else 'otherwise about'} no effect."
    elif e.of:
        yield f"Of {e.of} other intervals {e.agree} lie on the same side of no effect as this one."
    if found.rule != "no interval":
        yield f"A {_what(e)} of {e.smallest:.0%} would have been found four times in five; smaller ones less often."
        yield (
            f"If every size was as likely before, the {_what(e)} is at least {found.worthwhile:.0%} with a probability "
            f"of {_share(e.probability(found.worthwhile))}."
        )


def _share(p: float) -> str:
    return "less than 1%" if p < 0.01 else "more than 99%" if p > 0.99 else f"{p:.0%}"


def against(found: Verdict, examined: Mapping[str, Check], ranked: Sequence[Check]) -> Iterator[str]:
    """Give the two or three caveats that matter most: grave doubts first, then others, then how homes were chosen.

    Parameters
    ----------
    ranked : sequence of Check
        All doubts, the worst first.
    """
    grave = [examined[name] for name in found.evidence.grave if name in examined]
    rest = [check for check in ranked if check.passed is not True and check not in grave]
    kept = MOST if found.evidence.strength == max(STRENGTH) else MOST - 1
    yield from (f"{check.name} {check.reading}" for check in [*grave, *rest][:kept])
    if kept < MOST:
        yield NOT_BY_LOT[found.evidence.units]
