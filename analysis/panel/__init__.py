"""How many admissions, over how many bed-days, in which home and month?"""

from analysis.panel.build import EMERGENCIES, EXPOSURES, OUTCOMES, Measure, build_panel
from analysis.panel.dense import ATTRIBUTES, Panel

__all__ = ["ATTRIBUTES", "EMERGENCIES", "EXPOSURES", "OUTCOMES", "Measure", "Panel", "build_panel"]
