"""Does calibration on one county's homes predict how right a design is on homes nobody has seen?

    PYTHONPATH=. python bench/calibrated.py       to bench/calibrated.csv (six minutes)

Two designs of 80 homes and 36 months, nothing done. A bad one: two homes from month 18 on, and the usual error and
1.96. A good one: 20 homes and the rule of the answer. `predicted` is what `calibrate` says on the untreated homes of
`COUNTIES` counties, `DRAWS` panels of each (more counties tell more than more panels of one); `fresh` how often the
interval held the truth in as many panels of new homes. `mean` is that of the log rate ratio at no effect, in points, as
predicted. Errors are Monte Carlo errors, those of what is predicted from county to county.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.calibration import calibrate, fresh_coverage
from analysis.calibration.injected import RULE, USUAL
from analysis.simulate import PanelSpec, simulate_panel

SEED, START, COUNTIES, DRAWS = 20261301, 18, 100, 20
DESIGNS = {"bad: two homes, the usual error and 1.96": (2, USUAL), "good: 20 homes, the rule of the answer": (20, RULE)}
MODEL = StaggeredRates(leads=0, subgroups=(), permutations=0)
COLUMNS = ("design", "counties", "panels", "fresh_pct", "fresh_error", "predicted_pct", "predicted_error",
           "mean_points", "mean_error")  # fmt: skip


def line(name: str) -> tuple:
    """Predict from some counties, and count in others."""
    homes, interval = DESIGNS[name]
    spec = PanelSpec(starts=(START,) * homes)
    predicted, bias = [], []
    for k in range(COUNTIES):
        panel, truth = simulate_panel(spec, SEED + k)
        row = calibrate(panel, truth.design(), MODEL, ratios=(1.0,), draws=DRAWS, seed=k).row(1.0, interval)
        predicted.append(row["coverage"])
        bias.append(row["bias"])
    fresh, error = fresh_coverage(spec, MODEL, interval, COUNTIES * DRAWS, SEED + 1000)
    mean = np.mean(bias), np.std(bias, ddof=1) / np.sqrt(COUNTIES)
    told = np.mean(predicted), np.std(predicted, ddof=1) / np.sqrt(COUNTIES)
    numbers = (fresh, error, *told, *mean)
    return name, COUNTIES, COUNTIES * DRAWS, *(round(100 * float(value), 2) for value in numbers)


def main() -> None:
    """Write the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--to", type=Path, default=Path(__file__).with_suffix(".csv"))
    table = pd.DataFrame([line(name) for name in DESIGNS], columns=list(COLUMNS))
    table.to_csv(asked.parse_args().to, index=False, lineterminator="\n")
    print(table.to_string())


if __name__ == "__main__":
    main()
