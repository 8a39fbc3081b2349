"""To which homes should it be offered, when there is not enough for all: what it is worth, who, and by which rule?"""

from analysis.targeting.benefit import Benefits, YearlyOffer, benefits
from analysis.targeting.choice import Capacity, Choice, Fairness, choose
from analysis.targeting.contest import Contest, contest
from analysis.targeting.entry_rule import EntryRule, entry_rule
from analysis.targeting.heterogeneity import heterogeneity

__all__ = [
    "Benefits", "Capacity", "Choice", "Contest", "EntryRule", "Fairness", "YearlyOffer", "benefits", "choose",
    "contest", "entry_rule", "heterogeneity",
]  # fmt: skip
