"""How many admissions, over how many bed-days, in which home and month?"""

from analysis.panel.build import EXPOSURES, build_panel
from analysis.panel.cells import OUTCOMES
from analysis.panel.dense import ATTRIBUTES, Panel, monthly, names_of
from analysis.panel.doubtful import beds_for_days
from analysis.panel.shown import counts_as_shown

__all__ = [
    "ATTRIBUTES", "EXPOSURES", "OUTCOMES", "Panel",
    "beds_for_days", "build_panel", "counts_as_shown", "monthly", "names_of",
]  # fmt: skip
