"""What is the answer about admissions? The first figure, which needs no picture and so comes before the others."""

from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import words
from analysis.evaluation import Evaluation
from analysis.figures.figure import Fact, Figure, Source, Table
from analysis.months import MONTH, in_periods
from analysis.results import RATE_RATIO, Effects
from analysis.tables import OVERALL, published
from analysis.words import Subject
from analysis.words.facts import facts
from analysis.words.phrases import called, row

if TYPE_CHECKING:
    from analysis.charts.theme import Layered

SYNTHETIC = "(synthetic)"
"""What stands in the name of an invented area."""
LINE = "The line through the point is the {level:.0%} interval."


def subject(evaluation: Evaluation) -> Subject:
    """Say in words what an evaluation is about."""
    panel = evaluation.panel
    used = panel.months[evaluation.published.used(panel.units.index, panel.months).any(axis=0)]
    first, last = (int(str(used[end])[:4]) for end in (0, -1))
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
    made = source_of(evaluation, evaluation.panel.units["area"], name, f", {subject(evaluation).period}")
    return replace(made, length=evaluation.panel.length)


def source_of(evaluation: Evaluation, areas: pd.Series, name: str, span: str = "", **own: str) -> Source:
    """Say what an answer about homes was made from.

    Parameters
    ----------
    areas : Series
        Area of each home, by which an invented county is known.
    name : str
        What the data are called elsewhere.
    span : str
        What is said of their months, after a comma.
    own : str
        What else it was made from, by what it is called.
    """
    synthetic = areas.astype(str).str.contains(SYNTHETIC, regex=False).any()
    kind = "Synthetic data: the fictional county of Marlshire" if synthetic else f"Source: {name}"
    return Source(
        origin=f"{kind}{span}.",
        made_from={
            "data": "synthetic" if synthetic else name,
            "data_sha256": evaluation.provenance["data"]["digest"],
            **own,
            "protocol_sha256": evaluation.protocol.digest,
            "model": evaluation.published.call,
            "homeward": version("homeward"),
        },
    )


def answer(evaluation: Evaluation, *sentences: str, source: Source | None = None) -> Figure:
    """Say the answer, with what must be known beside it.

    Parameters
    ----------
    sentences : str
        What else must be known, such as the answer to a question beside it.
    source : Source, optional
        Told under the picture.
    """
    more = tuple(sentence for sentence in sentences if sentence)
    return replace(alone(evaluation, source), notes=(*beside(evaluation), *more))


def beside(evaluation: Evaluation) -> tuple[str, ...]:
    """Say what must be known beside the answer, some of which takes longer to know than the answer itself."""
    length, said = evaluation.panel.length, (*evaluation.beside, *evaluation.published.notes)
    if length == MONTH:
        return said
    return (*(in_periods(sentence, length) for sentence in said), words.counted_by(length))


def alone(evaluation: Evaluation, source: Source | None = None) -> Figure:
    """Say the answer alone, which is known before what must be known beside it."""
    effects = evaluation.published
    facts_told = facts(effects, subject(evaluation))
    drawn = _drawn(effects) if facts_told else None
    return Figure(
        title="The answer",
        warning=words.banner(effects) or "",
        headline=words.headline(effects, subject(evaluation)),
        facts=tuple(Fact(*each) for each in facts_told),
        chart=drawn,
        caption=source.caption(LINE.format(level=effects.summary["conf_level"])) if drawn and source else "",
        tables=(Table(tidy=published(effects), columns=OVERALL, name="effect", title="In numbers, and as a download"),),
    )


def _drawn(effects: Effects) -> "Layered | None":
    """Draw the answer on a plain scale."""
    from analysis.charts import point_on_a_scale  # noqa: PLC0415 - a second to import

    found = row(effects.tidy(), RATE_RATIO)
    estimate, low, high = (float(found[name]) for name in ("estimate", "conf_low", "conf_high"))
    if not (0 < low <= high < np.inf):
        return None
    return point_on_a_scale(estimate, low, high, words.change(estimate))
