"""How often does an interval hold the truth on homes that nobody has seen? What a calibration is judged by."""

from collections.abc import Iterator

import numpy as np

from analysis.admissions import StaggeredRates
from analysis.calibration.injected import said
from analysis.simulate import PanelSpec, simulate_panel


def fresh_coverage(
    spec: PanelSpec, model: StaggeredRates, interval: str, panels: int, seed: int
) -> tuple[float, float]:
    """Give the share of new panels in which an interval held the truth, and its Monte Carlo error.

    Parameters
    ----------
    interval : str
        `RULE` or `USUAL` of `analysis.calibration.injected`.
    """
    held = np.array([low <= truth <= high for truth, low, high in _intervals(spec, model, interval, (panels, seed))])
    share = float(held.mean())
    return share, float(np.sqrt(share * (1 - share) / len(held)))


def _intervals(spec, model, interval: str, asked: tuple[int, int]) -> Iterator[tuple[float, float, float]]:
    panels, seed = asked
    for k in range(panels):
        panel, truth = simulate_panel(spec, seed + k)
        rows = said(panel, truth.design(), model)
        yield from ((truth.log_rate_ratio, low, high) for which, _, low, high in rows if which == interval)
