"""What would each home's admissions be without anything done: from its own past, but not from its luck?"""

from analysis.baseline.homes import Baseline, baseline_of, days_in, months_without
from analysis.baseline.shown import baseline_as_shown

__all__ = ["Baseline", "baseline_as_shown", "baseline_of", "days_in", "months_without"]
