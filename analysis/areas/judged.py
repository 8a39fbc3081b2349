"""What do all methods' answers about one area come to? Whether chance gives as much, how large, and did it last.

Everything here is worked out from what `analysis.evaluation` found: every method's years side by side, the one rule
that may announce a change (`verdict`), the course of what was seen, the year before the start, and the same question
asked a year early.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.areas.in_time import placebo_in_time
from analysis.areas.observed import Areas
from analysis.areas.persistence import Persistence, by_year, persistence
from analysis.areas.question import Chosen
from analysis.areas.synthetic import SYNTHETIC, SyntheticControl
from analysis.areas.verdict import AreaVerdict, verdict
from analysis.areas.year_before import YearBefore, examine, years_from
from analysis.errors import AnalysisError
from analysis.results import Fitted

IN_TIME = ("method", "start", "estimate", "conf_low", "conf_high", "p_value")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """What the answers about one area come to.

    Parameters
    ----------
    name : str
        What the area is called.
    years : DataFrame
        Every method's estimate by year: `persistence.by_year`.
    verdict : AreaVerdict or None
        What may be announced; None where nothing can be compared.
    persistence : Persistence or None
        What was seen in the first year, and what was left of it later, whether chance gives as much or not.
    baseline : YearBefore or None
        None where no whole year lies on either side of the start.
    in_time : DataFrame
        `IN_TIME`: as if the start had been a year earlier.
    """

    name: str
    years: pd.DataFrame
    verdict: AreaVerdict | None
    persistence: Persistence | None
    baseline: YearBefore | None
    in_time: pd.DataFrame


def judged(fitted: Fitted[Areas, Chosen]) -> Judged:
    """Say what the answers come to."""
    years = by_year(fitted.answers)
    return Judged(
        name=name_of(fitted),
        years=years,
        verdict=verdict(fitted.observed.panel, fitted.design.question, fitted.observed.returns),
        persistence=persistence(years),
        baseline=_year_before(fitted),
        in_time=_in_time(fitted),
    )


def name_of(fitted: Fitted[Areas, Chosen]) -> str:
    """Say what the area is called."""
    return str(fitted.observed.panel.units.loc[fitted.design.question.area, "name"])


def _year_before(fitted: Fitted[Areas, Chosen]) -> YearBefore | None:
    """Examine the baseline; None where no whole year lies on either side of the start."""
    observed, question = fitted.observed, fitted.design.question
    try:
        years = years_from(observed.panel, question.start, observed.returns, observed.national)
        return examine(years, question.area, question.claimed)
    except AnalysisError:
        return None


def _in_time(fitted: Fitted[Areas, Chosen]) -> pd.DataFrame:
    """Ask again as if the start had been a year earlier: only the synthetic control, whose fit it tests."""
    if SYNTHETIC not in fitted.answers:
        return pd.DataFrame(columns=list(IN_TIME))
    found = placebo_in_time(SyntheticControl(), fitted.observed.panel, fitted.design.design)
    found.insert(0, "method", SYNTHETIC)
    return found
