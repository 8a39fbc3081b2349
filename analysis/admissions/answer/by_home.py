"""What did it do in each home, and do homes differ in it at all?

Of every home with the intervention, its admissions since the start O over those expected from its own months before:

    y_i = log O_i − log P_i C_i⁺/C_i⁻,    v_i = 1 / (r P_i C_i⁺/C_i⁻) + 1 / P_i + ω²,

P the admissions before the start, C⁺/C⁻ how many the model expects after the start for each before it (bed-days,
months and whatever else it allows for), and r the ratio of all homes together, so that a home with few admissions by
luck is not taken for one of which much is known. The level comes from the months before alone: the answer's own fit
takes a home's level from all its months, the effect being common, and would draw each home's ratio to that of all.

Months of one home are alike, so a home strays by more than chance of single admissions gives: how far, ω, is learned
from homes that never had it, each taken for one that began when these did. What of the scatter between homes with it is
beyond that is told as their difference; without homes that never had it nothing is told.

Estimates are drawn towards one another (`analysis.inference.shrinkage`), and are never put in the order of their
effect: the order of many homes by one estimate each is mostly the order of their luck. How often homes are said to
differ where they do not, and how often the intervals hold, is counted in `bench/by_home.csv`.

Source: Paule and Mandel (1982) for ω and τ; Goldstein and Spiegelhalter (1996), J. R. Statist. Soc. A 159, on tables of
institutions; Rubin (1981) for the effects together.
"""

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from analysis.admissions.compared.setting import Setting
from analysis.admissions.engine.estimate import PoissonFit
from analysis.disclosure import Rule
from analysis.inference.pooling import pooled
from analysis.inference.shrinkage import Shrinkage, shrunken

FEWEST = 10.0
"""Admissions before the start, and expected after it, without which the log of a home's ratio is not nearly normal.
Both are known before anything is seen of the effect, so that no home is left out for what it did to it."""
FEWEST_HOMES = 5
"""With the intervention: of fewer there is no best fifth, and of their scatter nothing is known."""
FEWEST_OTHERS = 10
"""Homes that never had it: how far homes stray by themselves is known to about a quarter from ten."""
MOST_STARTS = 12
"""Starts as of which the others are looked at; of more, so many that lie evenly among the homes."""
SCALE = 0.5
"""Of the half-normal prior of τ: effects of two homes then differ less than four times, 95 times in 100."""
FIFTH = 5
TOLD_TO = 0.05
"""Probabilities of a place are told to the nearest twentieth: draws and suppositions carry no more."""
SEED = 20261128
OF_HOMES = ("unit", "days", "before", "observed", "expected", "log_ratio", "variance", "others", "shared")
TOLD = ("unit", "estimate", "conf_low", "conf_high", "best_fifth")
DIFFER = ("homes", "of", "others", "fifth", "p_value", "spread", "low", "high", "estimate")
MIDDLE = 1.2816
"""Normal deviate between which and its negative four fifths lie."""


def of_homes(setting: Setting, fit: PoissonFit) -> pd.DataFrame:
    """Give every home's own ratio: `OF_HOMES`, one row each.

    Parameters
    ----------
    setting : Setting
    fit : PoissonFit

    Returns
    -------
    DataFrame
        days : exposure since the start. before, observed, expected : events. log_ratio, variance : y and v, missing
        where too few lie behind. others, shared: how many homes ω was learned from, and the variance of the error that
        all ratios share; the same in every row.
    """
    counted, start = _counted(setting, fit), np.minimum(setting.start[fit.sample.homes], len(setting.months))
    own = np.flatnonzero(start < len(setting.months))
    since = np.searchsorted(fit.sample.months, start)
    table = _ratios(counted, own, since[own])
    known = _known(table)
    ratio = table["observed"][known].sum() / max(table["expected"][known].sum(), np.finfo(float).tiny)
    stray, shared, others = _straying(counted, np.flatnonzero(start == len(setting.months)), np.sort(since[own][known]))
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log((table["observed"] + 0.5) / (table["expected"] + 0.5))
        variance = 1 / (max(ratio, 0.1) * table["expected"]) + 1 / table["before"] + stray
    table["log_ratio"], table["variance"] = log.where(known), variance.where(known)
    table.insert(0, "unit", setting.units.index[fit.sample.homes[own]])
    return table.assign(others=others, shared=shared)[list(OF_HOMES)]


def _counted(setting: Setting, fit: PoissonFit) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give events, those expected without the intervention up to each home's level, and exposure: sums by month."""
    weights = setting.weights_of(fit.sample)
    parts = fit.sample.counts / weights, fit.saturated.counterfactual / weights, fit.sample.exposure / weights
    sums = (np.cumsum(part, axis=1) for part in parts)
    events, usual, days = (np.column_stack([np.zeros(len(total)), total]) for total in sums)
    return events, usual, days


def _ratios(counted: tuple, rows: np.ndarray, since: np.ndarray) -> pd.DataFrame:
    """Events before and after a month of some homes, and expected after it from those before."""
    (before, usual, days), ends = (part[rows, since] for part in counted), [part[rows, -1] for part in counted]
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = before * (ends[1] - usual) / usual
    return pd.DataFrame({
        "days": ends[2] - days, "before": before, "observed": ends[0] - before,
        "expected": np.where(usual > 0, expected, 0.0),
    })  # fmt: skip


def _known(table: pd.DataFrame) -> pd.Series:
    return (table["before"] >= FEWEST) & (table["expected"] >= FEWEST)


def _straying(counted: tuple, others: np.ndarray, since: np.ndarray) -> tuple[float, float, int]:
    """Give ω², the variance of what all ratios share, and from how many homes: missing where these are too few."""
    found = []
    for month in since[np.linspace(0, len(since) - 1, min(len(since), MOST_STARTS)).astype(int)] if len(since) else ():
        table = _ratios(counted, others, np.full(len(others), month))
        table = table[_known(table)]
        if len(table) < FEWEST_OTHERS:
            return np.nan, np.nan, len(table)
        log = np.log((table["observed"] + 0.5) / (table["expected"] + 0.5))
        together = pooled(log.to_numpy(), (1 / table["expected"] + 1 / table["before"]).to_numpy())
        found.append((together.tau2, together.std_error**2, len(table)))
    if not found:
        return np.nan, np.nan, 0
    stray, shared, homes = np.mean(found, axis=0)
    return float(stray), float(shared), int(homes)


def effects_by_home(table: pd.DataFrame, rule: Rule, conf_level: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw homes' ratios towards one another, and say whether they differ.

    Parameters
    ----------
    table : DataFrame
        Out of `of_homes`, from counts as shown.
    rule : Rule
        How few events are not told: a home with no more of them before its start or after it gets no row.
    conf_level : float

    Returns
    -------
    homes : DataFrame
        `TOLD`, the home with most exposure since its start first: rate ratio with interval, and the probability of
        being one of the fifth of homes in which it did most; nothing where too few homes, or others, are known.
    differ : DataFrame
        `DIFFER`: one row, p_value and what follows missing where nothing is told.
    """
    known = table[np.isfinite(table["variance"])]
    others, n = int(table["others"].max()) if len(table) else 0, len(known)
    fifth = max(1, round(n / FIFTH))
    nothing = dict.fromkeys(DIFFER[4:], np.nan)
    row = {"homes": n, "of": len(table), "others": others, "fifth": fifth, **nothing}
    if n < FEWEST_HOMES:
        row["homes"] = int(_known(table).sum())
        return pd.DataFrame(columns=list(TOLD)), pd.DataFrame([row])
    y, v = known["log_ratio"].to_numpy(), known["variance"].to_numpy()
    found = shrunken(y, v, Shrinkage(lowest=fifth, scale=SCALE, shared=float(known["shared"].iloc[0]), level=conf_level,
                                     seed=SEED))  # fmt: skip
    span = MIDDLE * found.tau
    row |= {"p_value": differ(y, v, others), "spread": found.tau, "estimate": np.exp(found.centre),
            "low": np.exp(found.centre - span), "high": np.exp(found.centre + span)}  # fmt: skip
    frame = pd.DataFrame({
        "unit": known["unit"], "days": known["days"], "estimate": np.exp(found.mean), "conf_low": np.exp(found.low),
        "conf_high": np.exp(found.high), "best_fifth": np.round(found.among_lowest / TOLD_TO) * TOLD_TO,
    })  # fmt: skip
    enough = (known[["before", "observed"]] > rule.hidden_to).all(axis=1)
    return _laid_out(frame[enough]), pd.DataFrame([row | {"spread": round(row["spread"], 2)}])


def differ(y: np.ndarray, v: np.ndarray, others: int) -> float:
    """Test whether effects scatter by more than their variances say, these learned in part from `others` homes."""
    weight = 1 / v
    beyond = (weight * (y - (weight * y).sum() / weight.sum()) ** 2).sum() / (len(y) - 1)
    return float(fdtrc(len(y) - 1, others - 1, beyond))


def _laid_out(frame: pd.DataFrame) -> pd.DataFrame:
    numbers = ["estimate", "conf_low", "conf_high", "best_fifth"]
    ordered = frame.sort_values(["days", "unit"], ascending=[False, True], kind="stable")
    return ordered.round(dict.fromkeys(numbers, 2))[list(TOLD)].reset_index(drop=True)
