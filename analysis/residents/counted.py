"""What is counted of residents, and how can their waiting end? Names, words, and shares as they are told."""

from collections.abc import Mapping

import numpy as np

from analysis.disclosure import nearest, small

EMERGENCIES, A_AND_E_ALL, PLANNED_ALL = "emergency_admissions", "a_and_e_attendances", "planned_admissions"
BED_DAYS, DEATHS = "hospital_bed_days", "deaths"
COUNTED: Mapping[str, str] = {
    EMERGENCIES: "emergency admissions", A_AND_E_ALL: "A&E attendances", BED_DAYS: "hospital bed-days",
    PLANNED_ALL: "planned admissions", DEATHS: "deaths",
}  # fmt: skip
"""In the order in which they are told."""

ADMITTED, DIED_FIRST, DIED = "first_admission", "died_before_admission", "died"
ENDS: Mapping[str, str] = {
    ADMITTED: "Gone to hospital in an emergency", DIED_FIRST: "Died without having done so",
    DIED: "Died, whatever went before",
}  # fmt: skip


def share_told(share: float, residents: float) -> float:
    """Give a share as it may be told: so many of `HES.base` people among as many; NaN where it is of 1 to 7."""
    whole = nearest(residents)
    if not np.isfinite(share) or whole == 0 or small(share * residents):
        return np.nan
    return min(nearest(share * residents) / whole, 1.0)
