"""Which parameters make what was seen most likely?

Berndt, Hall, Hall and Hausman's steps, (Σ s s')⁻¹ Σ s with the scores s of single observations, halved until the
likelihood rises. Where few events decide a parameter its scores say little about the curvature (at the maximum the one
score of a single event is zero), so after `PATIENCE` steps the curvature is taken by differences of the scores instead
(Newton's steps); what it was a step ago says well enough whether another would lead anywhere. A parameter that the data
drive out of reason (a move that is never seen to happen) is held at the end of its range and counts as not estimated.

Source: Berndt, Hall, Hall and Hausman (1974), Annals of Economic and Social Measurement 3(4).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.inference.symmetric import eigh

Scores = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
Gradient = Callable[[np.ndarray], np.ndarray]

NEAR = 1e-10
"""Twice the rise of the log-likelihood still expected, at which the search ends: 1e-5 standard errors away."""
STEPS, PATIENCE = 100, 15
HALVINGS = 30
ONE_EVENT = 1.0
"""Added to the information of every parameter when a step is computed: about what one event gives to a log intensity.
Halved after every step that succeeds, so that it does not slow the way to a maximum that is far, and raised again after
one that was too long."""
LEAST = 1e-8
FARTHEST = 2.0
"""Longest step of any one parameter: a factor of seven in an intensity."""
DIFFERENCE = 1e-6
"""Step of the differences between scores."""


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
    scores: Scores, start: np.ndarray, ends: tuple[np.ndarray, np.ndarray], gradient: Gradient | None = None
) -> Maximum:
    """Climb.

    Parameters
    ----------
    scores : function of θ to contributions (n,) and their gradients (n, p)
    start : ndarray, shape (p,)
    ends : pair of ndarray, shape (p,)
        Least and greatest value of every parameter.
    gradient : function of θ to the sum of the gradients (p,), optional
        Where there is a quicker way to it.
    """
    summed = gradient or (lambda theta: scores(theta)[1].sum(axis=0))
    theta, damping, step, curved = np.clip(start, *ends), ONE_EVENT, 0, None
    value, s = scores(theta)
    while True:
        g = s.sum(axis=0)
        held = ((theta <= ends[0]) & (g < 0)) | ((theta >= ends[1]) & (g > 0))
        if step < PATIENCE:
            direction = _direction(s.T @ s, g, held, damping)
        elif curved is None or g @ (direction := _direction(curved, g, held, damping)) >= NEAR:
            curved = _curvature(summed, theta, g)
            direction = _direction(curved, g, held, damping)
        reached = bool(g @ direction < NEAR)
        ahead = None if reached or step == STEPS else _ahead(scores, theta, direction, value.sum(), ends)
        if ahead is None:
            found = float(value.sum())
            return Maximum(theta=theta, log_likelihood=found, free=~held, converged=reached, steps=step)
        theta, value, s, halvings = ahead
        damping = max(damping / 2, LEAST) if halvings == 0 else min(8 * damping, ONE_EVENT)
        step += 1
        damping = LEAST if step == PATIENCE else damping


def _ahead(scores: Scores, theta: np.ndarray, direction: np.ndarray, value: float, ends) -> tuple | None:
    """Go as far as the likelihood rises: θ, contributions, gradients, halvings; None where it does not."""
    for halvings in range(HALVINGS):
        ahead = np.clip(theta + direction / 2**halvings, *ends)
        new, s = scores(ahead)
        if new.sum() > value:
            return ahead, new, s, halvings
    return None


def _curvature(gradient: Gradient, theta: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Minus the second derivatives of the log-likelihood, shape (p, p); directions of negative curvature turned."""
    steps = DIFFERENCE * np.eye(len(theta))
    curvature = np.array([g - gradient(theta + step) for step in steps]) / DIFFERENCE
    value, vector = eigh((curvature + curvature.T) / 2)
    return (vector * np.abs(value)) @ vector.T


def _direction(information: np.ndarray, g: np.ndarray, held: np.ndarray, damping: float) -> np.ndarray:
    """Step of the parameters that are not held, zero elsewhere, shape (p,)."""
    part = information[np.ix_(~held, ~held)] + damping * np.eye(int((~held).sum()))
    direction = np.zeros(len(held))
    direction[~held] = np.clip(np.linalg.solve(part, g[~held]), -FARTHEST, FARTHEST)
    return direction
