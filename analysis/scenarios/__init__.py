"""What would happen if: the homes' baseline, a scenario, its projection, and what it costs and frees, by payer."""

from analysis.scenarios.baseline import Baseline, baseline_of

__all__ = ["Baseline", "baseline_of"]
