"""How homes' ratings move, and what an intervention changes."""

from analysis.ratings.base_rates import MOVES, ORIGINS, Transitions, transitions

__all__ = ["MOVES", "ORIGINS", "Transitions", "transitions"]
