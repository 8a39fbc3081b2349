"""What could a study find, in sentences that can be read aloud."""

import numpy as np
import pandas as pd

from analysis.disclosure import nearest
from analysis.plural import counted
from analysis.words.phrases import homes

KINDS = {
    "comparison homes": "with other homes to compare with",
    "matched homes": "with matched homes to compare with",
    "staggered roll-out": "starting in waves, with other homes to compare with",
    "stepped wedge": "starting in waves by lot, compared with homes that wait their turn",
}


def times_in_100(share: float) -> str:
    """Say a probability as a count: "63 times in 100", "hardly ever", "nearly always"."""
    times = round(100 * share)
    if times < 1:
        return "hardly ever"
    return "nearly always" if times > 99 else f"{times} {'time' if times == 1 else 'times'} in 100"


def design(study: dict) -> str:
    """Say what would be done.

    Parameters
    ----------
    study : mapping
        Row of a power table: kind, supported, compared, before, after, waves, gap.
    """
    others = f" and {homes(int(study['compared']))} without it" if study["compared"] else ""
    waves = f", in {study['waves']} waves {_months(study['gap'])} apart" if study["waves"] > 1 else ""
    start = "last start" if study["waves"] > 1 else "start"
    return (
        f"{homes(int(study['supported']))} with the intervention{others}{waves}; {_months(study['before'])} before and "
        f"{_months(study['after'])} after the {start}"
    )


def _months(count: float) -> str:
    return counted(count, "month")


def effect(ratio: float) -> str:
    """Name the effect that is planned for."""
    return f"a true fall of {1 - ratio:.0%}" if ratio < 1 else f"a true rise of {ratio - 1:.0%}"


def power(row: dict) -> str:
    """Say how often a study finds an effect."""
    if row["rate_ratio"] == 1:
        return (
            f"{_start(design(row))}: with no effect at all, an effect would be claimed "
            f"{times_in_100(row['power'])}; 5 are to be expected."
        )
    return (
        f"{_start(design(row))}: {effect(row['rate_ratio'])} would be found {times_in_100(row['power'])} "
        f"(between {row['power_low']:.0%} and {row['power_high']:.0%}, from {row['simulations']:,} simulations)."
    )


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def smallest(row: dict, tried: float) -> str:
    """Say the smallest effect that could be found.

    Parameters
    ----------
    row : mapping
        rate_ratio, ratio_low, ratio_high of `planning.smallest`.
    tried : float
        The smallest rate ratio that was simulated.
    """
    if not np.isfinite(row["rate_ratio"]):
        return (
            f"Even a true fall of {1 - tried:.0%} would be found less than four times in five: this study is too small "
            "to answer."
        )
    low, high = row["ratio_low"], row["ratio_high"]
    ends = f" (between {1 - high:.0%} and {1 - low:.0%})" if np.isfinite([low, high]).all() and low != high else ""
    return f"The smallest fall that this study would find four times in five is {1 - row['rate_ratio']:.0%}{ends}."


def verdict(planned: float, found: float) -> str:
    """Say whether the effect planned for is large enough to be found, both as rate ratios."""
    if not np.isfinite(found) or planned > found:
        return (
            "The effect planned for is smaller than that: a study that finds nothing will have ruled out larger "
            "effects, not this one. More homes, more months or a larger dose are needed."
        )
    return "The effect planned for is at least as large, so finding nothing would mean something."


def noise(background: dict) -> str:
    """Say what noise the simulations have.

    Parameters
    ----------
    background : mapping
        shock_sd, shock_correlation, home_cv, homes, events.
    """
    about = f"Read from about {nearest(background['events']):,} admissions of {homes(background['homes'])}"
    differ = f"rates of homes differ by about {background['home_cv']:.0%}"
    if background["shock_sd"] < 0.02:
        return f"{about}: {differ}; months of a home go up and down by chance alone."
    half = np.log(0.5) / np.log(max(background["shock_correlation"], 1e-9))
    lasting = "gone the next month" if half < 0.5 else f"half gone after {_months(max(round(half), 1))}"
    return (
        f"{about}: {differ}, and good and bad spells move a home's rate by about {background['shock_sd']:.0%} beyond "
        f"chance, {lasting}."
    )


def textbook(name: str, formula: float, simulated: float) -> str:
    """Set the textbook's power beside the simulated one."""
    gap = formula - simulated
    if abs(gap) < 0.05:
        return f"The textbook formula ({name}) says {formula:.0%}, which is about the same."
    way = "more" if gap > 0 else "less"
    why = {
        "Hayes and Bennett": "It uses only the months after the start, and takes homes to be of one size.",
        "Hussey and Hughes": "It knows no bad spells, takes homes to be of one size and the effect to be one for all.",
    }[name]
    return f"The textbook formula ({name}) says {formula:.0%}, {way} than the simulation. {why}"


def interval_held(table: pd.DataFrame) -> str:
    """Say how often the interval held the truth."""
    share = np.average(table["held"], weights=table["simulations"])
    return f"The interval held the true effect in {share:.0%} of these simulations; it promises 95%."


def curve(table: pd.DataFrame, key: str, noun: str) -> str:
    """Read how the smallest effect falls with more of something.

    Parameters
    ----------
    table : DataFrame
        `planning.smallest`, one row per value of `key`.
    noun : str
        What there is more of, in the plural.
    """
    known = table.dropna(subset=["rate_ratio"]).sort_values(key)
    if known.empty:
        return f"None of these numbers of {noun} would be enough."
    first, last = known.iloc[0], known.iloc[-1]
    lost = len(table) - len(known)
    less = f" With fewer than {first[key]:.0f}, nothing that was tried would be found often enough." if lost else ""
    if len(known) == 1:
        return f"{_start(noun)}: {first[key]:.0f} would find a fall of {1 - first['rate_ratio']:.0%}.{less}"
    return (
        f"From {first[key]:.0f} to {last[key]:.0f} {noun}, the smallest fall that would be found four times in five "
        f"goes from {1 - first['rate_ratio']:.0%} to {1 - last['rate_ratio']:.0%}.{less}"
    )


NOBODY_WAITS = (
    "Once the last wave has started nobody waits any more, so further months add nothing: more waves, or more months "
    "between them, do."
)
"""What is said of months after the last start of a stepped wedge."""

CANNOT = (
    "Whether the intervention works, or by how much: the effect is put in, not found.",
    "What happens if homes are chosen for a bad spell, if they start late, or if homes compared begin something too.",
    "Anything the past did not show: the noise is that of the months loaded, and a new winter may be worse.",
    "Whether an effect of this size is worth its cost: see the What if page.",
)


def ratings(study: dict, better: float, power_: float) -> str:
    """Say how often a study of ratings finds a change.

    Parameters
    ----------
    study : mapping
        supported, compared, base.
    better : float
        Share that improves with support.
    power_ : float
    """
    against = (
        f"and {study['compared']:,} other services inspected again"
        if study["compared"]
        else f"against a base rate of {study['base']:.0%} taken as known"
    )
    return (
        f"With {study['supported']:,} supported services inspected again, {against}: if {better:.0%} of the supported "
        f"ones improved instead of {study['base']:.0%}, this would be found {times_in_100(power_)}."
    )


def ratings_smallest(base: float, better: float, needed: float, planned: float) -> str:
    """Say the smallest share that could be found, and how many services the planned one needs."""
    least = (
        f"The smallest share that would be found four times in five is {better:.0%}."
        if np.isfinite(better)
        else "Not even if every service improved would that be found four times in five."
    )
    return (
        f"{least} To tell {planned:.0%} from {base:.0%} four times in five takes {int(np.ceil(needed)):,} services in "
        "each group."
    )


RATINGS_CANNOT = (
    "Which homes will be inspected: inspectors come sooner to homes they worry about, and some are never seen again.",
    "What closing homes hide: a home that closes after a bad rating is never counted as not improved.",
    "Whether the base rate will hold: it has moved by 15 points and more between years.",
)
