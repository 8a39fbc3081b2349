"""Watching homes: is a series more than its usual coming and going, and which units stand apart?"""

from analysis.monitoring.chart import Cause, Charted, ControlChart, Series
from analysis.monitoring.funnel import Funnel, funnel
from analysis.monitoring.limits import Limits
from analysis.monitoring.signals import Signals

__all__ = ["Cause", "Charted", "ControlChart", "Funnel", "Limits", "Series", "Signals", "funnel"]
