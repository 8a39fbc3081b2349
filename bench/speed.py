"""How long does a staggered-adoption count model take, with which memory, and do all who fit it agree?

    python bench/speed.py --quick                       two small panels (a minute or two)
    python bench/speed.py                               the whole grid, to bench/speed.csv and bench/speed.md
    python bench/speed.py --sizes 1500x120x5 --who homeward pyfixest
    python bench/speed.py --rows 200000                 the panels of the grid up to so many rows

A run of some panels replaces their lines in the table and leaves all others, so a long run may be split or resumed.
Everybody runs in a process of its own, which imports its packages, warms up on a tiny panel and prepares its input
before the clock starts; the median of several runs counts (those that begin within five seconds, at most five). All get
one thread for linear algebra. Peak memory is that of the process, packages, reading and panel included. Whoever passes
the time or memory allowed is stopped, and the table says so. Peers: pip install pyfixest glum diff-diff
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
from contestants import ALL, SAME
from panels import shape, write
from speed_table import markdown

GRID = [
    f"{n}x{cohorts}{kind}"
    for n, most in (("80x48", 20), ("1500x120", 60), ("15000x120", 60), ("150000x120", 60))
    for cohorts in (5, 20, 60)
    if cohorts <= most  # forty treated homes do not make sixty cohorts
    for kind in ("", "u")
]
PERMUTED = "160x72x5"
QUICK = ("80x48x5", "1500x120x5u")
OURS = ["homeward", "homeward events", "homeward cohorts", "homeward file", "decode"]
ENOUGH = 5.0
"""Seconds of running after which nobody is run again."""


def takes_part(size: str) -> list[str]:
    """Who can be expected to finish: nobody is sent where it was seen to need hours or more than the memory allowed."""
    if size == PERMUTED:
        return ["permutations"]
    n, T, cohorts, unbalanced = shape(size)
    cells, who = n * T, list(OURS)
    if cells <= 2e6:
        who.append("homeward whole")
    if not unbalanced:
        return who
    who.append("homeward single")
    if n == 15_000:
        who += ["left out", "bootstrap"]
    if cells <= 2e5:
        who += ["pyfixest events", "glum", *(["pyfixest", "diff-diff", "statsmodels"] if cohorts == 5 else [])]
    elif cells <= 2e6:
        who += ["glum", *(["pyfixest events"] if cohorts == 20 else [])]
    elif cohorts == 20:
        who.append("glum")
    return who


def worker(who: str, path: Path, repeats: int) -> dict:
    """Time one contestant in this process."""
    contestant = ALL[who]
    with tempfile.TemporaryDirectory() as folder:
        contestant.run(contestant.prepare(write("60x24x3", Path(folder))[0]))
    ready, seconds, answer = contestant.prepare(path), [], None
    while len(seconds) < repeats and sum(seconds) < ENOUGH:
        began = time.perf_counter()
        answer = contestant.run(ready)
        seconds.append(time.perf_counter() - began)
    found = {"seconds": float(np.median(seconds)), "runs": len(seconds)}
    if answer is not None:
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


def lines_of(size: str, options: argparse.Namespace) -> pd.DataFrame:
    """Every contestant on one panel."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        path, rows = write(size, Path(folder))
        found = {who: measure(who, path, options) for who in options.who or takes_part(size)}
    lines = []
    for who, what in found.items():
        estimates, errors = apart(what, found.get(SAME.get(who, "")))
        lines.append(
            {
                "panel": size, "rows": rows, "contestant": who, "seconds": what.get("seconds", np.nan),
                "runs": what.get("runs", 0), "gb": what.get("gb", np.nan), "apart": estimates,
                "errors_apart": errors, "said": what.get("said", ""), "load": load,
            }
        )  # fmt: skip
    return pd.DataFrame(lines)


def joined(path: Path, lines: pd.DataFrame) -> pd.DataFrame:
    """Put new lines into the table, in place of those of the same panel and contestant."""
    old = pd.read_csv(path, dtype={"said": str}) if path.exists() else lines.iloc[:0]
    again = pd.MultiIndex.from_frame(old[["panel", "contestant"]]).isin(
        pd.MultiIndex.from_frame(lines[["panel", "contestant"]])
    )
    table, order = pd.concat([old[~again], lines]).assign(said=lambda t: t["said"].fillna("")), [*GRID, PERMUTED]
    rank = table["panel"].map(lambda panel: order.index(panel) if panel in order else len(order))
    who = table["contestant"].map(list(ALL).index)
    return table.assign(rank=rank, who=who).sort_values(["rank", "panel", "who"]).drop(columns=["rank", "who"])


def main() -> None:
    """Read the options; write the table after each panel."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="two small panels")
    options.add_argument("--sizes", nargs="*", help="homes x months x cohorts, u for unbalanced: 1500x120x5u")
    options.add_argument("--rows", type=float, default=np.inf, help="panels of at most so many rows")
    options.add_argument("--who", nargs="*", choices=list(ALL), help="by default whoever can finish")
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--time", type=float, default=120.0, help="seconds allowed to each")
    options.add_argument("--memory", type=float, default=14.0, help="GB allowed to each")
    options.add_argument("--out", type=Path, default=Path(__file__).with_name("speed"))
    options.add_argument("--worker", help=argparse.SUPPRESS)
    options.add_argument("--panel", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.worker:
        print(json.dumps(worker(chosen.worker, chosen.panel, chosen.repeats)))
        return
    sizes = chosen.sizes or (QUICK if chosen.quick else [*GRID, PERMUTED])
    for size in [size for size in sizes if shape(size)[0] * shape(size)[1] <= chosen.rows]:
        lines = lines_of(size, chosen)
        table = joined(chosen.out.with_suffix(".csv"), lines)
        table.to_csv(chosen.out.with_suffix(".csv"), index=False, float_format="%.6g")
        chosen.out.with_suffix(".md").write_text(markdown(table))
        print(lines.drop(columns=["rows", "load"]).to_string(index=False), flush=True)


if __name__ == "__main__":
    main()
