"""Does any combination that a protocol allows call nothing something, or lean to one side?

    python bench/grid.py                 goes on where it was: bench/grid.csv, and the worst cells in bench/size.md
    python bench/grid.py --sims 1000 --option-sims 200     the whole aim, some hours

A full product of all options and designs has millions of cells. `cells` is a covering set instead: designs (homes on
either side, admissions a home and month, kinds of start, months, whether effects differ, homes or areas) such that
every pair of values stands in a cell, answered by the default; and options (comparison, effects, average, cluster,
months by attribute, other interventions, dose, error, anticipation, selection) such that every pair of values, and
every value with every one of a few designs, stands in a cell. Built greedily, the same every time.

In every panel nothing is done: homes have gamma rates, AR(1) log shocks (0.8, standard deviation 0.3), areas shocks
of their own (0.15) where areas are treated as a whole. Where effects differ they have standard deviation 0.3 and mean
ratio 1. A cell holds what it promises if at most 7% of true nulls (7.5% where effects differ) are rejected *among
answers whose headline carries no warning* (`Effects.caveats`), and the log is off by at most 0.02 among all answers;
chance is allowed for by two standard errors. What is refused, or has no p, is counted apart. Bias is that of all
answers, because a warning looks at the counts: draws without one have many admissions among the homes compared, and so
lean to "more" (`bias_unwarned`) though the estimate does not. Where more than half of the answers carry a warning the
combination does, and its bias is not judged.
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import combinations
from pathlib import Path
from zlib import crc32

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates, overall
from analysis.design import Plan, design_from
from analysis.errors import AnalysisError
from analysis.panel import Panel

SEED = 20261127
OUT = Path(__file__).with_name("grid.csv")
HOMES_OF_AREA = 4
CORRELATION, SHOCK, AREA_SHOCK, HOMES_VARY, DIFFER = 0.8, 0.3, 0.15, 0.41, 0.3
PERMUTATIONS = 199
DESIGNS: Mapping[str, Sequence] = {
    "sides": ("10+10", "39+1", "38+2", "1+10", "2+10", "3+3", "5+1", "10+3", "3+20", "20+5", "20+20", "40+40", "1+1"),
    "rate": (1.0, 0.1, 0.3, 5.0),
    "starts": ("common", "staggered", "wedge"),
    "months": (36, 12),
    "differ": (False, True),
    "unit": ("home", "area"),
}
OPTIONS: Mapping[str, Sequence] = {
    "design": ("20+20 common", "20+20 staggered", "10+3 common", "12+0 wedge", "6+6 staggered", "20+20 sparse"),
    "comparison": ("not_yet_treated", "never_treated"),
    "effects": ("home", "cohort"),
    "average": ("bed_day", "home"),
    "cluster": ("home", "provider", "area", "provider and area"),
    "month_effects_by": ("", "home_type", "size"),
    "others": ("none", "leave out", "keep", "estimate"),
    "dose": ("ignore", "log-linear"),
    "vcov": ("CR2", "CR1"),
    "anticipation": (0, 2),
    "selection": ("none", "leave out", "keep"),
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One design and what is asked of it."""

    sides: str = "20+20"
    rate: float = 1.0
    starts: str = "common"
    months: int = 36
    differ: bool = False
    unit: str = "home"
    comparison: str = "not_yet_treated"
    effects: str = "home"
    average: str = "bed_day"
    cluster: str = "home"
    month_effects_by: str = ""
    others: str = "none"
    dose: str = "ignore"
    vcov: str = "CR2"
    anticipation: int = 0
    selection: str = "none"

    def seed(self, panel: int) -> list[int]:
        """Its own for every panel of every cell, whichever cells are run."""
        return [SEED, crc32(repr(self).encode()), panel]

    @property
    def default(self) -> bool:
        """Whether only the design differs from what a protocol has by default."""
        plain = Cell(**{name: getattr(self, name) for name in DESIGNS})
        return replace(self, cluster="home") == plain


def covering(factors: Mapping[str, Sequence], allowed) -> Iterator[dict]:
    """Yield rows such that every allowed pair of values of two factors stands in one; greedily, without chance."""
    names = list(factors)
    todo = {(a, x, b, y) for a, b in combinations(names, 2) for x in factors[a] for y in factors[b]}
    todo = {pair for pair in todo if allowed({pair[0]: pair[1], pair[2]: pair[3]})}
    while todo:
        first = min(todo, key=lambda pair: [str(part) for part in pair])
        row = {first[0]: first[1], first[2]: first[3]}
        for name in names:
            if name not in row:
                fits = [v for v in factors[name] if allowed(row | {name: v})]
                row[name] = max(fits, key=lambda v: len(_pairs(row | {name: v}, names) & todo))
        todo -= _pairs(row, names) | {first}
        yield row


def _pairs(row, names):
    known = [name for name in names if name in row]
    return {(a, row[a], b, row[b]) for a, b in combinations(known, 2)}


def _allowed_design(row: Mapping) -> bool:
    """Areas as a whole only where a panel stays small, and a wedge has nobody never treated."""
    sides = row.get("sides", "10+10")
    if row.get("unit") == "area" and sides in ("39+1", "38+2", "40+40", "20+20"):
        return False
    return not (row.get("starts") == "wedge" and sides in ("1+1", "5+1", "39+1"))


def _allowed_options(row: Mapping) -> bool:
    """Leave out what the model refuses in words, and what the wedge has nobody for."""
    if row.get("effects") == "cohort" and (row.get("average") == "home" or row.get("dose") == "log-linear"):
        return False
    return not (row.get("comparison") == "never_treated" and row.get("design") == "12+0 wedge")


def cells() -> list[Cell]:
    """Designs with the default, then options."""
    plain = [Cell(**row, cluster=row["unit"]) for row in covering(DESIGNS, _allowed_design)]
    plain += [Cell(sides="4+1", unit="area", cluster="area"), Cell(sides="15+5", rate=0.3), Cell(sides="27+3")]
    asked = []
    for row in covering(OPTIONS, _allowed_options):
        sides, starts = row.pop("design").split()
        rate, starts = (0.15, "common") if starts == "sparse" else (1.0, starts)
        asked.append(Cell(sides=sides, rate=rate, starts=starts, **row))
    return list(dict.fromkeys([*plain, *asked]))


def drawn(cell: Cell, rng: np.random.Generator) -> tuple[Panel, pd.DataFrame]:
    """One panel in which nothing is done, and who is said to have had what from when."""
    k, m = (int(part) for part in cell.sides.split("+"))
    if cell.starts == "wedge":
        k, m = k + m, 0
    each = HOMES_OF_AREA if cell.unit == "area" else 1
    own = np.repeat(np.arange(k + m), each)
    n, T = len(own), cell.months
    level = cell.rate * rng.gamma(HOMES_VARY**-2, HOMES_VARY**2, n)
    logs = _shocks(rng, (n, T), SHOCK) + (_shocks(rng, (k + m, T), AREA_SHOCK)[own] if each > 1 else 0)
    first = {"common": np.full(k, T // 2), "staggered": rng.integers(T // 3, 2 * T // 3, k),
             "wedge": rng.permutation(np.linspace(T // 4, T - 3, k).astype(int))}[cell.starts]  # fmt: skip
    start = np.append(first, np.full(m, T))[own]
    effect = np.exp(DIFFER * rng.standard_normal(n) - DIFFER**2 / 2) if cell.differ else np.ones(n)
    beds = np.maximum(6, np.round(36 * np.exp(0.4 * rng.standard_normal(n))))
    exposure = np.full((n, T), 30.0) * beds[:, None]
    mean = level[:, None] * beds[:, None] / beds.mean() * np.exp(logs)
    counts = rng.poisson(np.where(np.arange(T) >= start[:, None], mean * effect[:, None], mean))
    panel = Panel(units=_units(rng, own, each, beds), months=np.datetime64("2018-01", "M") + np.arange(T),
                  counts=counts, exposure=exposure, outcome="admissions", exposure_unit="bed-days")  # fmt: skip
    return panel, _spells(cell, rng, panel, start)


def _shocks(rng, shape, sd):
    """AR(1) in logs with mean ratio 1, units × months."""
    now, found = sd * rng.standard_normal(shape[0]), []
    for _ in range(shape[1]):
        found.append(now)
        now = CORRELATION * now + sd * np.sqrt(1 - CORRELATION**2) * rng.standard_normal(shape[0])
    return np.array(found).T - sd**2 / 2


def _units(rng, own, each, beds):
    n = len(own)
    area = own if each > 1 else np.arange(n) % max(2, n // 3)
    return pd.DataFrame(
        {
            "home_type": np.where(rng.random(n) < 0.4, "nursing", "residential"),
            "beds": beds.astype(int),
            "area": [f"area {number}" for number in area],
            "provider": [f"provider {number // 2}" for number in rng.permutation(n)],
            "region": "one",
        },
        index=pd.Index([f"H{number:03d}" for number in range(n)], name="unit"),
    )


def _spells(cell, rng, panel, start):
    """Lay out the intervention, and another one that half of all homes have from some month on."""
    months, T = pd.Series(panel.months.astype("datetime64[s]")), len(panel.months)
    had = np.flatnonzero(start < T)
    window = (months[T // 4], months[T // 4 + 2]) if cell.selection != "none" else (pd.NaT, pd.NaT)
    own = pd.DataFrame({"unit": panel.units.index[had], "intervention": "it", "started": months[start[had]].to_numpy(),
                        "ended": pd.NaT, "dose": rng.integers(1, 5, len(had)).astype(float), "chosen_by": None,
                        "chosen_from": window[0], "chosen_to": window[1]})  # fmt: skip
    if cell.others == "none":
        return own
    some = rng.permutation(len(start))[: len(start) // 2]
    other = own.iloc[:0].reindex(range(len(some)))
    other = other.assign(unit=panel.units.index[some], intervention="other",
                         started=months[rng.integers(T // 2, T, len(some))].to_numpy())  # fmt: skip
    return pd.concat([own, other.astype(own.dtypes.to_dict())], ignore_index=True)


def answer(cell: Cell, number: int) -> dict:
    """Ask the model about one panel: log ratio, p, whether an interval is shown, whether the headline warns."""
    panel, spells = drawn(cell, np.random.default_rng(cell.seed(number)))
    plan = Plan(intervention="it", comparison=cell.comparison, anticipation=cell.anticipation,
                selection="leave out" if cell.selection == "none" else cell.selection,
                others="leave out" if cell.others == "none" else cell.others)  # fmt: skip
    by = (cell.month_effects_by,) if cell.month_effects_by else ()
    model = StaggeredRates(effects=cell.effects, average=cell.average, vcov=cell.vcov, dose=cell.dose,
                           cluster=cell.cluster, month_effects_by=by, seed=SEED)  # fmt: skip
    try:
        design = design_from(panel, spells, plan)
        said = overall(panel, design, model, permutations=0)
        if not np.isfinite(said.p_value):
            said = overall(panel, design, model, permutations=PERMUTATIONS)
    except AnalysisError:
        return {"refused": True}
    told = bool(np.isfinite(said.high - said.low))
    return {"log": said.log_ratio, "p": said.p_value, "interval": told, "refused": False, "warned": bool(said.caveats)}


COLUMNS = ("log", "p", "interval", "refused", "warned")


def summary(cell: Cell, rows: list[dict]) -> dict:
    """One line: of all answers, and of those without a warning, how often p is at most 0.05 and the mean log."""
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    said = found[found["refused"] == False]  # noqa: E712 - a column, not a truth
    plain = said[said["warned"] == False]  # noqa: E712
    logs = said["log"].astype(float).replace([np.inf, -np.inf], np.nan).dropna()
    p, of = plain["p"].astype(float).dropna(), said["p"].astype(float).dropna()
    return asdict(cell) | {
        "panels": len(found),
        "refused": len(found) - len(said),
        "warned": int(said["warned"].astype(bool).sum()),
        "with_interval": int(said["interval"].astype(bool).sum()),
        "with_p": len(p),
        "rejects_pct": 100 * (p <= 0.05).mean() if len(p) else np.nan,
        "rejects_all_pct": 100 * (of <= 0.05).mean() if len(of) else np.nan,
        "bias": logs.mean(),
        "bias_se": logs.std() / np.sqrt(max(len(logs), 1)),
        "bias_unwarned": plain["log"].astype(float).replace([np.inf, -np.inf], np.nan).mean(),
    }


NAMES = tuple(field.name for field in fields(Cell))


def faults(table: pd.DataFrame) -> pd.DataFrame:
    """Cells that break a promise by more than two standard errors."""
    bar = np.where(table["differ"], 7.5, 7.0)
    slack = 200 * np.sqrt(0.07 * 0.93 / table["with_p"].clip(lower=1))
    size = table["rejects_pct"].fillna(0) > bar + slack
    leans = (table["bias"].abs() > 0.02 + 2 * table["bias_se"]) & (2 * table["warned"] <= table["panels"])
    return table[size | leans]


SHOWN = 10


def worst(table: pd.DataFrame) -> str:
    """Describe the grid and its worst cells, those of which the headline does not warn, in Markdown."""
    asked = {field.name: field.default for field in fields(Cell)}
    ranked = table.assign(excess=table["rejects_pct"] - np.where(table["differ"], 7.5, 7.0))
    ranked = ranked[ranked["with_p"] > 0].sort_values("excess", ascending=False).head(SHOWN)
    lines = [
        f"| {', '.join(f'{name} {line[name]}' for name in NAMES if name == 'sides' or line[name] != asked[name])} "
        f"| {line['panels']} | {line['warned']} | {line['with_p']} | {line['rejects_pct']:.1f} | {line['bias']:.3f} "
        f"| {line['bias_se']:.3f} |"
        for line in ranked.to_dict("records")
    ]
    head = (
        f"The grid over what a protocol can reach: {int(table['panels'].sum()):,} null panels in {len(table)} of "
        f"{len(cells())} cells (`grid`); {len(faults(table))} break a promise by more than chance allows. The worst "
        f"{len(lines)} by rejections, among answers without a warning in the headline:"
    )
    names = ("cell", "panels", "warned", "with p, unwarned", "rejects %", "bias", "its error")
    return "\n".join([head, "", f"| {' | '.join(names)} |", "|" + " --- |" * len(names), *lines, ""])


def already(path: Path) -> dict[Cell, dict]:
    """Read lines of earlier runs."""
    if not path.exists():
        return {}
    lines = pd.read_csv(path, keep_default_na=False, na_values=["nan"]).to_dict("records")
    return {Cell(**{name: line[name] for name in NAMES}): line for line in lines}


def main() -> None:
    """Run what is missing, one process, and write the table after each cell."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sims", type=int, default=1000)
    options.add_argument("--option-sims", type=int, default=200)
    options.add_argument("--minutes", type=float, default=1e9)
    options.add_argument("--out", type=Path, default=OUT)
    chosen, began = options.parse_args(), time.perf_counter()
    done = already(chosen.out)
    every = cells()
    for cell in sorted(every, key=lambda cell: every.index(cell) % 27):  # some of every sort, wherever it is stopped
        sims = chosen.sims if cell.default else chosen.option_sims
        if cell in done and done[cell]["panels"] >= sims:
            continue
        if time.perf_counter() - began > 60 * chosen.minutes:
            break
        done[cell] = summary(cell, [answer(cell, number) for number in range(sims)])
        pd.DataFrame(done.values()).to_csv(chosen.out, index=False, float_format="%.6g", na_rep="nan")
        print(f"{time.perf_counter() - began:6.0f} s", done[cell], flush=True)


if __name__ == "__main__":
    main()
