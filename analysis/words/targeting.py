"""Whom to offer it to, in sentences that can be read aloud."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import nearest
from analysis.words.phrases import change, homes, listed

RUN_OUT = {
    "budget": "the budget", "homes": "the homes that leads can carry",
    "residents": "the residents that leads can carry",
    "visits": "the visits that practitioners can make",
}  # fmt: skip
FULL = 0.97
"""Share of a resource in use from which it is said to run out."""


def pounds(value: float) -> str:
    """Say pounds: "£490,000", "£3.1 million", "−£54,000"; to the nearest thousand."""
    sign, size = "−" if value < -500 else "", abs(value)
    if size >= 999_500:
        return f"{sign}£{size / 1e6:.1f} million"
    return f"{sign}£{round(size, -3):,.0f}"


def offered(count: int, residents: float, cost: float) -> str:
    """Say to how many it would be offered, at what cost."""
    if not count:
        return "It should be offered to no home: in none is it expected to be worth its cost."
    return (
        f"Offer it to {homes(count)} with about {nearest(residents):,} residents; if all take it up it costs "
        f"{pounds(cost)} a year."
    )


def binding(used: Mapping[str, float], limits: Mapping[str, float]) -> str:
    """Say what runs out."""
    full = [RUN_OUT[name] for name in limits if np.isfinite(limits[name]) and used[name] >= FULL * limits[name]]
    if not full:
        return "Nothing runs out: every home in which it is expected to be worth its cost is on the list."
    return f"What runs out first: {listed(full)}. With more, more homes would be worth it."


def doubt() -> str:
    """Say what most of the doubt is about."""
    return "Most of the doubt is about the effect, which is the same in every home, not about the choice of homes."


def already(supported: int, also: bool) -> str:
    """Say what became of homes that have had an intervention."""
    if not supported:
        return "No open home has had an intervention."
    if also:
        told = f"{homes(supported)} with an intervention before may be on the list, and the table marks them"
        return f"{told[:1].upper()}{told[1:]}. Of a second one less is known."
    return f"Left out: {homes(supported)} with an intervention before, this or another. The table marks them."


def contest(table: pd.DataFrame, years: int) -> str:
    """Say what targeting buys.

    Parameters
    ----------
    table : DataFrame
        Of `scenarios.contest.Contest`.
    years : int
        Years judged.
    """
    rows = table.set_index("rule")
    worst, raw = rows.loc["highest rate last year"], rows.loc["last year at its word"]
    judged = f"Judged on {years} {'year' if years == 1 else 'years'} that no rule had seen"
    luck = f"Allowing for luck alone is worth {_gain(raw)} a year than taking last year at its word"
    why = (
        "most of the rest comes from knowing where it works and what it costs"
        if raw["gain"] < worst["gain"] / 2
        else ""
    )
    return (
        f"{judged}, targeting is worth {_gain(worst)} a year than choosing by last year's highest rates. "
        f"{luck}{'; ' if why else ''}{why}."
    )


def _gain(row):
    """Tell a gain with its interval: "£13,000 more (95% interval: £4,000 less to £30,000 more)"."""
    low, high = (_more(row[name]) for name in ("gain_low", "gain_high"))
    same = low.rpartition(" ")[2] == high.rpartition(" ")[2]
    return f"{_more(row['gain'])} (95% interval: {low.rpartition(' ')[0] if same else low} to {high})"


def _more(value: float) -> str:
    return f"{pounds(abs(value))} {'less' if value < -NOTHING else 'more'}"


NOTHING = 500
"""Pounds that are none to the nearest thousand."""


def fell_back(table: pd.DataFrame) -> str:
    """Say how much the promise of last year's highest rates was luck."""
    row = table.set_index("rule").loc["highest rate last year"]
    if not row["averted_promised"] > 0:
        return "Last year's highest rates promised nothing."
    lost = 1 - row["averted_delivered"] / row["averted_promised"]
    if lost <= 0:
        return "Homes with last year's highest rates did not fall back here, as they mostly do."
    promised = nearest(row["averted_promised"])
    return (
        f"By last year's numbers the homes with the highest rates promised about {promised:,} admissions averted a "
        f"year; the year after had {lost:.0%} fewer to avert. Whoever evaluates such a choice must leave those months "
        "out."
    )


def learned(table: pd.DataFrame) -> str:
    """Say whether the learned score is used, and by which figure."""
    row = table.set_index("rule").loc["learned"]
    if not row["cuts"]:
        return "A learned score was not tried: it needs at least two years to be judged on."
    ends = f"{_less(row['gain_high'])} to {_less(row['gain_low'])}"
    figure = f"on years it had not seen it was worth {_less(row['gain'])} a year than the plain one ({ends})"
    if row["gain_high"] < 0:
        return f"A learned score (boosted trees) is used: {figure}."
    return f"A learned score (boosted trees) was tried and is not used: {figure}."


def _less(value):
    return f"{pounds(value)} less" if value >= 0 else f"{pounds(-value)} more"


def rule(found: Mapping, feature: str) -> list[str]:
    """Say who qualifies, what should change, and when it ends.

    Parameters
    ----------
    found : mapping
        kinds, threshold, leaves_below, homes, kept, shared, optimum, expected, goal, exit_months, longest_months.
    feature : str
        What is asked for, in words.
    """
    kinds = f"{listed(list(found['kinds']))} homes" if found["kinds"] else "homes of any kind"
    low, high = (nearest(x) for x in found["goal"][1:])
    return [
        f"Who qualifies: {kinds} with at least {found['threshold']:,} {feature}. Now {homes(found['homes'])}.",
        f"What should change: in these homes together about {nearest(found['expected'][0]):,} emergency admissions are "
        f"expected in a year without it, and about {nearest(found['goal'][0]):,} with it. Between {low:,} and {high:,} "
        "would be as expected; more would not.",
        f"When it ends: a home leaves once that number has been below {found['leaves_below']:,} for "
        f"{found['exit_months']} months, and after {found['longest_months']} months in any case, so that "
        "others can have it.",
        f"What the rule costs: it keeps {found['kept']:.0%} of what the best list is worth, and shares "
        f"{found['shared']} of its {homes(found['optimum'])}.",
    ]


ONE_IN_20 = 0.05
"""Below this, corrected for the number of questions, a difference is more than chance gives; p stands in the table."""


def groups(name: str, apart: float, adjusted: float, questions: int) -> str:
    """Say whether effects differ by an attribute of homes.

    Parameters
    ----------
    name : str
        The attribute, in words.
    apart : float
        Largest shrunken rate ratio over the smallest.
    adjusted : float
        P-value, corrected for the number of questions.
    questions : int
    """
    asked = f", with {questions} such questions asked" if questions > 1 else ""
    chance = (
        f"chance alone gives as much less than 1 time in 20{asked}"
        if adjusted < ONE_IN_20
        else f"chance alone often gives as much{asked}"
    )
    return f"{name}: allowing for luck, effects in the groups lie {apart - 1:.0%} apart; {chance}."


def group_change(ratio: float) -> str:
    """Tell a group's effect in few words."""
    return change(ratio)


CANNOT = (
    "Whether a home wants it, or would do it well: ask before it is offered.",
    "Which home will send fewer people to hospital: the list is about many homes, not about one.",
    "What else an admission averted is worth to the resident; only the pounds entered above are counted.",
    "What happens to homes left out: the fairness settings say how many of each group must be on the list.",
)
