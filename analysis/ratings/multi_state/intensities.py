"""How fast does a home move between ratings, given what is known of it?

States are in order, the worst first; a home moves one up or one down at a time, or leaves for good (exit). Seen at
inspections only, it may have passed through several. Move m of a home with covariates z (z₀ = 1) has the intensity

    q_m(z) = exp(Σ_k z_k C_km),

moves a year, where one parameter θ_p stands in C at row k_p, in the columns of the moves it acts on: an intercept in
one column, an effect on improving in all upward columns.

While inspectors come at the rate κ_s to a home in state s, "no inspection yet" says something about the state. With
κ = 0, and with the same κ in all states, it does not.

Source: Kalbfleisch and Lawless (1985), JASA 80, 863–871; Jackson (2011), Journal of Statistical Software 38(8).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.inference.symmetric import eigh

STEEPEST = 30.0
"""Log intensities are kept within this: e⁻³⁰ a year is never, and beyond it the decomposition loses its digits."""
SLOWEST = -12.0
"""Log intensity (once in 160,000 years) that stands in for a move that cannot happen, or hardly, where a generator is
taken apart: with one-way moves it has no symmetric form, and so near to one its digits still hold (errors near 1e-8)
and no likelihood changes by more than 1e-5."""
ONE_VALUE = 1e-8
"""Eigenvalues this close (a year) are taken for one: both ways of computing their slope then agree to eight digits."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Structure:
    """Which moves there are, and which parameter acts on which of them.

    Moves are numbered: up from state 0, 1, …, S − 2; down from 1, …, S − 1; exit from 0, …, S − 1.

    Parameters
    ----------
    states : int
        S, the ratings that a home can hold.
    covariate : ndarray of int64, shape (p,)
        k_p; 0 is the intercept.
    acts : ndarray of bool, shape (p, M)
        Moves each parameter acts on.
    exits : bool
        Whether homes leave; without, the exit moves have intensity zero.
    """

    states: int
    covariate: np.ndarray
    acts: np.ndarray
    exits: bool = True

    @cached_property
    def up(self) -> slice:
        """Moves to the state above."""
        return slice(0, self.states - 1)

    @cached_property
    def down(self) -> slice:
        """Moves to the state below."""
        return slice(self.states - 1, 2 * self.states - 2)

    @cached_property
    def exit(self) -> slice:
        """Moves out."""
        return slice(2 * self.states - 2, 3 * self.states - 2)

    @property
    def moves(self) -> int:
        """M."""
        return 3 * self.states - 2

    def log_intensities(self, theta: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Log q of every covariate pattern.

        Parameters
        ----------
        theta : ndarray, shape (p,)
        z : ndarray, shape (U, K)
            Covariates, the first column ones.

        Returns
        -------
        ndarray, shape (U, M)
            −inf for moves that nothing acts on.
        """
        C = np.zeros((z.shape[1], self.moves))
        np.add.at(C, self.covariate, theta[:, None] * self.acts)
        logs = np.clip(z @ C, -STEEPEST, STEEPEST)
        logs[:, ~self.acts.any(axis=0)] = -np.inf
        if not self.exits:
            logs[:, self.exit] = -np.inf
        return logs


def structure(states: int, effects: Iterable[tuple[int, Iterable[str]]], *, exits: bool = True) -> Structure:
    """One intercept for every move, and covariates that act on whole kinds of move.

    Parameters
    ----------
    states : int
        S.
    effects : iterable of (covariate, kinds)
        Each kind ("up", "down", "exit") gives the covariate one parameter for all moves of the kind, in this order
        after the intercepts.
    """
    blank = Structure(states=states, covariate=np.zeros(0, np.int64), acts=np.zeros((0, 0), bool), exits=exits)
    last = blank.moves if exits else blank.exit.start
    rows = [(0, np.arange(blank.moves) == m) for m in range(last)]
    for k, kinds in effects:
        for kind in kinds:
            acts = np.zeros(blank.moves, bool)
            acts[getattr(blank, kind)] = True
            rows.append((k, acts))
    return Structure(
        states=states,
        covariate=np.array([k for k, _ in rows], np.int64),
        acts=np.array([acts for _, acts in rows]),
        exits=exits,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Generators:
    """Q − diag(κ) of the states a home can hold, taken apart: V diag(λ) W, one per pattern, patterns last.

    Parameters
    ----------
    values : ndarray, shape (S, U)
        λ, all real.
    V, W : ndarray, shape (S, S, U)
        W is the inverse of V.
    intensities : ndarray, shape (M, U)
        q.
    """

    values: np.ndarray
    V: np.ndarray
    W: np.ndarray
    intensities: np.ndarray

    @cached_property
    def _apart(self) -> tuple[np.ndarray, np.ndarray]:
        """1 / (λ_k − λ_l), zero where they are one value, and where they are, each (S, S, U)."""
        apart = self.values[:, None] - self.values[None]
        one = np.abs(apart) < ONE_VALUE
        return np.where(one, 0.0, 1 / np.where(one, 1.0, apart)), one.astype(float)

    def slopes(self, at: np.ndarray | slice, years: np.ndarray, grown: np.ndarray) -> np.ndarray:
        """Γ_kl = (e^(λ_k t) − e^(λ_l t)) / (λ_k − λ_l), or t e^(λ_k t) for equal values.

        With it, d exp(Qt) = V (Γ ∘ (W dQ V)) W.

        Parameters
        ----------
        at : ndarray of int64, shape (n,), or slice of one
            Patterns; one for all.
        years : ndarray, shape (n,)
            t.
        grown : ndarray, shape (S, n)
            e^(λ t).

        Returns
        -------
        ndarray, shape (S, S, n)
        """
        inverse, one = self._apart
        answer = grown[:, None] - grown[None]
        answer *= inverse[:, :, at]
        for k, m in zip(*np.nonzero(one[:, :, at].any(axis=2)), strict=True):  # mostly each value with itself alone
            answer[k, m] += one[k, m, at] * (years * grown[k])
        return answer


def generators(layout: Structure, logs: np.ndarray, kappa: np.ndarray | float = 0.0) -> Generators:
    """Take every generator apart.

    Moves to neighbours only satisfy π_i q_ij = π_j q_ji for some π, so that Π^½ Q Π^(−½) is symmetric and tridiagonal:
    its eigenvalues are real, and the decomposition is stable and cheap for all patterns at once. Where homes move one
    way only, the way back is taken to be as slow as `SLOWEST`.

    Parameters
    ----------
    logs : ndarray, shape (U, M)
        Log intensities.
    kappa : ndarray, shape (U, S)
        Rate at which inspectors come to a home in each state.
    """
    S, q = layout.states, np.exp(logs)
    up, down = (np.maximum(logs[:, moves], SLOWEST) for moves in (layout.up, layout.down))
    out = q[:, layout.exit] + kappa
    out[:, :-1] += q[:, layout.up]
    out[:, 1:] += q[:, layout.down]
    symmetric = np.zeros((len(q), S, S))
    i = np.arange(S - 1)
    symmetric[:, i, i + 1] = symmetric[:, i + 1, i] = np.exp((up + down) / 2)
    symmetric[:, np.arange(S), np.arange(S)] = -out
    values, vectors = eigh(symmetric)
    half = np.zeros((len(q), S))
    half[:, 1:] = np.cumsum(up - down, axis=1) / 2
    half = np.exp(half - half.mean(axis=1, keepdims=True)).T
    U = np.ascontiguousarray(np.moveaxis(vectors, 0, 2))
    return Generators(
        values=np.ascontiguousarray(values.T),
        V=U / half[:, None],
        W=np.ascontiguousarray(U.transpose(1, 0, 2) * half[None]),
        intensities=np.ascontiguousarray(q.T),
    )


def transition_matrices(parts: Generators, years: np.ndarray | float) -> np.ndarray:
    """P(t) = exp(Qt) of every pattern, shape (U, S, S); what is missing of a row's sum has left."""
    return _turned(parts, np.exp(parts.values * years))


def time_in_states(parts: Generators, years: np.ndarray | float) -> np.ndarray:
    """∫₀ᵗ exp(Qs) ds of every pattern: expected years in each state, shape (U, S, S)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spent = np.expm1(parts.values * years) / parts.values
    return _turned(parts, np.where(np.abs(parts.values) < ONE_VALUE, years, spent))


def _turned(parts: Generators, values: np.ndarray) -> np.ndarray:
    return np.einsum("iku,ku,kju->uij", parts.V, values, parts.W)
