"""How often would a study find an effect of this size, and what is the smallest it could find?

Simulated panels (`worlds`) of each study, with each effect, are answered by the default method (`many_panels`). Power
is the share in which the interval excludes "no difference"; the share in which it holds the true effect stands beside
it, because an interval that is too narrow finds effects that are not there. Every batch of simulations draws anew which
homes of the panel take part. Simulations run in threads, in batches that are numbered and seeded one by one: how many
threads there are, and when somebody stops, changes nothing in any batch.

The smallest effect that could be found is where the power curve over effects crosses 80%. Power is very nearly a normal
probability of the log rate ratio, so the curve is followed by straight lines between the effects simulated on that
scale.

Source: Gelman and Hill (2007), ch. 20, for power by simulation of the analysis that will be done.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.errors import AnalysisError
from analysis.inference.one_thread import compute_on_one_thread
from analysis.inference.usual import wilson
from analysis.planning.background import Background
from analysis.planning.many_panels import answer_each, at_expected
from analysis.planning.study import Study, allocate, ratio_fault
from analysis.planning.worlds import Months, Noise, worlds
from analysis.steps import Steps

FALLS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
"""Shares of admissions averted that are tried: from too small to matter to more than any controlled study has found."""
GRID = tuple(round(1 - fall, 10) for fall in FALLS)
ENOUGH = 0.8
"""Power from which a study is said to be able to find an effect: the convention since Cohen (1988)."""
BATCH = 250
"""Simulations that share one draw of homes: few enough to show progress, many enough to share the costly parts."""
CELLS = 8_000_000
"""Home-months × simulations held at once by one thread (32 MB a matrix)."""
THREADS = 2
LARGE_DIFFERENCE = {"rate": 0.5, "bed_days": 0.7}
"""Differences in the log of a home's rate and size that matter as much as being another kind of home: about a third
more admissions per bed-day than the next, twice as many residents; a judgement."""
SURE = (0.0005, 0.9995)
"""Powers beyond these are taken as these: simulations hardly tell them apart, and the normal scale has no end."""

COLUMNS = (
    "kind", "supported", "compared", "before", "after", "waves", "gap", "effect_sd", "rate_ratio", "simulations",
    "power", "power_low", "power_high", "held", "bias", "error_sd", "std_error", "df",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Progress:
    """What has been simulated so far.

    Parameters
    ----------
    done, of : int
        Batches.
    table : DataFrame
        One row per study and rate ratio, columns `COLUMNS`: power with the interval that the number of simulations
        leaves, the share of intervals that held the truth, mean and standard deviation of the error of the log rate
        ratio, its mean standard error, and degrees of freedom.
    """

    done: int
    of: int
    table: pd.DataFrame


def simulate(
    background: Background, studies: Sequence[Study], ratios: Sequence[float] = GRID, *, sims: int, seed: int
) -> Iterator[Progress]:
    """Simulate studies; whoever asks may stop at any time and keep what is there.

    Parameters
    ----------
    background : Background
        What the homes are like.
    studies : sequence of Study
    ratios : sequence of float
        True rate ratios; 1 is no effect.
    sims : int
        Simulations of each study.
    seed : int

    Raises
    ------
    AnalysisError
        If nothing is to be simulated, an effect is beyond reason, or a study cannot answer.
    """
    if sims < 1 or not studies or not ratios or (wrong := [why for r in ratios if (why := ratio_fault(r))]):
        raise AnalysisError("There is nothing to simulate.", do=" ".join(wrong) if sims > 0 and studies else None)
    compute_on_one_thread()
    asked = np.unique(np.asarray(ratios, float))
    orders = _orders(studies, sims)
    orders.sort(key=lambda order: order[1])  # all studies grow together, so that a stop leaves something of each
    found: list[list[np.ndarray]] = [[] for _ in studies]
    pool = ThreadPoolExecutor(THREADS)
    waiting: deque = deque()
    try:
        for done in range(len(orders)):
            while len(waiting) < 2 * THREADS and done + len(waiting) < len(orders):  # a pause leaves nothing running on
                k, a, n = orders[done + len(waiting)]
                waiting.append((k, pool.submit(_batch, background, studies[k], asked, n, [seed, k, a])))
            k, one = waiting.popleft()
            found[k].append(one.result())
            yield Progress(done=done + 1, of=len(orders), table=_table(studies, asked, found))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def simulation(
    background: Background, studies: Sequence[Study], ratios: Sequence[float] = GRID, *, sims: int, seed: int
) -> Steps[Progress]:
    """Give `simulate` as steps that can be taken now or later."""
    coming = simulate(background, studies, ratios, sims=sims, seed=seed)
    return Steps([partial(next, coming)] * len(_orders(studies, sims)))


def _orders(studies, sims):
    """Batches to simulate: which study, from which simulation, how many."""
    sizes = [_size(study) for study in studies]
    return [(k, a, min(size, sims - a)) for k, size in enumerate(sizes) for a in range(0, sims, size)]


def _size(study):
    return int(np.clip(CELLS // (study.homes * study.months), 20, BATCH))


def _batch(background, study, ratios, size, seed):
    """One draw of homes and `size` panels of each effect: shape (K, size, 4) of error, error's size, found, held."""
    rng = np.random.default_rng(seed)
    homes, start = allocate(study, rng, likeness(background)), study.starts()
    expected = background.expected(homes, study.months)
    treated = np.arange(study.months)[:, None] >= start
    bed_days = np.broadcast_to(background.bed_days[homes], expected.shape)
    expected_by_ratio = [at_expected((expected * np.where(treated, r, 1)).T, bed_days.T, start) for r in ratios]
    kept = np.ix_(expected_by_ratio[0].sample.months, expected_by_ratio[0].sample.homes)
    noise = Noise(
        shock_sd=background.shock_sd, shock_correlation=background.shock_correlation, effect_sd=study.effect_sd
    )
    panels = worlds(Months(expected=expected[kept], treated=treated[kept]), ratios, noise, size, rng)
    rows = []
    for one, ratio, counts in zip(expected_by_ratio, ratios, panels, strict=True):
        said, true = answer_each(one, counts), np.log(ratio)
        rows.append((said.log_ratio - true, said.std_error, said.detected(), said.holds(true), np.full(size, said.df)))
    return np.array(rows, float).transpose(0, 2, 1)


def likeness(background: Background) -> np.ndarray:
    """Give what homes are matched on, each column on a scale on which 1 is a large difference, shape (N, 3)."""
    logs = [np.log(getattr(background, name)) / large for name, large in LARGE_DIFFERENCE.items()]
    return np.column_stack([*logs, np.unique(background.home_type, return_inverse=True)[1].astype(float)])


def _table(studies, ratios, found):
    rows = [
        _row(study, ratio, np.concatenate([batch[k] for batch in batches]))
        for study, batches in zip(studies, found, strict=True)
        if batches
        for k, ratio in enumerate(ratios)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(study, ratio, said):
    """One row of the table; a panel without an answer found nothing and held nothing."""
    n, (error, std_error, detected, held, df) = len(said), said.T
    power = detected.mean()
    low, high = wilson(detected.sum(), n)
    spent = (study.kind, study.supported, study.compared, study.before, study.after, study.steps, study.gap)
    return (
        *spent, study.effect_sd, ratio, n, power, low, high, held.mean(), np.nanmean(error), np.nanstd(error),
        np.nanmean(std_error), df.mean(),
    )  # fmt: skip


def smallest(table: pd.DataFrame, enough: float = ENOUGH) -> pd.DataFrame:
    """Find the smallest fall each study would find, by its columns that differ.

    Parameters
    ----------
    table : DataFrame
        Of `Progress`.
    enough : float
        Power to be reached.

    Returns
    -------
    DataFrame
        kind, supported, compared, before, after, simulations, rate_ratio, ratio_low, ratio_high: the rate ratio at
        which power reaches `enough`, and where the ends of the power's interval do; missing where none tried does.
    """
    keys = list(COLUMNS[: COLUMNS.index("rate_ratio")])
    rows = []
    for key, one in table[table["rate_ratio"] < 1].groupby(keys, sort=False):
        ends = [crossing(one["rate_ratio"].to_numpy(), one[name].to_numpy(), enough) for name in _POWERS]
        rows.append((*key, int(one["simulations"].iloc[0]), *ends))
    return pd.DataFrame(rows, columns=[*keys, "simulations", "rate_ratio", "ratio_low", "ratio_high"])


_POWERS = ("power", "power_low", "power_high")


def crossing(ratios, powers, enough):
    """Rate ratio nearest to 1 at which power reaches `enough`; NaN where it never does, the nearest where it always is.

    Power falls as the ratio nears 1; where chance makes it rise again, the last crossing counts.
    """
    order = np.argsort(ratios)
    x, y = np.log(ratios[order]), ndtri(np.clip(powers[order], *SURE))
    above = np.flatnonzero(y >= ndtri(enough))
    if not above.size:
        return np.nan
    k = above[-1]
    if k == len(x) - 1:
        return float(np.exp(x[k]))
    return float(np.exp(x[k] + (x[k + 1] - x[k]) * (y[k] - ndtri(enough)) / (y[k] - y[k + 1])))
