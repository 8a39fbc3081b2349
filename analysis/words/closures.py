"""Did fewer supported homes close, said so that it can be repeated? Small numbers of closures are never told."""

import numpy as np

from analysis import disclosure
from analysis.results import CLOSURES_AVERTED, NOT_SHOWN, OBSERVED_EXPECTED, Effects, interval, limit
from analysis.words.phrases import homes, row

CANNOT_TELL = (
    "Who left the register is known, not why: a home may have been closed by its owner, by CQC, or sold to be "
    "something else. A home that goes on under a number which no file names looks closed.",
    "Homes may have been taken in because somebody thought they could be saved, or because nobody did. A rating does "
    "not show that; only a rule of entry that was written down beforehand, or a lot, would.",
    "A closure averted is not good by itself: a bad home that stays open is no success. Read it beside the ratings.",
    "What happened to those who lived in homes that closed is not in these files.",
)
FEW_WORDS = "Numbers of closures from 1 to 7 are not shown."


def headline(effects: Effects, intervention: str) -> str:
    """Give the answer.

    Parameters
    ----------
    effects : Effects
        Of `ClosuresExpected`.
    intervention : str
        Such as "the early intervention".
    """
    return " ".join([_followed(effects, intervention), _verdict(effects, intervention)])


def _followed(effects: Effects, intervention: str) -> str:
    n, years, left = (effects.summary[name] for name in ("n_treated", "exposure", "events"))
    n, years, left = int(n), float(years), int(left)  # type: ignore[call-overload]
    told = "none" if not left else "between 1 and 7" if disclosure.small(left) else f"{left:,}"
    return (
        f"Of {homes(n)} with {intervention}, followed for {years / max(n, 1):.1f} years on average, {told} left the "
        "register; those that were only registered again are not counted."
    )


def _verdict(effects: Effects, intervention: str) -> str:
    if why := effects.summary.get(NOT_SHOWN):
        return f"{why} Whether {intervention} kept homes open cannot be said from these files."
    ratio = row(effects.tidy(), OBSERVED_EXPECTED)
    span = f"{limit(ratio['conf_low'])} to {limit(ratio['conf_high'])} times ({_level(effects)} interval)"
    first = f"They closed {ratio['estimate']:.2f} times as often as homes like them"
    if ratio["conf_low"] <= 1 <= ratio["conf_high"]:
        return (
            f"{first}; anything from {span} fits the data, so they cannot tell whether {intervention} kept homes open."
        )
    rarer = "more rarely" if ratio["conf_high"] < 1 else "more often"
    return f"{first}, {span}: {rarer} than homes that stood at the same rating on the same day."


def _level(effects: Effects) -> str:
    return f"{100 * float(effects.summary['conf_level']):g}%"  # type: ignore[arg-type]


def averted(effects: Effects) -> str:
    """Say how many closures did not happen, where that may be told."""
    found = row(effects.tidy(), CLOSURES_AVERTED)
    if not np.isfinite(found["estimate"]):
        return ""
    told = interval(found["estimate"], found["conf_low"], found["conf_high"], 0, none=0.0)
    return f"Closures averted in all, over this time: {told}."
