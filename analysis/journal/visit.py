"""What did somebody see who was in a home: a professional, an auditor, a resident or their family, an expert?

The four domains are those of the short form that every professional who visits fills in on the Isle of Wight:
appearance of residents, physical environment, interaction, staffing. Each has four steps, so that there is no middle
to hide in, and 0 where it was not seen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from analysis.allowed import Entry, Option
from analysis.written import Fault

Sort = Literal["professional", "announced audit", "unannounced audit", "residents and carers", "expert by experience"]
SORTS: Mapping[Sort, str] = {
    "professional": "A professional who visits",
    "announced audit": "An audit, announced",
    "unannounced audit": "An audit, unannounced",
    "residents and carers": "Residents, family and carers",
    "expert by experience": "An expert by experience",
}
DOMAINS: Mapping[str, str] = {
    "appearance": "Appearance of residents",
    "environment": "Physical environment",
    "interaction": "Interaction with residents",
    "staffing": "Staffing",
}
SCALE: Mapping[int, str] = {0: "not seen", 1: "serious concern", 2: "some concern", 3: "good", 4: "very good"}
LONGEST_TEXT = 10_000
"""Characters: some pages. What is longer is refused in words, never cut."""
LONGEST_ROLE = 100
STEP = Option(lambda value: value in SCALE, "a step from 0 (not seen) to 4 (very good)", "3")
NHS_NUMBER = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What was seen in a home on a day.

    Parameters
    ----------
    home : str
        Its location ID.
    day : str
        "2026-11-27".
    sort : Sort
    role : str
        Of the visitor: "district nurse". No name.
    appearance, environment, interaction, staffing : int
        Steps of `SCALE`.
    text : str
        In the visitor's words.
    shared : bool
        Whether it was shared with the manager.
    corrects : int
        Number of the entry that this one puts right; 0 for none.
    """

    RULES: ClassVar[Mapping[str, Option]] = dict.fromkeys(
        ("appearance", "environment", "interaction", "staffing"), STEP
    )
    ENTRIES: ClassVar[Mapping[str, Entry]] = {
        "sort": Entry("Who saw it", options=SORTS),
        "role": Entry("Your role (no name), such as district nurse"),
        **{name: Entry(label, options=SCALE) for name, label in DOMAINS.items()},
        "shared": Entry("This was shared with the home's manager"),
    }

    home: str
    day: str
    sort: Sort = "professional"
    role: str = ""
    appearance: int = 0
    environment: int = 0
    interaction: int = 0
    staffing: int = 0
    text: str = ""
    shared: bool = False
    corrects: int = 0

    @property
    def steps(self) -> tuple[int, ...]:
        """Of the four domains, in their order."""
        return self.appearance, self.environment, self.interaction, self.staffing


def wrong_with(visit: Visit, today: date) -> list[Fault]:
    """Find what cannot be in an entry before it is written."""
    found = []
    if not visit.home.strip():
        found.append(Fault("home", "Say which home it is."))
    if not _is_day(visit.day) or visit.day > today.isoformat():
        found.append(Fault("day", "Give the day of the visit, today or before, such as 2026-11-27."))
    if not any(visit.steps) and not visit.text.strip():
        found.append(Fault("text", "Say what you saw: a step in one of the four, or some words."))
    if len(visit.text) > LONGEST_TEXT:
        found.append(Fault("text", f"It has {len(visit.text):,} characters; {LONGEST_TEXT:,} is the most. Nothing was "
                                   "written: shorten it, or write a second entry."))  # fmt: skip
    if len(visit.role) > LONGEST_ROLE:
        found.append(Fault("role", f"Say the role in {LONGEST_ROLE} characters."))
    if any(_is_nhs_number(text) for text in (visit.text, visit.role)):
        found.append(Fault("text", "It holds what may be an NHS number. Take it out: nobody is named here."))
    found += [Fault(name, f"Expected {STEP.words}.") for name in DOMAINS if not STEP.allows(getattr(visit, name))]
    return found


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_nhs_number(text: str) -> bool:
    """Whether a text holds ten digits whose last is right for an NHS number (modulus 11)."""
    for found in NHS_NUMBER.findall(text):
        digits = [int(letter) for letter in found if letter.isdigit()]
        check = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
        if digits[-1] == check % 11 and check != 10:
            return True
    return False
