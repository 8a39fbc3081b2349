"""What would happen if: the homes' baseline, a scenario, its projection, and what it costs and frees, by payer."""

from analysis.scenarios.baseline import Baseline, baseline_of
from analysis.scenarios.money import Money, money
from analysis.scenarios.projection import Projection, project
from analysis.scenarios.ranges import Luck, Range, Ratio
from analysis.scenarios.scenario import Effect, Offer, Programme, Scenario, Who

__all__ = [
    "Baseline", "Effect", "Luck", "Money", "Offer", "Programme", "Projection", "Range", "Ratio", "Scenario", "Who",
    "baseline_of", "money", "project",
]  # fmt: skip
