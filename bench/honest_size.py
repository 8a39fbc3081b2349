"""Does the interval that allows for drifts hold its level with few supported homes?

    PYTHONPATH=. python bench/honest_size.py               to bench/honest_size.csv; a run that was stopped goes on
    PYTHONPATH=. python bench/honest_size.py --panels 20   a first look

Nothing is ever done to a home of these panels (60 homes over 60 months, of which 5, 10 or 20 are said to start in month
40; home rates, season and spells as in the other benches). `wrong` is how often an interval of the overall rate ratio
leaves out 1, in percent: had homes run alike; with a step after the start up to half, or all, of the largest before it;
and had what was seen before only gone on in a straight line. The last three promise at most 5 where homes run alike,
and, of a straight line, where they drift apart by 1% a month all along (`drift`), where nothing else holds.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from doubt_worlds import thinned

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.periods import period_effects
from analysis.checks.drifting_apart import ALPHA, alike_interval
from analysis.design import NEVER
from analysis.inference.honest import relative_interval, smooth_interval
from analysis.simulate import PanelSpec, simulate_panel

SEED, PANELS, START, DRIFT = 20261127, 400, 40, 0.01
TREATED, DRIFTS = (5, 10, 20), (0.0, DRIFT)
MODEL = StaggeredRates(leads=0, subgroups=(), permutations=0, vcov="CR2")
HERE = Path(__file__).parent
WRONG = ("wrong_alike", "wrong_half_a_step", "wrong_a_step", "wrong_straight_on")
COLUMNS = ("treated", "drift", "panel", *WRONG)


def panel_of(treated: int, drift: float, seed: int) -> tuple:
    """Look at one panel."""
    spec = PanelSpec(n_homes=60, n_months=60, starts=(START,) * treated)
    panel, truth = simulate_panel(spec, SEED + seed)
    if drift:
        share = np.where((truth.start != NEVER)[:, None], np.exp(-drift * np.arange(spec.n_months)), 1.0)
        panel = thinned(panel, share, seed)
    found = period_effects(MODEL, panel, truth.design())
    if found is None:
        raise RuntimeError("there are no periods to look at")
    overall = found.overall
    ends = (
        alike_interval(overall), relative_interval(overall, 0.5, ALPHA), relative_interval(overall, 1.0, ALPHA),
        smooth_interval(overall, 0.0, ALPHA),
    )  # fmt: skip
    return treated, drift, seed, *(bool(low > 0 or high < 0) for low, high in ends)


def main() -> None:
    """Count the panels."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--panels", type=int, default=PANELS)
    asked.add_argument("--to", type=Path, default=HERE / "honest_size.csv")
    given = asked.parse_args()
    rows = [*pd.read_csv(given.to).itertuples(index=False, name=None)] if given.to.exists() else []
    done = {row[:3] for row in rows}
    for seed, treated, drift in product(range(given.panels), TREATED, DRIFTS):
        if (treated, drift, seed) not in done:
            rows.append(panel_of(treated, drift, seed))
            if len(rows) % 60 == 0:
                pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(given.to, index=False, lineterminator="\n")
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table.to_csv(given.to, index=False, lineterminator="\n")
    by = table.groupby(["treated", "drift"])
    print((100 * by[list(WRONG)].mean()).round(1).assign(panels=by.size()))


if __name__ == "__main__":
    main()
