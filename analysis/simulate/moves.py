"""How do homes truly move between ratings, and what do inspectors get to see of it?

A home's quality is a Markov process over the four ratings and leaving. Inspectors come at a rate that depends on the
last rating they gave, none in the first months after it; they may come faster to a home that has become worse than it
was rated, and to a supported one that has become better. What they find is the rating. The intervention multiplies the
rates of moving up and of moving down, and may be given to homes because they were rated badly.

Every home's next event is drawn at once, again and again, until all have reached the end.
"""

from dataclasses import dataclass, field

import numpy as np

from analysis.inspections.watched import EXIT, NEVER, OPEN, Watched, watched

GOOD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesSpec:
    """What the simulated homes and inspectors are like; rates a year, worst state first.

    Parameters
    ----------
    n_homes : int
    years : float
        For how long homes are watched, from a first rating that each has at time 0.
    first : tuple of float
        Shares of the first ratings.
    up, down, leave : tuple of float
        Rates of moving to the state above (from the lower three), to the state below (from the upper three), out.
    ratio_up, ratio_down, ratio_leave : float
        What the intervention multiplies them by.
    nursing_share, nursing_up, nursing_down, nursing_leave : float
        Share of homes with an attribute, and what it multiplies the rates by.
    supported : int
        Homes with the intervention.
    badly_rated_at : float, optional
        Choose them among homes whose last rating at this time is below Good, and start then; else homes are drawn at
        random and start at times drawn evenly from `starts`.
    starts : tuple of float
    visits : tuple of float
        Rate of inspections by last rating, once `no_visit_within` years have passed.
    no_visit_within : float
    worse_sooner : float
        How many times as fast inspectors come to a home that is now worse than it was rated.
    better_sooner : float
        How many times as fast they come to a home with the intervention that is now better than it was rated.
    """

    n_homes: int = 1000
    years: float = 5.0
    first: tuple[float, ...] = (0.06, 0.30, 0.60, 0.04)
    up: tuple[float, ...] = (1.6, 0.75, 0.05)
    down: tuple[float, ...] = (0.15, 0.14, 0.2)
    leave: tuple[float, ...] = (0.25, 0.06, 0.03, 0.03)
    ratio_up: float = 1.0
    ratio_down: float = 1.0
    ratio_leave: float = 1.0
    nursing_share: float = 0.3
    nursing_up: float = 0.9
    nursing_down: float = 1.25
    nursing_leave: float = 0.8
    supported: int = 300
    badly_rated_at: float | None = None
    starts: tuple[float, float] = (0.5, 3.0)
    visits: tuple[float, ...] = (3.0, 1.4, 0.55, 0.45)
    no_visit_within: float = 0.25
    worse_sooner: float = 1.0
    better_sooner: float = 1.0


@dataclass(slots=True, eq=False)
class _Homes:
    """Where every home stands while time runs."""

    now: np.ndarray
    hidden: np.ndarray
    rated: np.ndarray
    rated_at: np.ndarray
    started: np.ndarray
    nursing: np.ndarray
    events: list = field(default_factory=list)


def simulate_moves(spec: MovesSpec, seed: int | np.random.SeedSequence) -> Watched:
    """Draw what is seen of every home; the attribute is nursing."""
    rng = np.random.default_rng(seed)
    n = spec.n_homes
    first = rng.choice(4, n, p=spec.first)
    homes = _Homes(
        now=np.zeros(n),
        hidden=first.copy(),
        rated=first.copy(),
        rated_at=np.zeros(n),
        started=np.full(n, NEVER),
        nursing=rng.random(n) < spec.nursing_share,
    )
    homes.events.append((np.arange(n), np.zeros(n), first))
    if spec.badly_rated_at is None:
        homes.started[rng.permutation(n)[: spec.supported]] = rng.uniform(*spec.starts, spec.supported)
    else:
        _advance(rng, spec, homes, spec.badly_rated_at)
        bad = np.flatnonzero((homes.hidden != EXIT) & (homes.rated < GOOD))
        homes.started[rng.permutation(bad)[: spec.supported]] = spec.badly_rated_at
    _advance(rng, spec, homes, spec.years)
    still = np.flatnonzero(homes.hidden != EXIT)
    homes.events.append((still, np.full(len(still), spec.years), np.full(len(still), OPEN)))
    return _watched(homes)


def _advance(rng: np.random.Generator, spec: MovesSpec, homes: _Homes, until: float) -> None:
    """Let time run for every home that has not left."""
    going = np.flatnonzero((homes.hidden != EXIT) & (homes.now < until))
    while len(going):
        rates = _rates(spec, homes, going)
        total = rates.sum(axis=1)
        then = homes.now[going] + rng.exponential(size=len(going)) / total
        change = _next_change(spec, homes, going, until)
        happens = then < change
        homes.now[going] = np.where(happens, then, change)
        which = (rng.random(len(going))[:, None] * total[:, None] > np.cumsum(rates, axis=1)).sum(axis=1)
        _happen(homes, going[happens], which[happens])
        going = going[(homes.hidden[going] != EXIT) & (homes.now[going] < until)]


def _rates(spec: MovesSpec, homes: _Homes, going: np.ndarray) -> np.ndarray:
    """Rates of moving up, down, leaving and being inspected, shape (n, 4)."""
    hidden, rated = homes.hidden[going], homes.rated[going]
    with_it, nursing = homes.now[going] >= homes.started[going], homes.nursing[going]
    paths = ((*spec.up, 0.0), (0.0, *spec.down), spec.leave)
    ratios = (spec.ratio_up, spec.ratio_down, spec.ratio_leave)
    nursings = (spec.nursing_up, spec.nursing_down, spec.nursing_leave)
    moves = [
        np.asarray(path)[hidden] * np.where(with_it, ratio, 1.0) * np.where(nursing, own, 1.0)
        for path, ratio, own in zip(paths, ratios, nursings, strict=True)
    ]
    visits = np.asarray(spec.visits)[rated] * np.where(hidden < rated, spec.worse_sooner, 1.0)
    visits *= np.where((hidden > rated) & with_it, spec.better_sooner, 1.0)
    due = homes.now[going] >= homes.rated_at[going] + spec.no_visit_within
    return np.column_stack([*moves, np.where(due, visits, 0.0)])


def _next_change(spec: MovesSpec, homes: _Homes, going: np.ndarray, until: float) -> np.ndarray:
    """When the rates next change although nothing happens, shape (n,)."""
    now = homes.now[going]
    moments = np.stack([homes.started[going], homes.rated_at[going] + spec.no_visit_within])
    return np.minimum(np.where(moments > now, moments, np.inf).min(axis=0), until)


def _happen(homes: _Homes, who: np.ndarray, which: np.ndarray) -> None:
    """Move up (0), move down (1), leave (2) or be inspected (3)."""
    homes.hidden[who[which == 0]] += 1
    homes.hidden[who[which == 1]] -= 1
    left, seen = who[which == 2], who[which == 3]
    homes.hidden[left] = EXIT
    homes.events.append((left, homes.now[left], np.full(len(left), EXIT)))
    homes.rated[seen], homes.rated_at[seen] = homes.hidden[seen], homes.now[seen]
    homes.events.append((seen, homes.now[seen], homes.hidden[seen]))


def _watched(homes: _Homes) -> Watched:
    home, time, state = (np.concatenate(column) for column in zip(*homes.events, strict=True))
    order = np.lexsort([time, home])
    return watched(
        home[order],
        time[order],
        state[order],
        started=homes.started,
        attributes=homes.nursing[:, None].astype(float),
        breaks=np.zeros(0),
    )
