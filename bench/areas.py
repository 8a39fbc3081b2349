"""How often does each area method's interval hold the truth, and is the rank among placebos uniform?

    .venv/bin/python bench/areas.py              # 1,000 simulations of each world; writes bench/areas.csv and areas.md
    .venv/bin/python bench/areas.py --draws 50   # a quick look

Worlds in which nothing was done (`analysis.simulate.areas`): areas whose own deviations last some months ("steady"),
areas that wander for years ("wandering"), and the steady world with the treated area picked because it rose most in the
year before the start ("chosen after a rise"). The first two are also added up to quarters (14 before the start, 8 from
it on) and to years (7 and 3). An interval holds the truth where it holds a rate ratio of 1.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))


from analysis.areas import choose
from analysis.areas.case import Case
from analysis.areas.conformal import rejects
from analysis.areas.difference import DifferenceInDifferences, parallel
from analysis.months import MONTH, QUARTER, YEAR
from analysis.outcomes import AreaMeasure
from analysis.questions.area_methods import METHODS as ON_SCREEN
from analysis.results import RATE_RATIO, TIDY, Effects
from analysis.simulate.areas import AreaSpec, by_period, simulate_areas

HERE = Path(__file__).parent
TABLE = HERE / "areas.csv"
"""Worlds counted before stay in it, so that each can be counted when there is time."""
AREAS, MONTHS = 25, 66
SEED = 20261126
WORLDS = {
    "steady": AreaSpec(n_areas=AREAS, n_months=MONTHS),
    "wandering": AreaSpec(n_areas=AREAS, n_months=MONTHS, correlation=0.97, spread=0.45),
    "chosen after a rise": AreaSpec(n_areas=AREAS, n_months=MONTHS, after_a_spike=True),
    "steady, by quarter": AreaSpec(n_areas=AREAS, n_months=MONTHS),
    "wandering, by quarter": AreaSpec(n_areas=AREAS, n_months=MONTHS, correlation=0.97, spread=0.45),
    "steady, by year": AreaSpec(n_areas=AREAS, n_months=120, start=84),
    "wandering, by year": AreaSpec(n_areas=AREAS, n_months=120, start=84, correlation=0.97, spread=0.45),
}
LENGTHS = {"by quarter": QUARTER, "by year": YEAR}
LEVEL = 0.95
DECILES = np.linspace(0.1, 0.9, 9)


class Plain:
    """The engine's closed form for one treated area: the engine itself has a size table of its own."""

    def fit(self, panel, design) -> Effects:
        """Give the rate ratio alone."""
        case = Case.of(panel, design)
        own, after = case.treated, ~case.before
        ratio = case.counts[own, after].sum() / parallel(case)[own, after].sum()
        row = dict.fromkeys(TIDY, np.nan) | {"overall": "all", "term": RATE_RATIO, "estimate": ratio}
        return Effects(tables={"overall": pd.DataFrame([row])}, summary={}, cells=pd.DataFrame())


METHODS = {
    name: DifferenceInDifferences(engine=Plain()) if isinstance(model, DifferenceInDifferences) else model
    for name, model in ON_SCREEN.items()
}


def main() -> None:
    """Count, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--worlds", nargs="*", default=list(WORLDS), choices=list(WORLDS))
    asked = parser.parse_args()
    table = pd.read_csv(TABLE) if TABLE.exists() else pd.DataFrame(columns=["world"])
    for world in asked.worlds:
        seeds = np.random.SeedSequence([SEED, list(WORLDS).index(world)]).spawn(asked.draws)
        drawn = []
        for done, seed in enumerate(seeds, 1):
            drawn.append(one(WORLDS[world], seed, LENGTHS.get(world.partition(", ")[2], MONTH)))
            if done % 50 == 0:
                print(f"{world}: {done} of {asked.draws}", flush=True)
        kept = table[table["world"] != world]
        table = pd.concat([kept, summary(pd.concat(drawn), world)]) if len(kept) else summary(pd.concat(drawn), world)
        table = table.sort_values("world", key=lambda names: names.map([*WORLDS].index), kind="stable")
        table.to_csv(TABLE, index=False, lineterminator="\n", float_format="%.4g")
        (HERE / "areas.md").write_text(written(table))


def one(spec: AreaSpec, seed: np.random.SeedSequence, length: int) -> pd.DataFrame:
    """Ask every method about one simulated case: method, year, own, placebo, p."""
    panel, treated = simulate_areas(spec, seed)
    panel, start = by_period(panel, spec.start, length)
    question = AreaMeasure(area=str(panel.units.index[treated]), start=str(panel.months[start]))
    design = choose(panel, question).design
    rows = []
    for name, model in METHODS.items():
        found = model.fit(panel, design).diagnostics["intervals"]
        for row in found.loc[found["year"] > 0].to_dict("records"):
            own = (
                np.nan
                if np.isnan(row["own_low"]) and np.isnan(row["own_p"])
                else float(not rejects(row["own_p"], LEVEL))
            )
            held = float(row["conf_low"] <= 1 <= row["conf_high"])
            width = np.log(row["conf_high"] / row["conf_low"])
            rows.append((name, row["year"], own, held, row["p_value"], abs(np.log(row["estimate"])), width))
    return pd.DataFrame(rows, columns=["method", "year", "own", "placebo", "p", "error", "width"])


def summary(drawn: pd.DataFrame, world: str) -> pd.DataFrame:
    """Coverage and the largest distance of the rank p-value from uniform, by method and year."""
    groups = drawn.groupby(["method", "year"], sort=False)
    table = groups.agg(
        own_coverage=("own", "mean"), placebo_coverage=("placebo", "mean"), median_error=("error", "median"),
        median_width=("width", "median"), draws=("p", "size"),
    )  # fmt: skip
    table["p_off_uniform"] = groups["p"].apply(lambda p: np.abs([(p <= d).mean() - d for d in DECILES]).max())
    return table.reset_index().assign(world=world)[
        ["world", "method", "year", "own_coverage", "placebo_coverage", "median_error", "median_width",
         "p_off_uniform", "draws"]
    ]  # fmt: skip


def written(table: pd.DataFrame) -> str:
    """Write the table for reading."""
    lines = [
        "# How often each area method's 95% interval holds the truth",
        "",
        f"{AREAS} areas, {MONTHS} months, start after 42 (by year: ten years, start after seven); nothing was done. "
        "`own`: the method's own interval (difference-in-differences has none). `placebo`: "
        "the interval by ranking that the page shows. `p off uniform`: largest distance of the rank p-value's deciles "
        "from where they belong; ranks among 25 areas come in steps of 0.04. Monte Carlo error about "
        "0.7 points for 1,000 draws, 2 for 100. Made by `bench/areas.py`.",
        "",
        "| world | draws | method | year | own | placebo | p off uniform |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in table.to_dict("records"):
        own = "–" if np.isnan(row["own_coverage"]) else f"{row['own_coverage']:.1%}"
        lines.append(
            f"| {row['world']} | {row['draws']:,} | {row['method']} | {row['year']} | {own} | "
            f"{row['placebo_coverage']:.1%} | "
            f"{row['p_off_uniform']:.3f} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
