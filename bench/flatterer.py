"""Nothing was done. How often does somebody who may choose the analysis afterwards get "It helped"?

    PYTHONPATH=. python bench/flatterer.py                to bench/flatterer.csv (nine minutes; goes on)
    PYTHONPATH=. python bench/flatterer.py --worlds 20 --to first.csv

80 homes, 66 months, 20 homes by lot from month 48 on, no effect. `locked` is the verdict of the plan as it was written
before: every home, all months, bed-days, the answer's own model. `unlocked` is the verdict of an automated flatterer
who sees the counts first. It may move the start by three or six months, take months off either end, leave out months
before the start, look at one kind or size of homes only, divide by beds instead of bed-days, match or weigh homes, and
choose the model and its error: `CHOICES`, 9,600 analyses. It changes one choice at a time to whatever brings the upper
limit lowest, begins `BEGINNINGS` times, the second time anywhere, and stops as soon as the verdict is "helped"; each
answer that lies below no effect is examined for the same grave doubts as anybody's. `tries` is how many analyses that
took. What it reaches is less than what trying all 9,600 would.

With the plan locked 9 of 500 worlds (1.8%, interval 0.9 to 3.4) were told that it helped; without, 337 of the same 500
(67.4%, interval 63.2 to 71.4), by the 20th analysis in half of them.

One row a world, so that a share can be counted again and a run that was stopped goes on. `unlocked` is empty in worlds
that the flatterer has not been let into: `--searched`.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from verdicts import judged, plain

from analysis.admissions import StaggeredRates, overall
from analysis.design import NEVER, Design, Plan
from analysis.errors import AnalysisError
from analysis.matching import comparable
from analysis.panel import Panel
from analysis.specifications.choices import ENDS, MODELS, Specification, enough, within

SEED, WORLDS, BEGINNINGS, SWEEPS = 20270101, 500, 2, 2
CHOICES: dict[str, tuple[Any, ...]] = {
    "vcov": ("CR2", "CR1"),
    "homes": ("all", "residential", "nursing", "small", "large"),
    "start": (0, -3, 3, 6),
    "ends": ENDS,
    "anticipated": (0, 3),
    "exposure": ("bed-days", "beds"),
    "match": ("none", "propensity", "entropy"),
    "model": tuple(name for name, _ in MODELS),
}
AS_WRITTEN = {name: values[0] for name, values in CHOICES.items()}
BARE = StaggeredRates(leads=0, subgroups=(), permutations=0)
COLUMNS = ("world", "locked", "unlocked", "tries", "changed")
Choice = dict[str, Any]


def seen(panel: Panel, design: Design, choice: Choice) -> tuple[Panel, Design, StaggeredRates]:
    """Make of a world what a choice makes of it."""
    start = np.where(design.start == NEVER, NEVER, design.start + choice["start"])
    own = replace(design, start=start, included=design.included & _of(panel, choice["homes"])[:, None])
    one = Specification(comparison=design.comparison, ends=choice["ends"], anticipated=choice["anticipated"],
                        match="none", model=choice["model"], vcov=choice["vcov"])  # fmt: skip
    if not enough(panel, own, choice["ends"]):
        raise AnalysisError("Too few months.", do="")
    own = within(panel, own, one)
    if choice["exposure"] == "beds":
        beds = panel.exposure[:, :12].mean(axis=1, keepdims=True)
        panel = replace(panel, exposure=np.where(panel.exposure > 0, beds, 0.0), digest="")
    if choice["match"] != "none":
        own = comparable(panel, own, Plan(intervention=design.intervention, match=choice["match"]))[0]
    return panel, own, replace(BARE, vcov=choice["vcov"], **dict(MODELS)[choice["model"]])  # type: ignore[arg-type]


def _of(panel: Panel, homes: str) -> np.ndarray:
    if homes in ("residential", "nursing"):
        return (panel.units["home_type"] == homes).to_numpy()
    size = panel.exposure[:, :12].mean(axis=1)
    return np.ones(len(size), bool) if homes == "all" else (size >= np.median(size)) == (homes == "large")


class Flatterer:
    """Tries analyses of one world until one says that it helped."""

    def __init__(self, panel: Panel, design: Design) -> None:
        self.panel, self.design, self.tried = panel, design, {}

    def upper(self, choice: Choice) -> float:
        """Give the upper limit of the log rate ratio; infinite where there is none."""
        key = tuple(choice.values())
        if key not in self.tried:
            try:
                found = overall(*seen(self.panel, self.design, choice)).high
            except AnalysisError:
                found = np.inf
            self.tried[key] = found if np.isfinite(found) else np.inf
        return self.tried[key]

    def helped(self, choice: Choice) -> bool:
        """Whether the verdict of this analysis is that it helped, its doubts examined."""
        if self.upper(choice) >= 0:
            return False
        panel, design, model = seen(self.panel, self.design, choice)
        try:
            return judged(panel, design, replace(model, leads=6)).call == "helped"
        except AnalysisError:
            return False

    def flatter(self, rng: np.random.Generator) -> Choice | None:
        """Give the first analysis found that says so."""
        for begun in range(BEGINNINGS):
            choice = dict(AS_WRITTEN) if not begun else {
                name: values[rng.integers(len(values))] for name, values in CHOICES.items()
            }  # fmt: skip
            if (found := next(filter(self.helped, self._climb(choice)), None)) is not None:
                return found
        return None

    def _climb(self, choice: Choice) -> Iterator[Choice]:
        """Yield the best analysis after every change of one choice."""
        yield choice
        for _ in range(SWEEPS):
            for name, values in CHOICES.items():
                best = min(({**choice, name: value} for value in values), key=self.upper)
                if best != choice and self.upper(best) < self.upper(choice):
                    choice = best
                    yield choice


def locked(k: int) -> tuple:
    """Ask the plan as it was written."""
    panel, design = plain(SEED + k)
    return k, "helped" if Flatterer(panel, design).helped(AS_WRITTEN) else "not helped", "", 0, ""


def unlocked(row: tuple) -> tuple:
    """Let the flatterer try one world."""
    k = row[0]
    flatterer = Flatterer(*plain(SEED + k))
    found = flatterer.flatter(np.random.default_rng([SEED, k]))
    changed = [] if found is None else [f"{n}={v}" for n, v in found.items() if v != AS_WRITTEN[n]]
    return (*row[:2], "not helped" if found is None else "helped", len(flatterer.tried), "; ".join(changed))


def write(rows: list[tuple], to: Path) -> None:
    """Write what is there, and say what it comes to."""
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table.to_csv(to, index=False, lineterminator="\n")
    asked = table[table["unlocked"] != ""]
    shares = [(len(part), round(100 * float((part[name] == "helped").mean()), 1))
              for name, part in (("locked", table), ("unlocked", asked)) if len(part)]  # fmt: skip
    print(*shares, round(float(asked["tries"].mean()), 1) if len(asked) else "", flush=True)


def main() -> None:
    """Write one row a world."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--searched", type=int, default=WORLDS)
    parser.add_argument("--to", type=Path, default=Path(__file__).with_suffix(".csv"))
    given = parser.parse_args()
    there = pd.read_csv(given.to, keep_default_na=False) if given.to.exists() else pd.DataFrame(columns=list(COLUMNS))
    rows = [*there.itertuples(index=False, name=None)]
    rows += [locked(k) for k in range(len(rows), given.worlds)]
    write(rows, given.to)
    for k in range(min(given.searched, len(rows))):
        if rows[k][2] == "":
            rows[k] = unlocked(rows[k])
            write(rows, given.to)


if __name__ == "__main__":
    main()
