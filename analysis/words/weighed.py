"""What an answer comes to, said: the verdict, what it rests on, and what matters most against it."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from analysis.results import Check
from analysis.verdict import Verdict
from analysis.verdict.rules import FLATTERED, STRENGTH
from analysis.words.phrases import change_range

CALLED = {
    "helped": "It helped.",
    "made it worse": "It made things worse.",
    "did not help by as much": "It did not help by as much as {left_out:.0%}.",
    "cannot tell": "These data cannot tell.",
    "should not be believed": "The answer should not be believed.",
}
MOST = 3
"""Caveats told; more are not read."""
NOT_BY_LOT = (
    "Homes were not chosen by lot: whatever else changed in them at the time, and nobody wrote down, is in the answer."
)

ONLY_IF_LOCKED = (
    f"These rules can be trusted where the plan was written before the answer was seen. Of {FLATTERED.worlds:,} "
    f"evaluations invented with nothing done, {FLATTERED.locked:.0%} were called helped with the plan locked first. "
    f"Where a search could choose months, homes, exposure and model after, {FLATTERED.unlocked:.0%} of "
    f"{FLATTERED.searched:,} were."
)


def call(found: Verdict) -> str:
    """Say the verdict in a few words."""
    if found.call == "should not be believed":
        return "Should not be believed"
    return CALLED[found.call].format(left_out=max(found.left_out, 0.0)).rstrip(".")


def cost(found: Verdict) -> str:
    """Say what one accepts who believes the answer."""
    e = found.evidence
    doubts = len(e.passed) + len(e.open) + len(e.failed)
    accept = (
        "that nothing but chance parted the homes that had it from those that did not: they were chosen by lot"
        if e.strength == max(STRENGTH)
        else "that, without it, homes that had it would have gone as the others did. They were not chosen by lot"
    )
    found_out = f"Of {doubts} doubts examined, {len(e.failed) or 'none'} " + ("is" if len(e.failed) <= 1 else "are")
    return (
        f"To believe this you accept {accept}. {found_out} a concern ({len(e.grave) or 'none'} of them grave), and "
        f"{len(e.open) or 'none'} {'is' if len(e.open) <= 1 else 'are'} for you to judge."
    )


def verdict_said(found: Verdict) -> str:
    """Say the verdict and why."""
    call = CALLED[found.call].format(left_out=max(found.left_out, 0.0))
    e = found.evidence
    interval = change_range(e.low, e.high) if np.isfinite([e.low, e.high]).all() and e.low > 0 else ""
    why = {
        "no interval": e.why_none or "So few homes stand on a side that no interval can be trusted.",
        "very few homes": "Two homes or fewer stand on a side, and what befell one of them besides is in the answer.",
        "a grave doubt failed": "What was found against it can make an effect out of nothing, or hide one.",
        "below no effect": f"The whole interval lies on the better side ({interval}), and no grave doubt was found.",
        "above no effect": f"The whole interval lies on the worse side ({interval}), and no grave doubt was found.",
        "worthwhile left out": f"The interval ({interval}) holds no effect and leaves out larger falls.",
        "otherwise": f"The interval ({interval}) holds no effect, and falls that would be worth having.",
    }[found.rule]
    return f"{call} {why}"


def rests_on(found: Verdict) -> Iterator[str]:
    """Say how strong the design is, what was doubted, whether methods agree, and what would have been found."""
    e = found.evidence
    yield f"Strength of design: level {e.strength} of 5 on the Maryland scale ({STRENGTH[e.strength]})."
    yield (
        f"Doubts: {len(e.passed)} examined and of no concern, {len(e.open)} the data leave open, {len(e.failed)} a "
        f"concern, of which {len(e.grave) or 'none'} grave."
    )
    if e.of == 1:
        yield f"The one other interval lies {'on the same side of' if e.agree else 'otherwise about'} no effect."
    elif e.of:
        yield f"Of {e.of} other intervals {e.agree} lie on the same side of no effect as this one."
    if found.rule != "no interval":
        yield f"A fall of {e.smallest:.0%} would have been found four times in five; smaller ones less often."
        yield (
            f"If every size was as likely before, the fall is at least {found.worthwhile:.0%} with a probability of "
            f"{_share(e.probability(found.worthwhile))}."
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
        yield NOT_BY_LOT
