"""One area's question carried out on a table of outcomes, and judged: what tests look at."""

from dataclasses import dataclass, replace

import pandas as pd

from analysis.areas.judged import Judged
from analysis.areas.observed import areas_of
from analysis.design import Plan
from analysis.evaluation import Evaluation, Material, carry_out
from analysis.outcomes import AreaMeasure
from analysis.protocol import Protocol


@dataclass(frozen=True)
class Asked:
    """An evaluation and what it comes to."""

    evaluation: Evaluation
    judged: Judged

    def __getattr__(self, name: str):
        return getattr(self.judged if hasattr(self.judged, name) else self.evaluation, name)


def material(outcomes: pd.DataFrame, measure: str) -> Material:
    """Give what a protocol about a measure is carried out on, without a store."""
    observed = areas_of(outcomes, measure)
    return Material(observed=observed, shown=observed, spells=pd.DataFrame(), digest="", files=[])


def evaluate_area(outcomes: pd.DataFrame, measure: str, asked: AreaMeasure, claimed: float | None = None) -> Asked:
    """Ask every method about one area."""
    outcome = replace(asked, measure=measure, claimed=claimed)
    protocol = Protocol(plan=Plan(intervention="programme"), outcome=outcome)
    found = carry_out(protocol, material(outcomes, measure))
    return Asked(evaluation=found, judged=found.fitted.judged)
