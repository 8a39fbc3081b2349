"""Did something change that the intervention could not have changed?

What makes homes differ from those they are compared with (who lives there, how months are recorded, which hospital is
near) moves other counts too. Planned admissions, such as cataract operations, are not what these interventions are for:
asked of them, the same model ought to find nothing. If it finds something, that much of the answer may be of the same
kind. With `SEVERAL` such counts or more, how far they scatter about no effect is taken from the answer (empirical
calibration); with fewer the one known best is, which is a guess that the same error is in both.

Source: Lipsitch, Tchetgen Tchetgen and Cohen (2010), Epidemiology 21(3); Schuemie et al. (2014), Statistics in Medicine
33(2), for the calibration (`inference.empirical_null`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.checks.bare import NOT_TOLD, Ratio, ask_again, ratio, rounded_ratio_of
from analysis.design import Design
from analysis.errors import AnalysisError
from analysis.inference.empirical_null import empirical_null
from analysis.outcomes import Rate
from analysis.panel import Panel
from analysis.results import NOT_SHOWN, Check, Fitted, Model, interval

NAME = "Did something change that it could not have changed?"
OUTCOMES = (Rate,)
SEVERAL = 3
"""Counts that must be known before how they scatter says anything."""
Z = float(ndtri(0.975))

COLUMNS = ("what", "estimate", "conf_low", "conf_high")
GIVEN, LEFT = "the answer", "what is left of the answer"
NOTHING = (
    "No second count is loaded that the intervention could not have changed, such as planned admissions, so this was "
    "not examined. Single admissions of every kind with their method of admission (11 to 13 are planned), in one file, "
    "would let it be."
)
FEW = (
    "Files hold {}, which the intervention could not have changed, but so few of a home that counts as they are shown, "
    "in bands of five, carry no answer about them. So this was not examined."
)


def negative_control(fitted: Fitted[Panel, Design]) -> Check:
    """Ask of every other count what was asked of admissions."""
    panel, design = fitted.observed, fitted.design
    if why := fitted.effects.summary.get(NOT_SHOWN):
        return Check.cannot_say(NAME, COLUMNS, str(why))
    if not panel.also:
        return Check.cannot_say(NAME, COLUMNS, NOTHING)
    found = {name: _asked(fitted.model, other, design) for name, other in panel.also.items()}
    known = {name: each for name, each in found.items() if np.isfinite(each[:3]).all() and min(each[:3]) > 0}
    if not known:
        return Check.cannot_say(NAME, COLUMNS, FEW.format(" and ".join(found)))
    answer = ratio(fitted.effects)
    left = left_of(answer, list(known.values()))
    rows = [(GIVEN, *answer[:3]), *((name, *each[:3]) for name, each in found.items()), (LEFT, *left)]
    passed = _passed(answer, list(known.values()))
    name, best = min(known.items(), key=lambda item: item[1][2] / item[1][1])
    return Check(
        name=NAME, passed=passed, table=pd.DataFrame(rows, columns=list(COLUMNS)), number=f"{best[0]:.2f} of {name}",
        reading=_reading(known, left, passed),
    )  # fmt: skip


def _asked(model: Model[Panel, Design], other: Panel, design: Design) -> Ratio:
    try:
        return ask_again(model, other, design)
    except AnalysisError:
        return NOT_TOLD


@dataclass(frozen=True, slots=True)
class _Log:
    """Log of a ratio, and its standard error."""

    estimate: float
    error: float


def _log(found: Ratio) -> _Log:
    return _Log(float(np.log(found[0])), float(np.log(found[2] / found[1]) / (2 * Z)))


def left_of(answer: Ratio, controls: list[Ratio]) -> tuple[float, ...]:
    """Give the ratio, with its interval, that is left when what other counts show is taken from the answer."""
    if not np.isfinite(answer[:3]).all():
        return (np.nan,) * 3
    own, others = _log(answer), [_log(each) for each in controls]
    best = min(others, key=lambda log: log.error)
    mean, spread = best.estimate, best.error
    if len(others) >= SEVERAL:
        mean, spread = empirical_null(np.array([o.estimate for o in others]), np.array([o.error for o in others]))
    half = Z * float(np.hypot(own.error, spread))
    return tuple(
        rounded_ratio_of([own.estimate - mean, own.estimate - mean - half, own.estimate - mean + half]).tolist()
    )


def _passed(answer: Ratio, controls: list[Ratio]) -> bool | None:
    """Whether none moved; nothing where as much as the answer would have gone unseen in all of them."""
    moved = [each[3] * len(controls) < ALPHA for each in controls]  # the smallest of several is held to as many
    if any(moved):
        return False
    seen = [each[2] / each[1] for each in controls]
    return True if min(seen) < max(answer[0], 1 / answer[0]) ** 2 else None


ALPHA = 0.05


def _reading(known: dict[str, Ratio], left: tuple[float, ...], passed: bool | None) -> str:
    told = "; ".join(f"of {name} {interval(*each[:3])}" for name, each in known.items())
    said = f"Asked of what it could not have changed, the rate ratio is: {told}."
    if passed:
        return f"{said} Nothing moved there, as it should be; a change as large as the answer would have been seen."
    if passed is None:
        return f"{said} Nothing is seen to have moved there, but a change as large as the answer would go unseen."
    how = (
        f"By how the {len(known)} of them scatter"
        if len(known) >= SEVERAL
        else "If the same error is in both, which one such count cannot prove,"
    )
    return (
        f"{said} Something changed there that the intervention could not have changed, so part of the answer may be of "
        f"the same kind. {how} {interval(left[0], left[1], left[2])} is left of it."
    )
