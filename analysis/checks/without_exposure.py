"""What would have been answered had nobody counted bed-days?

Many evaluations compare admissions, not admissions per bed-day. If a home empties while it gets the intervention, fewer
people are there to be admitted, and the count falls without anybody being safer. This answer is told so that it can be
recognised when somebody else gives it; it is not to be trusted.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.admissions.answer.published import fitted as fitted_as_shown
from analysis.design import NEVER, Design
from analysis.errors import AnalysisError
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import RATE_RATIO, Check, Effects, Fitted

NAME = "What if bed-days were not counted?"
OUTCOMES = (Rate,)
COLUMNS = ("answer", "estimate", "conf_low", "conf_high")


def without_exposure(fitted: Fitted[Panel, Design]) -> Check:
    """Fit the same model to counts alone; told, never passed or failed."""
    panel, design, model, effects = fitted.observed, fitted.design, fitted.model, fitted.effects
    bare = replace(panel, exposure=(panel.exposure > 0).astype(float), exposure_unit="home-months", digest="")
    try:
        counted = fitted_as_shown(model, bare, design)
    except AnalysisError as said:
        reading = f"Counts alone give no estimate. {said}"
        return Check(name=NAME, passed=None, table=pd.DataFrame(columns=list(COLUMNS)), reading=reading)
    answers = {"per bed-day": _ratio(effects), "counts alone": _ratio(counted)}
    if not all(np.isfinite(answer[0]) for answer in answers.values()):
        return Check.cannot_say(NAME, COLUMNS, "Too few admissions stand behind a rate ratio for it to be told.")
    table = pd.DataFrame([(name, *answer) for name, answer in answers.items()], columns=list(COLUMNS))
    alone, per_day = (f"{answers[name][0]:.2f}" for name in ("counts alone", "per bed-day"))
    would = f"the same rate ratio, {alone}" if alone == per_day else f"a rate ratio of {alone} instead of {per_day}"
    reading = (
        f"Counting admissions without bed-days would give {would}; {_change(panel, design)}. The answer per bed-day is "
        "the one to use."
    )
    number = f"{answers['counts alone'][0]:.2f} by counts alone"
    return Check(name=NAME, passed=None, table=table, reading=reading, number=number)


def _ratio(effects: Effects) -> tuple[float, ...]:
    tidy = effects.tidy("overall")
    row = tidy.loc[tidy["term"] == RATE_RATIO].iloc[0]
    return tuple(float(row[name]) for name in COLUMNS[1:])


def _change(panel: Panel, design: Design) -> str:
    """Say how monthly bed-days moved after the start in homes with the intervention."""
    since = np.arange(len(panel.months)) >= design.start[:, None]
    used = design.included & (panel.exposure > 0) & (design.start != NEVER)[:, None]
    before, after = (_mean(panel.exposure, used & part) for part in (~since, since))
    if not before or not after:
        return "how bed-days moved cannot be told"
    change = after / before - 1
    if f"{abs(change):.0%}" == "0%":
        return "a home's monthly bed-days were the same after its start"
    return f"a home's monthly bed-days were {abs(change):.0%} {'lower' if change < 0 else 'higher'} after its start"


def _mean(exposure: np.ndarray, cells: np.ndarray) -> float:
    return float(exposure[cells].mean()) if cells.any() else 0.0
