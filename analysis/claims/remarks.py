"""What does a claim say that may be, and weakens it? Said beside the field; nothing is refused for it."""

from analysis.claims.claim import AreaChange, Claim, FewerAdmissions, HowChosen, Window
from analysis.written import Fault


def remarks(claim: Claim) -> list[Fault]:
    """Say what may be, and weakens the claim, beside the field."""
    found = []
    chosen, before = claim.chosen, claim.before
    if chosen.last and before.first and before.last and chosen.first and _overlap(chosen, before):
        found.append(Fault("before.first", SAME_MONTHS))
    elif chosen.how == "highest" and not chosen.last and (before.first or before.months):
        found.append(Fault("chosen.last", NOT_SAID_WHEN))
    if isinstance(claim, AreaChange | FewerAdmissions) and (words := _another_fall(claim)):
        found.append(Fault("percent_fewer", words))
    return found


APART = 2.0
"""Points by which a fall worked out from the figures may differ from the one that is printed, for rounding."""


def _another_fall(claim: AreaChange | FewerAdmissions) -> str:
    """Say where the figures give another fall than the one that is printed."""
    area = isinstance(claim, AreaChange)
    before, after = (claim.value_before, claim.value_after) if area else (claim.count_before, claim.count_after)
    alike = area or claim.before.length == claim.after.length
    if claim.percent_fewer is None or not before or after is None or not alike:
        return ""
    found = 100 * (1 - after / before)
    if abs(found - claim.percent_fewer) <= APART:
        return ""
    return (
        f"From {before:,.0f} to {after:,.0f} is {found:.0f}% fewer, not the {claim.percent_fewer:g}% that is printed."
    )


def _overlap(chosen: HowChosen, before: Window) -> bool:
    return str(chosen.first) <= str(before.last) and str(before.first) <= str(chosen.last)


SAME_MONTHS = (
    "These months also decided which homes were chosen, so they were partly bad luck, and the next ones will look "
    "better whatever is done. A baseline from other months would not."
)
NOT_SAID_WHEN = "It is not said which months made it the highest: those before are taken to be the ones."
