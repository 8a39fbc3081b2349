"""Which parameters make what was seen most likely?

Berndt, Hall, Hall and Hausman's steps, (Σ s s')⁻¹ Σ s with the scores s of single observations, halved until the
likelihood rises. A parameter that the data drive out of reason (a move that is never seen to happen) is held at the
end of its range and counts as not estimated.

Source: Berndt, Hall, Hall and Hausman (1974), Annals of Economic and Social Measurement 3(4).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

NEAR = 1e-8
"""Twice the rise of the log-likelihood still expected, at which the search ends."""
STEPS = 300
HALVINGS = 30
ONE_EVENT = 1.0
"""Added to the information of every parameter when a step is computed. The information of a log intensity is about the
number of its events; where that is one, its score at the maximum is zero and squares to no information at all. Halved after every step that succeeds,
so that it does not slow the way to a maximum that is far, and raised again after one that was too long."""
LEAST = 1e-8
FARTHEST = 2.0
"""Longest step of any one parameter: a factor of seven in an intensity."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Maximum:
    """Where the likelihood is largest.

    Parameters
    ----------
    theta : ndarray, shape (p,)
    log_likelihood : float
    free : ndarray of bool, shape (p,)
        False where the end of the range was met.
    converged : bool
    steps : int
    """

    theta: np.ndarray
    log_likelihood: float
    free: np.ndarray
    converged: bool
    steps: int


def maximise(
    scores: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]], start: np.ndarray, ends: tuple[np.ndarray, np.ndarray]
) -> Maximum:
    """Climb.

    Parameters
    ----------
    scores : function of θ to contributions (n,) and their gradients (n, p)
    start : ndarray, shape (p,)
    ends : pair of ndarray, shape (p,)
        Least and greatest value of every parameter.
    """
    theta = np.clip(start, *ends)
    value, s = scores(theta)
    damping = ONE_EVENT
    for step in range(STEPS):
        g = s.sum(axis=0)
        held = ((theta <= ends[0]) & (g < 0)) | ((theta >= ends[1]) & (g > 0))
        direction = np.where(held, 0.0, _direction(s[:, ~held], held, damping))
        if g @ direction < NEAR:
            return Maximum(
                theta=theta, log_likelihood=float(value.sum()), free=~held, converged=True, steps=step
            )
        for halving in range(HALVINGS):
            ahead = np.clip(theta + direction / 2**halving, *ends)
            new, new_s = scores(ahead)
            if new.sum() > value.sum():
                break
        else:
            return Maximum(theta=theta, log_likelihood=float(value.sum()), free=~held, converged=False, steps=step)
        damping = max(damping / 2, LEAST) if halving == 0 else min(8 * damping, ONE_EVENT)
        theta, value, s = ahead, new, new_s
    return Maximum(theta=theta, log_likelihood=float(value.sum()), free=~held, converged=False, steps=STEPS)


def _direction(s: np.ndarray, held: np.ndarray, damping: float) -> np.ndarray:
    """Step of the parameters that are not held, zero elsewhere, shape (p,)."""
    information = s.T @ s
    information[np.diag_indices_from(information)] += damping
    part = np.linalg.solve(information, s.sum(axis=0))
    direction = np.zeros(len(held))
    direction[~held] = part * min(1.0, FARTHEST / np.abs(part).max(initial=FARTHEST))
    return direction
