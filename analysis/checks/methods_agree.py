"""Do methods that suppose different things point the same way?

If the answer hangs on the method, it is not an answer yet. Of an area, every method's rate ratio of the first year is
looked at; of ratings, every method's own term, whichever way it counts, where it has an interval: without one an
estimate says nothing of chance.
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
    """Say on which side of no difference every method stands."""
    table = _table(fitted.answers)
    sides = np.sign([row["estimate"] - NO_DIFFERENCE.get(row["term"], 1.0) for row in table.to_dict("records")])
    sides = sides[np.isfinite(sides)]
    passed = None if len(sides) < 2 else bool((sides > 0).all() or (sides < 0).all())
    return Check(name=NAME, passed=passed, table=table, reading=_reading(sides, fitted.unanswered, passed))


def _table(answers: Mapping[str, Effects]) -> pd.DataFrame:
    """One row per method: of an area its first year, else what its answer leads with; `COLUMNS`."""
    if all("year" in answer.tables for answer in answers.values()):
        years = by_year(answers)
        first = years.loc[years["year"] == 1]
        return first.assign(term="rate_ratio")[list(COLUMNS)].reset_index(drop=True)
    rows = [{"method": name, **answer.tidy().iloc[0].to_dict()} for name, answer in answers.items()]
    table = pd.DataFrame(rows)[list(COLUMNS)]
    return table.assign(estimate=table["estimate"].where(np.isfinite(table["conf_low"].astype(float))))


def _reading(sides: np.ndarray, unanswered, passed: bool | None) -> str:
    silent = f" {len(unanswered)} could not answer." if unanswered else ""
    if passed is None:
        return (
            f"{len(sides) or 'None'} of the methods has an answer with an interval, so nothing shows whether it hangs "
            f"on the method.{silent}"
        )
    above, below = int((sides > 0).sum()), int((sides < 0).sum())
    if passed:
        way = "above" if above else "below"
        every = "Both" if len(sides) == 2 else f"All {len(sides)}"
        return f"{every} methods that answer stand {way} no difference.{silent}"
    return (
        f"{above} of {len(sides)} methods stand above no difference and {below} below or at it: an answer that hangs "
        f"on the method is not an answer yet.{silent}"
    )
