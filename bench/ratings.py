"""Does the model of moves between ratings find what is true, and how often does its interval hold it?

    python bench/ratings.py                         every scenario, to bench/ratings.csv and bench/ratings.md
    python bench/ratings.py --runs 20 --only leaving   a first look at one

1,000 homes watched for five years (`analysis.simulate.moves`), inspected at rates that depend on the last rating.

- `last rating`: 300 homes supported at random times; the intervention multiplies improving by 1.5 and worsening by 0.7.
- `told`: the same, but inspectors come four times as fast to supported homes that are now better than they were rated.
  Fitted as if they did not, and with that ratio assumed to be 2, 4 and 8.
- `alarmed`: the same, but inspectors come four times as fast to any home that is now worse than it was rated.
  Fitted as if they did not, and with that ratio assumed to be 4.
- `leaving`: homes rated badly leave often. Fitted with leaving as a state, and to what a file of today's homes shows
  (homes that left are missing with all their ratings, and the model knows no leaving).
- `no effect`: 20 homes, chosen at two years because they were rated below Good; the intervention does nothing. A
  programme is called helpful where the 95% interval lies wholly on the helpful side.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import t

from analysis.inspections.watched import Watched
from analysis.ratings.multi_state.below_good import months_saved, slope
from analysis.ratings.multi_state.fit import Fit, Triggering, fit_moves, of_survivors
from analysis.ratings.multi_state.intensities import generators, transition_matrices
from analysis.ratings.multi_state.supported import supported_homes
from analysis.simulate.moves import MovesSpec, simulate_moves

SEED = 20261126
HERE = Path(__file__).parent
UP, DOWN = 1.5, 0.7
HORIZON = 2.0
EFFECT = MovesSpec(ratio_up=UP, ratio_down=DOWN)
SCENARIOS = {
    "last rating": EFFECT,
    "no effect": MovesSpec(supported=20, badly_rated_at=2.0),
    "told": replace(EFFECT, better_sooner=4.0),
    "leaving": replace(EFFECT, leave=(1.2, 0.25, 0.03, 0.03)),
    "alarmed": replace(EFFECT, worse_sooner=4.0),
}
RUNS = {"last rating": 600, "no effect": 600, "told": 100, "leaving": 300, "alarmed": 100}
ABOVE = """# How often the model of moves finds what is true

`python bench/ratings.py` (see there for the scenarios); ratios on the log scale. Shares are of the simulations with an
interval. Where hardly any of 20 supported homes gets worse the ratio down has no end: no interval is given then and
its bias means nothing (its median does). `wholly below` is helpful for the ratio down, `wholly above` for the rest."""
TWO_YEARS_ON = "rated Inadequate, now Good or better, after two years"


def one(name: str, number: int) -> Iterator[dict]:
    """Fit in every way, and say what each finds, of one simulation."""
    spec = SCENARIOS[name]
    watched = simulate_moves(spec, np.random.SeedSequence([SEED, list(SCENARIOS).index(name), number]))
    fit = fit_moves(watched)
    with_errors = name in ("last rating", "no effect")
    yield from told(fit, spec, "as modelled", watched, with_errors)
    if name == "leaving":
        yield from told(fit_moves(of_survivors(watched), exits=False), spec, "leaving ignored", watched, False)
    for assumed in {"told": (2.0, 4.0, 8.0), "alarmed": (4.0,)}.get(name, ()):
        kind = "better_sooner" if name == "told" else "worse_sooner"
        fit = fit_moves(watched, triggering=Triggering(**{kind: assumed}), near=fit)
        yield from told(fit, spec, f"assumed {assumed:g} times", watched, False)


def told(fit: Fit, spec: MovesSpec, way: str, watched: Watched, with_errors: bool) -> Iterator[dict]:
    """Estimates beside the truth, with intervals where asked."""
    up, down = fit.log_ratios
    p, moves = len(fit.theta), len(fit.seen.layout.covariate)
    contrasts = {"log ratio up": np.eye(p)[up], "log ratio down": np.eye(p)[down]}
    values = {"log ratio up": fit.theta[up], "log ratio down": fit.theta[down]}
    truths = {"log ratio up": np.log(spec.ratio_up), "log ratio down": np.log(spec.ratio_down)}
    yield row("base rate of worsening (Good to Requires improvement)", way, fit.theta[4], np.log(spec.down[1]))
    if spec.supported == 20:
        homes = supported_homes(watched, fit.seen.intervals)
        values["months below Good saved"] = months_saved(fit.theta[:moves], fit.seen.layout, homes, HORIZON)
        steps = slope(fit.theta[:moves], fit.seen.layout, homes, HORIZON)
        contrasts["months below Good saved"] = np.concatenate([steps, np.zeros(p - moves)])
        truths["months below Good saved"] = 0.0
    if "leave" in way or spec.leave[0] > 1:
        yield row(TWO_YEARS_ON, way, well_after(fit.theta[:moves], fit), truly_well_after(spec))
    limits = intervals_of(fit, contrasts) if with_errors else {}
    for name, value in values.items():
        yield row(name, way, value, truths[name], limits.get(name, (np.nan, np.nan)))


def intervals_of(fit: Fit, contrasts: dict[str, np.ndarray]) -> dict[str, tuple[float, float]]:
    """Find standard error and quantile of every contrast, missing where the data cannot tell it."""
    found = fit.uncertainty(np.array(list(contrasts.values())))
    unknown = {
        name: bool((contrast[~fit.known] != 0).any() and name != "months below Good saved")
        for name, contrast in contrasts.items()
    }
    return {
        name: (np.nan, np.nan) if unknown[name] else (error, t.ppf(0.975, df))
        for name, error, df in zip(contrasts, found.std_error, found.df, strict=True)
    }


def row(quantity: str, way: str, estimate: float, truth: float, limits: tuple = (np.nan, np.nan)) -> dict:
    """One line of the record; `limits` are standard error and quantile."""
    error, quantile = limits
    values = {"estimate": estimate, "truth": truth, "std_error": error, "quantile": quantile}
    return {"quantity": quantity, "way": way, **values}


def well_after(theta: np.ndarray, fit: Fit) -> float:
    """Chance that an unsupported residential home that is Inadequate is Good or better two years on."""
    z = np.zeros((1, fit.seen.intervals.z.shape[1]))
    z[0, 0] = 1
    parts = generators(fit.seen.layout, fit.seen.layout.log_intensities(theta, z))
    return float(transition_matrices(parts, HORIZON)[0, 0, 2:].sum())


def truly_well_after(spec: MovesSpec) -> float:
    """Find the same by the matrix exponential of the true rates."""
    from scipy.linalg import expm  # noqa: PLC0415 - for this scenario only

    Q = np.zeros((4, 4))
    for s in range(3):
        Q[s, s + 1], Q[s + 1, s] = spec.up[s], spec.down[s]
    Q[np.diag_indices(4)] = -Q.sum(axis=1) - np.array(spec.leave)
    return float(expm(HORIZON * Q)[0, 2:].sum())


def summary(name: str, rows: list[dict]) -> pd.DataFrame:
    """One line per quantity and way of fitting; coverage and calls in per cent."""
    table = pd.DataFrame(rows)
    half = table["quantile"] * table["std_error"]
    error = table["estimate"] - table["truth"]
    table = table.assign(
        error=error,
        told=half.notna(),
        covers=(error.abs() <= half).where(half.notna()).astype(float),
        above=(error > half).where(half.notna()).astype(float),
        below=(error < -half).where(half.notna()).astype(float),
    )
    by = table.groupby(["quantity", "way"], sort=False)
    found = by.agg(
        truth=("truth", "first"), simulations=("error", "size"), with_interval=("told", "sum"),
        median=("estimate", "median"), bias=("error", "mean"), sd=("error", "std"), std_error=("std_error", "mean"),
        covers_pct=("covers", "mean"), above_pct=("above", "mean"), below_pct=("below", "mean"),
    )  # fmt: skip
    found.insert(5, "mc_error", found["sd"] / np.sqrt(found["simulations"]))
    percent = ["covers_pct", "above_pct", "below_pct"]
    found[percent] *= 100
    return found.reset_index().assign(scenario=name).set_index("scenario").reset_index()


def main() -> None:
    """Run the scenarios asked for, keeping the lines of the others."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--only", nargs="+", choices=list(SCENARIOS), default=list(SCENARIOS))
    parser.add_argument("--out", type=Path, default=HERE / "ratings.csv")
    asked = parser.parse_args()
    for name in asked.only:
        started, rows, runs = time.perf_counter(), [], asked.runs or RUNS[name]
        for number in range(runs):
            rows += one(name, number)
            if (number + 1) % 25 == 0 or number + 1 == runs:
                save(summary(name, rows), asked.out)
                print(f"{name}: {number + 1} of {runs}, {time.perf_counter() - started:.0f} s", flush=True)


def save(lines: pd.DataFrame, out: Path) -> None:
    """Replace the lines of one scenario, in the CSV and in the table for reading."""
    kept = pd.read_csv(out) if out.exists() else lines.iloc[:0]
    kept = kept.loc[~kept["scenario"].isin(lines["scenario"])]
    table = pd.concat([kept, lines], ignore_index=True) if len(kept) else lines
    order = {name: place for place, name in enumerate(SCENARIOS)}
    table = table.sort_values("scenario", key=lambda names: names.map(order), kind="stable", ignore_index=True)
    table.round(4).to_csv(out, index=False)
    out.with_suffix(".md").write_text(markdown(table), encoding="utf-8")


def markdown(table: pd.DataFrame) -> str:
    """Write the table for reading."""
    columns = ["scenario", "quantity", "way", "truth", "simulations", "with_interval", "median", "bias", "mc_error"]
    columns += ["sd", "std_error", "covers_pct", "above_pct", "below_pct"]
    heads = [
        "scenario",
        "quantity",
        "fitted",
        "truth",
        "simulations",
        "with interval",
        "median",
        "bias",
        "± Monte Carlo",
    ]
    heads += ["spread", "mean error", "holds the truth %", "wholly above %", "wholly below %"]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for line in table[columns].to_dict("records"):
        cells = [value if isinstance(value, str) else _number(name, value) for name, value in line.items()]
        lines.append("| " + " | ".join(cells) + " |")
    return f"{ABOVE}\n\n" + "\n".join(lines) + "\n"


def _number(name: str, value: float) -> str:
    if not np.isfinite(value):
        return "–"
    if name in ("simulations", "with_interval"):
        return f"{value:,.0f}"
    return f"{value:.1f}" if name.endswith("pct") else f"{value:.3f}"


if __name__ == "__main__":
    main()
