"""What is the answer, for whom must it be qualified, and what does it leave open?"""

from collections.abc import Mapping

import numpy as np

from analysis.disclosure import events_behind, small
from analysis.months import PERIODS
from analysis.results import AVERTED, NOT_SHOWN, RATE_RATIO, Check, Effects
from analysis.words.phrases import Subject, averted_words, change, change_range, first_sentence, homes, row

FEW_HOMES = 10
"""Below this many treated homes the usual intervals are too narrow, so the reader is told which kind is shown."""


def headline(effects: Effects, subject: Subject) -> str:
    """Give the answer: a percentage with its interval, admissions averted, homes and period.

    Parameters
    ----------
    effects : Effects
        With the terms `RATE_RATIO` and `AVERTED` in ``tidy("overall")``.
    subject : Subject
        What it is about.

    Returns
    -------
    str
        One or two sentences.
    """
    return " ".join([_answer(effects, subject), *(caveat.words for caveat in effects.caveats)])


def _answer(effects: Effects, subject: Subject) -> str:
    ratio = row(effects.tidy(), RATE_RATIO)
    if why := effects.summary.get(NOT_SHOWN):
        return f"{why} {_who(effects, subject)}"
    if not np.isfinite(ratio["estimate"]):
        return f"There is no estimate of what {subject.intervention} did to {subject.outcome}. {_who(effects, subject)}"
    if not np.isfinite([ratio["conf_low"], ratio["conf_high"]]).all():
        return _without_interval(ratio, effects, subject)
    told = _inconclusive if ratio["conf_low"] <= 1 <= ratio["conf_high"] else _conclusive
    parts = (told(ratio, effects, subject), _averted(effects, subject), _who(effects, subject))
    return " ".join(part for part in parts if part)


def _conclusive(ratio: Mapping, effects: Effects, subject: Subject) -> str:
    level, span = effects.summary["conf_level"], change_range(ratio["conf_low"], ratio["conf_high"])
    return f"{_had(ratio['estimate'], effects, subject)} ({level:.0%} interval: {span})."


def _inconclusive(ratio: Mapping, effects: Effects, subject: Subject) -> str:
    level, span = effects.summary["conf_level"], change_range(ratio["conf_low"], ratio["conf_high"])
    return (
        f"The data cannot tell whether {subject.intervention} changed {subject.outcome} {_per(effects, subject)}: "
        f"anything {span} fits them ({level:.0%} interval; the middle is {change(ratio['estimate'])})."
    )


def _without_interval(ratio: Mapping, effects: Effects, subject: Subject) -> str:
    told_why = any(caveat.doubt in ("one to compare with", "carried by one") for caveat in effects.caveats)
    whom = "" if told_why else f" for {homes(_count(effects, 'n_treated'))}"
    return (
        f"{_had(ratio['estimate'], effects, subject)}, but no interval can be trusted{whom}, so this may be chance. "
        f"{_who(effects, subject)}"
    )


def _per(effects: Effects, subject: Subject) -> str:
    """Name what is averaged over."""
    alike = ", each home counting alike," if effects.average == "unit" else ""
    return f"per {subject.per}{alike}"


def _had(ratio: float, effects: Effects, subject: Subject) -> str:
    as_many = ratio == 1 or ratio >= 2
    much = "as many" if ratio == 1 else change(ratio)
    return (
        f"Homes with {subject.intervention} had {much} {subject.outcome} {_per(effects, subject)} "
        f"{'as' if as_many else 'than'} they would have had otherwise"
    )


def _averted(effects: Effects, subject: Subject) -> str:
    tidy = effects.tidy()
    if AVERTED not in set(tidy["term"]):  # a model need not say it
        return ""
    ratio, averted = row(tidy, RATE_RATIO), row(tidy, AVERTED)
    if small(effects.events_treated(events_behind(ratio["estimate"], averted["estimate"]))):
        return f"How many {subject.outcome.split()[-1]} were averted is not shown, because so few were observed."
    return f"That is {averted_words(averted['estimate'], averted['conf_low'], averted['conf_high'], subject.outcome)}."


def _count(effects: Effects, name: str) -> int:
    return int(effects.summary[name])  # type: ignore[call-overload]


def _who(effects: Effects, subject: Subject) -> str:
    treated, compared = _count(effects, "n_treated"), _count(effects, "n_comparison")
    period = f", {subject.period}" if subject.period else ""
    later = int(effects.summary.get("not_yet_treated", 0))  # type: ignore[call-overload]
    before = f" ({later:,} of them before their own start)" if later else ""
    return f"{homes(treated)} treated, {compared:,} compared{before}{effects.against}{period}."


COUNTED_BY = (
    "Homes are counted by {period} here; where one is named by a calendar month, that is its first. The {period} in "
    "which it began, or ended, part of the way is left out: part of it was without."
)


def counted_by(length: int) -> str:
    """Say what must be known of homes that are counted by quarter or year."""
    return COUNTED_BY.format(period=PERIODS[length])


def banner(effects: Effects) -> str | None:
    """Warn, above everything else, that few homes were treated; None when enough were."""
    treated = _count(effects, "n_treated")
    if treated >= FEW_HOMES:
        return None
    if treated <= 1:
        return f"Only {homes(treated)} had the intervention. No method gives an interval that can be trusted."
    return (
        f"Only {homes(treated)} had the intervention. The intervals here allow for that and are wide; "
        "one unusual home can still move the answer. Read it as a reason to look further, not as proof."
    )


def cannot_tell(effects: Effects, subject: Subject) -> list[str]:
    """List what the answer leaves open, the most important first."""
    ratio = row(effects.tidy(), RATE_RATIO)
    limits = [
        f"Whether something else that began in the same homes at the same time changed {subject.outcome}.",
        "Whether it would do the same in other homes, which were not chosen for it.",
        f"Whether the {subject.outcome} that remained, or those averted, were the right ones for the people concerned.",
    ]
    if ratio["conf_low"] <= 1 <= ratio["conf_high"]:
        limits.insert(
            0, f"That {subject.intervention} makes no difference: too little data is not the same as no effect."
        )
    return limits


def verdict(check: Check) -> str:
    """Say how a check came out."""
    return {True: "No concern", False: "Concern", None: "Judge for yourself"}[check.passed]


def concern(check: Check) -> str:
    """Say a concern in a sentence, to stand beside the answer."""
    return f"A concern. {check.name} {first_sentence(check.reading)[0]}"
