"""What would each home's admissions be without anything done: from its own past, but not from its luck?"""

from analysis.baseline.homes import Baseline, baseline_of, days_in, months_without

__all__ = ["Baseline", "baseline_of", "days_in", "months_without"]
