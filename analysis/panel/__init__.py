"""How many admissions, over how many bed-days, in which home and month?"""

from analysis.panel.dense import ATTRIBUTES, Panel

__all__ = ["ATTRIBUTES", "Panel"]
