"""What would happen if: a scenario, its projection on the homes' baseline, and what it costs and frees, by payer."""

from analysis.scenarios.money import Money, money
from analysis.scenarios.projection import Projection, project
from analysis.scenarios.ranges import Luck, Range, Ratio
from analysis.scenarios.scenario import Effect, Offer, Programme, Scenario, Who

__all__ = [
    "Effect", "Luck", "Money", "Offer", "Programme", "Projection", "Range", "Ratio", "Scenario", "Who", "money",
    "project",
]  # fmt: skip
