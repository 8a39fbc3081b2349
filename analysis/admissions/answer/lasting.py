"""Did it last? The effect in each year since the start, and after the first year against the first.

Homes that started late have had a first year only, so years may not be compared as they stand: later years are held
against the first *in the same homes*. One test is declared, all months after the first year against the first year; the
rows year by year show where it comes from. With log rate ratios δ of two groups of home-months of one fit and what each
cluster contributes to them, the log of the ratio between them is δ₂ − δ₁ and its error that of the differences.

How often it speaks is counted in `bench/lasting.csv`: where the effect stays, in at most 5.2% of worlds (1 to 3% as a
rule); where it fades by half again (0.6, then 0.9), in 93% with 20 homes, in 22% with ten, and never with three or
five, whose error holds the fade itself. "Nothing shows" is then no finding, and the interval says so.

Below no change, the effect grew (fewer admissions, against expected, than in the first year); above, it faded. Winters
are not mixed up with years: both are held against the same months of other homes.

Source: Wooldridge (2023), Econometrics Journal 26(3), for effects by time since the start out of one fit.
"""

import numpy as np
import pandas as pd

from analysis.admissions.compared.groups import Groups
from analysis.admissions.engine.estimate import Estimate, PoissonFit, estimate
from analysis.admissions.uncertainty.rule import FEWEST_COMPARED, FEWEST_FOR_CLUSTERED, clustered
from analysis.admissions.uncertainty.scales import ratios, t_table
from analysis.results import AFTERWARDS

COLUMNS = ("year", "homes", "ratio", "conf_low", "conf_high", "p_value", "df", "events_first", "events_later")


def lasting(fit: PoissonFit, year: np.ndarray, overall: Estimate, conf_level: float) -> pd.DataFrame:
    """Hold each later year, and all of them, against the first year in the same homes: `COLUMNS`, one row each.

    Parameters
    ----------
    year : ndarray, shape (G, T)
        Years since each cohort's start, the first being 1; below it before the start.
    overall : Estimate
        Where it rests on too few clusters, no interval is given here either.
    """
    pairs = {
        key: pair
        for key, pair in _pairs(np.where(fit.sample.treated_cells, year, 0)).items()
        if pair.any(axis=(1, 2)).all()
    }
    if not pairs:
        return pd.DataFrame(columns=list(COLUMNS))
    marks = np.concatenate([*pairs.values()])
    found = estimate(fit, Groups(keys=[*range(len(marks))], marks=marks))
    first, later = np.arange(0, len(marks), 2), np.arange(1, len(marks), 2)
    V = found.covariance
    error = np.sqrt(np.maximum(V[first, first] + V[later, later] - 2 * V[first, later], 0))
    enough = clustered(overall) & (found.observed[first] > 0) & (found.observed[later] > 0)
    enough &= (found.n_clusters[later] >= FEWEST_FOR_CLUSTERED) & (found.n_compared[later] >= FEWEST_COMPARED)
    with np.errstate(invalid="ignore"):  # two years without any admission have no ratio
        log = found.log_ratio[later] - found.log_ratio[first]
    df = np.minimum(found.df[first], found.df[later])
    told = ratios(t_table(log, np.where(enough, error, np.nan), df, conf_level))
    values = ([*pairs], found.n_homes[later], told["estimate"], told["conf_low"], told["conf_high"], told["p_value"],
              np.where(enough, df, np.nan), found.numbers_observed[first], found.numbers_observed[later])  # fmt: skip
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))


def _pairs(year: np.ndarray) -> dict[str, np.ndarray]:
    """Give the first and a later year of the cohorts that have both, shape (2, G, T) each; last, all later years."""
    later = {str(k): year == k for k in range(2, int(year.max(initial=0)) + 1)} | {AFTERWARDS: year > 1}
    return {
        key: np.stack([(year == 1) & _both(year, marks), marks & _both(year, marks)]) for key, marks in later.items()
    }


def _both(year: np.ndarray, later: np.ndarray) -> np.ndarray:
    """Whether a cohort has months of its first year and of the later one, shape (G, 1)."""
    return ((year == 1).any(axis=1) & later.any(axis=1))[:, None]
