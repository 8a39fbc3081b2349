"""Panels and a fictional county whose truth is known: tests, benchmarks, notebooks and the sample all use them."""

from analysis.simulate.panels import PanelSpec, PanelTruth, simulate_panel

__all__ = ["PanelSpec", "PanelTruth", "simulate_panel"]
