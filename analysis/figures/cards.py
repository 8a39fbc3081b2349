"""What is known of an intervention? What is shown of its card, in the order of reading."""

from collections.abc import Iterator
from importlib.metadata import version

import pandas as pd

from analysis.charts.cards import flow
from analysis.claims.cards import OURS, Card
from analysis.figures.figure import Figure, Source, Table
from analysis.tables import claims as tables
from analysis.tables.columns import Column
from analysis.words.phrases import listed

FACTS = (Column("Item", "item"), Column("What is said", "says"), Column("Source", "source"))
RULES = (Column("What", "what"), Column("Rule", "rule"))
MOVED = (Column("What could change", "what"), Column("Asked as", "by"), Column("Note", "note"))
STEPS = (Column("Step", "step"), Column("What", "what"))
NO_CONTROLLED = "No controlled result for it is in the table of published effects."
RUNS = (
    "The protocol below runs on the sample county, where another intervention stands in for this one. For your own "
    "data put the name that your list of interventions uses."
)
ALSO = (
    "What else it could move has a protocol of its own: {measures}. Homes' days and hours need the columns named above."
)


def figures(card: Card) -> Iterator[Figure]:
    """Show a card."""
    yield answer(card)
    yield described(card)
    yield meant_to_work(card)
    yield rules(card)
    yield moved(card)
    yield evaluations(card)
    yield Figure(title="How it would be evaluated here", sentence=card.evaluated, notes=(RUNS, *_also(card)))


def _also(card: Card) -> Iterator[str]:
    if card.also:
        yield ALSO.format(measures=listed([measure.replace("_", " ") for measure in card.also]))


def answer(card: Card) -> Figure:
    """Say what is claimed, and what is known."""
    claimed = f"Claimed: {card.claimed}" if card.claimed else "The case study claims no number."
    return Figure(title=card.title, headline=card.known, notes=(claimed, f"{card.study}. Source: {card.source}."))


def described(card: Card) -> Figure:
    """Describe it by the items of TIDieR, and name those of which nothing is said."""
    tidy = pd.DataFrame(
        [(fact.item, fact.says, fact.source) for fact in card.facts], columns=["item", "says", "source"]
    )
    missing = f"Not said: {', '.join(card.lacking)}. Whoever copies it has to ask." if card.lacking else ""
    return Figure(
        title="What it is",
        sentence=f"By the items of TIDieR, with where each is said. {missing}".strip(),
        tables=(Table(tidy=tidy, columns=FACTS, name="described", title=""),) if len(tidy) else (),
    )


def meant_to_work(card: Card) -> Figure:
    """Draw how it is meant to work."""
    logic = card.logic
    parts = (("What goes in", logic.inputs), ("What is done", logic.activities), ("What comes of it", logic.outputs),
             ("What should change", logic.outcomes))  # fmt: skip
    steps = pd.DataFrame([(step, what) for step, several in parts for what in several], columns=["step", "what"])
    return Figure(
        title="How it is meant to work",
        sentence=_by(card.logic_source),
        chart=flow(steps),
        tables=(Table(tidy=steps, columns=STEPS, name="logic_model"),),
    )


def _by(source: str) -> str:
    return "As we read the case study; nobody has said it so." if source == OURS else f"Source: {source}."


def rules(card: Card) -> Figure:
    """Say who should have it, what it should reach, and when it ends."""
    parts = (("Who should have it", card.entry), ("What it should reach", card.goals), ("When it ends", card.exit))
    tidy = pd.DataFrame([(what, rule) for what, several in parts for rule in several], columns=["what", "rule"])
    whose = "No source gives such rules: these are proposed here, to be fixed before it begins."
    return Figure(
        title="Entry, goals, exit",
        sentence=whose if card.rules_source == OURS else f"Source: {card.rules_source}.",
        tables=(Table(tidy=tidy, columns=RULES, name="rules", title=""),),
    )


def moved(card: Card) -> Figure:
    """Say what it could change, and which question answers that."""
    tidy = pd.DataFrame([(one.what, one.by, one.note or "–") for one in card.outcomes], columns=["what", "by", "note"])
    return Figure(title="What it could change", tables=(Table(tidy=tidy, columns=MOVED, name="outcomes", title=""),))


def evaluations(card: Card) -> Figure:
    """Show the controlled results that bear on it."""
    rows = card.effects
    table = (Table(tidy=rows, columns=tables.EFFECTS, name="published_effects", title=""),) if len(rows) else ()
    return Figure(title="What controlled evaluations found", sentence="" if len(rows) else NO_CONTROLLED, tables=table)


def source(card: Card) -> Source:
    """Say what a card was made from."""
    return Source(origin="", made_from={"card": card.title, "homeward": version("homeward")})
