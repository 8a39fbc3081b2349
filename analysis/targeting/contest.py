"""What does targeting truly buy, once luck is taken out?

Homes with the highest rates of last year fall back by themselves. A rule that chooses them looks good on the year that
chose them, and whatever is offered then gets the credit. So every rule chooses on the months up to a cut and is judged
on the twelve months after it, at several cuts: in homes that had no intervention in that year, admissions Y that were
really counted are worth u (v F Y − c), had it been offered (`benefit`). Beside it stands what the rule promised: the
same sum on the year before the cut.

The gain of one rule over another is Σ_i (x_i − x'_i) b_i a year, b_i averaged over the cuts; its interval, like that of
what one rule delivers, Σ_i x_i b_i, comes from drawing homes anew, because a home's years are not independent. The
effect is held at its mean: the contest is about whom to choose, not about whether it works.

Rules: *targeted*, the optimum on shrunken baselines (`targeting.choose`); *last year at its word*, the same optimum on
last year's admissions as they were counted, so that what parts the two is shrinking alone; *highest rate last
year*, luck and all; *most admissions last year*; *lowest rating*, ties by the larger home; *at random*, the average
over many lots; and *learned* (`learned`), the optimum on a score fitted to what followed the earlier cuts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.baseline import Baseline, baseline_as_shown, baseline_of
from analysis.disclosure import instead
from analysis.errors import AnalysisError
from analysis.panel import Panel
from analysis.targeting.benefit import YearlyOffer, averted_share, costs, expected_in_a_year
from analysis.targeting.choice import Capacity, by_rank, choose
from analysis.targeting.learned import Learner

YEAR = 12
FIRST_CUT = 24
"""Months before the first cut: a trend, and a home's lasting level, need two years."""
LOTS = 60
"""Random orders that are averaged at each cut: their mean is then known to a few per cent."""
RESAMPLES = 4_000

TARGETED, RAW, HIGHEST, MOST, RATING, RANDOM, LEARNED = (
    "targeted", "last year at its word", "highest rate last year", "most admissions last year", "lowest rating",
    "at random", "learned",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contest:
    """Rules judged on years they did not see.

    Parameters
    ----------
    table : DataFrame
        One row per rule: rule, cuts, homes (chosen at each cut), promised, delivered with delivered_low and
        delivered_high (net pounds a year), averted_promised, averted_delivered (admissions a year), gain, gain_low,
        gain_high (net pounds a year that *targeted* is worth more than the rule, over the cuts at which both stood).
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
    """What was known at a cut, and what followed.

    Parameters
    ----------
    month : numpy.datetime64[M]
        First month of the year that is judged.
    baseline : Baseline
        From the months before.
    expected : ndarray, shape (N,)
        Admissions of the year that follows, by the baseline.
    last_year, bed_days, followed, followed_days : ndarray, shape (N,)
        Admissions and bed-days of the year before and of the year after.
    rating : ndarray, shape (N,)
        Rank from 0 (Inadequate) to 3; NaN where none was known.
    eligible : ndarray of bool, shape (N,)
        Homes that may be chosen: open, and, where the year is judged, seen in it without any intervention.
    learned : ndarray, shape (N,), optional
        Admissions of the year that follows by a score fitted to earlier cuts; none before the second.
    """

    month: np.datetime64
    baseline: Baseline
    expected: np.ndarray
    last_year: np.ndarray
    bed_days: np.ndarray
    followed: np.ndarray
    followed_days: np.ndarray
    rating: np.ndarray
    eligible: np.ndarray
    learned: np.ndarray | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """Cuts that can be judged, a year apart, the earliest first, and what is known now."""

    cuts: tuple[Cut, ...]
    now: Cut


Ratings = Callable[[np.datetime64], np.ndarray]
"""Rating of every home as known at a month, as a rank from 0 (Inadequate) to 3; NaN where there is none."""


def record(panel: Panel, without: np.ndarray, *, ratings: Ratings | None = None, seed: int) -> Record:
    """Look at a panel as it stood a year ago, two years ago, and so on.

    Parameters
    ----------
    panel : Panel
    without : ndarray of bool, shape (N, T)
        Home-months without any intervention.
    ratings : Ratings, optional
        Without it there is no rule by rating.
    seed : int
        Of the learned score.

    Raises
    ------
    AnalysisError
        If there are fewer than three years of data.
    """
    T, learner, cuts = len(panel.months), Learner(seed=seed), []
    for at in range(T - YEAR - max(T - YEAR - FIRST_CUT, 0) // YEAR * YEAR, T - YEAR + 1, YEAR):
        seen = (panel.exposure[:, at : at + YEAR] > 0).all(axis=1) & without[:, at : at + YEAR].all(axis=1)
        if at < FIRST_CUT or not seen.any():
            continue
        cut = _cut(panel, without, at, ratings)
        cut = replace(cut, eligible=cut.eligible & seen, learned=learner.predict(cut))
        learner.learn(cut)
        cuts.append(cut)
    if not cuts:
        raise AnalysisError(
            "Rules for choosing homes cannot be judged on these data.",
            found=f"{T} months",
            do=f"Load at least {FIRST_CUT + YEAR} months, with homes that had no intervention in the last of them.",
        )
    now = _cut(panel, without, T, ratings)
    return Record(cuts=tuple(cuts), now=replace(now, learned=learner.predict(now)))


def _cut(panel, without, at, ratings):
    before, later, month = slice(at - YEAR, at), slice(at, at + YEAR), panel.months[0] + at
    baseline = baseline_of(panel.of(months=slice(at)), without[:, :at])
    return Cut(
        month=month,
        baseline=baseline,
        expected=expected_in_a_year(baseline),
        last_year=panel.counts[:, before].sum(axis=1).astype(float),
        bed_days=panel.exposure[:, before].sum(axis=1),
        followed=panel.counts[:, later].sum(axis=1).astype(float),
        followed_days=panel.exposure[:, later].sum(axis=1),
        rating=np.full(len(panel.units), np.nan) if ratings is None else ratings(month),
        eligible=(panel.exposure[:, before] > 0).any(axis=1) & baseline.open,
    )


def as_shown(known: Record, shown: Panel, without: np.ndarray) -> Record:
    """Give a record of homes whose counts are what may be shown of them; arguments as of `baseline_as_shown`.

    What a rule promised or delivered is a price times counts, and which homes it takes at which price is a threshold of
    them: with a high enough price, or price after price, each home's count could be worked back.
    """
    *cuts, now = (_as_shown(cut, shown, without) for cut in (*known.cuts, known.now))
    return Record(cuts=tuple(cuts), now=now)


def _as_shown(cut: Cut, shown: Panel, without: np.ndarray) -> Cut:
    at = int((cut.month - shown.months[0]).astype(int))
    baseline = baseline_as_shown(cut.baseline, shown.of(months=slice(at)), without[:, :at])
    return replace(
        cut,
        baseline=baseline,
        expected=expected_in_a_year(baseline),
        last_year=instead(shown.counts[:, at - YEAR : at].sum(axis=1)),
        followed=instead(shown.counts[:, at : at + YEAR].sum(axis=1)),
        learned=None if cut.learned is None else instead(cut.learned),
    )


def contest(known: Record, offer: YearlyOffer, capacity: Capacity, *, seed: int) -> Contest:
    """Let rules compete."""
    chosen = _choices(known.cuts, offer, capacity, seed)
    table = pd.DataFrame([_judged(rule, chosen, known.cuts, offer, seed) for rule in chosen])
    wins = bool(table.set_index("rule").loc[LEARNED, "gain_high"] < 0)
    return Contest(
        table=table,
        cuts=np.array([cut.month for cut in known.cuts]),
        homes=int(np.any([cut.eligible for cut in known.cuts], axis=0).sum()),
        learned=known.now.learned if wins else None,
    )


def _choices(cuts, offer, capacity, seed) -> Mapping[str, list]:
    """Give what every rule chooses at every cut, shape (N,) each; None where it cannot choose yet."""
    rng = np.random.default_rng(seed)
    chosen: dict[str, list] = {}
    for cut in cuts:
        room = _Room(cut, offer, capacity)
        found: dict = {TARGETED: room.best(cut.expected), RAW: room.best(cut.last_year)}
        found |= {rule: room.by_rank(score) for rule, score in _scores(cut).items()}
        found[RANDOM] = np.mean([room.by_rank(rng.random(len(cut.expected))) for _ in range(LOTS)], axis=0)
        found[LEARNED] = None if cut.learned is None else room.best(cut.learned)
        for rule, x in found.items():
            chosen.setdefault(rule, []).append(x)
    return chosen


class _Room:
    """What there is to give at a cut, and what each home takes of it."""

    def __init__(self, cut, offer, capacity):
        self.cut, self.share = cut, averted_share(cut.baseline, offer) * offer.value
        self.cost = costs(cut.baseline, offer)
        self.needs, self.limits = capacity.needs(cut.baseline.beds_taken, self.cost), capacity.limits()

    def best(self, expected):
        """Choose the optimum, by how many admissions are expected of each home (N,)."""
        benefit = expected * self.share - self.cost  # of a home that takes it up: how many do changes no order
        return choose(benefit, self.needs, self.limits, eligible=self.cut.eligible).chosen.astype(float)

    def by_rank(self, score):
        """Choose in order of a score (N,)."""
        return by_rank(score, self.needs, self.limits, eligible=self.cut.eligible).astype(float)


def _scores(cut):
    """By how much each simple rule prefers a home."""
    rate = np.divide(cut.last_year, cut.bed_days, out=np.zeros_like(cut.last_year), where=cut.bed_days > 0)
    scores = {HIGHEST: rate, MOST: cut.last_year}
    if np.isfinite(cut.rating).any():
        size = cut.baseline.beds_taken / (1 + cut.baseline.beds_taken.max())  # below one: only breaks ties
        scores[RATING] = np.where(np.isnan(cut.rating), -10.0, -cut.rating) + size
    return scores


def _worth(admissions, cut, offer):
    """Averted (N,) and net benefit (N,) had it been offered where so many admissions were counted."""
    averted = admissions * averted_share(cut.baseline, offer) * offer.mean_uptake
    return averted, averted * offer.value - costs(cut.baseline, offer) * offer.mean_uptake


def _judged(rule, chosen, cuts, offer, seed):
    """One row of the table."""
    stood = [(x, best, cut) for x, best, cut in zip(chosen[rule], chosen[TARGETED], cuts, strict=True) if x is not None]
    if not stood:
        return {"rule": rule, "cuts": 0} | dict.fromkeys(_FIGURES, np.nan)
    after = [_worth(cut.followed, cut, offer) for _, _, cut in stood]
    before = [_worth(cut.last_year, cut, offer) for _, _, cut in stood]
    sums = [np.mean([[(x * part).sum() for part in told] for (x, _, _), told in zip(stood, year, strict=True)], axis=0)
            for year in (before, after)]  # fmt: skip
    own = np.mean([x * net for (x, _, _), (_, net) in zip(stood, after, strict=True)], axis=0)
    more = np.mean([(best - x) * net for (x, best, _), (_, net) in zip(stood, after, strict=True)], axis=0)
    homes = float(np.mean([x.sum() for x, _, _ in stood]))
    figures = (homes, sums[0][1], *_interval(own, seed), sums[0][0], sums[1][0], *_interval(more, seed))
    return {"rule": rule, "cuts": len(stood)} | dict(zip(_FIGURES, figures, strict=True))


_FIGURES = ("homes", "promised", "delivered", "delivered_low", "delivered_high", "averted_promised",
            "averted_delivered", "gain", "gain_low", "gain_high")  # fmt: skip


def _interval(parts, seed, level=0.95):
    """Sum of parts of homes, and its interval when homes are drawn anew."""
    rng, n = np.random.default_rng(seed), len(parts)
    sums = [parts[rng.integers(0, n, (500, n))].sum(axis=1) for _ in range(RESAMPLES // 500)]
    low, high = np.quantile(np.concatenate(sums), [0.5 - level / 2, 0.5 + level / 2])
    return float(parts.sum()), float(low), float(high)
