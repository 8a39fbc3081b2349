"""What does every defensible analysis say, in one frame?

Each choice of homes, months and model is fitted once by the engine of the answer; its intervals by several errors come
from the same fit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.admissions import StaggeredRates, overall
from analysis.checks.bare import DIGITS, NOT_TOLD, enough_behind
from analysis.design import Design, Plan
from analysis.errors import AnalysisError
from analysis.inference.spread import spread
from analysis.matching import comparable
from analysis.panel import Panel
from analysis.specifications.choices import MODELS, Specification, specifications, within

COLUMNS = ("estimate", "conf_low", "conf_high", "comparison", "first_month_later", "last_month_earlier",
           "months_before_left_out", "matched", "model", "error")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """Every analysis that answered.

    Parameters
    ----------
    table : DataFrame
        One row each, the lowest estimate first: `COLUMNS`.
    refused : int
        Analyses that could not be made or told.
    """

    table: pd.DataFrame
    refused: int

    @property
    def median(self) -> float:
        """The middle rate ratio."""
        return float(self.table["estimate"].median())

    def speaks(self) -> tuple[int, int]:
        """How many intervals lie wholly below no effect, and how many above."""
        return int((self.table["conf_high"] < 1).sum()), int((self.table["conf_low"] > 1).sum())


def curve(panel: Panel, design: Design, model: StaggeredRates | None = None) -> Curve:
    """Fit every defensible analysis.

    Parameters
    ----------
    panel : Panel
        Of counts, or of counts as shown: estimates are then told to the digits that may be.
    design : Design
        Who had the intervention when; nothing matched yet.
    model : StaggeredRates, optional
        For its level of confidence, clusters and seed.
    """
    plain = replace(model or StaggeredRates(), leads=0, also=(), subgroups=(), dose="ignore", permutations=0,
                    average="bed_day", effects="home", month_effects_by=(), comparison=None)  # fmt: skip
    asked = list(specifications(panel, design))
    tasks = ((plain, panel, own, group) for own, group in _sharing(panel, design, asked))
    rows = [row for some in spread(_rows, tasks) for row in some]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("estimate", kind="stable").reset_index(drop=True)
    return Curve(table=table, refused=len(asked) - len(table))


def _sharing(panel: Panel, design: Design, asked: list[Specification]) -> Iterator[tuple[Design, list[Specification]]]:
    """Yield designs with the specifications that share them."""
    kinds: dict[tuple, list[Specification]] = {}
    for one in asked:
        kinds.setdefault((one.match, one.ends, one.anticipated, one.comparison), []).append(one)
    for (match, *_), group in kinds.items():
        own = within(panel, design, group[0])
        try:
            if match != "none":
                own, _ = comparable(panel, own, Plan(intervention=design.intervention, match=match))
        except AnalysisError:
            continue
        if enough_behind(panel, own):
            yield own, group


def _rows(plain: StaggeredRates, panel: Panel, own: Design, group: list[Specification]) -> list[tuple]:
    return [row for one in group if (row := _row(plain, panel, own, one)) is not None]


def _row(plain: StaggeredRates, panel: Panel, own: Design, one: Specification) -> tuple | None:
    try:
        found = overall(panel, own, replace(plain, vcov=one.vcov, **dict(MODELS)[one.model]))  # type: ignore[arg-type]
    except AnalysisError:
        return None
    told = tuple(np.exp([found.log_ratio, found.low, found.high])) if np.isfinite(found.log_ratio) else NOT_TOLD[:3]
    if not np.isfinite(told[0]):
        return None
    if panel.unseen.size:
        told = tuple(float(np.round(value, DIGITS)) for value in told)
    return (*told, one.comparison, *one.ends, one.anticipated, one.match, one.model, one.vcov)
