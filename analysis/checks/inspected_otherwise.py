"""Were supported homes inspected sooner, or later, than homes like them?

An inspection that came because something was heard finds other things than one that was due; and a home that is rated
again soon has had less time. How soon homes were rated again is compared by a log-rank test (`analysis.inference`)
among homes at the same rating on the same day, come to in the same way.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.inference.log_rank import log_rank
from analysis.inspections import Inspections
from analysis.outcomes import Ratings
from analysis.ratings.again import ALPHA, rated_when_begun, rating_spells_of
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

NAME = "Were supported homes inspected sooner, or later, than others?"
OUTCOMES = (Ratings,)
RATED = "rated"
FEWEST = 5.0
"""Homes of which it was expected, or came: below it the normal approximation of the test does not hold, and its exact
p-value is taken, if it could have been below `ALPHA` at all."""
COLUMNS = ("group", "homes", "count", "expected")
OWN, LIKE = "homes with the intervention", "homes like them"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRatings:
    """How often something ended a rating in supported homes and in homes like them."""

    table: pd.DataFrame
    p_value: float
    enough: bool

    @property
    def came(self) -> int:
        """In how many homes it came, of either group."""
        return int(self.table["count"].sum())

    @property
    def passed(self) -> bool | None:
        """Whether chance gives as much; None where nothing can be said, nor that nothing is amiss of so few homes."""
        if not (self.enough and np.isfinite(self.p_value)):
            return None
        if self.p_value < ALPHA:
            return False
        return True if float(self.table["expected"].iloc[0]) >= FEWEST else None

    @property
    def number(self) -> str:
        """Observed and expected, in few words."""
        own = self.table.iloc[0]
        return f"{own['count']:,.0f}, and {own['expected']:.1f} expected"

    def told(self, what: str) -> str:
        """Say in how many homes it came, and in how many it was to be expected."""
        own, like = (row for _, row in self.table.iterrows())
        return (
            f"{own['count']:,.0f} of {own['homes']:,.0f} homes with the intervention {what}; in the same time "
            f"{own['expected']:.1f} would have, had they gone at one pace with homes like them "
            f"({like['count']:,.0f} of {like['homes']:,.0f} did in the end)"
        )


def inspected_otherwise(fitted: Fitted[Inspections, Support]) -> Check:
    """Compare how soon homes were rated again."""
    found = examined(fitted, RATED)
    if found is None:
        return Check.cannot_say(NAME, COLUMNS, "No supported home stood at a rating beside a home like it.")
    told = found.told("were rated again")
    if found.passed is None:
        return Check(name=NAME, passed=None, table=found.table, reading=f"{told}. That is too few to compare.")
    own = found.table.iloc[0]
    sooner = "sooner" if own["count"] > own["expected"] else "later"
    end = (
        "no sooner or later than chance gives" if found.passed
        else f"they were inspected {sooner} than chance gives. If that was for what was heard of them, the comparison "
        "is of different inspections: ask"
    )  # fmt: skip
    return Check(name=NAME, passed=found.passed, table=found.table, reading=f"{told}: {end}.", number=found.number)


def examined(fitted: Fitted[Inspections, Support], ended: str) -> EndedRatings | None:
    """Compare how soon ratings ended in a way, among homes alike; None where no supported home has one like it."""
    rows = rated_when_begun(rating_spells_of(fitted.observed, fitted.design))
    keys = ["since", "rating", "before"]
    both = rows.groupby(keys, observed=True)["supported"].transform("nunique") == 2
    rows = rows.loc[both]
    if rows.empty:
        return None
    own, came = rows["supported"].to_numpy(bool), (rows["ended"] == ended).to_numpy(bool)
    stratum = rows.groupby(keys, observed=True).ngroup().to_numpy()
    found = log_rank(rows["days"].to_numpy(float), came, own, stratum)
    table = pd.DataFrame(
        [(OWN, int(own.sum()), int(came[own].sum()), found.expected),
         (LIKE, rows.loc[~own, "home"].nunique(), rows.loc[~own & came, "home"].nunique(), np.nan)],
        columns=list(COLUMNS),
    )  # fmt: skip
    many = max(found.observed, found.expected) >= FEWEST
    p_value = found.p_value if many else found.exact
    return EndedRatings(table=table, p_value=p_value, enough=many or found.least < ALPHA)
