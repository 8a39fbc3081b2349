"""Hospital records and stays become a panel, by whichever engine holds them."""

from analysis.panel.events.engines import ENGINES
from analysis.panel.events.panel import EventPanel, panel_of_events

__all__ = ["ENGINES", "EventPanel", "panel_of_events"]
