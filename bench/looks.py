"""Ever wrong, if somebody looks every month: the interval that holds at every look, and the usual one.

    PYTHONPATH=. python bench/looks.py                 to bench/looks.csv; a run that was stopped goes on where it was
    PYTHONPATH=. python bench/looks.py --counties 20   a first look

Nothing is ever done to a home of these counties (60 homes, of which some are said to start in month 24; home rates,
season and spells as in the other benches). From its start on every county is looked at every month, 36 times. Counted
are the counties in which the interval leaves out no effect at one look or more.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.looks import looks
from analysis.checks.every_month import SPREAD, half_width_once
from analysis.inference.confidence_sequence import half_width
from analysis.simulate import PanelSpec, simulate_panel

SEED, COUNTIES, LOOKS, START = 20261127, 200, 36, 24
TREATED = (20, 5)
MODEL = StaggeredRates(leads=0, subgroups=(), permutations=0)
HERE = Path(__file__).parent
COLUMNS = ("treated", "county", "looks", "wrong", "wrong_usual", "wrong_last", "wrong_usual_last")


def county(treated: int, seed: int) -> tuple:
    """Look at one county every month."""
    spec = PanelSpec(n_homes=60, n_months=START + LOOKS, starts=(START,) * treated)
    panel, truth = simulate_panel(spec, SEED + seed)
    seen = looks(MODEL, panel, truth.design(), LOOKS)
    far = np.abs(seen.log_ratio)
    out, usual = far > half_width(seen.std_error, seen.df, SPREAD), far > half_width_once(seen)
    return treated, seed, len(far), bool(out.any()), bool(usual.any()), bool(out[-1]), bool(usual[-1])


def main() -> None:
    """Count the counties."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--counties", type=int, default=COUNTIES)
    asked.add_argument("--to", type=Path, default=HERE / "looks.csv")
    given = asked.parse_args()
    rows = [*pd.read_csv(given.to).itertuples(index=False, name=None)] if given.to.exists() else []
    done = {row[:2] for row in rows}
    for treated in TREATED:
        for seed in range(given.counties):
            if (treated, seed) not in done:
                rows.append(county(treated, seed))
                pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(given.to, index=False, lineterminator="\n")
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    print(
        (100 * table.groupby("treated")[list(COLUMNS[3:])].mean())
        .round(1)
        .assign(counties=table.groupby("treated").size())
    )


if __name__ == "__main__":
    main()
