"""How large must an effect be before chance no longer gives it? Ask every area in which nothing was done.

Each method says of *every* area what it would have said had that area been the treated one. The treated area's place
among them is its rank p-value, and the effects that this test would not reject are its interval:

    t_i = θ_i / s_i,   p = (1 + #{|t_i| ≥ |t_1|}) / (1 + n),   θ_1 ± q·s_1,

with θ the log rate ratio, s how noisy the area is (the method's standard error, or how closely it followed the area
before the start, brought half-way to the median area's: see `moderated`), and q the ⌈(1 − α)(n + 1)⌉-th
smallest |t_i| of n comparison areas. Where chance treats areas alike, p is uniform and the interval holds the truth as
often as it says, whatever the method: a method whose own error is far too small is found out by the areas in which
nothing was done.

Source: Abadie, Diamond and Hainmueller (2010), JASA 105; Ferman and Pinto (2017); Firpo and Possebom (2018), Journal of
Causal Inference 6(2), for the inversion.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analysis.areas.case import ALL, Case
from analysis.areas.conformal import EVEN, rejects
from analysis.areas.segmented import HALF_EVENT
from analysis.results import RATE_RATIO, TIDY, Effects

EVENTS = "events_averted"
"""What an area model calls expected less observed events, in the column ``term``."""

NOTHING_LEFT = 0.01
"""An expected count below this share of the observed one is no expectation: extrapolated weights can go below zero."""

INTERVALS = ("year", "estimate", "own_low", "own_high", "own_p", "false_alarms", "areas", "conf_low",
             "conf_high", "p_value", "rank")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimates:
    """What a method says of every area, as if each had been the treated one.

    Parameters
    ----------
    expected : ndarray, shape (n, T)
        Events expected without the intervention.
    log_ratio : ndarray, shape (n, K)
        Of every window of the case, in its order.
    scale : ndarray, shape (n, K)
        How noisy each is; above zero.
    own_p : ndarray, shape (n, K)
        The method's own p-value; missing where it has none.
    own_limits : ndarray, shape (K, 2)
        The method's own interval of the treated area's log ratio; infinite where it has no end on that side, missing
        where it has none.
    how : str
        What the method's own interval is.
    extends_trend : bool
        Whether the method supposes that the area's own trend would have gone on.
    diagnostics : dict
        Weights and whatever else the method can show.
    """

    expected: np.ndarray
    log_ratio: np.ndarray
    scale: np.ndarray
    own_p: np.ndarray
    own_limits: np.ndarray
    how: str
    extends_trend: bool = False
    diagnostics: dict[str, pd.DataFrame] = field(default_factory=dict)


def ratios(case: Case, expected: np.ndarray) -> np.ndarray:
    """Log of observed over expected events in every window, shape (n, K); no event at all counts as half of one."""
    found = []
    for window in case.windows.values():
        observed = np.maximum(case.counts[:, window].sum(axis=1), HALF_EVENT)
        usual = np.maximum(expected[:, window].sum(axis=1), NOTHING_LEFT * observed)
        found.append(np.log(observed / usual))
    return np.column_stack(found)


def placebo(log_ratio: np.ndarray, scale: np.ndarray, treated: int, conf_level: float) -> pd.DataFrame:
    """Rank the treated area among the others, and invert the ranking; one row per window.

    Parameters
    ----------
    log_ratio, scale : ndarray, shape (n, K)
    treated : int
        Its row.
    """
    t = np.abs(log_ratio / scale)
    return ranks_and_limits(t[treated], np.delete(t, treated, axis=0), log_ratio[treated], scale[treated], conf_level)


def ranks_and_limits(
    own: np.ndarray, others: np.ndarray, centre: np.ndarray, unit: np.ndarray, conf_level: float
) -> pd.DataFrame:
    """Rank statistics |centre| / unit among others', and give the effects that would not be rejected.

    Parameters
    ----------
    own, centre, unit : ndarray, shape (K,)
        The treated area's statistic, log rate ratio, and the log rate ratio of one unit of the statistic.
    others : ndarray, shape (n, K)
        Missing counts as larger than any.

    Returns
    -------
    DataFrame, K rows
        p_value, rank, conf_low, conf_high; no limits where too few others are there.
    """
    others = np.where(np.isnan(others), np.inf, others)
    n = len(others)
    at_least = (others >= own).sum(axis=0)
    place = int(np.ceil(conf_level * (n + 1) - EVEN))
    q = np.sort(others, axis=0)[place - 1] if place <= n else np.full(len(own), np.nan)
    half = np.where(np.isfinite(q), q, np.nan) * unit
    p = (1 + at_least) / (n + 1) if n else np.full(len(own), np.nan)
    return pd.DataFrame({"p_value": p, "rank": 1 + at_least, "conf_low": centre - half, "conf_high": centre + half})


def effects(case: Case, found: Estimates, *, estimand: str, conf_level: float, call: str) -> Effects:
    """Put a method's estimates into the answer of every model."""
    found = replace(found, scale=moderated(found.scale))
    ranked = placebo(found.log_ratio, found.scale, case.treated, conf_level)
    centre, years = found.log_ratio[case.treated], list(case.windows)
    table = _table(case, centre, ranked, found.scale[case.treated])
    overall = table["year"] == ALL
    return Effects(
        tables={
            "overall": table.loc[overall].assign(overall="all").reset_index(drop=True),
            "year": table.loc[~overall].reset_index(drop=True),
            "event_time": _monthly(case, found.expected[case.treated]),
        },
        summary=_summary(case, estimand, conf_level),
        cells=_cells(case, found.expected),
        diagnostics={
            "intervals": _intervals(years, found, ranked, case, conf_level),
            "placebos": _placebos(case, found),
            **found.diagnostics,
        },
        notes=_too_few(case, conf_level),
        call=call,
    )


def moderated(scale: np.ndarray) -> np.ndarray:
    """Bring every area's noise half-way, in variance, to that of the median area; shape (n, K).

    Noise before the start foretells how far an area strays after it only in part (over the months of English delayed
    transfers the correlation is 0.2 to 0.4). Taken at its word, a few areas that were quiet before decide the test;
    left out, a noisy area's swings count as effects. The ranking is exact either way.
    """
    middle = np.median(scale, axis=0, keepdims=True)
    return np.sqrt((scale**2 + middle**2) / 2)


def _table(case: Case, centre: np.ndarray, ranked: pd.DataFrame, scale: np.ndarray) -> pd.DataFrame:
    """Rate ratio and, where events were counted, events averted of every window, with the columns of `TIDY`."""
    rows = []
    for k, (year, window) in enumerate(case.windows.items()):
        observed = case.counts[case.treated, window].sum()
        low, high = ranked.loc[k, ["conf_low", "conf_high"]]
        ratio = np.exp([centre[k], low, high])
        p, t = ranked.loc[k, "p_value"], centre[k] / scale[k]
        rows.append((year, RATE_RATIO, ratio[0], np.nan, t, p, ratio[1], ratio[2]))
        if case.rate_alone:
            continue
        averted = observed / ratio - observed  # expected less observed
        rows.append((year, EVENTS, averted[0], np.nan, t, p, averted[2], averted[1]))
    return pd.DataFrame(rows, columns=["year", *TIDY])


def _monthly(case: Case, expected: np.ndarray) -> pd.DataFrame:
    """Observed over expected month by month; no interval, because a single month of a single area has none."""
    ratio = case.counts[case.treated] / np.maximum(expected, NOTHING_LEFT)
    empty = {name: np.nan for name in TIDY if name not in ("term", "estimate")}
    return pd.DataFrame({"event_time": case.time, "term": RATE_RATIO, "estimate": ratio}).assign(**empty)


def _summary(case: Case, estimand: str, conf_level: float) -> dict[str, object]:
    return {
        "estimand": estimand, "scale": "log rate ratio", "n_units": len(case.units), "n_treated": 1,
        "n_comparison": len(case.units) - 1, "n_clusters": len(case.units), "n_obs": case.counts.size,
        "events": None if case.rate_alone else int(case.counts.sum()),
        "exposure": None if case.rate_alone else float(case.exposure.sum()), "conf_level": conf_level,
        "vcov": "placebo in space, scaled by each area's own noise", "converged": True, "dropped": 0,
    }  # fmt: skip


def _cells(case: Case, expected: np.ndarray) -> pd.DataFrame:
    """One row per area and month; only the treated area has an event time."""
    n, T = case.counts.shape
    own = np.arange(n) == case.treated
    return pd.DataFrame({
        "unit": np.repeat(case.units.index, T), "month": np.tile(case.months.astype("datetime64[s]"), n),
        "event_time": np.where(own[:, None], case.time.astype(float), np.nan).ravel(),
        "observed": case.counts.ravel(), "fitted": expected.ravel(), "counterfactual": expected.ravel(),
        "weight": np.repeat(own.astype(float), T),
    })  # fmt: skip


def _intervals(years, found, ranked, case, conf_level) -> pd.DataFrame:
    """Set the method's own interval beside the placebo interval, and count its false alarms: rate ratios."""
    own = np.delete(found.own_p, case.treated, axis=0)
    alarms = np.where(np.isnan(own).all(axis=0), np.nan, rejects(own, conf_level).sum(axis=0))
    limits = np.exp(found.own_limits)
    columns = (
        years, np.exp(found.log_ratio[case.treated]), limits[:, 0], limits[:, 1], found.own_p[case.treated], alarms,
        np.full(len(years), len(own)), np.exp(ranked["conf_low"]), np.exp(ranked["conf_high"]), ranked["p_value"],
        ranked["rank"],
    )  # fmt: skip
    return pd.DataFrame(dict(zip(INTERVALS, columns, strict=True))).assign(
        how=found.how, extends_trend=found.extends_trend
    )


def _placebos(case: Case, found: Estimates) -> pd.DataFrame:
    """One row per area and window: unit, name, treated, year, estimate (rate ratio), scaled."""
    parts = [
        pd.DataFrame({
            "unit": case.units.index, "name": case.units["name"].to_numpy(),
            "treated": np.arange(len(case.units)) == case.treated, "year": year,
            "estimate": np.exp(found.log_ratio[:, k]), "scaled": found.log_ratio[:, k] / found.scale[:, k],
        })
        for k, year in enumerate(case.windows)
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _too_few(case: Case, conf_level: float) -> tuple[str, ...]:
    n = len(case.units) - 1
    if np.ceil(conf_level * (n + 1) - EVEN) <= n:
        return ()
    needed = int(np.ceil(conf_level / (1 - conf_level) - EVEN))
    return (f"{n} comparison areas are too few for a {conf_level:.0%} interval by ranking, which needs {needed}.",)
