"""Of how many councils in which nothing was done is a change announced, and is a true fall still announced?

    .venv/bin/python bench/area_verdicts.py           # the sample's councils; writes bench/area_verdicts.csv and .md
    .venv/bin/python bench/area_verdicts.py --real    # also NHS England's file, from the folder HOMEWARD_REALDATA

Every council but the one whose programme is known is asked about as if something had begun there, for every monthly
measure, from the start of the known case and from the start that the page proposes for any other council. `any` is the
verdict as it is shown, which must stand by every baseline; the other rows count what each baseline alone would have
announced. A true fall is put into every third council: from the start on each of its events is kept with probability
0.7 or 0.5, for good.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1]))

from analysis.areas import area_panel, joined, measures
from analysis.areas.conformal import rejects
from analysis.areas.measures import TOTAL_DELAYS
from analysis.areas.verdict import AreaVerdict, verdict
from analysis.errors import AnalysisError
from analysis.outcomes import AreaMeasure
from analysis.panel import Panel
from analysis.sources import read
from analysis.store import Store

HERE = Path(__file__).parent
ROOT = HERE.parent
TABLE = HERE / "area_verdicts.csv"
REAL = "delayed_transfers_la_month.csv"
SEED = 20261127
STEP = 3
"""Every third council is given a true fall: a share of 50 councils is known to 7 points."""
KEPT = {"nothing": 1.0, "30% fewer": 0.7, "50% fewer": 0.5}
STARTS = {"sample": ("2021-04", "2021-10"), "real": ("2017-04", "2016-09")}
TREATED = {"sample": "X000", "real": "E06000046"}
CELL = ("data", "measure", "start", "done")
COLUMNS = (*CELL, "baseline", "councils", "announced")


def main() -> None:
    """Count, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--real", action="store_true")
    asked = parser.parse_args()
    files = {"sample": ROOT / "data" / "sample" / "delayed_transfers.csv"}
    if asked.real:
        files["real"] = Path(os.environ.get("HOMEWARD_REALDATA", ROOT.parent / "shared" / "data")) / REAL
    table = pd.read_csv(TABLE) if TABLE.exists() else pd.DataFrame(columns=list(COLUMNS))
    for data, file in files.items():
        for rows in cells(data, outcomes(file)):
            counted = pd.DataFrame(rows, columns=list(COLUMNS))
            table = pd.concat([table[~_same(table, counted.iloc[0])], counted])
            table.to_csv(TABLE, index=False, lineterminator="\n")
            (HERE / "area_verdicts.md").write_text(written(table))
            print(*rows[0], flush=True)


def _same(table: pd.DataFrame, row: pd.Series) -> pd.Series:
    """Rows of the table counted before for the cell of a row."""
    return (table[list(CELL)] == row[list(CELL)]).all(axis=1)


def outcomes(file: Path) -> pd.DataFrame:
    """Load a file of delayed transfers."""
    store = Store.in_memory()
    store.load(read(file.name, file))
    return joined(store.table("area_outcomes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One row's question: which councils' data, which measure, from when, and what was done to each in turn."""

    data: str
    measure: str
    start: str
    done: str = "nothing"


def cells(data: str, table: pd.DataFrame) -> Iterator[list[tuple]]:
    """Count measure by measure, start by start, effect by effect."""
    for measure in measures(table)["measure"]:
        for start in STARTS[data]:
            for done in KEPT:
                if done == "nothing" or start == STARTS[data][0]:
                    cell = Cell(data=data, measure=measure, start=start, done=done)
                    yield [(data, measure, start, done, *row) for row in counted(table, cell)]


def counted(table: pd.DataFrame, cell: Cell) -> list[tuple[str, int, int]]:
    """Count councils and those with a change announced: baseline, councils, announced; `any` first, then each alone."""
    codes = [code for code in area_panel(table, cell.measure).units.index if code != TREATED[cell.data]]
    rng = np.random.default_rng(SEED)
    step = 1 if cell.done == "nothing" else STEP
    rows = pd.DataFrame([row for code in codes[::step] for row in asked_of(table, cell, code, rng)])
    sums = rows.groupby(0, sort=False)[1].agg(["size", "sum"])
    return [(str(name), int(row["size"]), int(row["sum"])) for name, row in sums.iterrows()]


def asked_of(table: pd.DataFrame, cell: Cell, code: str, rng: np.random.Generator) -> list[tuple[str, bool]]:
    """Ask about one council: baseline, whether a change is announced; nothing where it cannot be asked about."""
    panel = thinned(area_panel(table, cell.measure), code, cell, rng)
    returns = panel if cell.measure == TOTAL_DELAYS else area_panel(table, TOTAL_DELAYS)
    try:
        told = verdict(panel, AreaMeasure(area=code, start=cell.start), returns)
    except AnalysisError:
        return []
    return [] if told is None else announced(told)


def announced(told: AreaVerdict) -> list[tuple[str, bool]]:
    """Whether the verdict, and each baseline alone, announces a change."""
    alone = [
        ("all months" if part["asked"].any() else f"last {months}",
         bool(rejects(part["p_value"], told.conf_level).any()))
        for months, part in told.ranked.groupby("months_before", sort=False)
    ]  # fmt: skip
    return [("any", bool(told.years)), *alone]


def thinned(panel: Panel, code: str, cell: Cell, rng: np.random.Generator) -> Panel:
    """Keep a share of a council's events from the start on."""
    kept = KEPT[cell.done]
    if kept == 1:
        return panel
    row, after = panel.units.index.get_loc(code), panel.months >= np.datetime64(cell.start, "M")
    counts = panel.counts.copy()
    counts[row, after] = rng.binomial(counts[row, after], kept)
    return replace(panel, counts=counts)


def written(table: pd.DataFrame) -> str:
    """Write the verdicts' rows for reading."""
    lines = [
        "# Of how many councils is a change announced?",
        "",
        "Every council in which nothing was done is asked about in turn (`nothing`); a true fall from the start on is "
        "put into every third (`30% fewer`, `50% fewer`). `verdict`: the headline as it is shown, which must stand by "
        "every baseline. `one baseline alone`: the most that any single baseline would announce. Made by "
        "`bench/area_verdicts.py`.",
        "",
        "| data | measure | start | done | councils | verdict | one baseline alone |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, part in table.groupby(list(CELL), sort=False):
        told, alone = part[part["baseline"] == "any"].iloc[0], part[part["baseline"] != "any"]
        share = told["announced"] / told["councils"]
        most = (alone["announced"] / alone["councils"]).max()
        by_one = "–" if np.isnan(most) else f"{most:.1%}"
        lines.append(f"| {' | '.join(key)} | {told['councils']} | {told['announced']} ({share:.1%}) | {by_one} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
