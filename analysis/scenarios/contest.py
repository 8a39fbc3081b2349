"""What does targeting truly buy, once luck is taken out?

Homes that were worst last year fall back by themselves. A rule that chooses them looks good on the year that chose them,
and whatever is offered then gets the credit. So every rule chooses on the months up to a cut and is judged on the twelve
months after it, at several cuts: in homes that had no intervention in that year, admissions Y that were really counted
are worth v (1 − ρ) Y − c, had it been offered. Beside it stands what the rule promised: the same sum on the year before
the cut.

The gain of one rule over another is Σ_i (x_i − x'_i) b_i a year, b_i averaged over the cuts; its interval comes from
drawing homes anew, because a home's years are not independent. The effect is held at its middle: the contest is about
whom to choose, not about whether it works.

Rules: *targeted*, the optimum on shrunken baselines (`targeting.choose`); *last year at its word*, the same optimum on
last year's admissions as they were counted, so that what parts the two is shrinking alone; *worst last year*, the
highest raw rate; *most admissions last year*; *worst rating*, ties by the larger home; *at random*, the average over
many lots; and *learned* (`learned`), the optimum on a score fitted to what followed the earlier cuts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.panel import Panel
from analysis.scenarios.baseline import Baseline, baseline_of
from analysis.scenarios.benefit import Benefits, Offer, benefits
from analysis.scenarios.learned import Learner
from analysis.scenarios.targeting import Capacity, by_rank, choose

YEAR = 12
FIRST_CUT = 24
"""Months before the first cut: a trend, and a home's lasting level, need two years."""
LOTS = 200
"""Random orders that are averaged."""
DRAWS = 300
"""Of the effect and of baselines, when only their means are used."""
RESAMPLES = 4_000

TARGETED, RAW, WORST, MOST, RATING, RANDOM, LEARNED = (
    "targeted", "last year at its word", "worst last year", "most admissions last year", "worst rating", "at random",
    "learned",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contest:
    """Rules judged on years they did not see.

    Parameters
    ----------
    table : DataFrame
        One row per rule: rule, cuts, homes (chosen at each cut), promised, delivered (net pounds a year),
        averted_promised, averted_delivered (admissions a year), gain, gain_low, gain_high (net pounds a year that
        *targeted* is worth more than the rule, over the cuts at which both stood).
    cuts : ndarray of datetime64[M]
        First months of the years judged.
    homes : int
        Homes that were judged at some cut.
    learned : ndarray, shape (N,), optional
        Admissions expected in the twelve months after the panel's last by the learned score; only where that score beat
        the shrunken baseline surely, on years it had not seen.
    """

    table: pd.DataFrame
    cuts: np.ndarray
    homes: int
    learned: np.ndarray | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cut:
    """What was known at a cut, and what followed; arrays of shape (N,)."""

    at: int
    baseline: Baseline
    offered: Benefits
    last_year: np.ndarray
    bed_days: np.ndarray
    followed: np.ndarray
    followed_days: np.ndarray
    rank_of_rating: np.ndarray
    eligible: np.ndarray


Ratings = Callable[[np.datetime64], np.ndarray]
"""Rating of every home as known at a month, as a rank from 0 (Inadequate) to 3; NaN where there is none."""


def contest(
    panel: Panel, without: np.ndarray, offer: Offer, capacity: Capacity, *, ratings: Ratings | None = None, seed: int
) -> Contest:
    """Let rules compete.

    Parameters
    ----------
    panel : Panel
    without : ndarray of bool, shape (N, T)
        Home-months without any intervention.
    offer, capacity : Offer, Capacity
    ratings : Ratings, optional
        Without it there is no rule by rating.
    seed : int

    Raises
    ------
    AnalysisError
        If there are fewer than three years of data.
    """
    cuts = list(_cuts(panel, without, offer, ratings, seed))
    if not cuts:
        raise AnalysisError(
            "Rules for choosing homes cannot be judged on these data.",
            found=f"{len(panel.months)} months, in homes that had no intervention",
            do=f"Load at least {FIRST_CUT + YEAR} months: two years to choose on and one to judge by.",
        )
    learner = Learner(seed=seed)
    chosen = _choices(cuts, capacity, learner)
    worth = [_worth(cut.followed, cut, offer) for cut in cuts]
    rows = [_judged(rule, chosen, cuts, worth, offer, seed) for rule in chosen]
    judged, wins = np.any([cut.eligible for cut in cuts], axis=0), rows[-1]["gain_high"] < 0
    return Contest(
        table=pd.DataFrame(rows),
        cuts=np.array([panel.months[cut.at] for cut in cuts]),
        homes=int(judged.sum()),
        learned=learner.predict(_cut(panel, without, offer, ratings, len(panel.months))) if wins else None,
    )


def _cuts(panel, without, offer, ratings, seed) -> Iterator[Cut]:
    """Yield cuts a year apart, the earliest first; the last leaves one year to be judged."""
    T = len(panel.months)
    for at in range(T - YEAR - (T - YEAR - FIRST_CUT) // YEAR * YEAR, T - YEAR + 1, YEAR):
        later = slice(at, at + YEAR)
        seen = (panel.exposure[:, later] > 0).all(axis=1) & without[:, later].all(axis=1)
        if at >= FIRST_CUT and (seen & (panel.exposure[:, at - YEAR : at] > 0).any(axis=1)).any():
            yield _cut(panel, without, offer, ratings, at, seen=seen, seed=seed)


def _cut(panel, without, offer, ratings, at, *, seen=True, seed=0):  # noqa: PLR0913 - what is known at one month
    before, later = slice(at - YEAR, at), slice(at, at + YEAR)
    baseline = baseline_of(until(panel, at), without[:, :at])
    known = np.full(len(panel.units), np.nan)
    if ratings is not None:
        known = ratings(panel.months[at] if at < len(panel.months) else panel.months[-1] + 1)
    return Cut(
        at=at,
        baseline=baseline,
        offered=benefits(baseline, offer, draws=DRAWS, seed=seed),
        last_year=panel.counts[:, before].sum(axis=1).astype(float),
        bed_days=panel.exposure[:, before].sum(axis=1),
        followed=panel.counts[:, later].sum(axis=1).astype(float),
        followed_days=panel.exposure[:, later].sum(axis=1),
        rank_of_rating=known,
        eligible=seen & (panel.exposure[:, before] > 0).any(axis=1) & baseline.open,
    )


def until(panel: Panel, month: int) -> Panel:
    """Give the panel as it stood before a month."""
    return replace(
        panel, months=panel.months[:month], counts=panel.counts[:, :month], exposure=panel.exposure[:, :month],
        digest="",
    )  # fmt: skip


def _choices(cuts, capacity, learner) -> Mapping[str, list]:
    """What every rule chooses at every cut, shape (N,) each; None where it cannot choose yet."""
    rng = np.random.default_rng(learner.seed)
    chosen: dict[str, list] = {}
    for cut in cuts:
        needs, limits = capacity.needs(cut.offered.residents, cut.offered.cost), capacity.limits()
        best = choose(cut.offered.mean, needs, limits, eligible=cut.eligible).chosen
        chosen.setdefault(TARGETED, []).append(best.astype(float))
        chosen.setdefault(RAW, []).append(_on(cut.last_year, cut, needs, limits))
        for rule, score in _scores(cut).items():
            chosen.setdefault(rule, []).append(by_rank(score, needs, limits, eligible=cut.eligible).astype(float))
        lots = [by_rank(rng.random(len(cut.eligible)), needs, limits, eligible=cut.eligible) for _ in range(LOTS)]
        chosen.setdefault(RANDOM, []).append(np.mean(lots, axis=0))
        chosen.setdefault(LEARNED, []).append(_learned(learner, cut, needs, limits))
    return chosen


def _scores(cut):
    """By how much each simple rule prefers a home."""
    rate = np.divide(cut.last_year, cut.bed_days, out=np.zeros_like(cut.last_year), where=cut.bed_days > 0)
    scores = {WORST: rate, MOST: cut.last_year}
    if np.isfinite(cut.rank_of_rating).any():
        size = cut.baseline.beds_taken / (1 + cut.baseline.beds_taken.max())  # below one: only breaks ties
        scores[RATING] = np.where(np.isnan(cut.rank_of_rating), -10.0, -cut.rank_of_rating) + size
    return scores


def _learned(learner, cut, needs, limits):
    """Choose by a score fitted to what followed the cuts before this one, then let it learn from this one."""
    expected = learner.predict(cut)
    learner.learn(cut)
    return None if expected is None else _on(expected, cut, needs, limits)


def _on(expected, cut, needs, limits):
    """Choose the optimum with other expectations of a year's admissions, shape (N,)."""
    return choose(mean_with(cut.offered, expected), needs, limits, eligible=cut.eligible).chosen.astype(float)


def mean_with(offered: Benefits, expected: np.ndarray) -> np.ndarray:
    """Expected net benefit of each home with other expectations of its admissions, shape (N,)."""
    ratio = np.divide(expected, offered.expected, out=np.zeros_like(expected), where=offered.expected > 0)
    return (offered.mean + offered.cost) * ratio - offered.cost


def _worth(admissions, cut, offer):
    """Averted (N,) and net benefit (N,) had it been offered where so many admissions were counted."""
    ratio = np.array([offer.of(str(kind))[0] for kind in cut.baseline.kind])
    averted = admissions * (1 - ratio)
    return averted, averted * offer.value - cut.offered.cost


def _judged(rule, chosen, cuts, worth, offer, seed):
    stood = [k for k, x in enumerate(chosen[rule]) if x is not None]
    mine = [chosen[rule][k] for k in stood]
    delivered = [[(x * part).sum() for part in worth[k]] for k, x in zip(stood, mine, strict=True)]
    promises = [_worth(cuts[k].last_year, cuts[k], offer) for k in stood]
    promised = [[(x * part).sum() for part in told] for x, told in zip(mine, promises, strict=True)]
    more = [(chosen[TARGETED][k] - x) * worth[k][1] for k, x in zip(stood, mine, strict=True)]
    gain, low, high = _interval(np.mean(more, axis=0), seed) if stood else (np.nan,) * 3
    middle = np.mean(delivered, axis=0) if stood else (np.nan, np.nan)
    hoped = np.mean(promised, axis=0) if stood else (np.nan, np.nan)
    return {
        "rule": rule,
        "cuts": len(stood),
        "homes": float(np.mean([x.sum() for x in mine])) if stood else np.nan,
        "promised": hoped[1],
        "delivered": middle[1],
        "averted_promised": hoped[0],
        "averted_delivered": middle[0],
        "gain": gain,
        "gain_low": low,
        "gain_high": high,
    }


def _interval(parts, seed, level=0.95):
    """Sum of parts of homes, and its interval when homes are drawn anew."""
    rng, n = np.random.default_rng(seed), len(parts)
    sums = [parts[rng.integers(0, n, (500, n))].sum(axis=1) for _ in range(RESAMPLES // 500)]
    low, high = np.quantile(np.concatenate(sums), [0.5 - level / 2, 0.5 + level / 2])
    return float(parts.sum()), float(low), float(high)
