"""The same question asked again for its ratio alone, on other homes or months.

As fast as can be, for a doubt asks it many times. What is asked of counts as they are shown is told as an answer is:
not where few events stand behind it, and to no more digits than are read.
"""

from dataclasses import fields, replace

import numpy as np
from numpy.typing import ArrayLike

from analysis.admissions import StaggeredRates, overall
from analysis.admissions.answer.behind import Behind
from analysis.design import NEVER, Design
from analysis.disclosure import BEHIND, Rule
from analysis.disclosure.estimates import significant
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Effects, Model

PLAIN = {"leads": 0, "also": (), "subgroups": (), "dose": "ignore", "permutations": 0}
"""Options that a doubt does without: they add to an answer and do not change its ratio or its interval."""
DIGITS = 2
"""Of what is told from counts as shown."""
LARGEST = 7.0
"""Log of a ratio of 1,100."""
Ratio = tuple[float, float, float, float]
"""Rate ratio, its limits and its p-value; missing where not told."""
NOT_TOLD: Ratio = (np.nan, np.nan, np.nan, np.nan)


def bare(model: Model[Panel, Design], **otherwise: object) -> Model[Panel, Design]:
    """Give the model without all that is not needed for the overall ratio and its interval, and some option otherwise.

    An option that the model does not have is passed over.
    """
    known = {f.name for f in fields(model)}  # type: ignore[arg-type] - every model is a frozen dataclass
    asked = (PLAIN | otherwise).items()
    return replace(model, **{name: value for name, value in asked if name in known})  # type: ignore[type-var] - as above


def ask_again(model: Model[Panel, Design], panel: Panel, design: Design) -> Ratio:
    """Ask a model again; of counts as shown, what may be told of it.

    Raises
    ------
    AnalysisError
        Where there is no estimate.
    """
    plain = bare(model)
    found = _overall(plain, panel, design) if isinstance(plain, StaggeredRates) else ratio(plain.fit(panel, design))
    if not panel.unseen.size:
        return found
    if not enough_behind(panel, design):
        return NOT_TOLD
    estimate, low, high = (round(value, DIGITS) for value in found[:3])
    return estimate, low, high, float(significant(found[3]))


def _overall(model: StaggeredRates, panel: Panel, design: Design) -> Ratio:
    found = overall(panel, design, model)
    estimate, low, high = (float(np.exp(value)) for value in (found.log_ratio, found.low, found.high))
    return estimate, low, high, found.p_value


def enough_behind(panel: Panel, design: Design, rule: Rule = BEHIND) -> bool:
    """Whether as many events stand behind it as behind an answer that is shown; of counts not shown, always."""
    if not panel.unseen.size:
        return True
    T = len(panel.months)
    start = np.where(design.start != NEVER, design.start, T)
    behind = Behind(
        units=panel.units, months=panel.months, counts=panel.counts, unseen=panel.unseen,
        used=design.included & (panel.exposure > 0), since=np.arange(T) - start[:, None], rule=rule,
    )  # fmt: skip
    return behind.group("overall", "all").told


def ratio(effects: Effects) -> Ratio:
    """Give the overall rate ratio, its limits and its p-value."""
    tidy = effects.tidy()
    row = tidy.loc[tidy["term"] == RATE_RATIO].iloc[0]
    return float(row["estimate"]), float(row["conf_low"]), float(row["conf_high"]), float(row["p_value"])


def answered(effects: Effects) -> bool:
    """Whether the interval leaves out no effect at all."""
    return leaves_out_no_effect(*ratio(effects)[1:3])


def leaves_out_no_effect(low: float, high: float) -> bool:
    """Whether an interval of a rate ratio lies wholly on one side of 1."""
    return low > 1 or high < 1


def rounded_ratio_of(log: ArrayLike) -> np.ndarray:
    """Give ratios of logs to the digits that are told; a limit beyond `LARGEST` is no news."""
    return np.exp(np.minimum(log, LARGEST)).round(DIGITS)
