"""Does a projection's interval hold what truly comes, and by how much does last year's figure overstate it?

    .venv/bin/python bench/projection.py              # 500 futures of the sample county, and 500 counties: minutes
    .venv/bin/python bench/projection.py --counties 50
    .venv/bin/python bench/projection.py --speed      # how long a moved slider takes, at 160 and at 15,000 homes

Writes `projection.csv` (how often intervals hold the truth) and `projection_overstated.csv` (what last year's rates,
and the shrunken ones, say of the homes with the highest rates, over what came). Every county is drawn anew with its
own homes, history and one future of 24 months; the scenario knows the true effect, or its interval, and nothing else.
"""

import argparse
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import simulate
from analysis.baseline import Baseline
from analysis.scenarios import Draws, Range, Who, calibration, money, project
from analysis.scenarios.projection import LEVELS

HERE = Path(__file__).parent
WIDTH = 1.2
"""An effect known to within a fifth either way."""
FUTURES = 500
WORST = 12
"""Homes chosen for the highest rates of last year."""


def sample_county() -> dict[str, np.ndarray]:
    """Ranks of the truth in 500 futures of the county that is shipped."""
    county = simulate.simulate_county(simulate.SEED)
    projected = project(calibration.county_baseline(county), calibration.true_scenario())
    untreated = simulate.untreated_futures(county, 24, FUTURES, 1)
    came = calibration.what_came(county, projected, untreated, np.random.default_rng(2))
    return {
        "sample county, true effect: averted": calibration.ranks(projected.total_averted, came.averted),
        "sample county, true effect: without it": calibration.ranks(projected.counted_without.sum(0), came.without),
    }


def one_county(seed: int) -> dict[str, float]:
    """Ranks of one future of one county, and how the homes with last year's highest rates were judged."""
    county = simulate.simulate_county(seed)
    baseline = calibration.county_baseline(county)
    untreated = simulate.untreated_futures(county, 24, 1, seed)
    rng, found = np.random.default_rng(seed), {}
    for name, order, width, most in (
        ("true effect", "by lot", 1.0, 40), ("effect with its interval", "by lot", WIDTH, 40),
        ("true effect, last year's highest rates", "highest rate last year", 1.0, WORST),
    ):  # fmt: skip
        projected = project(baseline, calibration.true_scenario(order=order, width=width, most=most))
        spread = np.log(WIDTH) / 1.96 if width > 1 else 0.0
        came = calibration.what_came(county, projected, untreated, rng, spread)
        found[f"{name}: averted"] = calibration.ranks(projected.total_averted, came.averted)[0]
        found[f"{name}: without it"] = calibration.ranks(projected.counted_without.sum(0), came.without)[0]
        if order == "highest rate last year":
            found["naive"] = projected.naive_without / came.without[0]
            found["shrunken"] = projected.home_without.sum() / came.without[0]
    return found


def larger(baseline: Baseline, n: int) -> Baseline:
    """Repeat the county's homes, until there are as many as England has."""
    rows = np.arange(n) % len(baseline.units)
    each = {f.name for f in fields(Baseline) if isinstance(getattr(baseline, f.name), np.ndarray)}
    units = baseline.units.iloc[rows].set_axis([f"H{i}" for i in range(n)])
    return replace(baseline, units=units, **{name: getattr(baseline, name)[rows] for name in each})


def speed(rounds: int = 7) -> pd.DataFrame:
    """Seconds from a moved slider to projection, money and tornado: clock, and processor time of one core."""
    county = calibration.county_baseline(simulate.simulate_county(simulate.SEED))
    rows = []
    for n in (160, 15_000):
        baseline, luck = larger(county, n), Draws()
        levels = baseline.draws(luck.rng(LEVELS), luck.n)
        for most in range(n, n - rounds, -1):
            scenario = calibration.true_scenario(36, width=WIDTH, most=most)
            offer = replace(scenario.offers[0], uptake=Range(0.6, 0.9), who=Who(most=most, without_only=False))
            clock, core = time.perf_counter(), time.process_time()
            money(project(baseline, replace(scenario, offers=(offer,)), luck, levels))
            rows.append((n, time.perf_counter() - clock, time.process_time() - core))
    times = pd.DataFrame(rows, columns=["homes", "clock_s", "core_s"])
    return times.groupby("homes").median().round(3)


def main() -> None:
    """Count, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counties", type=int, default=500)
    parser.add_argument("--speed", action="store_true")
    wanted = parser.parse_args()
    if wanted.speed:
        print(speed().to_string())
        return
    counties = pd.DataFrame([one_county(1_000 + seed) for seed in range(wanted.counties)])
    ranked = sample_county() | {f"{wanted.counties} counties, {name}": counties[name].to_numpy()
                                for name in counties if ":" in name}  # fmt: skip
    table = pd.concat([calibration.coverage(rank).assign(case=case) for case, rank in ranked.items()])
    table = table[["case", "level", "held", "futures", "error"]].round(4)
    over = counties[["naive", "shrunken"]].agg(["mean", "min", "max"]).round(3)
    table.to_csv(HERE / "projection.csv", index=False)
    over.to_csv(HERE / "projection_overstated.csv")
    print(table.to_string(), over.to_string(), sep="\n")


if __name__ == "__main__":
    main()
