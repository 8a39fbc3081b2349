"""Where the choice of homes depends on their rates before the start and on their size: is the answer centred?

    python bench/matched.py                the whole table, to bench/matched.csv (some minutes)
    python bench/matched.py --worlds 20    a first look

120 or 240 homes, 48 months, a start in month 30 for a fifth of them. Homes are likelier chosen the higher their rate in
the year before, whose luck passes, and the larger they are; rates of large homes fall by themselves by a quarter a year
more than those of others. The true rate ratio is 1 or 0.8. `bias_pct` is the mean error of the log rate ratio in per
cent, `coverage_pct` how often the 95% interval holds the truth, `largest_after` the mean of the largest standardised
difference that is left, `refused` the panels in which there was nothing to match with.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates, overall
from analysis.design import NEVER, Design, Plan
from analysis.errors import AnalysisError
from analysis.matching import comparable
from analysis.panel import Panel
from analysis.simulate import PanelSpec, simulate_panel

WORLDS, SEED, START, T = 400, 20261127, 30, 48
MODEL = StaggeredRates(leads=0, subgroups=(), permutations=0)
METHODS = ("none", "propensity", "mahalanobis", "entropy", "overlap")
CELLS = ((120, 1.0), (240, 1.0), (240, 0.8))
"""Homes and true rate ratio; every panel of every cell is another draw."""
FALL = 0.25
"""By which large homes fall each year, beside what all do."""


def world(n: int, ratio: float, seed: int) -> tuple[Panel, Design]:
    """Draw homes, choose some by rate and size, and let the intervention do what it does."""
    spec = PanelSpec(n_homes=n, n_months=T, starts=(), shock_correlation=0.8, shock_sd=0.3)
    panel, _ = simulate_panel(spec, seed)
    rng = np.random.default_rng([seed, 7])
    size = np.log(panel.exposure.mean(axis=1))
    size = (size - size.mean()) / size.std()
    year = slice(START - 12, START)
    drift = np.exp(-FALL * np.clip(size, -1, 1)[:, None] * np.maximum(np.arange(T) - START + 12, 0) / 12)
    counts = rng.poisson(panel.exposure * _smoothed(panel, rng) * drift)
    rate = counts[:, year].sum(axis=1) / panel.exposure[:, year].sum(axis=1)
    liking = 0.8 * (rate - rate.mean()) / rate.std() + 0.6 * size + rng.logistic(size=n)
    start = np.where(liking >= np.sort(liking)[-n // 5], START, NEVER)
    counts[start != NEVER, START:] = rng.binomial(counts[start != NEVER, START:], ratio)
    design = Design(intervention="x", start=start, included=np.ones((n, T), bool))
    return Panel(units=panel.units, months=panel.months, counts=counts, exposure=panel.exposure,
                 outcome=panel.outcome, exposure_unit=panel.exposure_unit), design  # fmt: skip


def _smoothed(panel: Panel, rng: np.random.Generator) -> np.ndarray:
    """Rates per bed-day: a level of each home (gamma) with AR(1) spells of luck."""
    n, level = len(panel.units), 0.75 / 365.25
    own = rng.gamma(1 / 0.41**2, 0.41**2, n)
    luck = np.empty((n, T))
    luck[:, 0] = 0.3 * rng.standard_normal(n)
    for t in range(1, T):
        luck[:, t] = 0.8 * luck[:, t - 1] + 0.3 * np.sqrt(1 - 0.64) * rng.standard_normal(n)
    return level * own[:, None] * np.exp(luck - 0.045)


def once(n: int, ratio: float, seed: int) -> list[tuple]:
    """Ask every method of one panel."""
    panel, design = world(n, ratio, seed)
    rows = []
    for method in METHODS:
        try:
            own, found = comparable(panel, design, Plan(intervention="x", match=method))
            said = overall(panel, own, MODEL)
        except AnalysisError:
            rows.append((n, ratio, method, np.nan, np.nan, np.nan))
            continue
        covered = said.low <= np.log(ratio) <= said.high
        rows.append((n, ratio, method, said.log_ratio - np.log(ratio), covered, found.balance["after"].abs().max()))
    return rows


def main() -> None:
    """Count, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    worlds = parser.parse_args().worlds
    rows = [row for cell, (n, ratio) in enumerate(CELLS) for k in range(worlds)
            for row in once(n, ratio, SEED + 1_000_000 * cell + k)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["homes", "ratio", "match", "error", "covered", "largest_after"])
    groups = frame.groupby(["homes", "ratio", "match"], sort=False)
    table = groups.agg(
        worlds=("error", "size"), refused=("error", lambda e: int(e.isna().sum())),
        bias_pct=("error", lambda e: 100 * e.mean()), bias_error=("error", lambda e: 100 * e.std() / np.sqrt(len(e))),
        coverage_pct=("covered", lambda c: 100 * c.dropna().astype(float).mean()),
        largest_after=("largest_after", "mean"),
    ).round(2)  # fmt: skip
    table.to_csv(Path(__file__).with_suffix(".csv"))
    print(table.to_string())


if __name__ == "__main__":
    main()
