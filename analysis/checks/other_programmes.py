"""Is as much found in councils and quarters in which nothing was done?

Placebo programmes (`analysis.ratings.placebos`): as many homes of the same ratings, taken by lot in every council at
the start of every quarter until the programme began. What one council's homes share in one year is found there too. A
concern is an answer that speaks where more than one in twenty of them come out as far from what was expected. Where
fewer do, but their own intervals claim an effect far more often than intervals may, the answer is rare and its interval
too narrow: then the reader is left to judge.
"""

from analysis.errors import AnalysisError
from analysis.inspections import Inspections
from analysis.outcomes import Ratings
from analysis.ratings.again import ALPHA
from analysis.ratings.on_request import placebo_programmes
from analysis.ratings.placebos import COLUMNS, Placebos
from analysis.ratings.support import Support
from analysis.results import Check, Fitted

NAME = "Is as much found where nothing was done?"
OUTCOMES = (Ratings,)
SEED = 20261127
FEWEST = 20
"""Placebo programmes without which one in twenty cannot be counted."""
TOO_OFTEN = 2 * ALPHA
"""Share of them that claim an effect: they share homes, so that up to twice the share promised is chance."""


def other_programmes(fitted: Fitted[Inspections, Support]) -> Check:
    """Say how many programmes without effect come out as far."""
    try:
        found = placebo_programmes(fitted.observed, fitted.design, SEED)
    except AnalysisError as error:
        return Check.cannot_say(NAME, COLUMNS, f"Observed over expected has no answer to set beside them: {error}")
    return beside_placebos(found)


def beside_placebos(found: Placebos) -> Check:
    """Say it of programmes that have been run."""
    of = len(found.frame)
    if of < FEWEST:
        return Check.cannot_say(
            NAME, COLUMNS,
            f"{of or 'No'} {'quarter' if of == 1 else 'quarters'} of a council had enough homes of the same ratings "
            f"without an intervention; it takes {FEWEST}. Ratings of more councils, or of earlier years, would show "
            "more.",
        )  # fmt: skip
    return Check(
        name=NAME, passed=_passed(found), table=found.frame, reading=_reading(found),
        number=f"as far in {found.as_far:,} of {of:,}",
    )  # fmt: skip


def _passed(found: Placebos) -> bool | None:
    if found.p_value >= ALPHA:
        return None
    if found.as_far > ALPHA * len(found.frame):
        return False
    return None if _too_often(found) else True


def _too_often(found: Placebos) -> bool:
    return found.more + found.fewer > TOO_OFTEN * len(found.frame)


def _reading(found: Placebos) -> str:
    of, councils = len(found.frame), found.frame["area_name"].nunique()
    where = "one council" if councils == 1 else f"{councils:,} councils"
    told = (
        f"In {of:,} quarters of {where}, as many homes of the same ratings, or at least half as many, were taken by "
        f"lot, all without an intervention: {found.as_far:,} ({found.as_far / of:.0%}) came out as far from what was "
        "expected as the programme, either way"
    )
    if found.p_value >= ALPHA:
        return f"{told}. The answer claims no effect."
    if found.as_far > ALPHA * of:
        return f"{told}. What homes of one council share in one year is enough for such an answer."
    if _too_often(found):
        claimed = found.more + found.fewer
        return (
            f"{told}; but by their own intervals {claimed:,} ({claimed / of:.0%}) would claim an effect, where "
            f"{ALPHA:.0%} may. The interval of the answer is too narrow here: read how rare it is, not its interval."
        )
    return f"{told}. Quarters share homes, so these are not so many separate trials."
