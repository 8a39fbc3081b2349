"""How often are homes said to differ in what it did for them, where they do not, and are their intervals right?

    PYTHONPATH=. python bench/by_home.py                   the whole table, to bench/by_home.csv (ten minutes; a run
                                                           that was stopped goes on where it was)

Panels of `analysis.simulate`, 48 months, homes of log-normal size and gamma rates, a start in month 25; counts as they
are shown. The rate ratio is 0.8 on average; homes' own differ from it with standard deviation `differ` in the log. Log
shocks within homes are AR(1), 0.8 or, where luck is slow, 0.97.

`said_pct` is how often homes are said to differ; `told` how many homes are shown on average; `held_pct` how often the
95% interval of a shown home holds its true ratio; `error` and `own_error` the root mean square error of the logs, drawn
together and each by itself; `sure` and `sure_right_pct` how many homes were given a chance of a half or more of being
in the best fifth, and how many of them were.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.by_home import effects_by_home, of_homes
from analysis.admissions.engine.estimate import fit_both
from analysis.design import NEVER
from analysis.disclosure import BEHIND
from analysis.disclosure.estimates import as_shown
from analysis.simulate import PanelSpec, simulate_panel
from analysis.words.by_home import DIFFER

SEED, WORLDS, MONTHS, START = 20261128, 300, 48, 24
MODEL = StaggeredRates(leads=0, subgroups=(), permutations=0)
CELLS = [
    (treated, homes, differ, slow)
    for treated, homes in ((6, 30), (10, 60), (20, 100))
    for differ, slow in ((0.0, False), (0.0, True), (0.2, False), (0.4, False))
]
OUT = Path(__file__).with_suffix(".csv")


def one(cell: tuple, number: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.DataFrame]:
    """Draw a world, and say of its homes what the page says: homes, whether they differ, true logs, own ratios."""
    treated, homes, differ, slow = cell
    spec = PanelSpec(
        n_homes=homes, n_months=MONTHS, starts=(START,) * treated, effect=(np.log(0.8),), effect_sd=differ,
        shock_correlation=0.97 if slow else 0.8,
    )  # fmt: skip
    key = [SEED, treated, round(10 * differ), int(slow), number]
    panel, truth = simulate_panel(spec, np.random.SeedSequence(key))
    counts = as_shown(panel.counts, panel.exposure, np.where(truth.start == NEVER, START, truth.start))
    shown = replace(panel, counts=counts, unseen=np.zeros(counts.shape, bool))
    setting = MODEL.setting(shown, truth.design())
    own = of_homes(setting, fit_both(setting, setting.sample(), MODEL.vcov, MODEL.effects))
    after = truth.expected[:, START:].sum(axis=1), truth.untreated[:, START:].sum(axis=1)
    true = pd.Series(np.log(after[0] / after[1]), panel.units.index)
    return *effects_by_home(own, BEHIND, 0.95), true, own


def counted(cell: tuple, number: int) -> dict:
    """Count one world."""
    shown, differ, true, own = one(cell, number)
    at, known = true.reindex(shown["unit"]).to_numpy(), own[np.isfinite(own["variance"])]
    low, middle, high = (np.log(shown[name].to_numpy(float)) for name in ("conf_low", "estimate", "conf_high"))
    asked = true.reindex(known["unit"])
    best = set(asked.nsmallest(int(differ["fifth"].iloc[0])).index)
    sure = shown[shown["best_fifth"] >= 0.5]
    return {
        "said": float(differ["p_value"].iloc[0] <= DIFFER), "told": len(shown),
        "held": ((low <= at) & (at <= high)).sum(),
        "squares": ((middle - at) ** 2).sum(), "own_squares": ((known["log_ratio"].to_numpy() - asked) ** 2).sum(),
        "known": len(known), "sure": len(sure), "right": sure["unit"].isin(best).sum(),
    }  # fmt: skip


def line(cell: tuple, worlds: int) -> dict:
    """Count one cell of the table."""
    found = pd.DataFrame([counted(cell, number) for number in range(worlds)]).sum()
    return dict(zip(("treated", "homes", "differ", "slow_luck"), cell, strict=True)) | {
        "worlds": worlds, "said_pct": 100 * found["said"] / worlds, "told": found["told"] / worlds,
        "held_pct": 100 * found["held"] / found["told"], "error": np.sqrt(found["squares"] / found["told"]),
        "own_error": np.sqrt(found["own_squares"] / found["known"]), "sure": int(found["sure"]),
        "sure_right_pct": 100 * found["right"] / found["sure"] if found["sure"] else np.nan,
    }  # fmt: skip


def main() -> None:
    """Count, and write the table after each cell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=WORLDS)
    worlds = parser.parse_args().worlds
    lines = pd.read_csv(OUT).to_dict("records") if OUT.exists() else []
    done = {tuple(row[name] for name in ("treated", "homes", "differ", "slow_luck")) for row in lines}
    for cell in (cell for cell in CELLS if cell not in done):
        lines.append(line(cell, worlds))
        pd.DataFrame(lines).round(3).to_csv(OUT, index=False)
        print(lines[-1], flush=True)


if __name__ == "__main__":
    main()
