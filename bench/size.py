"""How often the default interval misses the truth, and what the usual ones would have done.

    python bench/size.py                   the whole table, to bench/size.csv and bench/size.md (an hour or two; a
                                           run that was stopped goes on where it was)
    python bench/size.py --sims 200 --cells 5/80 3/80/common/0.3/0.7        a first look at two designs

A cell is treated/homes[/starts[/effect sd[/rate ratio]]]. Panels of `analysis.simulate`: 36 months, log-normal homes,
gamma home rates, winter, trend, and autocorrelated log shocks within homes (AR(1) 0.8, standard deviation 0.3), so
that counts are overdispersed and the months of a home depend on one another.

Starts are drawn from months 13 to 24, or all in month 19. The true rate ratio is 1 (size of a 5% test) or 0.7 (coverage
of a real effect). Where effects differ between homes (standard deviation 0.3 in the log), intervals are to hold the
average rate ratio of all homes that might have been treated, and the draws are centred so that it is exactly the stated
one. `bias` is the mean error in its log; as the log of an average of few homes lies below the log of the average of
many, it is not zero even for a perfect estimate. `bias_sample` is the mean error in the log of what is estimated: the
average, per bed-day, over the homes that were treated.

`with_interval` and `covers_pct` count intervals with two ends; where two homes are treated some have only one. With one
treated home nothing can tell how much effects differ between homes: what is tested is whether *this* home's rate moved
as much as any home's might by itself, and where its own effect is drawn at random the answer is often that it did.

The usual intervals are those of a Poisson regression with home and month effects and one treatment coefficient: with
its own model errors; with clustered errors and normal quantiles; with clustered errors and t(homes - 1).
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import grid
import numpy as np
import pandas as pd
from scipy.stats import t
from usual import usual

from analysis.admissions import StaggeredRates, overall
from analysis.design import Design
from analysis.errors import AnalysisError
from analysis.inference.spread import spread, spread_over
from analysis.panel import Panel
from analysis.simulate import PanelSpec, simulate_panel

SEED = 20261122
DEFAULT = StaggeredRates(seed=SEED)
MONTHS = 36
STAGGERED = (12, 24)
"""Starts are drawn from this range of months, as in the table the rule of the product rests on."""
COMMON = 18
BATCH = 25
"""Simulations a worker takes at a time: short enough for progress, long enough to keep two busy."""
OF = ((1, 80), (2, 80), (3, 80), (5, 80), (10, 80), (20, 80), (40, 80), (5, 10), (4, 20), (10, 20))
FEW_COMPARED = ((39, 40), (19, 20), (38, 40), (20, 20))
"""One or two homes to compare with, all from one month; and a wedge, in which every home starts in the end."""
DECIDED_BY_FORMULA = 3
"""From this many treated homes on, the default interval needs no permutations; below, it is nothing else."""
FEWEST_COMPARED = 2
"""The same of homes never treated, where all start together."""
MANY = 10
"""Treated homes from which the interval is to be neither too narrow nor too wide."""
ORDER = ("ratio", "effect_sd", "starts", "homes", "treated")
"""Of the lines of the table."""
NORMAL = 1.959963984540054
SHARES = ("covers", "rejects", "model_covers", "cr1_normal_covers", "cr1_t_covers")
COLUMNS = (*SHARES, "error", "error_sample", "half_width")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One design of the table."""

    treated: int
    homes: int
    starts: str = "staggered"
    effect_sd: float = 0.0
    ratio: float = 1.0

    def spec(self, rng: np.random.Generator) -> PanelSpec:
        """Draw the starts of one simulation."""
        drawn = rng.integers(*STAGGERED, self.treated) if self.starts == "staggered" else [COMMON] * self.treated
        return PanelSpec(
            n_homes=self.homes,
            n_months=MONTHS,
            starts=tuple(int(month) for month in drawn),
            effect=(np.log(self.ratio) - self.effect_sd**2 / 2,),
            effect_sd=self.effect_sd,
        )

    def seed(self, simulation: int) -> list[int]:
        """Its own for every simulation of every cell, whichever cells are run."""
        common = int(self.starts == "common")
        return [
            SEED,
            self.treated,
            self.homes,
            common,
            round(100 * self.effect_sd),
            round(100 * self.ratio),
            simulation,
        ]


def every_cell() -> list[Cell]:
    """Every design with equal and differing effects, without and with an effect."""
    return [
        Cell(treated=treated, homes=homes, starts=starts, effect_sd=sd, ratio=ratio)
        for ratio in (1.0, 0.7)
        for sd in (0.0, 0.3)
        for starts in ("staggered", "common")
        for treated, homes in OF
    ] + [
        Cell(treated=treated, homes=homes, starts="staggered" if treated == homes else "common")
        for treated, homes in FEW_COMPARED
    ]


def simulate(cell: Cell, first: int, count: int, permutations: int) -> list[dict]:
    """Errors and decisions of one batch of simulations."""
    return [one(cell, number, permutations) for number in range(first, first + count)]


def one(cell: Cell, number: int, permutations: int) -> dict:
    """One panel: what the default says of it, and what the usual errors say; missing where nothing is said."""
    seeds = np.random.SeedSequence(cell.seed(number)).spawn(2)
    panel, truth = simulate_panel(cell.spec(np.random.default_rng(seeds[0])), seeds[1])
    design, true = truth.design(), np.log(cell.ratio)
    found = usual_intervals(panel, design, true)
    alone = cell.starts == "common" and cell.homes - cell.treated < FEWEST_COMPARED
    draws = permutations if alone or cell.treated < DECIDED_BY_FORMULA else 0
    try:
        said = overall(panel, design, replace(DEFAULT, permutations=draws))
    except AnalysisError:
        return found
    told = np.isfinite(said.high - said.low)
    return found | {
        "error": said.log_ratio - true,
        "error_sample": said.log_ratio - truth.log_rate_ratio,
        "covers": float(said.low <= true <= said.high) if told else np.nan,
        "half_width": (said.high - said.low) / 2,
        "rejects": float(said.p_value <= 0.05) if np.isfinite(said.p_value) else np.nan,
    }


def usual_intervals(panel: Panel, design: Design, true: float) -> dict:
    """Whether the usual intervals hold the truth."""
    treated = (design.start[:, None] >= 0) & (np.arange(MONTHS) >= design.start[:, None])
    alive = panel.counts.sum(axis=1) > 0
    found = usual(panel.counts[alive], panel.exposure[alive], treated[alive].astype(float))
    error = abs(found.beta - true)
    return {
        "model_covers": float(error <= NORMAL * found.model),
        "cr1_normal_covers": float(error <= NORMAL * found.clustered),
        "cr1_t_covers": float(error <= t.ppf(0.975, alive.sum() - 1) * found.clustered),
    }


def summary(cell: Cell, rows: list[dict]) -> dict:
    """One line of the table; coverage and rejections in per cent of the simulations that gave one."""
    found = pd.DataFrame(rows, columns=COLUMNS).astype(float)
    errors = found["error"][np.isfinite(found["error"])]
    shares = 100 * found[list(SHARES)].mean()
    return asdict(cell) | {
        "simulations": len(found),
        "with_interval": int(found["covers"].notna().sum()),
        **{f"{name}_pct": shares[name] for name in SHARES},
        "half_width": found["half_width"].median(),
        "bias": errors.mean(),
        "bias_se": errors.std() / np.sqrt(len(errors)),
        "bias_sample": found["error_sample"][np.isfinite(found["error_sample"])].mean(),
        "error_sd": errors.std(),
    }


def run(cells: list[Cell], sims: int, permutations: int, workers: int) -> Iterator[dict]:
    """Yield the lines of the table, one by one."""
    for cell in cells:
        batches = [(cell, first, min(BATCH, sims - first), permutations) for first in range(0, sims, BATCH)]
        with spread_over(workers):
            rows = [row for batch in spread(simulate, batches) for row in batch]
        yield summary(cell, rows)


def already(path: Path, sims: int) -> dict[Cell, dict]:
    """Cells that the table holds with as many simulations: a run that was stopped goes on where it was."""
    if not path.exists():
        return {}
    lines = [line for line in pd.read_csv(path).to_dict("records") if line["simulations"] == sims]
    return {Cell(**{field.name: line[field.name] for field in fields(Cell)}): line for line in lines}


def cell_from(words: str) -> Cell:
    """Read a cell from "5/80/staggered/0.3/0.7"; what is not said is the default."""
    treated, homes, *rest = words.split("/")
    kinds = (("starts", str), ("effect_sd", float), ("ratio", float))
    given = {name: kind(word) for (name, kind), word in zip(kinds, rest, strict=False)}
    return Cell(treated=int(treated), homes=int(homes), **given)


def promises(table: pd.DataFrame) -> Iterator[str]:
    """Yield what was promised of the default, beside the lowest and the highest that was counted."""
    null, told = table[table["ratio"] == 1], table[table["treated"] >= DECIDED_BY_FORMULA]
    told = told[told["covers_pct"].notna()]
    many, alike = told[(told["treated"] >= MANY) & (told["homes"] - told["treated"] >= MANY)], null["effect_sd"] == 0
    yield from ("| promised | counted |", "|---|---|")
    for words, found, name in (
        ("no effect called one, effects alike: at most 6.5%", null[alike], "rejects_pct"),
        ("the same, effects that differ: at most 7.5%", null[~alike], "rejects_pct"),
        ("the same from three treated homes on", null[~alike & (null["treated"] >= DECIDED_BY_FORMULA)], "rejects_pct"),
        ("intervals that hold the truth: 93.5 to 98.5%, from three treated homes on", told, "covers_pct"),
        ("the same from ten treated homes on: 93.5 to 96.5%", many, "covers_pct"),
        ("bias in the log: within 0.01", table, "bias_sample"),
    ):
        values = found[name].dropna()
        if len(values):
            unit, digits = ("", 4) if name == "bias_sample" else ("%", 1)
            yield f"| {words} | {values.min():.{digits}f} to {values.max():.{digits}f}{unit}, {len(values)} designs |"


def markdown(table: pd.DataFrame) -> str:
    """Write the table in words and columns."""
    shown = table.round({name: 1 for name in table if name.endswith("_pct")}).round(3)
    lines = [" | ".join(map(str, row)) for row in shown.itertuples(index=False, name=None)]
    head = ["| " + " | ".join(shown) + " |", "|" + " --- |" * shown.shape[1]]
    told = [__doc__.split("\n\n", 3)[3], *promises(table), "", *head, *(f"| {line} |" for line in lines), ""]
    return "\n".join([*told, *worst_of_grid()])


def worst_of_grid() -> list[str]:
    """Lines on the ten worst cells of the grid over all options (`grid`), where it was run."""
    return [grid.worst(pd.DataFrame(grid.already(grid.OUT).values()))] if grid.OUT.exists() else []


def main() -> None:
    """Read the options, run the cells, write the table after each."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument(
        "--cells", nargs="*", type=cell_from, help="treated/homes[/starts[/sd[/ratio]]]; all if left out"
    )
    options.add_argument("--sims", type=int, default=2000)
    options.add_argument("--permutations", type=int, default=399)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--out", type=Path, default=Path(__file__).with_name("size"))
    chosen = options.parse_args()
    done, began = already(chosen.out.with_suffix(".csv"), chosen.sims), time.perf_counter()
    cells = [cell for cell in chosen.cells or every_cell() if cell not in done]
    for cell, line in zip(cells, run(cells, chosen.sims, chosen.permutations, chosen.workers), strict=True):
        done[cell] = line
        keep(chosen.out, list(done.values()))
        print(
            f"{time.perf_counter() - began:7.0f} s  "
            + "  ".join(f"{k}={v:.4g}" if isinstance(v, float) else f"{k}={v}" for k, v in line.items()),
            flush=True,
        )
    keep(chosen.out, list(done.values()))


def keep(out: Path, lines: list[dict]) -> None:
    """Write the table as CSV and in words."""
    table = pd.DataFrame(sorted(lines, key=lambda line: [line[name] for name in ORDER]))
    table.to_csv(out.with_suffix(".csv"), index=False, float_format="%.6g")
    out.with_suffix(".md").write_text(markdown(table))


if __name__ == "__main__":
    main()
