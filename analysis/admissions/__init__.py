"""Admission-rate models: did admissions change, against what was to be expected without the intervention?"""

from analysis.admissions.answer.overall import Overall, overall, with_usual_error
from analysis.admissions.answer.staggered import StaggeredRates

__all__ = ["Overall", "StaggeredRates", "overall", "with_usual_error"]
