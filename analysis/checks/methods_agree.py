"""Do methods that suppose different things point the same way?

If the answer hangs on the method, it is not an answer yet. Of an area, every method's rate ratio of the first year is
looked at; of ratings, every method's own term, whichever way it counts, where it has an interval: without one an
estimate says nothing of chance. Of ratings a concern is a method that tells a difference by its own interval where
another stands on the other side of none by more than its error; one that stands nearer contradicts nobody (of six times
the odds the model of moves said 0.5, with an interval from 0.02 to 17); where no method tells a difference, chance puts
some on either side, and the reader judges. Of an area, whose methods err together, it is methods on either side.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.areas.persistence import by_year
from analysis.outcomes import AreaMeasure, Ratings
from analysis.results import PROBABILITY_DIFFERENCE, Check, Effects, Fitted

NAME = "Do the methods agree?"
OUTCOMES = (Ratings, AreaMeasure)
COLUMNS = ("method", "term", "estimate", "conf_low", "conf_high")
NO_DIFFERENCE = {PROBABILITY_DIFFERENCE: 0.0}
"""What no difference is, for terms of which it is not 1."""


def methods_agree(fitted: Fitted) -> Check:
    """Say on which side of no difference every method stands, and whether one that tells a difference is opposed."""
    table = _table(fitted.answers)
    none = np.array([NO_DIFFERENCE.get(term, 1.0) for term in table["term"]])
    estimate, low, high = (table[name].to_numpy(float) for name in ("estimate", "conf_low", "conf_high"))
    known = np.isfinite(estimate)
    sides = np.sign(estimate - none)[known]
    tells = (np.where(low > none, 1, 0) - np.where(high < none, 1, 0))[known]
    if _of_an_area(fitted.answers):
        passed = _passed(sides, sides, sides)
    else:
        passed = _passed(sides, tells, _stands(estimate, low, high, none)[known])
    above, below = int((sides > 0).sum()), int((sides <= 0).sum())
    return Check(
        name=NAME,
        passed=passed,
        table=table,
        reading=_reading(sides, tells, fitted.unanswered, passed),
        number=f"{above} above no difference, {below} not" if len(sides) else "",
    )


def _of_an_area(answers: Mapping[str, Effects]) -> bool:
    """Whether answers are told by year."""
    return bool(answers) and all("year" in answer.tables for answer in answers.values())


def _stands(estimate: np.ndarray, low: np.ndarray, high: np.ndarray, none: np.ndarray) -> np.ndarray:
    """Give the side on which each method stands by more than its error; 0 where it stands nearer to no difference."""
    ratio = none == 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        far, width = (
            np.where(ratio, np.log(a / b), a - b) for a, b in ((estimate, np.where(ratio, 1, none)), (high, low))
        )
    return np.where(np.abs(far) < width / ERRORS, 0, np.sign(far))


ERRORS = 4
"""Errors that a 95% interval is wide, nearly."""


def _passed(sides: np.ndarray, tells: np.ndarray, stands: np.ndarray) -> bool | None:
    """Whether all that stand anywhere stand on one side; a concern if one that tells a difference is opposed."""
    if len(sides) < 2:
        return None
    if (sides > 0).all() or (sides < 0).all():
        return True
    if not tells.any():
        return None
    opposed = any((stands == -way).any() for way in set(tells[tells != 0].tolist()))
    return not opposed


def _table(answers: Mapping[str, Effects]) -> pd.DataFrame:
    """One row per method: of an area its first year, else what its answer leads with; `COLUMNS`."""
    if _of_an_area(answers):
        years = by_year(answers)
        first = years.loc[years["year"] == 1]
        return first.assign(term="rate_ratio")[list(COLUMNS)].reset_index(drop=True)
    rows = [{"method": name, **answer.tidy().iloc[0].to_dict()} for name, answer in answers.items()]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.assign(estimate=table["estimate"].where(np.isfinite(table["conf_low"].astype(float))))


def _reading(sides: np.ndarray, tells: np.ndarray, unanswered, passed: bool | None) -> str:
    silent = f" {len(unanswered)} could not answer." if unanswered else ""
    if len(sides) < 2:
        return (
            f"{len(sides) or 'None'} of the methods has an answer with an interval, so nothing shows whether it hangs "
            f"on the method.{silent}"
        )
    above, below = int((sides > 0).sum()), int((sides <= 0).sum())
    if passed and not (above and below):
        way = "above" if above else "below"
        every = "Both" if len(sides) == 2 else f"All {len(sides)}"
        return f"{every} methods that answer stand {way} no difference.{silent}"
    told = f"{above} of {len(sides)} methods stand above no difference and {below} below or at it"
    if passed:
        return (
            f"{told}, but those on the other side of a method that tells a difference from chance stand there by less "
            f"than their own error.{silent}"
        )
    if passed is None:
        return f"{told}, and none tells a difference from chance by its own interval: so chance puts them.{silent}"
    number = int((tells != 0).sum())
    of_them = f", and {number} of them tell a difference from chance by their own interval" if number else ""
    return f"{told}{of_them}: an answer that hangs on the method is not an answer yet.{silent}"
