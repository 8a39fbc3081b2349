"""What is the answer about admissions? The first figure, which needs no picture and so comes before the others."""

from importlib.metadata import version

from analysis import words
from analysis.evaluation import Evaluation
from analysis.figures.figure import Figure, Source, Table
from analysis.tables import OVERALL, published
from analysis.words import Subject
from analysis.words.phrases import called

SYNTHETIC = "(synthetic)"
"""What stands in the name of an invented area."""


def subject(evaluation: Evaluation) -> Subject:
    """Say in words what an evaluation is about."""
    months, panel = evaluation.published.augment()["month"], evaluation.panel
    first, last = months.min().year, months.max().year
    return Subject(
        intervention=f"the {called(evaluation.protocol.plan.intervention)}",
        outcome=panel.outcome,
        exposure_unit=panel.exposure_unit,
        period=f"{first}" if first == last else f"{first}–{last}",
    )


def source(evaluation: Evaluation, name: str) -> Source:
    """Say what an evaluation was made from.

    Parameters
    ----------
    name : str
        What the data are called; an invented county says so itself.
    """
    synthetic = evaluation.panel.units["area"].astype(str).str.contains(SYNTHETIC, regex=False).any()
    kind = "Synthetic data: the fictional county of Marlshire" if synthetic else f"Source: {name}"
    return Source(
        origin=f"{kind}, {subject(evaluation).period}.",
        made_from={
            "data": "synthetic" if synthetic else name,
            "data_sha256": evaluation.provenance["data"]["digest"],
            "protocol_sha256": evaluation.protocol.digest,
            "model": evaluation.published.call,
            "homeward": version("homeward"),
        },
    )


def answer(evaluation: Evaluation, *sentences: str) -> Figure:
    """Say the answer, with what must be known beside it.

    Parameters
    ----------
    sentences : str
        What else must be known, such as the answer to a question beside it.
    """
    effects = evaluation.published
    return Figure(
        title="The answer",
        warning=words.banner(effects) or "",
        headline=words.headline(effects, subject(evaluation)),
        notes=(*evaluation.beside, *effects.notes, *(sentence for sentence in sentences if sentence)),
        tables=(Table(tidy=published(effects), columns=OVERALL, name="effect", title="In numbers, and as a download"),),
    )
