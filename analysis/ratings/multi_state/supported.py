"""Which homes were supported while they were watched, and what was known of them on that day?"""

import numpy as np

from analysis.inspections.watched import Watched
from analysis.ratings.multi_state.below_good import Supported
from analysis.ratings.multi_state.intervals import Intervals


def supported_homes(watched: Watched, data: Intervals) -> Supported:
    """Take every home whose support started between a rating and the next thing known of it.

    Parameters
    ----------
    data : Intervals
        Of the same homes; where an interval holds the start, its covariates just before it and with the intervention.
    """
    home, t0, t1 = watched.home, watched.begin, watched.end
    started = watched.started[home]
    held = np.flatnonzero((t0 <= started) & (started < t1))
    ends = t0[held, None] + np.cumsum(data.years[held], axis=1)
    segment = np.minimum((ends <= started[held, None]).sum(axis=1), data.years.shape[1] - 1)
    with_it = data.z[data.pattern[held, segment]].copy()
    with_it[:, 1] = 1.0
    without = with_it.copy()
    without[:, 1] = 0.0
    return Supported(state=data.start[held], since=started[held] - t0[held], z=np.stack([without, with_it]))
