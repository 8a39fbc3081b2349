"""How long does a staggered-adoption count model take, with which memory, and do all who fit it agree?

    python bench/speed.py --quick          two small panels (a minute or two)
    python bench/speed.py                  every panel of the table, to bench/speed.csv and bench/speed.md
    python bench/speed.py --sizes 1500x120x5 --who homeward pyfixest

Panels are drawn: gamma home rates, half of the homes treated, a true rate ratio of 0.82; "unbalanced" ones lose home-
months where homes open late or close early. Everybody runs in a process of its own, which imports its packages, warms
up on a tiny panel, reads the Parquet file and prepares its input before the clock starts; the median of several runs
counts. All get one thread for linear algebra. Peak memory is that of the process, packages and panel included.
Whoever passes the time or memory allowed is stopped, and the table says so. "file to table" of Homeward includes
reading the file; its floor is merely decoding the columns needed. "Apart" compares answers to the same model, errors
after the constant small-sample factor of each convention. Peers are a separate install: pip install pyfixest glum
diff-diff
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from contestants import ALL, COLUMNS, SAME, dense
from pyarrow.parquet import read_table

SEED = 20261122
SIZES = (
    "80x48x5", "1500x120x5", "1500x120x5u", "1500x120x20u", "15000x120x5", "15000x120x20u", "15000x120x60u",
    "150000x120x20u",
)  # fmt: skip
QUICK = ("80x48x5", "1500x120x5u")
FILE, FLOOR = "homeward file", "decode"
"""Not contestants: Homeward from the file on, and the floor below which nobody can be."""


def draw(size: str) -> pd.DataFrame:
    """Home-months of a panel: homes x months x cohorts, and u for unbalanced."""
    n, T, k = (int(part) for part in size.rstrip("u").split("x"))
    rng = np.random.default_rng(SEED)
    start = np.full(n, -1)
    start[: n // 2] = rng.choice(np.linspace(T // 3, T - T // 4, k).astype(int), n // 2)
    exposure = (900 * rng.lognormal(0, 0.4, (n, 1)) * rng.uniform(0.8, 1.2, (n, T))).round()
    month = np.arange(T)
    if size.endswith("u"):
        opens = np.where(rng.random(n) < 0.15, rng.integers(1, T // 3, n), 0)
        closes = np.where(rng.random(n) < 0.15, rng.integers(2 * T // 3, T, n), T)
        exposure[(month < opens[:, None]) | (month >= closes[:, None])] = 0
    treated = (start >= 0)[:, None] & (month >= start[:, None])
    rate = rng.gamma(6, 1 / 6, (n, 1)) * np.exp(0.2 * np.sin(month) - 0.2 * treated) / 450
    home, at = np.nonzero(exposure)
    counts = rng.poisson(exposure * rate)[home, at]
    values = (home.astype(np.int32), at.astype(np.int16), counts.astype(np.int32), exposure[home, at], start[home])
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))


def decode(path: Path):
    """Decode the columns needed, and do nothing with them."""
    return read_table(path, columns=list(COLUMNS))


def worker(who: str, path: Path, repeats: int) -> dict:
    """Time one contestant in this process."""
    tiny = draw("60x24x3")
    if who in (FILE, FLOOR):
        contestant = ALL["homeward events"]
        run = (lambda: contestant.run(dense(decode(path).to_pandas()))) if who == FILE else (lambda: decode(path))
        contestant.run(dense(tiny))
        run()
    else:
        contestant = ALL[who]
        contestant.run(contestant.prepare(tiny))
        ready = contestant.prepare(pd.read_parquet(path))
        run = lambda: contestant.run(ready)  # noqa: E731
    seconds, answer = [], None
    while len(seconds) < repeats and (not seconds or sum(seconds) < 60):
        began = time.perf_counter()
        answer = run()
        seconds.append(time.perf_counter() - began)
    found = {"seconds": float(np.median(seconds)), "runs": len(seconds)}
    if who != FLOOR:
        found |= {"estimates": answer[0].tolist(), "errors": answer[1].tolist()}
    return found | {"gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}


def measure(who: str, path: Path, options: argparse.Namespace) -> dict:
    """Run a contestant in a process of its own, stopped at the time or memory allowed."""
    limit = int(options.memory * 1e9)
    command = [sys.executable, "-W", "ignore", __file__, "--worker", who, "--panel", str(path)]
    command += ["--repeats", str(options.repeats)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=options.time, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"said": f"not finished after {options.time:.0f} s"}
    if done.returncode == 0:
        return json.loads(done.stdout.splitlines()[-1])
    if "MemoryError" in done.stderr or "ArrayMemoryError" in done.stderr or done.returncode < 0:
        return {"said": f"stopped at {options.memory:.0f} GB"}
    return {"said": "failed: " + done.stderr.strip().splitlines()[-1][:80]}


def apart(found: dict, ours: dict | None) -> tuple[float, float]:
    """How far two answers to the same model are apart; missing where there are not two.

    Estimates by their largest difference; errors by the largest departure of their ratio from its median, which is the
    small-sample factor that each convention has.
    """
    if ours is None or "estimates" not in found or "estimates" not in ours:
        return np.nan, np.nan
    ratio = np.array(found["errors"]) / np.array(ours["errors"])
    difference = np.abs(np.array(found["estimates"]) - ours["estimates"])
    return float(difference.max()), float(np.abs(ratio / np.median(ratio) - 1).max())


def table_of(size: str, options: argparse.Namespace) -> pd.DataFrame:
    """Every contestant on one panel."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "panel.parquet"
        frame = draw(size)
        frame.to_parquet(path, index=False)
        found = {who: measure(who, path, options) for who in options.who}
    lines = []
    for who, what in found.items():
        estimates, errors = apart(what, found.get(SAME.get(who, "")))
        name, model = (ALL[who].who, ALL[who].model) if who in ALL else NAMES[who]
        lines.append(
            {
                "panel": size, "rows": len(frame), "who": name, "model": model,
                "seconds": what.get("seconds", np.nan), "gb": what.get("gb", np.nan),
                "apart": estimates, "errors_apart": errors, "said": what.get("said", ""),
            }
        )  # fmt: skip
    table = pd.DataFrame(lines)
    ours = table.loc[(table["who"] == "Homeward") & (table["model"] == ALL["homeward"].model), "seconds"]
    return table.assign(times=table["seconds"] / (ours.iloc[0] if len(ours) else np.nan))


NAMES = {
    FILE: ("Homeward", "file to event-study table"),
    FLOOR: ("pyarrow", "decoding the five columns, nothing else"),
}


def markdown(table: pd.DataFrame) -> str:
    """Write the table, one block for each panel."""
    lines = []
    for size, part in table.groupby("panel", sort=False):
        n, T, k = size.rstrip("u").split("x")
        kind = "unbalanced" if size.endswith("u") else "balanced"
        lines += [
            f"**{int(n):,} homes × {T} months, {k} cohorts, {kind}: {part['rows'].iloc[0]:,} rows**", "",
            "| | model | seconds | times Homeward's home-effects fit | peak GB | estimates apart | errors apart |",
            "|---|---|---|---|---|---|---|",
        ]  # fmt: skip
        for row in part.to_dict("records"):
            told = row["said"] or f"{row['seconds']:.3g}"
            rest = (f"{row['times']:.3g}", f"{row['gb']:.2f}", f"{row['apart']:.0e}", f"{row['errors_apart']:.0e}")
            shown = [text if "nan" not in text else "" for text in rest]
            lines.append(f"| {row['who']} | {row['model']} | {told} | {' | '.join(shown)} |")
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Read the options; write the table after each panel."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    everybody = [*ALL, FILE, FLOOR]
    options.add_argument("--quick", action="store_true", help="two small panels")
    options.add_argument("--sizes", nargs="*", help="homes x months x cohorts, u for unbalanced: 1500x120x5u")
    options.add_argument("--who", nargs="*", default=everybody, choices=everybody)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--time", type=float, default=300.0, help="seconds allowed to each")
    options.add_argument("--memory", type=float, default=14.0, help="GB allowed to each")
    options.add_argument("--out", type=Path, default=Path(__file__).with_name("speed"))
    options.add_argument("--worker", help=argparse.SUPPRESS)
    options.add_argument("--panel", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.worker:
        print(json.dumps(worker(chosen.worker, chosen.panel, chosen.repeats)))
        return
    done = []
    for size in chosen.sizes or (QUICK if chosen.quick else SIZES):
        done.append(table_of(size, chosen))
        table = pd.concat(done)
        table.to_csv(chosen.out.with_suffix(".csv"), index=False, float_format="%.6g")
        load = f"Load of the machine at the end (one is one busy core): {os.getloadavg()[0]:.1f}.\n"
        chosen.out.with_suffix(".md").write_text(markdown(table) + load)
        print(markdown(done[-1]), flush=True)


if __name__ == "__main__":
    main()
