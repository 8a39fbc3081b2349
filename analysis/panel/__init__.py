"""How many admissions, over how many bed-days, in which home and month?"""

from analysis.panel.build import EXPOSURES, OUTCOMES, build_panel
from analysis.panel.dense import ATTRIBUTES, Panel

__all__ = ["ATTRIBUTES", "EXPOSURES", "OUTCOMES", "Panel", "build_panel"]
