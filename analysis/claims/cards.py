"""What is known of each intervention of our field, and how would it be evaluated here?

A card is a file of the evidence (`analysis/evidence/cards`): what the case study says, by the items of TIDieR, each
with its source; what it does not say; how it is meant to work; who should have it, what it should reach, when it ends;
what it could change, by which question; what controlled evaluations found; and a protocol. On the sample county another
intervention stands in for it, so that every protocol runs before there are data.

Source of the items: T. C. Hoffmann et al. (2014), Better reporting of interventions: template for intervention
description and replication (TIDieR), BMJ 348, g1687.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import pandas as pd

from analysis import written
from analysis.design import Plan
from analysis.outcomes import Stays
from analysis.protocol import Protocol
from analysis.sources.evidence import published_effects, written_beside

Item = Literal[
    "why", "materials", "procedures", "provided by", "how", "where", "when and how much", "tailoring", "modifications",
    "how well",
]  # fmt: skip
ITEMS: tuple[Item, ...] = (
    "why", "materials", "procedures", "provided by", "how", "where", "when and how much", "tailoring", "modifications",
    "how well",
)  # fmt: skip
"""Items of TIDieR after the name; "how well" is the last two, planned and actual."""
Answer = Literal["rates", "ratings", "closures", "area measure", "hospital stays"]
STAND_IN = "weekly_ward_round"
"""Intervention of the sample that stands in where the card's own protocol is about a council."""
OURS = "proposed here"
"""Source of what no case study says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """What a source says of one item."""

    item: Item
    says: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What the intervention could change.

    Parameters
    ----------
    what : str
    by : Answer
        Which question of the first door answers it.
    note : str
        What must be known, and which column says it.
    measure : str
        Of a protocol of its own, beside the card's: what is looked at of stays, or a measure of councils.
    """

    what: str
    by: Answer
    note: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic:
    """How it is meant to work, in four steps."""

    inputs: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One intervention.

    Parameters
    ----------
    title, study, source : str
        Its name, the case study, and where that stands.
    claimed : str
        What the case study claims, in its words; empty where it claims no number.
    facts : tuple of Sourced
    logic : Logic
    logic_source, rules_source : str
        Where the steps, and entry, goals and exit are from; `OURS` where no source says them.
    entry, goals, exit : tuple of str
        Who is eligible; what should be reached, measurably; when it ends.
    outcomes : tuple of Moved
    evidence : tuple of str
        Keys of `published_effects`.
    known : str
        What is known, in a sentence or two, with its source.
    evaluated : str
        How it would be evaluated here.
    protocol : str
        TOML.
    on_sample : str
        Intervention of the sample that stands in for it; empty of an area measure, whose protocol names the sample's.
    """

    title: str
    study: str
    source: str
    known: str
    evaluated: str
    protocol: str
    claimed: str = ""
    facts: tuple[Sourced, ...] = ()
    logic: Logic = Logic()
    logic_source: str = OURS
    rules_source: str = OURS
    entry: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    exit: tuple[str, ...] = ()
    outcomes: tuple[Moved, ...] = ()
    evidence: tuple[str, ...] = ()
    on_sample: str = ""

    @property
    def lacking(self) -> tuple[str, ...]:
        """Items of which the case study says nothing."""
        told = {fact.item for fact in self.facts}
        return tuple(item for item in ITEMS if item not in told)

    @property
    def asked(self) -> Protocol:
        """The protocol, for the user's own data."""
        return Protocol.read(f"{self.protocol}\n")

    @property
    def asked_of_sample(self) -> Protocol:
        """The protocol with the sample's intervention in its place."""
        asked = self.asked
        if not self.on_sample:
            return asked
        return replace(asked, plan=replace(asked.plan, intervention=self.on_sample))

    @property
    def also(self) -> dict[str, Protocol]:
        """Protocols for what else it could move, by measure."""
        return {one.measure: self._beside(one, self.asked) for one in self.outcomes if one.measure}

    @property
    def also_of_sample(self) -> dict[str, Protocol]:
        """The same with an intervention of the sample in its place."""
        plan = Plan(intervention=self.on_sample or STAND_IN)
        return {
            measure: replace(asked, plan=plan) if isinstance(asked.outcome, Stays) else asked
            for measure, asked in self.also.items()
        }

    def _beside(self, one: Moved, asked: Protocol) -> Protocol:
        """Ask what else it could move, of the same homes or the same council."""
        title = f"{self.title}: {one.what[0].lower()}{one.what[1:]}"
        if one.by == "hospital stays":
            return Protocol(title=title, plan=Plan(intervention=asked.plan.intervention),
                            outcome=Stays(measure=one.measure))  # fmt: skip  # type: ignore[arg-type]
        return Protocol(title=title, plan=asked.plan, outcome=replace(asked.outcome, measure=one.measure))  # type: ignore[type-var]

    @property
    def effects(self) -> pd.DataFrame:
        """Rows of the published effects that bear on it."""
        return published_effects().loc[[*self.evidence]].reset_index()


@cache
def cards() -> dict[str, Card]:
    """Read every card: name to card, in the order of names."""
    return {name: written.from_text(Card, text, f"{name}.toml") for name, text in written_beside("cards").items()}
