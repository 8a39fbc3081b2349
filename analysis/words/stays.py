"""Did residents come to hospital at other hours, stay shorter, or wait less? Said so that it can be repeated."""

from analysis.outcomes import StayMeasure
from analysis.results import NOT_SHOWN, RATE_RATIO, Effects, interval, with_level
from analysis.words.phrases import called, row

ASKED: dict[StayMeasure, str] = {
    "out_of_hours": "admissions out of hours",
    "hospital_bed_days": "days in hospital",
    "length_of_stay": "length of emergency stays",
    "delayed_days": "days waited to leave hospital",
}
"""What is asked about, in a few letters; they stand in addresses, and so never change."""
RATIO_OF: dict[StayMeasure, str] = {
    "out_of_hours": "The share of emergency admissions that came out of hours",
    "hospital_bed_days": "The number of days in hospital per bed-day of the home",
    "length_of_stay": "The mean length of an emergency stay",
    "delayed_days": "The number of delayed days, of those discharged to the home, per bed-day of it",
}
"""What the ratio is of, as a sentence begins."""
LOWER: dict[StayMeasure, str] = {
    "out_of_hours": "fewer of them came out of hours than were to be expected",
    "hospital_bed_days": "residents lay in hospital less than was to be expected",
    "length_of_stay": "stays were shorter than was to be expected",
    "delayed_days": "residents waited less than was to be expected",
}
HIGHER: dict[StayMeasure, str] = {
    "out_of_hours": "more of them came out of hours than were to be expected",
    "hospital_bed_days": "residents lay in hospital more than was to be expected",
    "length_of_stay": "stays were longer than was to be expected",
    "delayed_days": "residents waited longer than was to be expected",
}
CANNOT_TELL: dict[StayMeasure, tuple[str, ...]] = {
    "out_of_hours": (
        "A share may fall because fewer are admitted at night or because more are by day. Read it beside the number of "
        "admissions.",
        "Bank holidays are taken as working days, and the hour is that of the admission, not of the call.",
    ),
    "hospital_bed_days": (
        "Days in hospital may fall because fewer are admitted, because stays are shorter, or because more die there.",
        "Stays that had not ended when the file was made take no part; they are the longest of the last months.",
    ),
    "length_of_stay": (
        "Where short stays are prevented, those that remain are longer on average, though nothing got worse. Read it "
        "beside the number of admissions and the days in hospital.",
        "Stays that had not ended when the file was made take no part; they are the longest of the last months.",
    ),
    "delayed_days": (
        "Hospitals decide who is ready, and when; a day of readiness that is set later looks like a shorter delay.",
        "A delay may be owed to the hospital, to transport or to a council's decision as well as to the home.",
        "Where a file does not say to which home people were discharged, it is taken to be the one they came from.",
    ),
}
COUNTED = (
    "People are counted home by home in bands of 5, days in wider ones. No number here is about one person or one home."
)


def headline(effects: Effects, measure: StayMeasure, intervention: str) -> str:
    """Give the answer.

    Parameters
    ----------
    effects : Effects
        Of `StayRatios`, as it may be handed on.
    measure : StayMeasure
    intervention : str
        Its name, as in the interventions file.
    """
    if why := effects.summary.get(NOT_SHOWN):
        return f"{why}"
    found = row(effects.tidy(), RATE_RATIO)
    told = interval(found["estimate"], found["conf_low"], found["conf_high"])
    said = with_level(told, float(effects.summary["conf_level"]))  # type: ignore[arg-type]
    first = f"{RATIO_OF[measure]} was {said} times what was to be expected without the {called(intervention)}"
    if not found["conf_low"] <= found["conf_high"]:
        return f"{first}; how far chance may have moved it, so few homes cannot say."
    if found["conf_low"] <= 1 <= found["conf_high"]:
        return f"{first}; that leaves open whether anything changed."
    side = LOWER if found["conf_high"] < 1 else HIGHER
    return f"{first}: {side[measure]}."
