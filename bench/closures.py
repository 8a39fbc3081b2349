"""How often does the interval of closures over those expected hold the truth, and speak where nothing was done?

    PYTHONPATH=. python bench/closures.py [RUNS]     writes bench/closures.csv; about 3 minutes of processor for 500

Worlds are those of `analysis.simulate.closures`: 800 homes, 80 supported in three waves, mostly those below Good.
`tests/ratings/test_closures.py` recounts the table.
"""

import sys
from pathlib import Path

import pandas as pd

from analysis.design import Plan
from analysis.outcomes import Closures
from analysis.ratings.closures import following_from
from analysis.ratings.closures.alike import beside
from analysis.ratings.closures.model import count
from analysis.simulate.closures import INTERVENTION, World, simulate_closures

WORLDS = {
    "half averted": World(ratio=0.5),
    "nothing done": World(),
    "half averted, providers differ": World(ratio=0.5, provider_sd=0.7),
    "nothing done, providers differ": World(provider_sd=0.7),
}
TABLE = Path(__file__).with_suffix(".csv")


def run(name: str, seed: int) -> dict:
    """Draw one world and ask."""
    world = WORLDS[name]
    inspections, spells = simulate_closures(world, seed)
    following = following_from(inspections, spells, Plan(intervention=INTERVENTION), Closures())
    found = count(beside(inspections, following))
    ratio = found.ratio
    return {
        "world": name, "seed": seed, "truth": world.ratio, "observed": found.observed.total,
        "expected": round(found.expected.total, 3), "told": not found.why_none, "estimate": round(ratio.estimate, 4),
        "low": round(ratio.low, 4), "high": round(ratio.high, 4),
    }  # fmt: skip


def main() -> None:
    """Count."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    rows = pd.DataFrame([run(name, seed) for name in WORLDS for seed in range(runs)])
    rows.to_csv(TABLE, index=False)
    holds = (rows["low"] <= rows["truth"]) & (rows["high"] >= rows["truth"])
    rows = rows.assign(holds=holds, helpful=rows["high"] < 1, harmful=rows["low"] > 1)
    print(rows.groupby("world", sort=False)[["told", "holds", "helpful", "harmful", "observed", "expected"]].mean())


if __name__ == "__main__":
    main()
