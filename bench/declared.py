"""Homes chosen for a bad year that is declared and left out: how far off is the answer, and how often is it wrong?

    PYTHONPATH=. python bench/declared.py                 to bench/declared.csv; a run that was stopped goes on
    PYTHONPATH=. python bench/declared.py --panels 100    a first look

Nothing is ever done to a home. Homes' own rates (gamma, coefficient of variation .41) keep to themselves from year to
year with a correlation of 1, .9 or .7; the homes with the highest rates of one year start the month after it. `bias`
is the mean log rate ratio as a ratio less one, in points, with its Monte Carlo error; `rejected` is how often the
interval leaves out no effect. `kept` is the same answer had nobody left the year out.

One year lies before the year that chose and one after it, so that both are as far from it. Three years before it are
the other case (`years` 3): what is further back has less to do with the bad year than the year after it has, and only
then does a correlation below one leave something, which the doubt about spells that outlast is there to tell.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from dataclasses import replace
from itertools import product
from pathlib import Path

import doubts
import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates, overall
from analysis.design import NEVER
from analysis.simulate import PanelSpec

SEED, PANELS = 20261127, 2_000
MODEL = StaggeredRates(leads=0, subgroups=(), permutations=0, vcov="CR2")
HERE = Path(__file__).parent
SIZES = ((80, 12),)
OTHER = 4
"""The other case has so many times fewer panels: its error is large enough to be seen in them."""
COLUMNS = (
    "homes", "treated", "years", "correlation", "panels", "bias_points", "bias_error", "rejected_pct",
    "kept_bias_points", "kept_rejected_pct",
)  # fmt: skip


def line(size: tuple[int, int], years: int, correlation: float, panels: int) -> tuple:
    """Count one line of the table."""
    homes, treated = size
    start = 12 * (years + 1)
    spec = PanelSpec(n_homes=homes, n_months=start + 12, starts=(start,) * treated)
    make = doubts.years(correlation, (start,))
    found = []
    for seed in range(panels):
        panel, design = make(spec, SEED + seed)
        chosen = (design.start != NEVER)[:, None] & (np.arange(start + 12) // 12 == years)
        answers = [overall(panel, each, MODEL) for each in (replace(design, included=~chosen), design)]
        found.append([(a.log_ratio, a.low > 0 or a.high < 0) for a in answers])
    log, wrong = np.array(found).transpose(2, 1, 0)
    error = log[0].std(ddof=1) / np.sqrt(panels)
    told = np.expm1(log[0].mean()), error, wrong[0].mean(), np.expm1(log[1].mean()), wrong[1].mean()
    return homes, treated, years, correlation, panels, *(round(100 * float(value), 2) for value in told)


def main() -> None:
    """Make the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--panels", type=int, default=PANELS)
    asked.add_argument("--to", type=Path, default=HERE / "declared.csv")
    given = asked.parse_args()
    rows = [*pd.read_csv(given.to).itertuples(index=False, name=None)] if given.to.exists() else []
    done = {row[:5] for row in rows}
    for years, size, correlation in product((1, 3), SIZES, (1.0, 0.9, 0.7)):
        panels = given.panels // (1 if years == 1 else OTHER)
        if (*size, years, correlation, panels) not in done:
            rows.append(line(size, years, correlation, panels))
            print(*rows[-1], flush=True)
            pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(given.to, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
