"""How do ratings move anyway: everywhere, by area, year and kind of home, and how soon?"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from analysis.inspections import Inspections, spells_of
from analysis.ratings.base_rates import By, Dates, Transitions, grouped, transitions
from analysis.ratings.waits import times

GROUPS: tuple[By, ...] = ("home_type", "size")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BaseRates:
    """How ratings move anyway.

    Parameters
    ----------
    every, by_area, by_year : Transitions
        Over all homes, by area and by year.
    by_group : mapping of str to Transitions
        By `GROUPS`.
    times : DataFrame
        How soon ratings come.
    leaving : str
        What is known of homes that left.
    """

    every: Transitions
    by_area: Transitions
    by_year: Transitions
    by_group: Mapping[By, Transitions]
    times: pd.DataFrame
    leaving: str


def base_rates(
    inspections: Inspections, supported: pd.Series, key_question: str = "Overall", dates: Dates = "exposure"
) -> BaseRates:
    """Count how ratings moved from one inspection to the next.

    Parameters
    ----------
    inspections : Inspections
        Every published rating.
    supported : Series of datetime64, index home
        Day from which homes had any intervention; pairs that end later are left out.
    key_question : str
        "Overall" or one of the five.
    dates : Dates
        By which date ratings are ordered and counted.
    """
    spells = spells_of(inspections, key_question)
    every = transitions(inspections, dates=dates, key_question=key_question, supported=supported)
    told = partial(grouped, every) if len(every.pairs) else lambda by: every
    return BaseRates(
        every=every,
        by_area=told(by="area_name"),
        by_year=told(by="year"),
        by_group={by: told(by=by) for by in GROUPS},
        times=times(spells) if len(every.pairs) else pd.DataFrame(),
        leaving=spells.leaving,
    )
