"""Which facts does a claim leave out, and what does each leave open?

Their absence is part of the appraisal: what is not said is asked for, with what cannot be known until it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.claims.claim import AreaChange, Claim, FewerAdmissions, ScaledTotal, ShareImproved


@dataclass(frozen=True, slots=True)
class Lacking:
    """A fact that is not said.

    Parameters
    ----------
    place : str
        The field it would stand in.
    ask : str
        What to ask for.
    why : str
        What is open without it.
    """

    place: str
    ask: str
    why: str


def lacking(claim: Claim) -> tuple[Lacking, ...]:
    """List what the claim does not say, the gravest first."""
    return (*_OF_KIND[type(claim)](claim), *_of_any(claim))


def _share(claim: ShareImproved) -> Iterator[Lacking]:
    if claim.inspected is None or claim.better is None:
        yield Lacking("inspected", "How many were inspected again, and how many of them improved?",
                      "a percentage alone can stand for a handful")  # fmt: skip
    if claim.percent is None and claim.better is None:
        yield Lacking("percent", "What share improved?", "there is no number to weigh")
    if not claim.from_rating:
        yield Lacking("from_rating", "What were they rated before?",
                      "services rated Inadequate improve far more often than Good ones, whatever is done")  # fmt: skip
    if claim.year is None:
        yield Lacking("year", "When were they inspected again?", "how often services improve anyway moves by 15 points "
                      "and more between years")  # fmt: skip


def _admissions(claim: FewerAdmissions) -> Iterator[Lacking]:
    if claim.count_before is None or (claim.count_after is None and claim.percent_fewer is None):
        yield Lacking("count_before", "How many admissions were there before, and after?",
                      "a percentage of few admissions is mostly chance")  # fmt: skip
    if claim.beds is None:
        yield Lacking("beds", "How many beds, or residents, do these homes have?",
                      "whether the count before was unusually high cannot be told")  # fmt: skip
    if claim.before.length is None:
        yield Lacking("before.months", "How many months are before, and how many after?",
                      "over three months chance alone makes falls of a quarter and more")  # fmt: skip
    yield from _support(claim)


def _support(claim: FewerAdmissions | ScaledTotal) -> Iterator[Lacking]:
    if claim.support == "not said":
        yield Lacking("support", "What was done?", "whether controlled evaluations say anything of it")


def _area(claim: AreaChange) -> Iterator[Lacking]:
    if claim.value_before is None or claim.value_after is None:
        yield Lacking("value_before", "What was the figure before, and after?", "a percentage hides how many people it "
                      "is of")  # fmt: skip
    if not claim.earlier:
        yield Lacking("earlier", "What was it in the years before that?",
                      "the year before may have been a spike, from which it would have fallen anyway")  # fmt: skip
    if not claim.later:
        yield Lacking("later", "What was it afterwards?", "whether it lasted")
    if not claim.elsewhere:
        yield Lacking("elsewhere", "What happened elsewhere in the same periods?",
                      "how much of it the whole country saw")  # fmt: skip
    if claim.kind != "area count" and claim.population is None:
        yield Lacking("population", "Of how many people is it a rate?", "how far chance alone moves it")


def _total(claim: ScaledTotal) -> Iterator[Lacking]:
    if claim.seen is None:
        yield Lacking(
            "seen", "How many fewer were counted, before scaling up?", "what was seen and what was worked out"
        )
    if claim.of_homes is None:
        yield Lacking("of_homes", "In how many homes was it counted?", "what was multiplied by what")
    if claim.percent_fewer is None:
        yield Lacking("percent_fewer", "How many were there before in the same homes?", "fewer than what")
    yield from _support(claim)


def _of_any(claim: Claim) -> Iterator[Lacking]:
    if claim.chosen.how == "not said":
        yield Lacking("chosen.how", "How were these chosen, and is this one of several that could have been told of?",
                      "the best of many looks good whatever is done")  # fmt: skip
    elif claim.chosen.how in ("highest", "worst rated") and claim.chosen.of is None:
        yield Lacking("chosen.of", "Of how many were they chosen?", "how far they would have come back anyway")
    if claim.chosen.how == "highest" and claim.chosen.last is None:
        yield Lacking("chosen.last", "Which months decided the choice?", "whether the baseline was bad luck")
    if claim.before.first is None or claim.after.last is None:
        yield Lacking("before.first", "Which months are before and after, by the calendar?",
                      "whether the pandemic, a winter or a change of rules lies between them")  # fmt: skip
    if claim.comparison.how in ("not said", "none"):
        yield Lacking("comparison.how", "What happened over the same months where it was not done?",
                      "what would have happened anyway")  # fmt: skip


_OF_KIND = {ShareImproved: _share, FewerAdmissions: _admissions, AreaChange: _area, ScaledTotal: _total}
