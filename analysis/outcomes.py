"""What may an intervention have changed? Six kinds of outcome; which of them is asked about decides the question.

Admissions of homes over their bed-days (`Rate`), CQC's ratings of homes (`Ratings`), whether homes leave the register
(`Closures`), a figure of one council among others (`AreaMeasure`), how often new residents go to hospital
(`Residents`), and when residents are admitted and how long they stay (`Stays`). Each is a frozen value that a
protocol holds; what is done with it is in `analysis.questions`.
"""

from dataclasses import dataclass
from typing import Literal

Services = Literal["care homes", "any"]
"""Which rated services are looked at."""

AlsoOfRatings = Literal["placebo_programmes", "key_questions", "inspectors_told"]
"""What takes longer and is worked out beside the answers about ratings where it is asked for: programmes in which
nothing was done; the five key questions; the model of moves were inspectors told."""

TOTAL_DELAYS = "delayed days, total"
"""What a council's return is judged by: whose fault a delay was may move between columns, the return may not vanish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Admissions of homes over their bed-days, in which months.

    Parameters
    ----------
    count : str
        One of `analysis.panel.OUTCOMES`.
    exposure : str
        One of `analysis.panel.EXPOSURES`.
    occupancy : float, optional
        Share of beds taken, above 0 and at most 1: where a home-month has no bed-days, registered beds × days × this
        stand in. Without it such months take no part.
    first, last : str, optional
        First and last month, such as "2019-01".
    """

    count: str = "emergency_admissions"
    exposure: str = "bed_days"
    occupancy: float | None = None
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """CQC's ratings of homes.

    Parameters
    ----------
    key_question : str
        "Overall" or one of the five.
    services : Services
    first, last : str, optional
        First and last month of the ratings that take part, by visit where known.
    also : tuple of AlsoOfRatings, optional
        What is worked out beside the answers.
    """

    key_question: str = "Overall"
    services: Services = "care homes"
    first: str | None = None
    last: str | None = None
    also: tuple[AlsoOfRatings, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closures:
    """Homes that leave CQC's register, those that are only registered again told apart.

    Parameters
    ----------
    services : Services
    first, last : str, optional
        First and last month in which homes are followed, such as "2019-01".
    """

    services: Services = "care homes"
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaMeasure:
    """A monthly figure of one area among others.

    Parameters
    ----------
    area : str
        Its code.
    start : str
        First month with the intervention, such as "2017-04".
    measure : str
        A monthly measure of the table of area outcomes.
    claimed : float, optional
        A claimed fall such as 0.55, to be counted in other areas.
    first, last : str, optional
        First and last month to use.
    phase_in : int
        Months from the start in which the intervention was still being set up; left out.
    wash_out : int
        Months before the start in which it may already have acted; left out.
    leave_out : tuple of str
        Codes of areas that may not serve as comparison: neighbours, areas with programmes of their own.
    """

    area: str
    start: str
    measure: str = TOTAL_DELAYS
    claimed: float | None = None
    first: str | None = None
    last: str | None = None
    phase_in: int = 0
    wash_out: int = 0
    leave_out: tuple[str, ...] = ()


ResidentCount = Literal["emergency_admissions", "a_and_e_attendances", "planned_admissions", "hospital_bed_days"]
"""What is counted of residents; whatever leads, all are told."""
ResidentTrait = Literal["age_band", "sex", "conditions", "home_type", "size", "earlier_admissions"]
"""What new residents, and the homes they come to, can be alike in."""
ResidentGroup = Literal["age_band", "sex", "home_type"]
"""Those of a few kinds, in which matched residents can be exactly alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Residents:
    """How often people who have newly moved into a home go to hospital.

    Parameters
    ----------
    count : ResidentCount
        What the answer leads with.
    horizon : int
        Days since moving in by which shares of residents are told: a multiple of 30.
    first, last : str, optional
        First and last month, of whole quarters: who moves in between takes part, followed to the end of the last.
    exact_on : tuple of ResidentGroup
        What matched residents are exactly alike in, beside the quarter in which they moved in.
    match_on : tuple of ResidentTrait
        What they are nearest in, by the odds of having come to a supported home; where empty, all who are exactly alike
        count.
    """

    count: ResidentCount = "emergency_admissions"
    horizon: int = 180
    first: str | None = None
    last: str | None = None
    exact_on: tuple[ResidentGroup, ...] = ("home_type",)
    match_on: tuple[ResidentTrait, ...] = ("age_band", "sex", "conditions", "size", "earlier_admissions")


StayMeasure = Literal["out_of_hours", "hospital_bed_days", "length_of_stay", "delayed_days"]
"""What is looked at of stays in hospital."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """When residents are admitted in an emergency, how long they stay, and how long they wait to leave.

    Parameters
    ----------
    measure : StayMeasure
        Out-of-hours admissions among emergency admissions; days of emergency stays per bed-day of the home, or per
        emergency admission; delayed days of those discharged to the home per bed-day of it.
    first, last : str, optional
        First and last month of admission, such as "2019-01".
    """

    measure: StayMeasure = "out_of_hours"
    first: str | None = None
    last: str | None = None


Outcome = Rate | Ratings | Closures | AreaMeasure | Residents | Stays

EMERGENCIES = Rate()
