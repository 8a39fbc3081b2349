"""How often is it said that an effect grew or faded, where it stayed, and where it did?

    PYTHONPATH=. python bench/lasting.py                   the whole table, to bench/lasting.csv (ten minutes;
                                                           a run that was stopped goes on where it was)

Panels of `analysis.simulate`: 48 months, homes of log-normal size and gamma rates, winter, trend, log shocks within
homes (AR(1) 0.8, standard deviation 0.3; 0.97 where luck is slow, so that homes drift apart for years). Starts are
drawn from months 13 to 24. What is asked is the one declared test (`lasting`): all months after the first year against
the first year of the same homes.

World by world the effect is none, stays (rate ratio 0.7), stays and differs between homes for good (standard deviation
0.3 in the log), fades (0.6 in the first year, 0.9 after it) or grows (0.9, then 0.6). `with_test_pct` is how often
there was a test at all; of those tests `grew_pct` and `faded_pct` are how often the page's sentence says so, `held_pct`
how often the 95% interval holds the true ratio, and `bias` the mean error of its log.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.admissions.answer.lasting import lasting
from analysis.admissions.compared.groups import everything
from analysis.admissions.engine.estimate import estimate, fit_both
from analysis.design import Design
from analysis.months import YEAR
from analysis.panel import Panel
from analysis.results import AFTERWARDS
from analysis.simulate import PanelSpec, simulate_panel

SEED, WORLDS, MONTHS, STARTS = 20261128, 600, 48, (12, 24)
MODEL = StaggeredRates(leads=0, subgroups=(), permutations=0)
DESIGNS = ((3, 30), (5, 40), (10, 60), (20, 120))
"""Homes with the intervention, and homes in all."""
OUT = Path(__file__).with_suffix(".csv")


@dataclass(frozen=True, kw_only=True)
class World:
    """What was done in one kind of world: rate ratios of the first year and after it, and how homes differ."""

    first: float
    later: float
    differ: float = 0.0
    slow: bool = False


WORLDS_OF = {
    "nothing done": World(first=1, later=1),
    "stays": World(first=0.7, later=0.7),
    "stays, homes differ for good": World(first=0.7, later=0.7, differ=0.3),
    "stays, slow luck": World(first=0.7, later=0.7, slow=True),
    "fades": World(first=0.6, later=0.9),
    "fades, homes differ for good": World(first=0.6, later=0.9, differ=0.3),
    "grows": World(first=0.9, later=0.6),
}


def drawn(kind: str, treated: int, homes: int, number: int) -> tuple[Panel, Design]:
    """Draw one panel of a kind of world."""
    world, seeds = WORLDS_OF[kind], np.random.SeedSequence([SEED, [*WORLDS_OF].index(kind), treated, number]).spawn(2)
    starts = np.random.default_rng(seeds[0]).integers(*STARTS, treated)
    spec = PanelSpec(
        n_homes=homes, n_months=MONTHS, starts=tuple(map(int, starts)), effect_sd=world.differ,
        effect=(np.log(world.first),) * YEAR + (np.log(world.later),), shock_correlation=0.97 if world.slow else 0.8,
    )  # fmt: skip
    panel, truth = simulate_panel(spec, seeds[1])
    return panel, truth.design()


def tested(panel: Panel, design: Design) -> pd.Series:
    """Carry out the declared test alone, as `StaggeredRates.fit` does; nothing where no home has a later year."""
    setting = MODEL.setting(panel, design)
    fit = fit_both(setting, setting.sample(), MODEL.vcov, MODEL.effects)
    overall = estimate(fit, everything(fit.sample.treated_cells))
    found = lasting(fit, setting.cohort_year(fit.sample), overall, MODEL.conf_level).set_index("year")
    return found.loc[AFTERWARDS]


def line(kind: str, treated: int, homes: int, worlds: int) -> dict:
    """Count one cell of the table."""
    world = WORLDS_OF[kind]
    found = pd.DataFrame([tested(*drawn(kind, treated, homes, number)) for number in range(worlds)]).astype(float)
    told = found[np.isfinite(found["conf_low"] * found["conf_high"])]
    true = world.later / world.first
    error = np.log(told["ratio"] / true)
    return {
        "world": kind, "treated": treated, "homes": homes, "true_ratio": round(true, 4), "worlds": worlds,
        "with_test_pct": 100 * len(told) / worlds, "grew_pct": 100 * (told["conf_high"] < 1).mean(),
        "faded_pct": 100 * (told["conf_low"] > 1).mean(),
        "held_pct": 100 * ((told["conf_low"] <= true) & (told["conf_high"] >= true)).mean(),
        "bias": error.mean(), "bias_error": error.std() / np.sqrt(len(error)),
    }  # fmt: skip


def main() -> None:
    """Count, and write the table after each cell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=WORLDS)
    worlds = parser.parse_args().worlds
    lines = pd.read_csv(OUT).to_dict("records") if OUT.exists() else []
    done = {(row["world"], row["treated"]) for row in lines if row["worlds"] == worlds}
    for treated, homes in DESIGNS:
        for kind in (kind for kind in WORLDS_OF if (kind, treated) not in done):
            lines.append(line(kind, treated, homes, worlds))
            pd.DataFrame(lines).round(4).to_csv(OUT, index=False)
            print(lines[-1], flush=True)


if __name__ == "__main__":
    main()
