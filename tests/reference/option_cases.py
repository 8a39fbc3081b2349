"""Every option that changes what is estimated, on one drawn panel, with the same model written out for statsmodels."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from explicit import Rows, dummies, one_effect, saturated

from analysis.admissions import StaggeredRates
from analysis.design import FAR_AHEAD, NEVER, Design
from analysis.panel import Panel
from analysis.simulate import PanelSpec, simulate_panel

SPEC = PanelSpec(
    n_homes=20, n_months=12, starts=(5, 5, 5, 5, 8, 8, 8, 8), effect=(-0.2,), residential_rate=7.0, nursing_rate=9.0,
    exposure_fall=0.2, leave_early=0.2,
)  # fmt: skip
"""So many admissions that every treated home-month has some: where there are none see rates.R."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """A question to the engine, and the same to statsmodels: `weight` of each row in the average, all alike if None."""

    name: str
    panel: Panel
    design: Design
    options: Mapping[str, Any]
    rows: Rows
    weight: np.ndarray | None = None

    def ours(self, vcov: str = "CR2") -> dict[str, float]:
        """Log ratio, its error and degrees of freedom as the engine gives them."""
        model = StaggeredRates(leads=0, subgroups=(), permutations=0, vcov=vcov, **self.options)
        effects = model.fit(self.panel, self.design)
        by = "dose" if "dose" in self.options else "overall"
        row = effects.tidy(by).iloc[0]
        df = effects.diagnostics["dose"] if by == "dose" else effects.diagnostics["degrees_of_freedom"]
        return {
            "log_ratio": np.log(row["estimate"]), "error": row["std_error"] / row["estimate"], "df": df["df"].iloc[0],
        }  # fmt: skip

    def theirs(self) -> dict[str, float]:
        """The same by statsmodels: log_ratio, cr1, cr2, df."""
        return one_effect(self.rows) if "dose" in self.options else saturated(self.rows, self.weight)


def cases(seed: int = 4) -> Iterator[Case]:
    """Yield one case per option."""
    panel, truth = simulate_panel(SPEC, seed)
    units = panel.units.assign(provider=[f"P{k // 2}" for k in range(20)], beds=np.where(np.arange(20) % 3, 30, 8))
    panel, design = replace(panel, units=units, digest=""), truth.design()
    rows, home, _ = written_out(panel, design)
    yield Case(name="by default", panel=panel, design=design, options={}, rows=rows)
    level = dummies(design.start[home])
    yield Case(name="an effect for each start, not for each home", panel=panel, design=design,
               options={"effects": "cohort"}, rows=replace(rows, level=level))  # fmt: skip
    yield from _per_home(panel, design)
    yield from _within_kinds(panel, design)
    yield _net_of_another(panel, design)
    yield _dose(panel, design)


def written_out(panel: Panel, design: Design, kind: np.ndarray | None = None) -> tuple[Rows, np.ndarray, np.ndarray]:
    """Home and month dummies, one cell per start and month (and kind, shape (N,)); home and month of each row."""
    home, month = np.nonzero((panel.exposure > 0) & design.included)
    start, kind = design.start[home], np.zeros(len(panel.counts), int) if kind is None else kind
    on = (start != NEVER) & (month >= start)
    rows = Rows(
        y=panel.counts[home, month].astype(float),
        exposure=panel.exposure[home, month],
        cluster=home,
        level=dummies(home),
        base=dummies(month, drop=1),
        cell=np.where(on, 1 + month + 100 * (start + 1) + 10_000 * kind[home], 0),
        regressor=on.astype(float),
    )
    return rows, home, month


def _per_home(panel, design):
    rows, home, month = written_out(panel, design)
    on = rows.cell > 0
    days = pd.Series(rows.exposure * on).groupby(home).transform("sum").to_numpy()
    own = replace(rows, cell=np.where(on, 1 + 100 * (home + 1) + month, 0))  # an effect for each home and month
    weight = np.where(on, 1 / np.maximum(days, 1), 0)
    for by, cluster in (("home", home), ("provider", home // 2)):
        yield Case(name=f"every home counting alike, clustered by {by}", panel=panel, design=design, weight=weight,
                   options={"average": "home", "cluster": by}, rows=replace(own, cluster=cluster))  # fmt: skip


def _within_kinds(panel, design):
    kinds = {"home_type": panel.units["home_type"] == "nursing", "size": panel.units["beds"] > 10}
    for name, values in kinds.items():
        kind = values.to_numpy().astype(int)
        rows, home, month = written_out(panel, design, kind)
        months = [dummies(np.where(kind[home] == k, month, 0), drop=1) for k in (0, 1)]
        yield Case(name=f"months of their own by {name}", panel=panel, design=design,
                   options={"month_effects_by": (name,)}, rows=replace(rows, base=np.hstack(months)))  # fmt: skip


def with_another(design: Design) -> tuple[Design, np.ndarray]:
    """Another intervention in eight homes: before the one under study, with it, after it, and alone."""
    began = np.full(len(design.start), FAR_AHEAD)
    treated, never = (np.flatnonzero(part) for part in (design.start != NEVER, design.start == NEVER))
    began[treated[[0, 1, 4, 5]]] = [2, 7, 3, 9]
    began[never[:4]] = [4, 4, 6, 8]
    return replace(design, others={"training": began}), began


def _net_of_another(panel, design):
    design, began = with_another(design)
    rows, home, month = written_out(panel, design, np.where(began < FAR_AHEAD, began, 0))
    other = (month >= began[home]).astype(float)
    rows = replace(rows, base=np.hstack([rows.base, other[:, None]]))
    return Case(name="net of another intervention", panel=panel, design=design, options={}, rows=rows)


def _dose(panel, design):
    dose = np.full(len(design.start), np.nan)
    dose[design.start != NEVER] = [1, 2, 2, 4, 1, 3, 0.5, 5]
    rows, home, _ = written_out(panel, design)
    rows = replace(rows, regressor=rows.regressor * np.nan_to_num(dose)[home])
    return Case(name="one unit more of the dose", panel=panel, design=replace(design, dose=dose),
                options={"dose": "log-linear"}, rows=rows)  # fmt: skip
