"""How homes' ratings move, and what an intervention changes."""

from analysis.ratings.base_rates import MOVES, ORIGINS, Transitions, transitions
from analysis.ratings.observed_expected import ObservedExpected

__all__ = ["MOVES", "ORIGINS", "ObservedExpected", "Transitions", "transitions"]
