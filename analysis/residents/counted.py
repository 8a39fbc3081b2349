"""What is counted of residents, and how can their waiting end? Names, and how they are said."""

from collections.abc import Mapping

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
