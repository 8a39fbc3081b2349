"""A second model of admissions, written as CONTRIBUTING says: the smallest that answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from analysis.allowed import Option, check, share
from analysis.design import NEVER, Design
from analysis.panel import Panel
from analysis.results import RATE_RATIO, TIDY, Effects

OPTIONS: Mapping[str, Option] = {"conf_level": share(0.5, 0.999, 0.95)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainRatio:
    """Rate after over before the start with the intervention, over the same of homes that never had it.

    Every admission counts as independent of the others, which they are not: the interval is too narrow.
    """

    OPTIONS: ClassVar[Mapping[str, Option]] = OPTIONS
    conf_level: float = 0.95

    def __post_init__(self):
        check(self, OPTIONS)

    def fit(self, panel: Panel, design: Design) -> Effects:
        """Compare the four rates."""
        month, start = np.arange(len(panel.months)), design.start[:, None]
        part, had = design.included & (panel.exposure > 0), np.broadcast_to(start != NEVER, panel.counts.shape)
        first = design.start[design.start != NEVER].min()
        after = np.where(had, month >= start, month >= first)
        cells = [part & (had == own) & (after == late) for own in (True, False) for late in (True, False)]
        counts, days = (np.array([values[where].sum() for where in cells]) for values in (panel.counts, panel.exposure))
        log_ratio = float(np.array([1, -1, -1, 1]) @ np.log(counts / days))
        error = float(np.sqrt((1 / counts).sum()))
        return Effects(
            tables={"overall": self._table(log_ratio, error)},
            summary=self._summary(panel, design, part, counts),
            cells=_cells(panel, design, part, np.exp(log_ratio)),
            call=repr(self),
            exposure_unit=panel.exposure_unit,
        )

    def _table(self, log_ratio: float, error: float) -> pd.DataFrame:
        half, t = ndtri(0.5 + self.conf_level / 2) * error, log_ratio / error
        ends = np.exp([log_ratio, log_ratio - half, log_ratio + half])
        row = (RATE_RATIO, ends[0], ends[0] * error, t, 2 * ndtr(-abs(t)), ends[1], ends[2])
        return pd.DataFrame([("all", *row)], columns=["overall", *TIDY])

    def _summary(self, panel: Panel, design: Design, part: np.ndarray, counts: np.ndarray) -> dict[str, object]:
        homes, had = part.any(axis=1), design.start != NEVER
        return {
            "estimand": "change of the rate with the intervention, over its change without", "scale": "log rate ratio",
            "n_units": int(homes.sum()), "n_treated": int((homes & had).sum()),
            "n_comparison": int((homes & ~had).sum()), "n_clusters": int(homes.sum()), "n_obs": int(part.sum()),
            "events": int(counts.sum()), "exposure": float(panel.exposure[part].sum()), "conf_level": self.conf_level,
            "vcov": "Poisson", "converged": True, "dropped": 0,
        }  # fmt: skip


def _cells(panel: Panel, design: Design, part: np.ndarray, ratio: float) -> pd.DataFrame:
    home, month = np.nonzero(part)
    start = design.start[home]
    since = np.where(start == NEVER, np.nan, month - start)
    observed = panel.counts[home, month]
    expected = np.where(since >= 0, observed / ratio, observed)
    return pd.DataFrame({
        "unit": panel.units.index[home], "month": panel.months[month].astype("datetime64[s]"), "event_time": since,
        "observed": observed, "fitted": observed, "counterfactual": expected, "weight": 1.0,
    })  # fmt: skip
