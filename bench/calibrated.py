"""Does calibration on one county's homes predict how right a design is on homes nobody has seen?

    PYTHONPATH=. python bench/calibrated.py                   to bench/calibrated.csv (fifteen minutes; goes on)
    PYTHONPATH=. python bench/calibrated.py --counties 20     no more than so many counties a design this time

Two designs of 80 homes and 36 months, nothing done. A bad one: two homes from month 18 on, and the usual error and
1.96. A good one: 20 homes and the rule of the answer. `predicted` is what `calibrate` says on the untreated homes of
each county; `fresh` how often the interval held the truth in as many panels of new homes. `mean` is that of the log
rate ratio at no effect, in points, as predicted. Errors are Monte Carlo errors, those of what is predicted from county
to county. Each county stands in `calibrated_counties.csv`, from which all is added up.

Ten counties of 40 panels had said 92.8% of the good design where 400 fresh panels showed 96.5%: 2.5 errors too low. Of
the first 300 counties (20 panels each) it came out 2.3 errors too high, of those among them that were new by 2.4. So
two thousand more were written down (`SETS`) and committed before any was run, of four panels each, since what parts
counties parts them however many panels are made of one. All stand by themselves and together. A run goes on where it
was, and whatever is there is counted. How large a bias of the mean can be is told far more closely by `at_zero.py`.
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

SEED, START = 20261301, 18
SETS = {"first": range(300), "new": range(300, 2300)}
"""Counties by when they were drawn; the seed of each is `SEED` and its number. Written down before "new" was run."""
PANELS = {"first": 20, "new": 4}
FEWER = {"bad": 700}
"""The first county that is not drawn of a design: of the bad one so many tell enough."""
APART = 1_000_000
"""Between the seeds of counties and those of fresh panels."""
DESIGNS = {"bad: two homes, the usual error and 1.96": (2, USUAL), "good: 20 homes, the rule of the answer": (20, RULE)}
MODEL = StaggeredRates(leads=0, subgroups=(), permutations=0)
COLUMNS = ("design", "drawn", "counties", "panels", "fresh_pct", "fresh_error", "predicted_pct", "predicted_error",
           "mean_points", "mean_error")  # fmt: skip
COUNTY = ("design", "county", "panels", "fresh", "predicted", "mean")


def county(name: str, k: int) -> tuple:
    """Predict from one county, and count in as many fresh panels."""
    homes, interval = DESIGNS[name]
    panels = next(PANELS[drawn] for drawn, own in SETS.items() if k in own)
    spec = PanelSpec(starts=(START,) * homes)
    panel, truth = simulate_panel(spec, SEED + k)
    row = calibrate(panel, truth.design(), MODEL, ratios=(1.0,), draws=panels, seed=k).row(1.0, interval)
    fresh, _ = fresh_coverage(spec, MODEL, interval, panels, SEED + APART + max(PANELS.values()) * k)
    return name, k, panels, fresh, row["coverage"], row["bias"]


def asked_of(name: str) -> list[int]:
    """Give the counties that are to be drawn of a design."""
    return [k for own in SETS.values() for k in own if k < FEWER.get(name.partition(":")[0], k + 1)]


def added_up(counties: pd.DataFrame) -> pd.DataFrame:
    """Add the counties of each design and each set up, and all: `COLUMNS`; every panel counts alike."""
    rows = []
    parts = {**SETS, "all": range(max(map(max, SETS.values())) + 1)}
    asked = [(name, drawn) for name in counties["design"].unique() for drawn in parts]
    for name, drawn in asked:
        own = counties[(counties["design"] == name) & counties["county"].isin(parts[drawn])]
        if own.empty:
            continue
        panels, fresh = own["panels"].sum(), np.average(own["fresh"], weights=own["panels"])
        found = [fresh, np.sqrt(fresh * (1 - fresh) / panels)]
        for told in (own["predicted"], own["mean"]):
            mean = np.average(told, weights=own["panels"])
            found += [mean, np.sqrt((own["panels"] ** 2 * (told - mean) ** 2).sum()) / panels]
        rows.append((name, drawn, len(own), panels, *(round(100 * float(value), 2) for value in found)))
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
        there = {row[:2] for row in rows}
        missing = [k for k in asked_of(name) if (name, k) not in there]
        rows += [county(name, k) for k in missing[: given.counties]]
    counties = pd.DataFrame(rows, columns=list(COUNTY)).sort_values(["design", "county"])
    counties.round(6).to_csv(file, index=False, lineterminator="\n")
    table = added_up(counties.round(6))
    table.to_csv(given.to / "calibrated.csv", index=False, lineterminator="\n")
    print(table.to_string())


if __name__ == "__main__":
    main()
