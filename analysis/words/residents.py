"""What became of new residents, in sentences that can be read aloud?"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.results import AVERTED, NOT_SHOWN, RATE_RATIO, Effects
from analysis.words.phrases import averted_words, change, change_range, homes, listed, row

FEW = 10
"""Homes on a side below which one unusual home can move the answer."""


def headline(effects: Effects, what: str, intervention: str) -> str:
    """Give the answer: a percentage with its interval, what was averted, and who is compared.

    Parameters
    ----------
    effects : Effects
        As it may be handed on.
    what : str
        What is counted: one of `COUNTED`.
    intervention : str
        In words, without an article.
    """
    tidy = effects.tidy()
    ratio, who = row(tidy, RATE_RATIO), _who(effects)
    if effects.summary.get(NOT_SHOWN):
        return f"What the {intervention} did to {what} is not told: {effects.summary[NOT_SHOWN]}. {who}"
    if not np.isfinite([ratio["conf_low"], ratio["conf_high"]]).all():
        return f"There is no answer with an interval that can be trusted. {who}"
    span, level = change_range(ratio["conf_low"], ratio["conf_high"]), f"{effects.summary['conf_level']:.0%} interval"
    if ratio["conf_low"] <= 1 <= ratio["conf_high"]:
        told = (
            f"The data cannot tell whether the {intervention} changed how many {what} new residents have: anything "
            f"{span} fits them ({level}; the middle is {change(ratio['estimate'])})."
        )
        return f"{told} {who}"
    averted = row(tidy, AVERTED)
    told = (
        f"New residents of homes with the {intervention} had {change(ratio['estimate'])} {what} per resident-day than "
        f"people like them who moved into other homes ({level}: {span})."
    )
    counted = averted_words(averted["estimate"], averted["conf_low"], averted["conf_high"], what)
    return f"{told} That is {counted}. {who}"


def _who(effects: Effects) -> str:
    treated, others = (int(effects.summary[name]) for name in ("n_treated", "n_comparison"))  # type: ignore[call-overload]
    return f"Residents of {homes(treated)} with it, and of {others:,} without."


def banner(effects: Effects) -> str:
    """Warn that few homes stand on one side; nothing where enough do."""
    treated, others = (int(effects.summary[name]) for name in ("n_treated", "n_comparison"))  # type: ignore[call-overload]
    if min(treated, others) >= FEW:
        return ""
    side = f"{homes(treated)} with the intervention" if treated <= others else f"{homes(others)} without it"
    return (
        f"Residents of only {side} are compared. However many residents they have, they share what is particular to "
        "those homes: read the answer as a reason to look further."
    )


def at_horizon(ends: pd.DataFrame, days: int) -> str:
    """Say which shares had gone to hospital, and had died, by a day."""
    known = ends.set_index("end")
    first = known.loc["first_admission"]
    if not np.isfinite(first[["supported", "others"]].to_numpy(float)).all():
        return f"Too few people had gone to hospital by day {days} for shares to be told."
    parts = [
        f"By day {days}, {first['supported']:.0%} of the new residents of supported homes had gone to hospital in an "
        f"emergency, and {first['others']:.0%} of those like them"
    ]
    died = known.loc["died"]
    if np.isfinite(died[["supported", "others"]].to_numpy(float)).all():
        parts.append(f"{died['supported']:.0%} and {died['others']:.0%} had died")
    return (
        "; ".join(parts)
        + ". Whoever died without having gone can no longer go, and counts as such, not as someone who "
        "stayed well."
    )


def alike(balance: pd.DataFrame, not_told: str = "") -> str:
    """Say how alike matched residents are, or why it is not told."""
    if balance.empty and not_told:
        return f"How alike they were is not told: {not_told}."
    if balance.empty:
        return "Nothing is known of residents in which they could differ, but the quarter in which they came."
    before, after = (float(balance[name].abs().max()) for name in ("before", "after"))
    return (
        f"Of what was known on the day of moving in, the largest difference was {before:.2f} standard deviations "
        f"before matching and is {after:.2f} after it; under 0.10 is called alike."
    )


def cannot_tell(what: str) -> Iterator[str]:
    """List what the answer leaves open, the most important first."""
    yield (
        "Whether residents differ in something nobody wrote down: how frail they were, who their family are, which "
        "doctor they had."
    )
    yield "What happened to people who lived in the homes before the support began: only new residents are compared."
    yield "Whether another thing that began in the same homes at the same time changed it."
    yield f"Whether the {what} that remained, or those averted, were the right ones for the people concerned."


def across_kinds(kinds: pd.DataFrame) -> str:
    """Say what was found in each kind of home."""
    told = [
        f"{change(line['estimate'])} in {line['subgroup']} homes ({change_range(line['conf_low'], line['conf_high'])})"
        for line in kinds.dropna(subset=["conf_low", "conf_high"]).to_dict("records")
    ]
    return (
        f"{listed(told)[:1].upper()}{listed(told)[1:]}." if told else "No kind of home has enough residents to be told."
    )
