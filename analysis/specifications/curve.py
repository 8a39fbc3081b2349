"""What does every defensible analysis say, in one frame?

Each choice of homes, months and model is fitted once by the engine of the answer (`together`); its intervals by several
errors come from the same fit.
"""

from dataclasses import dataclass, replace

import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.design import Design
from analysis.inference.spread import spread
from analysis.panel import Panel
from analysis.specifications.choices import specifications
from analysis.specifications.together import answers, together

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
    rows = [
        row for some in spread(answers, ((plain, panel, design, group) for group in together(asked))) for row in some
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("estimate", kind="stable").reset_index(drop=True)
    return Curve(table=table, refused=len(asked) - len(table))
