"""How often does the interval of shares out of hours, days in hospital and delayed days hold the truth?

    PYTHONPATH=. python bench/stays.py [RUNS]     writes bench/stays.csv; about 15 minutes of processor for 400

Worlds are those of `analysis.simulate.stays`: 60 homes, 20 supported in three waves, 48 months, good and bad spells.
Each is loaded into a store and asked of every measure twice: of the sums themselves (``own``) and as they may be shown,
in bands (``shown``). `tests/simulate/test_stays_counted.py` recounts the table.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates, overall
from analysis.checks.bare import enough_behind
from analysis.design import Plan, design_from
from analysis.disclosure import Rule
from analysis.outcomes import Stays
from analysis.panel.stays import MEASURES, stays_panel
from analysis.panel.stays_shown import stays_as_shown
from analysis.questions.rates import told_emergencies
from analysis.simulate.stays import INTERVENTION, StayWorld, simulate_stays, store_of

WORLDS = {
    "nothing done": StayWorld(months=48),
    "a fifth fewer, shorter, and less often out of hours": StayWorld(months=48, admissions=0.8, evening=0.8, days=0.8),
    "a fifth fewer wait": StayWorld(months=48, waits=0.8),
}
QUICK = StaggeredRates(leads=0, subgroups=(), permutations=0)
"""Gives the overall ratio and interval of `StayRatios`, without what stands beside them."""
TABLE = Path(__file__).with_suffix(".csv")


def run(name: str, seed: int) -> list[dict]:
    """Draw one world and ask every measure."""
    world = WORLDS[name]
    store = store_of(simulate_stays(world, seed))
    spells, emergencies = store.table("interventions"), told_emergencies(store)
    rows = []
    for measure, truth in world.ratio.items():
        asked = Stays(measure=measure)
        panel = stays_panel(store, asked)
        design = design_from(panel, spells, Plan(intervention=INTERVENTION))
        shown = stays_as_shown(panel, store, asked, emergencies)
        again = design_from(shown, spells, Plan(intervention=INTERVENTION))
        enough = enough_behind(shown, again, Rule(hidden_to=MEASURES[measure].least - 1))
        both = {"own": overall(panel, design, QUICK), "shown": overall(shown, again, QUICK)}
        for which, found in both.items():
            estimate, low, high = np.exp([found.log_ratio, found.low, found.high])
            rows.append({"world": name, "seed": seed, "measure": measure, "counts": which,
                         "told": which == "own" or enough, "truth": round(truth, 4),
                         "estimate": round(estimate, 4), "low": round(low, 4), "high": round(high, 4)})  # fmt: skip
    return rows


def main() -> None:
    """Count."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    rows = pd.DataFrame([row for name in WORLDS for seed in range(runs) for row in run(name, seed)])
    rows.to_csv(TABLE, index=False, lineterminator="\n")
    print(summed(rows).round(3).to_string())


def summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Sum worlds up: how often told, of those told how often the truth is held, and the verdict less or more."""
    rows = rows.assign(
        holds=(rows["low"] <= rows["truth"]) & (rows["high"] >= rows["truth"]),
        less=rows["high"] < 1, more=rows["low"] > 1, log=np.log(rows["estimate"] / rows["truth"]),
    )  # fmt: skip
    kept = rows[rows["told"]].groupby(["world", "measure", "counts"], sort=False)
    found = kept[["holds", "less", "more", "log"]].mean()
    return found.assign(told=rows.groupby(["world", "measure", "counts"], sort=False)["told"].mean(), n=kept.size())


if __name__ == "__main__":
    main()
