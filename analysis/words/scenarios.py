"""What would happen if, in sentences that can be read aloud?"""

from collections.abc import Mapping

import numpy as np

from analysis.plural import counted
from analysis.words.phrases import homes


def what_if(title: str, who: Mapping, months: int, averted: Mapping, a_year: int | None) -> str:
    """Say how many admissions would be averted.

    Parameters
    ----------
    title : str
        What is offered.
    who : mapping
        offered (homes), among (homes from which they are drawn by lot; 0 where no lot is), and least and most (95%
        interval of the homes that take it up).
    months : int
    averted : mapping
        estimate, low, high; rounded as counts are.
    a_year : int or None
        Admissions a year expected without it, rounded; None where too few to show.
    """
    offered, low, high = int(who["offered"]), round(who["least"]), round(who["most"])
    some = f"{low}" if low == high else f"{low} to {high}"
    drawn = f"{homes(offered)} drawn by lot from {int(who['among']):,}" if who["among"] else homes(offered)
    taking = drawn if low == high == offered else f"{drawn}, of which {some} take it up"
    named = f"The {title}" if title[:1].islower() else title
    ahead = counted(months, "month")
    without = "too few to show" if a_year is None else f"about {a_year:,}"
    return (
        f"{named}, offered to {taking}, would {_avert(averted)} over {ahead}. Without it, {without} a year are "
        "expected in these homes."
    )


FIRST = {
    "by lot": "were the homes drawn by lot",
    "most admissions expected": "were they the homes where most are expected",
}
"""Order in which homes come first, as it is said."""


def which_homes(order: str, averted: Mapping, chance: float, other: float, lots: Mapping | None = None) -> str:
    """Say what the same would come to in other homes of the same county.

    Parameters
    ----------
    order : str
        Which would come first instead.
    averted : mapping
        estimate, low, high there; rounded as counts are.
    chance, other : float
        Share of draws in which value is more than cost here and there.
    lots : mapping, optional
        low, high of the admissions averted from lot to lot, where a lot decides here.
    """
    span = f" From lot to lot alone it runs from about {lots['low']:,} to {lots['high']:,}." if lots else ""
    return (
        f"Which homes get it matters:{'' if not lots else ' the answer is averaged over every lot.'}{span} The same, "
        f"{FIRST[order]}, would {_avert(averted)}, and value would be more than cost in {in_twenty(other)} draws "
        f"instead of {in_twenty(chance)}."
    )


def _avert(averted: Mapping) -> str:
    middle, low, high = (int(averted[name]) for name in ("estimate", "low", "high"))
    if low >= 0:
        span = f"95% interval: {low:,} to {high:,}"
    elif high <= 0:
        span = f"95% interval: {-high:,} to {-low:,} more"
    else:
        span = f"95% interval: from {-low:,} more to {high:,} fewer"
    if middle < 0:
        return f"bring about {-middle:,} more emergency admissions ({span})"
    return f"avert about {middle:,} emergency admissions ({span})"


def money_in(value: float) -> str:
    """Write pounds as they are said: "£1.2 million", "£340,000", "−£60,000"."""
    sign, size = "−" if value < 0 else "", abs(value)
    return f"{sign}£{size / 1e6:.1f} million" if size >= 999_500 else f"{sign}£{size:,.0f}"


def worth(row: Mapping, chance: float) -> str:
    """Say what it costs, what it frees, and how likely it is to be worth it; `display.worth` has the intervals.

    Parameters
    ----------
    row : mapping
        cost, cash, capacity of all payers together.
    chance : float
        Share of draws in which value is more than cost.
    """
    return (
        f"It would cost about {money_in(row['cost'])}, free capacity worth about {money_in(row['capacity'])} and "
        f"release about {money_in(row['cash'])} in cash. Capacity is a bed for somebody else, not money in a budget. "
        f"Counting both, value is more than cost in {in_twenty(chance)} draws."
    )


def in_twenty(chance: float) -> str:
    """Tell a probability as a count of twenty: "17 of 20", "fewer than 1 of 20", "more than 19 of 20"."""
    count = round(20 * chance)
    if count == 0:
        return "no" if chance == 0 else "fewer than 1 of 20"
    return f"{count} of 20" if count < 20 else "all" if chance == 1 else "more than 19 of 20"


def likely(twenty: np.ndarray) -> str:
    """Read the dots: how many of twenty equally likely futures lie above none, and where the middle is."""
    fewer = int((twenty > 0).sum())
    low, high = np.sort(twenty)[[5, 14]]
    some = {0: "none", 20: "all"}.get(fewer, str(fewer))
    return (
        f"Each dot is one of twenty equally likely futures. In {some} of them admissions are fewer; half of them lie "
        f"between {_ends(low, high, 'and')}."
    )


def _ends(low: int, high: int, join: str = "to") -> str:
    """Tell two ends: "0 to 20 fewer", "5 more to 20 fewer"."""
    if (low < 0) == (high < 0):
        return f"{_fewer(low).rpartition(' ')[0]} {join} {_fewer(high)}"
    return f"{_fewer(low)} {join} {_fewer(high)}"


def _fewer(count: int) -> str:
    return f"{count:,} fewer" if count >= 0 else f"{-count:,} more"


def difference(last: Mapping, period: str) -> str:
    """Read the picture of what is averted period by period.

    Parameters
    ----------
    last : mapping
        middle, low95, high95 of the last period: admissions fewer with it.
    period : str
        "month", "quarter" or "year".
    """
    low, high = int(last["low95"]), int(last["high95"])
    return (
        f"The bands are the difference that it makes, draw by draw. In the last {period} it is about "
        f"{_fewer(int(last['middle']))} (95% interval: {_ends(low, high)}). Where a band reaches past the line at "
        "none, no difference is possible too."
    )


def luck(naive: int | None, expected: int | None, chosen_worst: bool) -> str:
    """Say what last year's figures would have suggested for the same homes: admissions a year, as they may be shown."""
    why = "They were chosen for a bad year, and would fall back by themselves. " if chosen_worst else ""
    if not naive or not expected:
        return f"{why}Last year's admissions of these homes are too few to show."
    allowed = "which allows for luck, season and trend"
    if naive == expected:
        return f"{why}Last year's figures of these homes would suggest the same number, {expected:,} a year."
    more = naive / expected - 1
    return (
        f"{why}Last year's figures of these homes would suggest about {naive:,} a year, {_percent(abs(more))} "
        f"{'more' if more > 0 else 'fewer'} than the {expected:,} used here, {allowed}."
    )


def _percent(size: float) -> str:
    return "less than 1%" if size < 0.005 else f"{size:.0%}"


def matters(input_name: str, net_low: float, net_high: float) -> str:
    """Read the tornado: the input that moves the answer most."""
    ends = sorted((net_low, net_high))
    return (
        f"Most hangs on “{input_name}”. From its worse to its better end, all else in its middle, value less cost runs "
        f"from {money_in(ends[0])} to {money_in(ends[1])}."
    )


def assumed(numbers: int, unchecked: int, year: str) -> str:
    """Say how many numbers a scenario rests on, and how many nobody has read in their source."""
    return (
        f"{numbers:,} numbers, of which {unchecked:,} are not verified and want checking before a decision rests on "
        f"them. Money is turned into pounds of {year} by the GDP deflator (HM Treasury, December 2025)."
    )


CANNOT = (
    "Whether the effect will be the same here, in these homes, with these staff: it was measured elsewhere or earlier.",
    "What else will change meanwhile: homes that open, close or fill differently are taken as they were last year.",
    "Whether freed beds are used well, or at all: capacity is not cash, and those who pay are seldom those who gain.",
    "What inspectors will publish: days below Good follow the quality that a visit would find.",
    "What it does for residents: fewer admissions are not better by themselves.",
)
"""What a projection leaves open, the most important first."""
