"""How much time below Good did the intervention save a home?

From the day support started, a home rated r some time g before is in one of the states with probabilities
p ∝ e_r' exp(Q₀ g), among those still open. With and without the intervention it then spends ∫₀ᴴ p exp(Qs) ds years in
every state; the difference in the states below Good, averaged over the supported homes, is the time saved. Time after
leaving counts as neither.
"""

from dataclasses import dataclass

import numpy as np

from analysis.ratings.multi_state.intensities import Structure, generators, time_in_states, transition_matrices

MONTHS_PER_YEAR = 12.0
BELOW_GOOD = slice(0, 2)
STEP = 1e-5
"""Of the central differences by which the time's slope in every parameter is found."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Supported:
    """Supported homes on the day their support started.

    Parameters
    ----------
    state : ndarray of int64, shape (n,)
        Their last rating.
    since : ndarray, shape (n,)
        Years since it.
    z : ndarray, shape (2, n, K)
        Covariates without and with the intervention.
    """

    state: np.ndarray
    since: np.ndarray
    z: np.ndarray


def months_saved(theta: np.ndarray, layout: Structure, homes: Supported, years: float) -> float:
    """Months below Good saved a home over so many years."""
    without, with_it = (generators(layout, layout.log_intensities(theta, z)) for z in homes.z)
    chance = transition_matrices(without, homes.since)[np.arange(len(homes.state)), homes.state]
    chance /= chance.sum(axis=1, keepdims=True)
    saved = time_in_states(without, np.full(len(chance), years)) - time_in_states(with_it, np.full(len(chance), years))
    below = np.einsum("ns,nsk->nk", chance, saved)[:, BELOW_GOOD].sum(axis=1)
    return MONTHS_PER_YEAR * float(below.mean())


def slope(theta: np.ndarray, layout: Structure, homes: Supported, years: float) -> np.ndarray:
    """Take the derivative of the months saved by every parameter, shape (p,)."""
    steps = STEP * np.eye(len(theta))
    ends = [[months_saved(theta + way * step, layout, homes, years) for way in (1, -1)] for step in steps]
    return np.array([(ahead - behind) / (2 * STEP) for ahead, behind in ends])
