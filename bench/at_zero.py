"""How far from none is the mean at no effect, when luck is taken out of the mean?

    PYTHONPATH=. python bench/at_zero.py                to bench/at_zero.csv (some minutes; goes on)

`calibrate` lets homes have the intervention by lot. Here each lot is followed by all others that share out the same
homes: of 80 homes drawn, the first 20 have it, then the second 20, the third, the fourth (of two homes: forty lots).
Every home is treated once and untreated otherwise, so that what makes the log rate ratio of one lot too low makes those
of the others too high, and cancels; what is left is what the estimator itself adds. A county is one such set of homes
drawn `DRAWS` times; its mean is free of most luck, and the error of all counties' mean is far below that of as many
single lots (`calibrated.csv`: `lots_error`, what the same number of lots by themselves would have).

`points` is the mean of the log rate ratio in points: nothing if it is unbiased. `ratio_points` is the mean of the rate
ratio itself less one. That is not nothing for an estimator whose logarithm is centred: the mean of a ratio lies above
the ratio of the mean (Jensen), by half the variance of its logarithm (`half_variance`).

The homes of `calibrated.py`, its two designs and its first 300 counties. Found: with 20 homes −0.003 points (error
0.015; single lots: 0.127), with two homes 0.11 (0.14): no bias that could be seen, and none that would matter. The
ratio itself averages 0.46 and 3.6 points above one, of which half the variance is 0.48 and 3.5. So a mean of −0.21
points (0.19) of single lots was luck, as one in four would show or more.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path

import numpy as np
import pandas as pd
from calibrated import DESIGNS, MODEL, SEED, START

from analysis.admissions import overall
from analysis.design import NEVER, Design
from analysis.panel import Panel
from analysis.simulate import PanelSpec, simulate_panel

COUNTIES = 300
DRAWS = {2: 1, 20: 5}
"""Sets of homes drawn of each county, by how many homes a lot has: forty lots are a set of two, four one of twenty."""
COUNTY = ("design", "county", "lots", "log_ratio", "ratio", "variance")
COLUMNS = ("design", "counties", "lots", "points", "error", "lots_error", "ratio_points", "half_variance")


def lots(panel: Panel, design: Design, drawn: np.ndarray, homes: int) -> np.ndarray:
    """Log rate ratio of every lot in turn."""
    units = panel.units.iloc[drawn].set_axis(pd.Index([f"H{k:06d}" for k in range(len(drawn))], name="unit"))
    own = Panel(units=units, months=panel.months, counts=panel.counts[drawn], exposure=panel.exposure[drawn],
                outcome=panel.outcome, exposure_unit=panel.exposure_unit)  # fmt: skip
    found = []
    for first in range(0, len(drawn), homes):
        start = np.full(len(drawn), NEVER)
        start[first : first + homes] = START
        tried = Design(intervention=design.intervention, start=start, included=design.included[drawn])
        found.append(overall(own, tried, MODEL, permutations=0).log_ratio)
    return np.array(found)


def county(name: str, k: int) -> tuple:
    """Draw homes of one county, and give each lot its turn."""
    homes = DESIGNS[name][0]
    panel, truth = simulate_panel(PanelSpec(starts=(START,) * homes), SEED + k)
    design, rng = truth.design(), np.random.default_rng([SEED, k])
    sources = np.flatnonzero(design.start == NEVER)
    logs = np.concatenate([lots(panel, design, rng.choice(sources, len(design.start)), homes)
                           for _ in range(DRAWS[homes])])  # fmt: skip
    return name, k, len(logs), logs.mean(), np.exp(logs).mean() - 1, logs.var(ddof=1)


def added_up(counties: pd.DataFrame) -> pd.DataFrame:
    """Add the counties of each design up: `COLUMNS`."""
    rows = []
    for name, own in counties.groupby("design", sort=False):
        n, every = len(own), own["lots"].sum()
        told = (own["log_ratio"].mean(), own["log_ratio"].std() / np.sqrt(n), np.sqrt(own["variance"].mean() / every),
                own["ratio"].mean(), own["variance"].mean() / 2)  # fmt: skip
        rows.append((name, n, every, *(round(100 * float(value), 3) for value in told)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def main() -> None:
    """Go on, and write the tables."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--to", type=Path, default=Path(__file__).parent)
    given = asked.parse_args()
    file = given.to / "at_zero_counties.csv"
    rows = [*pd.read_csv(file).itertuples(index=False, name=None)] if file.exists() else []
    for name in DESIGNS:
        there = {row[:2] for row in rows}
        rows += [county(name, k) for k in range(COUNTIES) if (name, k) not in there]
        counties = pd.DataFrame(rows, columns=list(COUNTY)).round(7)
        counties.to_csv(file, index=False, lineterminator="\n")
    table = added_up(counties)
    table.to_csv(given.to / "at_zero.csv", index=False, lineterminator="\n")
    print(table.to_string())


if __name__ == "__main__":
    main()
