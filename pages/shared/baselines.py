"""What is expected of every home without anything done: worked out once for what is loaded."""

from analysis.plans import past
from analysis.plans.past import Ready
from pages.shared import cached
from pages.shared.cached import Loaded


def ready(data: Loaded) -> Ready:
    """Work out the baseline and its draws, or remember them."""
    return cached.remembered(data, ("baseline and draws",), lambda: past.ready(cached.past(data)))
