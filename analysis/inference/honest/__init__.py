"""How far does an answer hold if treated and comparison units would not have run alike?

Of an event study with estimates β = τ + δ, in which δ is the difference in course that no effect made (zero in the
reference period), only the periods before the start show δ. What is said of those after it rests on how much more δ is
allowed to move than it did before:

    smoothness      |(δ_{t+1} − δ_t) − (δ_t − δ_{t−1})| ≤ M                               (`smoothness`)
    relative size   |δ_{t+1} − δ_t| ≤ M̄ · max |δ_{s+1} − δ_s| over the periods before     (`relative`)

Each gives an interval for any weighted sum of the effects, and the M or M̄ at which it first holds no effect at all.

Source: Rambachan and Roth (2023), "A more credible approach to parallel trends", Review of Economic Studies 90(5).
"""

from analysis.inference.honest.relative import drift_that_overturns, relative_interval
from analysis.inference.honest.smoothness import bend_that_overturns, smooth_interval
from analysis.inference.honest.target import EventStudy, Target

__all__ = [
    "EventStudy", "Target", "bend_that_overturns", "drift_that_overturns", "relative_interval", "smooth_interval",
]  # fmt: skip
