"""Panels and a fictional county whose truth is known: tests, benchmarks, notebooks and the sample all use them."""

from analysis.simulate.county import County, simulate_county
from analysis.simulate.futures import untreated_futures
from analysis.simulate.panels import PanelSpec, PanelTruth, simulate_panel
from analysis.simulate.sample import SEED, sample_files, write_sample
from analysis.simulate.truth import on_admissions, truth

__all__ = [
    "SEED", "County", "PanelSpec", "PanelTruth", "on_admissions", "sample_files", "simulate_county", "simulate_panel",
    "truth", "untreated_futures", "write_sample",
]  # fmt: skip
