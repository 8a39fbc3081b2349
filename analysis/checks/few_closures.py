"""Are there enough closures for an effect of ordinary size to be seen?"""

import pandas as pd

from analysis.inspections import Inspections
from analysis.outcomes import Closures
from analysis.plural import counted
from analysis.ratings.closures import Following
from analysis.ratings.closures.alike import beside
from analysis.ratings.closures.model import count
from analysis.results import Check, Fitted

NAME = "Are there enough closures?"
OUTCOMES = (Closures,)
COLUMNS = ("supported_homes", "home_years", "enough")
ENOUGH = 14.0
"""Closures expected with which half of them averted would be found in about half of such programmes
(`bench/closures.csv`); with fewer, no difference is what is to be expected, whatever was done."""


def few_closures(fitted: Fitted[Inspections, Following]) -> Check:
    """Say whether as many closures would have been expected as an effect needs to be seen; never how many."""
    found = beside(fitted.observed, fitted.design)
    enough = count(found).expected.total >= ENOUGH
    years = float(found.homes["years"].sum())
    table = pd.DataFrame([(len(found.homes), round(years, 1), enough)], columns=list(COLUMNS))
    were = "was" if len(found.homes) == 1 else "were"
    told = f"{counted(len(found.homes), 'supported home')} {were} followed for {counted(years, 'home-year')}"
    end = (
        ": enough closures would have been expected for half of them averted to be seen."
        if enough
        else ": so few closures would have been expected that even half of them averted would mostly be missed. Follow "
        "longer, or join other councils that did the same."
    )
    return Check(
        name=NAME, passed=bool(enough), table=table, reading=f"{told}{end}", number="" if enough else "few expected"
    )
