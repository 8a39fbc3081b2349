"""On which home-months does an answer rest, and what was fitted in each?"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.admissions.compared.sample import Sample
from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.saturated import Saturated
from analysis.results import AUGMENT


def used_in(setting: Setting, sample: Sample) -> np.ndarray:
    """Home-months of the panel that take part, shape (N, T)."""
    used = np.zeros(setting.exposure.shape, bool)
    used[np.ix_(sample.homes, sample.months)] = sample.exposure > 0
    return used


def cells_of(setting: Setting, fit: Saturated, weights: Callable[[], np.ndarray]) -> pd.DataFrame:
    """One row per home-month used; `weight` is how far one admission more would move the log rate ratio."""
    sample = fit.sample
    order = setting.units.index[sample.homes].argsort()
    place, month = np.nonzero(sample.exposure[order] > 0)
    home = order[place]
    since = setting.event_time(sample)[home, month].astype(float)
    since[(setting.start >= len(setting.months))[sample.homes[home]]] = np.nan
    counted = np.broadcast_to(setting.weights_of(sample), sample.counts.shape)[home, month]
    values = (
        setting.units.index[sample.homes[home]],
        setting.months[sample.months[month]].astype("datetime64[s]"),
        since,
        sample.counts[home, month] / counted,
        fit.fitted[home, month] / counted,
        fit.counterfactual[home, month] / counted,
        weights()[home, month],
    )
    return pd.DataFrame(dict(zip(AUGMENT, values, strict=True)))
