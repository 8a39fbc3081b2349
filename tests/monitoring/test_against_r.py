"""Limits, rules and icons against what the NHS's R packages make of the same series."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.monitoring import Limits, funnel, limits
from analysis.monitoring.signals import assurance, signals

HERE = Path(__file__).parent
DOTS = json.loads((HERE / "plotthedots.json").read_text())
OTHERS = json.loads((HERE / "attributes.json").read_text())
PARTS = ("centre", "lower", "upper", "near_lower", "near_upper")


def drawn(series: dict) -> tuple[np.ndarray, Limits, np.ndarray]:
    """Values, limits of every stretch, and stretches."""
    values = np.array(series["y"])
    stretch = (np.arange(len(values))[:, None] >= np.array(series["rebase"], int)[None, :]).sum(axis=1)
    parts = []
    for number in np.unique(stretch):
        part = values[stretch == number]
        base = np.arange(len(part)) < (series["fix"] or len(part))
        parts.append(limits.individuals(part, base, series["screen"]))
    return values, Limits(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in PARTS}), stretch


@pytest.mark.parametrize("series", DOTS, ids=lambda series: series["name"])
def test_xmr_charts_are_those_of_making_data_count(series):
    values, found, stretch = drawn(series)
    told, better = series["found"], "higher" if series["improvement"] == 1 else "lower"
    assert found.centre == pytest.approx(told["mean"])
    assert found.lower == pytest.approx(told["lower"])
    assert found.upper == pytest.approx(told["upper"])
    assert signals(values, found, stretch).variation(better) == told["type"]
    if series["target"] is not None:
        assert assurance(series["target"], found, better) == told["assurance"]


CHARTS = {
    "u": limits.rates,
    "up": lambda y, n, base: limits.rates(y, n, base, limits.spread_of_rates(y, n, base)),
    "p": limits.shares,
    "pp": lambda y, n, base: limits.shares(y, n, base, limits.spread_of_shares(y, n, base)),
    "t": lambda y, _, base: limits.times_between(y, base),
    "g": lambda y, _, base: limits.cases_between(y, base),
}


@pytest.mark.parametrize("series", OTHERS["charts"], ids=lambda series: f"{series['chart']} {series['baseline']}")
def test_charts_of_counts_and_gaps_are_those_of_qicharts(series):
    y, n = np.array(series["y"]), np.array(series["n"])
    found = CHARTS[series["chart"]](y, n, np.arange(len(y)) < series["baseline"])
    assert found.centre == pytest.approx(series["found"]["cl"])
    assert found.lower == pytest.approx(series["found"]["lcl"])
    assert found.upper == pytest.approx(series["found"]["ucl"])


@pytest.mark.parametrize("units", OTHERS["funnels"], ids=lambda units: f"{len(units['observed'])} units")
def test_funnels_are_those_of_funnelplotr(units):
    observed, expected, told = np.array(units["observed"]), np.array(units["expected"]), units["found"]
    wide, plain = funnel(observed, expected), funnel(observed, expected, "none")
    assert (wide.phi, wide.tau2) == pytest.approx((told["phi"], told["tau2"]), abs=1e-9)
    for level, name in enumerate(("95", "998")):
        assert plain.lower[:, level] == pytest.approx(told[f"ll{name}"], abs=1e-9)
        assert plain.upper[:, level] == pytest.approx(told[f"ul{name}"], abs=1e-9)
        if told["tau2"] > 0:  # theirs too are the exact limits where units do not differ
            assert wide.lower[:, level] == pytest.approx(told[f"odll{name}"], abs=1e-6)
            assert wide.upper[:, level] == pytest.approx(told[f"odul{name}"], abs=1e-6)
