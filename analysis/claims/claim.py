"""What does a published sentence say, as far as it says it?

A claim is a frozen value, read from TOML or from a form; every fact that the sentence leaves out is left out here too,
and `analysis.claims.lacking` asks for it. What cannot be (a share above 100%, more improved than inspected, an after
that begins before the before has ended) is refused at the field; what may be but weakens the claim (a baseline that is
also the months in which the home was chosen) is said beside the field by `analysis.claims.remarks`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import pandas as pd

from analysis.allowed import MONTH, Option, is_number, whole
from analysis.plural import counted
from analysis.written import Fault

MOST = 10_000_000
"""Of anything that can be counted in one claim: England has six million emergency admissions a year."""
COUNT = whole(0, MOST, 20)
SOME = whole(1, MOST, 20)
PERCENT = Option(lambda value: is_number(value) and 0 <= value <= 100, "a percentage from 0 to 100", "60")
CHANGE = Option(
    lambda value: is_number(value) and -1000 <= value <= 100, "per cent fewer, at most 100 (−10: more)", "60"
)
AMOUNT = Option(lambda value: is_number(value) and 0 <= value <= 1e12, "a number that is not below 0", "1182.1")
MONTHS = Option(lambda value: is_number(value) and 0 < value <= 240, "a number of months, above 0 and up to 240", "12")

How = Literal["not said", "highest", "worst rated", "volunteered", "all there were", "by lot"]
Comparison = Literal["not said", "none", "others at the same time", "matched or modelled", "by lot"]
HomeType = Literal["all", "residential", "nursing"]
Support = Literal["not said", "enhanced support", "something else"]
"""What was done: of enhanced support (weekly rounds with a named lead) there are controlled evaluations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of months: its length, or its first and last month, or nothing where the sentence does not say."""

    RULES: ClassVar[Mapping[str, Option]] = {"months": MONTHS, "first": MONTH, "last": MONTH}

    months: float | None = None
    first: str | None = None
    last: str | None = None

    @property
    def length(self) -> float | None:
        """Months it spans; None where that is not known."""
        if self.months is not None:
            return self.months
        return _months_between(self.first, self.last) if self.first and self.last else None

    @staticmethod
    def faults_in(said: Mapping[str, Any]) -> Iterator[Fault]:
        """Say what cannot be."""
        first, last, months = said.get("first"), said.get("last"), said.get("months")
        if first and last and last < first:
            yield Fault("last", f"{last} lies before the first month, {first}.")
        elif first and last and months is not None and months != _months_between(first, last):
            spanned = _months_between(first, last)
            yield Fault(
                "months", f"From {first} to {last}: {counted(spanned, 'month')}, not {months:g}. Leave one of them out."
            )


def _months_between(first: str, last: str) -> int:
    return int((pd.Period(last, "M") - pd.Period(first, "M")).n) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HowChosen:
    """How the homes, or the area, came to be the ones told of.

    Parameters
    ----------
    how : How
    of : int, optional
        How many could have been chosen, or told of.
    first, last : str, optional
        Months whose figures decided it.
    """

    RULES: ClassVar[Mapping[str, Option]] = {"of": SOME, "first": MONTH, "last": MONTH}

    how: How = "not said"
    of: int | None = None
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedWith:
    """What it was compared with.

    Parameters
    ----------
    kind : Comparison
    percent_fewer : float, optional
        What happened there over the same time.
    """

    RULES: ClassVar[Mapping[str, Option]] = {"percent_fewer": CHANGE}

    how: Comparison = "not said"
    percent_fewer: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What every claim may say.

    Parameters
    ----------
    title, quote, source : str
        What it is called here, its words, and where they stand.
    before, after : Window
    chosen : HowChosen
    comparison : ComparedWith
    """

    title: str = ""
    quote: str = ""
    source: str = ""
    before: Window = field(default_factory=Window)
    after: Window = field(default_factory=Window)
    chosen: HowChosen = field(default_factory=HowChosen)
    comparison: ComparedWith = field(default_factory=ComparedWith)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareImproved(Said):
    """A share that improved: 63% of services inspected again were rated better.

    Parameters
    ----------
    percent : float, optional
        As printed.
    wording : "", "nearly" or "over"
        The word before it: "nearly 63%" is from 62% to below 63%.
    better, inspected : int, optional
        Counts, where they are told.
    at_most : int, optional
        How many there can have been.
    from_rating : str
        What they were rated before; "" where it is not said.
    homes : "care homes", "home care" or "any"
    year : int, optional
        Of most of the later inspections.
    """

    RULES: ClassVar[Mapping[str, Option]] = {
        "percent": PERCENT, "better": COUNT, "inspected": SOME, "at_most": whole(1, 1000, 20),
        "year": whole(2014, 2100, 2018),
    }  # fmt: skip

    kind: Literal["share improving"] = field(default="share improving", repr=False)
    percent: float | None = None
    wording: Literal["", "nearly", "over"] = ""
    better: int | None = None
    inspected: int | None = None
    at_most: int | None = None
    from_rating: Literal["", "Inadequate", "Requires improvement", "Below Good", "Good"] = ""
    homes: Literal["any", "care homes", "home care"] = "any"
    year: int | None = None

    @staticmethod
    def faults_in(said: Mapping[str, Any]) -> Iterator[Fault]:
        """Say what cannot be."""
        better, inspected, most = said.get("better"), said.get("inspected"), said.get("at_most")
        if better is not None and inspected is not None and better > inspected:
            yield Fault("better", f"{better:,} improved of {inspected:,} inspected: more than there were.")
        if inspected is not None and most is not None and inspected > most:
            yield Fault("inspected", f"{inspected:,} were inspected and there can have been {most:,} at most.")
        if better is not None and inspected and better <= inspected and not _prints(said, better / inspected):
            share = f"{better:,} of {inspected:,} is {better / inspected:.1%}"
            yield Fault(
                "percent", f"{share}, which is not {said.get('wording', '')} {said['percent']:g}%.".replace("  ", " ")
            )
        yield from _windows_in(said)


def printed(percent: float, wording: str) -> tuple[float, float]:
    """Give the shares that print so, from and to below: "nearly 63%" is from 62% to below 63%."""
    step = 1.0 if percent == round(percent) else 0.1
    least = {"nearly": percent - step, "over": percent}.get(wording, percent - step / 2)
    return least / 100, (least + step) / 100


def _prints(said: Mapping[str, Any], share: float) -> bool:
    if said.get("percent") is None:
        return True
    least, below = printed(said["percent"], said.get("wording", ""))
    return least - 1e-9 <= share <= below + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class FewerAdmissions(Said):
    """A fall in admissions: 60% in the home with the highest rate.

    Parameters
    ----------
    percent_fewer : float, optional
        As printed; −10 is 10% more.
    count_before, count_after : int, optional
        Admissions, where they are told.
    homes : int
        How many homes the figure is of.
    beds : float, optional
        Of all these homes together.
    home_type : "all", "residential" or "nursing"
    support : Support
    what : str
        What was counted.
    """

    RULES: ClassVar[Mapping[str, Option]] = {
        "percent_fewer": CHANGE, "count_before": COUNT, "count_after": COUNT, "homes": SOME,
        "beds": Option(lambda v: is_number(v) and 1 <= v <= MOST, "a number of beds, at least 1", "50"),
    }  # fmt: skip

    kind: Literal["admissions"] = field(default="admissions", repr=False)
    percent_fewer: float | None = None
    count_before: int | None = None
    count_after: int | None = None
    homes: int = 1
    beds: float | None = None
    home_type: HomeType = "all"
    support: Support = "not said"
    what: Literal["emergency admissions", "A&E attendances"] = "emergency admissions"

    @staticmethod
    def faults_in(said: Mapping[str, Any]) -> Iterator[Fault]:
        """Say what cannot be."""
        of, homes = said["chosen"].of, said.get("homes")
        if of is not None and homes is not None and homes > of:
            yield Fault("homes", f"{homes:,} homes were chosen of {of:,}: more than there were.")
        if said.get("count_before") == 0:
            yield Fault("count_before", "There were no admissions before: nothing can have fallen.")
        yield from _windows_in(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaChange(Said):
    """A count, or a rate, of one area: delayed days fell by 55%.

    Parameters
    ----------
    measure : str
    percent_fewer : float, optional
        As printed.
    value_before, value_after : float, optional
        Counts, or rates per `per` people.
    per, population : float, optional
        Of a rate: per how many people, and how many there are.
    earlier, later : tuple of float
        The same in the periods before `value_before` and after `value_after`, in order.
    elsewhere : tuple of float
        The wider country in all these periods, in order.
    """

    RULES: ClassVar[Mapping[str, Option]] = {
        "percent_fewer": CHANGE,
        "value_before": AMOUNT,
        "value_after": AMOUNT,
        "per": AMOUNT,
        "population": AMOUNT,
    }

    kind: Literal["area count", "area rate", "permanent admissions"] = "area count"
    measure: str = ""
    percent_fewer: float | None = None
    value_before: float | None = None
    value_after: float | None = None
    per: float | None = None
    population: float | None = None
    earlier: tuple[float, ...] = ()
    later: tuple[float, ...] = ()
    elsewhere: tuple[float, ...] = ()

    @staticmethod
    def faults_in(said: Mapping[str, Any]) -> Iterator[Fault]:
        """Say what cannot be."""
        if said.get("value_before") == 0:
            yield Fault("value_before", "It was 0 before: nothing can have fallen.")
        for name in ("earlier", "later", "elsewhere"):
            if any(value < 0 for value in said.get(name) or ()):
                yield Fault(name, "A count or a rate is not below 0.")
        needed = len(said["earlier"]) + len(said["later"]) + 2
        if said["elsewhere"] and len(said["elsewhere"]) != needed:
            found = len(said["elsewhere"])
            yield Fault("elsewhere", f"found {found} figures; expected {needed}: one for every period given here.")
        yield from _windows_in(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledTotal(Said):
    """A total that was scaled up: 3,232 fewer admissions; in the whole country, 44,969.

    Parameters
    ----------
    total : float, optional
        As scaled up.
    seen : float, optional
        Fewer where it was counted.
    of_homes, to_homes : float, optional
        How many homes that was, and how many it was scaled to.
    percent_fewer : float, optional
        Of what there was before, where it was counted.
    support : Support
    """

    RULES: ClassVar[Mapping[str, Option]] = {
        "total": AMOUNT,
        "seen": AMOUNT,
        "of_homes": AMOUNT,
        "to_homes": AMOUNT,
        "percent_fewer": CHANGE,
    }

    kind: Literal["scaled-up total"] = field(default="scaled-up total", repr=False)
    total: float | None = None
    seen: float | None = None
    of_homes: float | None = None
    to_homes: float | None = None
    percent_fewer: float | None = None
    support: Support = "not said"

    @staticmethod
    def faults_in(said: Mapping[str, Any]) -> Iterator[Fault]:
        """Say what cannot be."""
        total, seen = said.get("total"), said.get("seen")
        if total is not None and seen is not None and seen > total:
            yield Fault("total", f"{total:,.0f} scaled up from {seen:,.0f}: less than was counted.")
        of, to = said.get("of_homes"), said.get("to_homes")
        if of is not None and to is not None and of > to:
            yield Fault("of_homes", f"It was counted in {of:,.0f} homes and scaled to {to:,.0f}: fewer.")
        yield from _windows_in(said)


Claim = ShareImproved | FewerAdmissions | AreaChange | ScaledTotal


def _windows_in(said: Mapping[str, Any]) -> Iterator[Fault]:
    """Say which windows cannot be: an after that begins before the before has ended, or that chose the homes."""
    before, after, chosen = said["before"], said["after"], said["chosen"]
    if before.last and after.first and after.first <= before.last:
        yield Fault("after.first", f"{after.first} is not after the months before, which end in {before.last}.")
    if chosen.last and after.last and chosen.last > after.last:
        yield Fault("chosen.last", "What was chosen by months after the end was chosen for its result.")
    elif chosen.last and after.first and chosen.last >= after.first:
        yield Fault("chosen.last", f"The months that decided the choice overlap those after, from {after.first}.")
    if chosen.first and chosen.last and chosen.last < chosen.first:
        yield Fault("chosen.last", f"{chosen.last} lies before the first month, {chosen.first}.")
