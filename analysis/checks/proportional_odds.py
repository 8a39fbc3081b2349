"""Is the chance of a better rating moved alike at every step of the scale, as the model of the next rating supposes?"""

import pandas as pd

from analysis.errors import AnalysisError
from analysis.inspections import Inspections, spells_of
from analysis.outcomes import Ratings
from analysis.ratings.next_rating.model import NextRating
from analysis.ratings.next_rating.proportional_odds import NAME
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

OUTCOMES = (Ratings,)


def proportional_odds(fitted: Fitted[Inspections, Support]) -> Check:
    """Examine proportional odds, where the model of the next rating has an answer."""
    if "next_rating" not in fitted.answers:
        reading = "The model of the next rating has no answer here, so there is nothing to examine."
        return Check(name=NAME, passed=None, table=pd.DataFrame(), reading=reading)
    support = fitted.design
    model = NextRating(key_question=support.key_question, other_interventions=support.other_interventions)
    seen = support.seen(fitted.observed)
    try:
        return model.check(seen, spells_of(seen, support.key_question), support.started, support.others)
    except AnalysisError as said:
        return Check(name=NAME, passed=None, table=pd.DataFrame(), reading=str(said))
