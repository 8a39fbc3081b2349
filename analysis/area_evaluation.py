"""What do all methods say of one area, and do they agree?

The verb that page and notebook share: the store's area outcomes become a panel, the question a design, every method
answers, the baseline is examined. A method that cannot answer says why and stands aside; the others go on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.admissions import StaggeredRates
from analysis.areas import AreaQuestion, Chosen, InterruptedTimeSeries, SyntheticControl, area_panel, choose
from analysis.areas.difference import DifferenceInDifferences
from analysis.areas.in_time import placebo_in_time
from analysis.areas.measures import TOTAL_DELAYS, yearly, years_of
from analysis.areas.persistence import Course, by_year, course
from analysis.areas.verdict import Verdict, verdict
from analysis.areas.year_before import YearBefore, examine, published_years, years_from
from analysis.errors import AnalysisError
from analysis.panel import Panel
from analysis.results import Effects, Model

SYNTHETIC = "Synthetic control"
METHODS: Mapping[str, Model] = {
    SYNTHETIC: SyntheticControl(),
    "Ridge-augmented synthetic control": SyntheticControl(method="ridge_augmented"),
    "Synthetic difference-in-differences": SyntheticControl(method="synthetic_did"),
    "Difference-in-differences": DifferenceInDifferences(
        engine=StaggeredRates(comparison="never_treated", leads=0, subgroups=(), permutations=999)
    ),
    "Controlled time series, Newey–West": InterruptedTimeSeries(controlled=True),
    "Controlled time series, AR(1)": InterruptedTimeSeries(controlled=True, errors="ar1"),
    "Time series alone, Newey–West": InterruptedTimeSeries(),
    "Time series alone, AR(1)": InterruptedTimeSeries(errors="ar1"),
}
"""Name on screen to specification, the weakest assumptions first."""

EXTENDING = tuple(name for name, model in METHODS.items() if isinstance(model, InterruptedTimeSeries) and model.trend)
"""Methods that suppose the area's own trend would have gone on."""

Progress = Callable[[float, str], object]
"""Told the share that is done, and what is being done now."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaEvaluation:
    """A question about one area, answered by every method.

    Parameters
    ----------
    question : AreaQuestion
    panel : Panel
    chosen : Chosen
        Who is compared with whom, and why.
    answers : mapping of str to Effects
        By name of the method.
    unanswered : mapping of str to str
        Methods that could not answer, and why.
    years : DataFrame
        Every method's estimate by year: `persistence.by_year`.
    verdict : Verdict or None
        What may be announced; None where nothing can be compared.
    course : Course or None
        What was seen in the first year, and what was left of it later, whether chance gives as much or not.
    baseline : YearBefore or None
        None where no whole year lies on either side of the start.
    in_time : DataFrame
        method, start, estimate, conf_low, conf_high, p_value: as if the start had been a year earlier.
    """

    question: AreaQuestion
    panel: Panel
    chosen: Chosen
    answers: Mapping[str, Effects]
    unanswered: Mapping[str, str]
    years: pd.DataFrame
    verdict: Verdict | None
    course: Course | None
    baseline: YearBefore | None
    in_time: pd.DataFrame

    @property
    def name(self) -> str:
        """What the area is called."""
        return str(self.panel.units.loc[self.question.area, "name"])


def evaluate_area(
    outcomes: pd.DataFrame,
    measure: str,
    question: AreaQuestion,
    *,
    claimed: float | None = None,
    progress: Progress | None = None,
) -> AreaEvaluation:
    """Ask every method about one area.

    Parameters
    ----------
    outcomes : DataFrame
        The store's table ``area_outcomes``.
    measure : str
        A monthly measure.
    question : AreaQuestion
        Which area, from when.
    claimed : float, optional
        A claimed fall such as 0.55, to be counted in other areas.
    progress : callable, optional
        Called before each method.

    Raises
    ------
    AnalysisError
        If no method can answer, in the reader's words.
    """
    panel, returns = area_panel(outcomes, measure), _returns(outcomes)
    chosen = choose(panel, question, returns)
    answers, unanswered = _answers(panel, chosen, progress or _silent)
    years = by_year(answers, EXTENDING)
    (progress or _silent)(len(METHODS) / (len(METHODS) + 2), "The same measured from fewer months before the start")
    return AreaEvaluation(
        question=question, panel=panel, chosen=chosen, answers=answers, unanswered=unanswered, years=years,
        verdict=verdict(panel, question, returns), course=course(years),
        baseline=_baseline(panel, returns, question, claimed),
        in_time=_in_time(panel, chosen, answers, progress or _silent),
    )  # fmt: skip


def _silent(share: float, what: str) -> None:
    """Tell nobody."""


def _returns(outcomes: pd.DataFrame) -> Panel | None:
    """Give the whole return of delayed transfers, where it is loaded."""
    there = ((outcomes["measure"] == TOTAL_DELAYS) & (outcomes["months"] == 1)).any()
    return area_panel(outcomes, TOTAL_DELAYS) if there else None


def _answers(panel: Panel, chosen: Chosen, progress: Progress) -> tuple[dict[str, Effects], dict[str, str]]:
    answers, unanswered = {}, {}
    for done, (name, model) in enumerate(METHODS.items()):
        progress(done / (len(METHODS) + 2), f"{name}, for this area and every comparison area")
        try:
            answers[name] = model.fit(panel, chosen.design)
        except AnalysisError as error:
            unanswered[name] = str(error)
    if not answers:
        raise AnalysisError("No method can answer.", found=" ".join(sorted(set(unanswered.values()))))
    return answers, unanswered


def _in_time(panel: Panel, chosen: Chosen, answers: Mapping[str, Effects], progress: Progress) -> pd.DataFrame:
    """Ask again as if the start had been a year earlier: only the synthetic control, whose fit it tests."""
    progress((len(METHODS) + 1) / (len(METHODS) + 2), "The same with a start a year earlier")
    if SYNTHETIC not in answers:
        return pd.DataFrame(columns=["method", "start", "estimate", "conf_low", "conf_high", "p_value"])
    found = placebo_in_time(METHODS[SYNTHETIC], panel, chosen.design)
    found.insert(0, "method", SYNTHETIC)
    return found


def _baseline(panel: Panel, returns: Panel | None, question: AreaQuestion, claimed: float | None) -> YearBefore | None:
    try:
        return examine(years_from(panel, question.start, returns), question.area, claimed)
    except AnalysisError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearlyEvaluation:
    """A yearly measure of one area: no model, but its place among the others.

    Parameters
    ----------
    name : str
        What the area is called.
    measure : str
    years : DataFrame
        period, value, numerator, denominator, definition.
    national : Series
        England's value by year.
    baseline : YearBefore
    """

    name: str
    measure: str
    years: pd.DataFrame
    national: pd.Series
    baseline: YearBefore


def evaluate_years(
    outcomes: pd.DataFrame, measure: str, area: str, start: str, *, claimed: float | None = None
) -> YearlyEvaluation:
    """Examine a yearly measure of one area.

    Parameters
    ----------
    measure : str
        A yearly measure, such as permanent admissions of ASCOF.
    area, start : str
        Its code, and the first day's month of its first year with the intervention.

    Raises
    ------
    AnalysisError
        If the area is not there, or has no value on either side of the start.
    """
    wide = yearly(outcomes, measure)
    years = published_years(wide, start)
    baseline = examine(years, area, claimed)
    national = pd.Series(years.national, pd.DatetimeIndex(wide.columns), name="England")
    return YearlyEvaluation(
        name=str(years.units.loc[area, "name"]), measure=measure, years=years_of(outcomes, measure, area),
        national=national, baseline=baseline,
    )  # fmt: skip
