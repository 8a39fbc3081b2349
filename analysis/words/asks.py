"""What can be asked, what answers it, and what it needs: one row per question, by its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """A question that can be asked.

    Parameters
    ----------
    question : str
        In a quarter of a line: a longer one is cut off on its card.
    answer : str
        What answers it, in a sentence or two.
    needs : mapping of str to tuple of str
        What it needs, in words, to the tables of the store any of which will do.
    """

    question: str
    answer: str
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


LOCKED_FIRST = (9, 337, 500)
"""Of how many worlds in which nothing was done it was said that it helped: where the plan was locked first, where the
analysis was chosen afterwards, and of how many (`bench/flatterer.csv`)."""
WHY_LOCK = (
    f"Why lock? Of {LOCKED_FIRST[2]:,} evaluations in which nothing had been done, "
    f"{LOCKED_FIRST[1] / LOCKED_FIRST[2]:.0%} could be had as “helped” by whoever chose the analysis after seeing the "
    f"counts; of those whose plan was locked first, {LOCKED_FIRST[0] / LOCKED_FIRST[2]:.1%}."
)


COUNTS = {"admissions": ("admission_events", "admission_counts"), "bed-days": ("occupancy",)}
GIVEN = {"a list of interventions": ("interventions",)}
QUESTIONS: Mapping[str, Asks] = {
    "admissions": Asks(
        question="Did it change admissions?",
        answer="Emergency admissions per bed-day, in homes with and without an intervention: the effect, month by "
        "month, by kind of home, and what would have happened otherwise.",
        needs=COUNTS | GIVEN,
    ),
    "ratings": Asks(
        question="Did it change ratings?",
        answer="Ratings of supported homes beside homes like them, and how often homes of each rating get better, stay "
        "or get worse anyway. Any claim that a programme improved ratings has to beat this.",
        needs={"ratings": ("ratings",)},
    ),
    "areas": Asks(
        question="Did one council change?",
        answer="Delayed transfers of one council against all others, by eight methods side by side: how large, how "
        "unusual, how long it lasted, and whether the year it is measured from was a spike.",
        needs={"delayed transfers by council": ("area_outcomes",)},
    ),
    "residents": Asks(
        question="Did new residents gain?",
        answer="People who moved into supported homes beside people like them who moved in elsewhere, followed to the "
        "day: admissions, A&E and bed-days per resident-day, with death as an end of its own.",
        needs={"stays of residents": ("resident_spells",), "admissions by person": ("person_admissions",)} | GIVEN,
    ),
    "comparison": Asks(
        question="Is the comparison fair?",
        answer="How alike homes were before, the answer against homes made alike, and what every other defensible "
        "analysis says.",
        needs=COUNTS | GIVEN,
    ),
    "doubts": Asks(
        question="Should it be believed?",
        answer="Every doubt about the answer on admissions, ratings or one area, examined, the gravest first: were "
        "homes chosen for a bad spell, did they run alike before, does it hang on one home?",
        needs={"admissions, ratings or figures by council": (*COUNTS["admissions"], "ratings", "area_outcomes")},
    ),
    "verdict": Asks(
        question="What does it come to?",
        answer="It helped, it did not help by as much as matters, these data cannot tell, or it should not be "
        "believed: of admissions, ratings or one area, by rules set beforehand.",
        needs={"admissions, ratings or figures by council": (*COUNTS["admissions"], "ratings", "area_outcomes")},
    ),
    "monitoring": Asks(
        question="Is it more than usual?",
        answer="Emergency admissions month by month against the limits of their usual coming and going, and homes "
        "that stand apart from others like them.",
        needs=COUNTS,
    ),
    "home": Asks(
        question="How is one home doing?",
        answer="Its ratings with their dates, its admissions and beds over time, what was done in it, and homes of its "
        "kind and size beside it: read in one paragraph that is fair to the home.",
        needs={"homes": ("locations", *COUNTS["bed-days"])},
    ),
    "worklist": Asks(
        question="Who should be supported now?",
        answer="Homes that qualify by a rule written down beforehand, whose support should end, what would have come "
        "without support, and decisions handed on to tomorrow's evaluation.",
        needs={"homes": ("locations", *COUNTS["bed-days"])},
    ),
    "feedback": Asks(
        question="What do visitors see?",
        answer="The short form that every professional who visits fills in, audits, residents and families: written "
        "down so that nothing is lost, by quarter, and how far visitors agree.",
    ),
    "what_if": Asks(
        question="What would happen if?",
        answer="An intervention laid on the homes' own baseline: admissions averted, what it costs and whom it saves, "
        "as a range and never as one number.",
        needs=COUNTS,
    ),
    "targeting": Asks(
        question="To which homes?",
        answer="Whom to offer it to when there is not enough for all, what choosing truly buys once luck is taken out, "
        "and a rule that can be published.",
        needs=COUNTS,
    ),
    "planning": Asks(
        question="Could a study find it?",
        answer="The smallest effect that the next evaluation could find with your homes, who starts when, and what to "
        "collect.",
        needs=COUNTS,
    ),
    "claims": Asks(
        question="Is a claim worth believing?",
        answer="A published sentence weighed: what would be there anyway, what is left of it, and what to ask for.",
    ),
    "evidence": Asks(
        question="What do others know?",
        answer="Controlled evaluations of interventions in care homes, together and one by one, and how often homes "
        "improve anyway.",
    ),
    "data": Asks(
        question="Can I use my own files?",
        answer="Yes: CQC files as published, admissions, bed-days, and a list of who had what, from when. They stay in "
        "your session and are forgotten when it ends.",
    ),
}
DOORS: Mapping[str, Asks] = {
    "guide": Asks(
        question="Did it help?",
        answer="Something was done in some homes. Did it change anything, and may that be believed?",
    ),
    "what_if": Asks(
        question="What if?",
        answer="What would be averted, and what would it cost, if more homes had it?",
    ),
    "methods": Asks(
        question="For researchers",
        answer="How everything is worked out, what it supposes, and how we know the numbers are right.",
    ),
}
"""The ways in, by the page each leads to."""
