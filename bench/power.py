"""How long power takes, and how far many panels answered together are from each answered alone.

    python bench/power.py                   both tables, to bench/power.csv and bench/power_alone.csv
    python bench/power.py --sims 200 --panels 50        a first look

Speed: 2,000 simulations of twelve settings (four numbers of supported homes, three effects) on 160 homes and 72 months,
with the noise of the sample county; seconds by the clock and of the processor, two threads.

Together or alone: the same simulated panels, answered by `analysis.planning.many_panels` and by `StaggeredRates`
one by one.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.baseline import months_without
from analysis.design import NEVER, Design
from analysis.panel import Panel
from analysis.planning import Study, background, simulate
from analysis.planning.many_panels import answer_each, at_expected
from analysis.planning.worlds import Months, Noise, worlds
from analysis.simulate import SEED, simulate_county

FULL = Study(kind="staggered roll-out", supported=80, compared=80, before=36, after=24, waves=5, gap=3)
"""160 homes, 72 months."""
SUPPORTED, RATIOS = (20, 40, 60, 80), (0.95, 0.9, 0.8)
ALONE = {
    "staggered, 10 of 80": Study(kind="staggered roll-out", supported=10, compared=70, waves=5),
    "stepped wedge, 40": Study(kind="stepped wedge", supported=40, waves=5, after=6),
    "one start, 40 of 80": Study(supported=40, compared=40),
}


def speed(noise, sims: int) -> pd.DataFrame:
    """Time the twelve settings."""
    studies = [FULL.changed(supported=n, compared=FULL.homes - n) for n in SUPPORTED]
    clock, processor = time.perf_counter(), time.process_time()
    *_, end = simulate(noise, studies, RATIOS, sims=sims, seed=SEED)
    took = {"seconds": time.perf_counter() - clock, "processor_seconds": time.process_time() - processor}
    return end.table.assign(**took)


def alone(noise, study: Study, panels: int) -> dict:
    """Answer the same panels together and one by one, at a rate ratio of 0.8."""
    rng, start = np.random.default_rng(SEED), study.starts()
    homes = rng.permutation(len(noise.rate))[: study.homes]
    expected, treated = noise.expected(homes, study.months), np.arange(study.months)[:, None] >= start
    bed_days = np.broadcast_to(noise.bed_days[homes], expected.shape)
    one = at_expected((expected * np.where(treated, 0.8, 1)).T, bed_days.T, start)
    kept = np.ix_(one.sample.months, one.sample.homes)
    shocks = Noise(shock_sd=noise.shock_sd, shock_correlation=noise.shock_correlation)
    months = Months(expected=expected[kept], treated=treated[kept])
    counts = next(worlds(months, np.array([0.8]), shocks, panels, rng))
    said = answer_each(one, counts)
    each = np.array([_alone(counts[:, b], bed_days[kept], start[one.sample.homes]) for b in range(panels)]).T
    return {
        "panels": panels,
        "largest_difference_of_log_ratio": np.abs(said.log_ratio - each[0]).max(),
        "mean_ratio_of_errors": (each[1] / said.std_error).mean(),
        "sd_ratio_of_errors": (each[1] / said.std_error).std(),
        "found_together": said.detected().mean(),
        "found_alone": each[2].mean(),
        "same_verdict": (said.detected() == each[2].astype(bool)).mean(),
    }


def _alone(counts, bed_days, start):
    T, n = counts.shape
    units = pd.DataFrame({"home_type": "residential"}, pd.Index([f"{i:04d}" for i in range(n)], name="unit"))
    panel = Panel(
        units=units, months=np.datetime64("2020-01", "M") + np.arange(T), counts=counts.T.astype(np.int64),
        exposure=np.ascontiguousarray(bed_days.T), outcome="emergency admissions", exposure_unit="bed-days",
    )  # fmt: skip
    design = Design(intervention="x", start=np.where(start < T, start, NEVER), included=np.ones((n, T), bool))
    row = StaggeredRates(leads=0, subgroups=(), permutations=0).fit(panel, design).tidy().iloc[0]
    found = row["conf_high"] < 1 or row["conf_low"] > 1
    return np.log(row["estimate"]), row["std_error"] / row["estimate"], float(found)


def main() -> None:
    """Read the options, make both tables."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sims", type=int, default=2000)
    options.add_argument("--panels", type=int, default=300)
    options.add_argument("--out", type=Path, default=Path(__file__).with_name("power"))
    chosen = options.parse_args()
    county = simulate_county(SEED)
    panel = county.panel()
    noise = background(panel, months_without(panel, county.spells()))
    timed = speed(noise, chosen.sims)
    timed.to_csv(chosen.out.with_suffix(".csv"), index=False, float_format="%.4g")
    print(
        timed[["supported", "rate_ratio", "simulations", "power", "held", "seconds", "processor_seconds"]].to_string()
    )
    compared = pd.DataFrame([{"study": name} | alone(noise, study, chosen.panels) for name, study in ALONE.items()])
    compared.to_csv(chosen.out.with_name("power_alone.csv"), index=False, float_format="%.4g")
    print(compared.to_string())


if __name__ == "__main__":
    main()
