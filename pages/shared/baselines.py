"""What is expected of every home without anything done: worked out once for what is loaded."""

from dataclasses import dataclass

import numpy as np

from analysis.baseline import Baseline, baseline_as_shown, baseline_of
from analysis.scenarios.projection import LEVELS
from analysis.scenarios.ranges import Luck
from pages.shared import cached
from pages.shared.cached import Loaded


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ready:
    """A baseline of what may be shown of homes, and draws of its homes' levels: they do not depend on the scenario."""

    baseline: Baseline
    levels: np.ndarray


def ready(data: Loaded) -> Ready:
    """Work out the baseline and its draws, or remember them."""

    def work() -> Ready:
        past, luck = cached.past(data), Luck()
        baseline = baseline_as_shown(baseline_of(past.panel, past.without), past.shown, past.without)
        return Ready(baseline=baseline, levels=baseline.draws(luck.rng(LEVELS), luck.n))

    return cached.remembered(data, ("baseline and draws",), work)
