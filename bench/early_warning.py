"""How often is an early warning shown where nothing more is to be known than last rating and time since?

    PYTHONPATH=. python bench/early_warning.py

writes bench/early_warning.csv: worlds in which the chance hangs on the last rating alone (hidden 0), or on something
else that is known too; how many homes, how many worlds, and in what share a warning was shown.
"""

import sys
from pathlib import Path

import pandas as pd

from analysis.monitoring.warning import WarningJudged, judge

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tests.plans.test_warnings import world  # noqa: E402 - the tests' own worlds

OUT = Path(__file__).with_suffix(".csv")
WORLDS = ((150, 0.0, 400), (600, 0.0, 200), (150, 0.5, 100), (600, 0.5, 100))
"""Homes, how much more is to be known (log-odds a standard deviation), and worlds."""

if __name__ == "__main__":
    rows = []
    for homes, hidden, worlds in WORLDS:
        found = [judge(world(seed, hidden, homes=homes), seed) for seed in range(1_000, 1_000 + worlds)]
        judged = [one for one in found if isinstance(one, WarningJudged)]
        gains = sum(one.gain_low > 0 for one in judged)
        rows.append((homes, hidden, worlds, len(judged), round(100 * gains / len(judged), 1),
                     round(100 * sum(one.earned for one in judged) / len(judged), 1)))  # fmt: skip
    columns = ["homes", "hidden", "worlds", "judged", "gain_above_none", "shown"]
    pd.DataFrame(rows, columns=columns).to_csv(OUT, index=False, lineterminator="\n")
