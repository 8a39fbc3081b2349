"""Small panels whose every home-month is known."""

import numpy as np
import pandas as pd
import pytest

from analysis.design import NEVER, Design
from analysis.panel import Panel


def small_panel(*, seed=4, starts=(5, 5, 7, 7, 7, 9), n=16, T=12, missing=0.08, effect=-0.3, rate=4.0):
    """A panel with home-months missing and bed-days that change, and its design."""
    rng = np.random.default_rng(seed)
    start = np.array([*starts, *[NEVER] * (n - len(starts))])
    exposure = 900 * rng.lognormal(0, 0.4, (n, 1)) * rng.uniform(0.8, 1.2, (n, T))
    exposure[rng.random((n, T)) < missing] = 0
    treated = (start != NEVER)[:, None] & (np.arange(T) >= start[:, None])
    month = np.exp(0.2 * np.sin(np.arange(T)))
    counts = rng.poisson(rate / 900 * exposure * rng.gamma(6, 1 / 6, (n, 1)) * month * np.exp(effect * treated))
    units = pd.DataFrame(
        {"home_type": np.where(np.arange(n) % 2, "nursing", "residential")},
        index=pd.Index([f"H{i:03d}" for i in range(n)], name="unit"),
    )
    months = np.datetime64("2022-01", "M") + np.arange(T)
    panel = Panel(
        units=units, months=months, counts=counts, exposure=exposure,
        outcome="emergency admissions", exposure_unit="bed-days",
    )  # fmt: skip
    return panel, Design(intervention="ward round", start=start, included=np.ones((n, T), bool))


def dummies(labels):
    """One column for every value."""
    return (labels[:, None] == np.unique(labels)).astype(float)


@pytest.fixture
def panel_and_design():
    return small_panel()
