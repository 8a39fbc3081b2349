"""How often does the joint test of a specification curve reject where nothing was done?

    python bench/curve.py                 1,000 panels of each world, to bench/curve.csv (three minutes of a processor)

Homes are drawn by lot and nothing is done to them: 80 homes of which 12 start in 12 different months or 10 in one, and
20 homes of which 5 start. `effect` has a true rate ratio of 0.7 in the first of these.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.simulate import PanelSpec, simulate_panel
from analysis.specifications import joint_test

SEED = 20261127
WORLDS = {
    "12 of 80, staggered": PanelSpec(n_months=60, starts=tuple(range(24, 36))),
    "10 of 80, at once": PanelSpec(n_months=60, starts=(30,) * 10),
    "5 of 20, staggered": PanelSpec(n_homes=20, n_months=60, starts=(24, 27, 30, 33, 36)),
    "effect": PanelSpec(n_months=60, starts=tuple(range(24, 36)), effect=(np.log(0.7),)),
}


def main() -> None:
    """Count, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=1000)
    worlds, rows = parser.parse_args().worlds, []
    for name, spec in WORLDS.items():
        for k in range(worlds):
            panel, truth = simulate_panel(spec, SEED + k)
            found = joint_test(panel, truth.design(), draws=199, seed=k)
            rows.append((name, found.analyses, found.p_value))
    frame = pd.DataFrame(rows, columns=["world", "analyses", "p"])
    table = frame.groupby("world", sort=False).agg(
        worlds=("p", "size"), analyses=("analyses", "mean"), rejects_pct=("p", lambda p: 100 * (p <= 0.05).mean())
    )
    table.round(1).to_csv(Path(__file__).with_suffix(".csv"))
    print(table.round(1).to_string())


if __name__ == "__main__":
    main()
