"""Does a 95% interval hold what comes 95 times in 100, where the truth is known?

A scenario with the true effect of the sample's ward round is laid on what the county's files show. Futures are then
drawn from the county's true rates, which no file shows, and the admissions truly averted in each are put beside the
projection: the share of draws below the truth is uniform where the projection is calibrated.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.baseline import Baseline, baseline_of, months_without
from analysis.scenarios.projection import Projection
from analysis.scenarios.ranges import Range, Ratio
from analysis.scenarios.scenario import Effect, Offer, Order, Scenario, Who
from analysis.simulate import supports
from analysis.simulate.county import County

TRUE = {kind: supports.RATE_RATIO[kind == "nursing"] for kind in ("nursing", "residential")}
LEVELS = (0.5, 0.8, 0.9, 0.95)


def county_baseline(county: County) -> Baseline:
    """Work out the baseline from what the county's files show."""
    panel = county.panel()
    return baseline_of(panel, months_without(panel, county.spells()))


def true_scenario(months: int = 24, order: Order = "by lot", width: float = 1.0, most: int = 40) -> Scenario:
    """Offer the ward round with its true effect to homes without it, all of which take it up in full.

    Parameters
    ----------
    months : int
    order : Order
        Which homes come first.
    width : float
        The effect's 95% interval runs from the true rate ratio over this to the true rate ratio times this.
    most : int
        How many homes.
    """
    ratios = {kind: Ratio(ratio, ratio / width, ratio * width) for kind, ratio in TRUE.items()}
    offer = Offer(
        name="weekly ward round", effect=Effect(source="the truth of the sample", ratios=ratios, verified=True),
        who=Who(order=order, most=most), uptake=Range(1, 1), fidelity=Range(1, 1),
        ramp_months=supports.MONTHS_TO_FULL_EFFECT,
    )  # fmt: skip
    return Scenario(title="The true effect", offers=(offer,), months=months)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Came:
    """What truly came in F futures, of the homes of a projection.

    Parameters
    ----------
    without, averted : ndarray of int64, shape (F,)
        Admissions counted had nothing been done, and averted.
    """

    without: np.ndarray
    averted: np.ndarray


def what_came(
    county: County, projection: Projection, untreated: np.ndarray, rng: np.random.Generator, spread: float = 0.0
) -> Came:
    """Count what is averted in each future.

    Parameters
    ----------
    county : County
    projection : Projection
        Of a scenario with one offer that every home takes up in full; where a lot decides, each future has its own.
    untreated : ndarray, shape (F, N, T)
        `simulate.untreated_futures`.
    rng : Generator
    spread : float
        Standard deviation of the log effect from one future to another, one draw a kind.
    """
    homes = county.homes.sort_values("location_id").iloc[projection.rows]
    nursing = homes["nursing"].to_numpy()
    effect = np.log([TRUE["residential"], TRUE["nursing"]]) + spread * rng.standard_normal((len(untreated), 2))
    share = projection.scenario.offers[0].share(projection.months)
    ratio = np.exp(effect[:, nursing.astype(int), None] * share)
    expected = untreated[:, homes.index] * np.any(projection.offered.in_draws(len(untreated)), axis=0).T[:, :, None]
    fall = (expected * (1 - ratio)).sum((1, 2))
    averted = np.sign(fall).astype(int) * rng.poisson(np.abs(fall))
    return Came(without=rng.poisson((expected * ratio).sum((1, 2))) + averted, averted=averted)


def ranks(drawn: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Share of draws below what came, ties counted half; (D,) and (F,) to (F,)."""
    ordered = np.sort(drawn)
    return (np.searchsorted(ordered, came, "left") + np.searchsorted(ordered, came, "right")) / (2 * len(drawn))


def coverage(rank: np.ndarray, levels: tuple[float, ...] = LEVELS) -> pd.DataFrame:
    """How often central intervals hold what came: level, held, futures, error (one Monte Carlo standard error)."""
    held = np.array([np.mean(np.abs(rank - 0.5) <= level / 2) for level in levels])
    error = np.sqrt(held * (1 - held) / len(rank))
    return pd.DataFrame({"level": levels, "held": held, "futures": len(rank), "error": error})
