"""What would happen if: a scenario, its projection on the homes' baseline, and what it costs and frees, by payer."""

from analysis.scenarios.money import Money, money
from analysis.scenarios.projection import Projection, project
from analysis.scenarios.ranges import Draws, Range, Ratio
from analysis.scenarios.scenario import DeliveryCosts, Effect, Offer, Scenario, Who

__all__ = [
    "DeliveryCosts",
    "Draws",
    "Effect",
    "Money",
    "Offer",
    "Projection",
    "Range",
    "Ratio",
    "Scenario",
    "Who",
    "money",
    "project",
]  # fmt: skip
