"""Of which residents may nothing at all be told?

Admissions of residents are part of those of their homes, of which the bands are told; and an answer over one span of
months, beside that over another, tells of the months between (`tests/disclosure/test_residents_together.py`).
"""

from analysis.disclosure import FEWEST_HOMES
from analysis.residents.cohort import ResidentCohort

KEPT_BACK = "kept_back"
"""In the summary of an answer: why nothing of it may be told; empty where it may."""
FEW_HOMES = f"residents of fewer than {FEWEST_HOMES} homes stand on one side"
SPAN = (
    "the protocol picks first or last months, and answers over one span after another would tell of single months; "
    "leave first and last out, or ask as the owner of the store (--own)"
)


def kept_back(cohort: ResidentCohort) -> str:
    """Say why nothing at all may be told of these residents; empty where it may."""
    people, asked = cohort.residents, cohort.outcome
    if asked.first or asked.last:
        return SPAN
    homes = [people["home"][people["supported"] == side].nunique() for side in (True, False)]
    return FEW_HOMES if min(homes) < FEWEST_HOMES else ""
