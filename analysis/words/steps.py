"""The steps of an evaluation, in the order in which they are taken: what each asks, and what to look at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step.

    Parameters
    ----------
    name : str
        In a word or three.
    asks : str
        What it asks, in a sentence or two.
    page : str
        The page that has more of it; empty where there is none.
    outcome : bool
        Whether it shows what happened after the start.
    """

    name: str
    asks: str
    page: str = ""
    outcome: bool = False


STEPS = (
    Step(name="Data", page="data", asks="What is loaded, and is there enough to ask whether admissions changed?"),
    Step(name="Who and when", asks="What was done, in which homes, from when, and with whom are they compared?"),
    Step(name="Fair?", page="plan", asks="Were the homes like those they are compared with, before anybody had it? Of "
         "homes that were unlike, or already going another way, a difference says little."),
    Step(name="Strong enough?", page="plan", asks="How small an effect could these homes show? If only a huge one, "
         "finding none means nothing, and it is better to wait or to add homes."),
    Step(name="Answer", page="admissions", asks="Did it change admissions, and how sure is that?", outcome=True),
    Step(name="Doubts", page="doubts", asks="What could be wrong with it? Each doubt was examined.", outcome=True),
    Step(name="Verdict", page="verdict", asks="What does it come to, by rules set before?", outcome=True),
    Step(name="Share", page="admissions", asks="Hand it to those who were not here.", outcome=True),
)  # fmt: skip
