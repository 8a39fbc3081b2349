"""Are there enough homes, supported and others like them, for the interval to mean what it says?"""

import pandas as pd

from analysis.checks.few_clusters import ENOUGH, FEWEST
from analysis.inspections import Inspections
from analysis.outcomes import Ratings
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

NAME = "Are there enough homes?"
OUTCOMES = (Ratings,)
COLUMNS = ("homes_with_intervention", "others_count_for", "clusters")


def few_supported(fitted: Fitted[Inspections, Support]) -> Check:
    """Say how many homes the answer rests on, on either side."""
    names = ("n_treated", "n_comparison", "n_clusters")
    treated, others, clusters = (int(fitted.effects.glance()[name].iloc[0]) for name in names)
    table = pd.DataFrame([(treated, others, clusters)], columns=list(COLUMNS))
    told = f"{treated:,} supported homes, and others like them that tell as much as {others:,}"
    enough = treated >= ENOUGH and others >= ENOUGH
    if treated < FEWEST or others < FEWEST:
        end = "too few for any interval to be trusted"
    elif not enough:
        end = "the interval is wide because of it, and a true effect of ordinary size may well be missed"
    else:
        end = "enough for the interval to hold its promise"
    return Check(name=NAME, passed=enough, table=table, reading=f"{told}: {end}.", number=f"{treated:,} and {others:,}")
