"""How long does England take, from its store to an answer, and to every doubt about it?

    PYTHONPATH=. python bench/england_answers.py DIR                    every line, to england_answers.csv
    PYTHONPATH=. python bench/england_answers.py DIR --only "ratings: moves"
    PYTHONPATH=. python bench/england_answers.py DIR --together         all doubts at once, to england_doubts.csv

DIR holds the country of `homeward sample DIR --england`; its panel is made and loaded where it is missing. One line at
a time in a process of its own, with one thread: seconds of the processor (user and system) without what is shared by
all lines (imports, the store, the panel, the design), and the most memory that the process held, all told. Where a line
would take very long it is done in part, and `done` of `of` says so; `all` is then reckoned.

"All doubts" are asked in full, of one panel, with two workers: `said` tells how long that took by the clock, and each
part of it, and how busy the machine was at the end, for a clock runs on while others use it. Its peak is what all
processes held at one time, what they share counted once, looked at twice a second (Linux tells).
"""
# ruff: noqa: PLC0415 - each line loads what it needs, in a process of its own

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import pandas as pd

HERE = Path(__file__).parent
COLUMNS = ["what", "done", "of", "processor", "all", "peak_gb", "said"]
PERMUTATIONS, ROUNDS, DRAWN = 2_000, 1_000, 1_000
SAID = 80
"""Characters kept of what a line says, but of those that tell the clock."""
TRIED = {"calibration": 96, "specifications": 24}
WORKERS = 2
"""What is done in part, and how much of it."""


def full_store(folder: Path) -> Path:
    """Give the store with admissions and bed-days, made where it is missing."""
    from england import store_of

    from analysis.panel.events import panel_of_events
    from analysis.store import Store

    path = folder / "full.duckdb"
    if not path.exists():
        beside = folder / "full_new.duckdb"
        beside.write_bytes(store_of(folder).read_bytes())
        made = panel_of_events(folder / "events", folder / "stays", Store(beside), folder / "panel.parquet")
        Store(beside).load(made.reading())
        beside.replace(path)
    return path


def given(folder: Path) -> dict[str, Any]:
    """Panel, design, model: as the protocol asks them."""
    from analysis.admissions import StaggeredRates
    from analysis.design import design_from
    from analysis.panel import build_panel
    from analysis.protocol import Protocol
    from analysis.store import Store

    store = Store(full_store(folder))
    protocol = Protocol.read(folder / "protocol.toml")
    panel = build_panel(store, protocol.outcome)
    design = design_from(panel, store.table("interventions"), protocol.plan)
    return {"store": store, "protocol": protocol, "panel": panel, "design": design, "model": StaggeredRates()}


def from_store(folder: Path) -> str:
    """Answer, from the store to the headline, nothing shared."""
    from analysis.evaluation import evaluate
    from analysis.protocol import Protocol
    from analysis.store import Store

    return evaluate(Protocol.read(folder / "protocol.toml"), Store(full_store(folder))).headline


def panel_from_store(folder: Path) -> str:
    """Count the store's home-months."""
    from analysis.panel import build_panel
    from analysis.store import Store

    return str(build_panel(Store(full_store(folder))).counts.shape)


def event_study(here: dict) -> str:
    """Fit the saturated model, average it by event time, simultaneous bands, every grouping."""
    from dataclasses import replace

    effects = replace(here["model"], permutations=0).fit(here["panel"], here["design"])
    every = {**effects.tables, **effects.diagnostics}  # each is made when it is asked for
    return str(len(effects.tidy("event_time"))) if every else ""


def honest(here: dict) -> str:
    """Examine whether the groups drift apart."""
    return _check(here, "drifting_apart")


def by_home(here: dict) -> str:
    """Average over homes, large or small."""
    from dataclasses import replace

    effects = replace(here["model"], average="home", permutations=0).fit(here["panel"], here["design"])
    return str(effects.tidy("overall")["estimate"].round(4).tolist())


def left_out(here: dict) -> str:
    """Leave out every home."""
    return _check(here, "leave_one_out")


def _check(here: dict, name: str) -> str:
    from analysis.protocol import CHECKS
    from analysis.protocol.registry import loaded
    from analysis.results import Fitted

    shared = here["fitted"]() if "fitted" in here else None
    assert shared is None or isinstance(shared, Fitted)
    return loaded(CHECKS[name])(shared).reading[:80]


def permutations(here: dict) -> str:
    """Permute which homes had the programme."""
    from analysis.admissions.compared.setting import Setting
    from analysis.admissions.engine.estimate import fit_both
    from analysis.admissions.uncertainty.rule import fit_null
    from analysis.inference.randomisation import assign, p_value

    setting = Setting.of(here["panel"], here["design"])
    fit = fit_both(setting, setting.sample(), "CR1")
    assignments = assign(fit.sample.first, len(fit.sample.months), PERMUTATIONS, 1)
    return str(p_value(fit_null(fit, 0.0), assignments))


def specifications(here: dict) -> tuple[str, int, int]:
    """Fit some of all defensible analyses."""
    from importlib import import_module

    from analysis.specifications import choices

    module: Any = import_module("analysis.specifications.curve")
    every = list(choices.specifications(here["panel"], here["design"]))
    some = every[:: max(1, len(every) // TRIED["specifications"])]
    module.specifications = lambda *_: iter(some)
    return str(len(module.curve(here["panel"], here["design"]).table)), len(some), len(every)


def calibration(here: dict) -> tuple[str, int, int]:
    """Calibrate in some of a thousand rounds."""
    from analysis.calibration.injected import calibrate

    n = TRIED["calibration"]
    found = calibrate(here["panel"], here["design"], here["model"], ratios=(0.8,), draws=n)
    return str(found.table["bias"].round(4).tolist()), n, ROUNDS


def all_doubts(here: dict) -> str:
    """Ask every doubt, with two workers, and tell how long each took by the clock."""
    from analysis.inference.spread import spread_over

    parts = {"event study": event_study, "sensitivity": honest, "each left out": left_out,
             "2,000 permutations": permutations, "240 specifications": every_specification,
             "1,000 rounds of calibration": every_round}  # fmt: skip
    began = time.perf_counter()
    with spread_over(WORKERS):
        return _by_the_clock(began, {name: _clocked(part, here) for name, part in parts.items()})


def every_round(here: dict) -> str:
    """Calibrate in a thousand rounds."""
    from analysis.calibration.injected import calibrate

    return str(len(calibrate(here["panel"], here["design"], here["model"], ratios=(0.8,), draws=ROUNDS).table))


def every_specification(here: dict) -> str:
    """Make every defensible analysis."""
    from analysis.specifications import curve

    return str(len(curve(here["panel"], here["design"]).table))


@contextmanager
def _watched() -> Iterator[list[float]]:
    """Note twice a second how many GB this process and its workers hold, what they share counted once."""
    held, done = [0.0], threading.Event()

    def look() -> None:
        while not done.wait(0.5):
            held.append(sum(map(_held, _family(os.getpid()))))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield held
    finally:
        done.set()
        looking.join()


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):  # it has ended meanwhile
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))


def _held(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024**2
    return 0.0


def _clocked(part: Callable, here: dict) -> float:
    began = time.perf_counter()
    part(here)
    return time.perf_counter() - began


def _by_the_clock(began: float, parts: dict[str, float]) -> str:
    """End the workers, and tell the clock."""
    from joblib.externals.loky import get_reusable_executor

    clock = time.perf_counter() - began
    get_reusable_executor().shutdown(wait=True)  # so that what they used is told
    each = "; ".join(f"{name} {seconds:.0f}" for name, seconds in parts.items())
    return f"{clock:.0f} s by the clock, load {os.getloadavg()[0]:.1f}{': ' * bool(each)}{each}"


def used() -> float:
    """Seconds of a processor so far, of this process and of its workers that have ended."""
    kept = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in kept)


def _ratings(model: str) -> Callable[[dict], str]:
    def run(here: dict) -> str:
        from analysis.evaluation import evaluate
        from analysis.protocol import Protocol

        text = (
            'title = "ratings"\n'
            f'methods = ["{model}"]\n[intervention]\nname = "national_programme"\n[outcome]\nkind = "ratings"\n'
        )
        path = here["folder"] / f"{model}.toml"
        path.write_text(text)
        return evaluate(Protocol.read(path), here["store"]).headline

    return run


LINES: dict[str, tuple[Callable, bool]] = {
    "panel from the store": (panel_from_store, False),
    "from the store to the headline": (from_store, False),
    "saturated event study": (event_study, True),
    "honest sensitivity": (honest, True),
    "every home left out": (left_out, True),
    "2,000 permutations": (permutations, True),
    "200 specifications": (specifications, True),
    "1,000 rounds of calibration": (calibration, True),
    "average over homes": (by_home, True),
    "all doubts": (all_doubts, True),
    "ratings: observed over expected": (_ratings("observed_expected"), True),
    "ratings: next rating": (_ratings("next_rating"), True),
    "ratings: moves": (_ratings("multi_state"), True),
}


TOGETHER = ("all doubts",)
"""Lines that are done with two workers."""


def one(name: str, folder: Path) -> dict:
    """Do one line in this process."""
    run, shares = LINES[name]
    with_panel = shares and not name.startswith("ratings")
    if with_panel:
        here: Any = given(folder)
        if run in (honest, left_out, all_doubts):
            from analysis.results import Fitted

            effects = here["model"].fit(here["panel"], here["design"])
            whole = Fitted(observed=here["panel"], design=here["design"], model=here["model"], effects=effects)
            here["fitted"] = lambda: whole
    elif shares:
        from analysis.store import Store

        here = {"store": Store(full_store(folder)), "folder": folder}
    else:
        here = folder
    began, together = used(), run is all_doubts
    with _watched() if together else nullcontext([0.0]) as held:
        said = run(here)
    spent = used() - began
    text, done, of = said if isinstance(said, tuple) else (said, 1, 1)
    gb = max(held) or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"what": name, "done": done, "of": of, "processor": round(spent, 2), "all": round(spent * of / done, 1),
            "peak_gb": round(gb, 2), "said": text if together else text[:SAID]}  # fmt: skip


def main() -> None:
    """Do the lines, each in a process of its own, and add to the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=list(LINES))
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--to", type=Path)
    parser.add_argument("--line", choices=list(LINES))
    asked = parser.parse_args()
    if asked.line:
        print(json.dumps(one(asked.line, asked.folder)))
        return
    full_store(asked.folder)
    asked.to = asked.to or HERE / ("england_doubts.csv" if asked.together else "england_answers.csv")
    asked.only = asked.only or [name for name in LINES if (name in TOGETHER) == asked.together]
    rows = {row["what"]: row for row in pd.read_csv(asked.to).to_dict("records")} if asked.to.exists() else {}
    for name in asked.only:
        command = [sys.executable, "-W", "ignore", __file__, str(asked.folder), "--line", name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        failed = {"what": name, "said": f"failed: {done.stderr.strip().splitlines()[-1:]}"}
        rows[name] = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else failed
        print(rows[name], flush=True)
        pd.DataFrame([rows[line] for line in LINES if line in rows], columns=COLUMNS).to_csv(asked.to, index=False)


if __name__ == "__main__":
    main()
