"""Every method that may be asked about one area."""

from collections.abc import Mapping

from analysis.admissions import StaggeredRates
from analysis.areas import InterruptedTimeSeries, SyntheticControl
from analysis.areas.difference import DifferenceInDifferences
from analysis.areas.synthetic import SYNTHETIC
from analysis.results import Model

METHODS: Mapping[str, Model] = {
    SYNTHETIC: SyntheticControl(),
    "Ridge-augmented synthetic control": SyntheticControl(method="ridge_augmented"),
    "Synthetic difference-in-differences": SyntheticControl(method="synthetic_did"),
    "Difference-in-differences": DifferenceInDifferences(
        engine=StaggeredRates(comparison="never_treated", leads=0, subgroups=(), permutations=999)
    ),
    "Controlled time series, Newey–West": InterruptedTimeSeries(controlled=True),
    "Controlled time series, AR(1)": InterruptedTimeSeries(controlled=True, errors="ar1"),
    "Time series alone, Newey–West": InterruptedTimeSeries(),
    "Time series alone, AR(1)": InterruptedTimeSeries(errors="ar1"),
}
"""Name in a protocol, and on screen, to specification; the weakest assumptions first."""
