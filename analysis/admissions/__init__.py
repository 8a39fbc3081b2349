"""Admission-rate models: did admissions change, against what was to be expected without the intervention?"""

from analysis.admissions.staggered import StaggeredRates

__all__ = ["StaggeredRates"]
