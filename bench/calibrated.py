"""Does calibration on one county's homes predict how right a design is on homes nobody has seen?

    PYTHONPATH=. python bench/calibrated.py                   to bench/calibrated.csv (fifteen minutes; goes on)
    PYTHONPATH=. python bench/calibrated.py --counties 20     no more than so many counties a design this time

Two designs of 80 homes and 36 months, nothing done. A bad one: two homes from month 18 on, and the usual error and
1.96. A good one: 20 homes and the rule of the answer. `predicted` is what `calibrate` says on the untreated homes of
300 counties, `DRAWS` panels of each (more counties tell more than more panels of one); `fresh` how often the
interval held the truth in as many panels of new homes. `mean` is that of the log rate ratio at no effect, in points, as
predicted. Errors are Monte Carlo errors, those of what is predicted from county to county. Each county stands in
`calibrated_counties.csv`, from which all is added up.

Ten counties of 40 panels had said 92.8% of the good design where 400 fresh panels showed 96.5%, 2.5 errors apart. The
first 100 counties are others, drawn once: coverage is predicted, but the good design's mean was 1.1 errors from none.
Whether that is a bias or luck cannot be told from the same counties, so 200 more are drawn once, in order (`SETS`:
their seeds stood here, committed, before any was run; a run goes on where it was, and whatever is there is counted).
What they say stands by itself, and pooled: the mean is 0.04 points (0.14) from none in the good design's 200 new
counties and −0.04 (0.11) in all 300. How large a bias can be is told far more closely by `bench/at_zero.py`. Coverage
of the good design is predicted 0.95 points too high over all counties (95.1 for 94.15, 2.3 errors): homes drawn again
from 60 are a little more alike than homes are. Read it as a point lower. Of the bad design 48 new counties were run.
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

SEED, START, DRAWS = 20261301, 18, 20
SETS = {"first": range(100), "new": range(100, 300)}
"""Counties by when they were drawn; the seed of each is `SEED` and its number. Written down before "new" was run."""
APART = 1_000_000
"""Between the seeds of counties and those of fresh panels."""
DESIGNS = {"bad: two homes, the usual error and 1.96": (2, USUAL), "good: 20 homes, the rule of the answer": (20, RULE)}
MODEL = StaggeredRates(leads=0, subgroups=(), permutations=0)
COLUMNS = ("design", "drawn", "counties", "panels", "fresh_pct", "fresh_error", "predicted_pct", "predicted_error",
           "mean_points", "mean_error")  # fmt: skip
COUNTY = ("design", "county", "fresh", "predicted", "mean")


def county(name: str, k: int) -> tuple:
    """Predict from one county, and count in as many fresh panels."""
    homes, interval = DESIGNS[name]
    spec = PanelSpec(starts=(START,) * homes)
    panel, truth = simulate_panel(spec, SEED + k)
    row = calibrate(panel, truth.design(), MODEL, ratios=(1.0,), draws=DRAWS, seed=k).row(1.0, interval)
    fresh, _ = fresh_coverage(spec, MODEL, interval, DRAWS, SEED + APART + DRAWS * k)
    return name, k, fresh, row["coverage"], row["bias"]


def added_up(counties: pd.DataFrame) -> pd.DataFrame:
    """Add the counties of each design and each set up, and all: `COLUMNS`."""
    rows = []
    parts = {**SETS, "all": range(max(map(max, SETS.values())) + 1)}
    asked = [(name, drawn) for name in counties["design"].unique() for drawn in parts]
    for name, drawn in asked:
        own = counties[(counties["design"] == name) & counties["county"].isin(parts[drawn])]
        if own.empty:
            continue
        n, fresh = len(own), own["fresh"].mean()
        found = [fresh, np.sqrt(fresh * (1 - fresh) / (n * DRAWS))]
        for told in (own["predicted"], own["mean"]):
            found += [told.mean(), told.std() / np.sqrt(n)]
        rows.append((name, drawn, n, n * DRAWS, *(round(100 * float(value), 2) for value in found)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def main() -> None:
    """Go on, and write the tables."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--to", type=Path, default=Path(__file__).parent)
    asked.add_argument("--counties", type=int, default=sum(map(len, SETS.values())))
    given = asked.parse_args()
    file = given.to / "calibrated_counties.csv"
    rows = [*pd.read_csv(file).itertuples(index=False, name=None)] if file.exists() else []
    for name in DESIGNS:
        missing = [k for own in SETS.values() for k in own if (name, k) not in {row[:2] for row in rows}]
        rows += [county(name, k) for k in missing[: given.counties]]
    counties = pd.DataFrame(rows, columns=list(COUNTY)).sort_values(["design", "county"])
    counties.round(6).to_csv(file, index=False, lineterminator="\n")
    table = added_up(counties.round(6))
    table.to_csv(given.to / "calibrated.csv", index=False, lineterminator="\n")
    print(table.to_string())


if __name__ == "__main__":
    main()
