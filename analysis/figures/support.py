"""Did supported homes get better ratings? What is shown of an evaluation, in the order in which it is read."""

from collections.abc import Iterator
from importlib.metadata import version

from analysis import words
from analysis.evaluation import Evaluation
from analysis.figures.answer import SYNTHETIC
from analysis.figures.doubts import doubts
from analysis.figures.figure import Figure, Source, Table
from analysis.tables.columns import Column, named, number

COUNTED = "Counts are of homes and inspections, not of people."
METHODS = (
    Column("Method", "method", named), Column("Term", "term", named), Column("Estimate", "estimate", number(2)),
    Column("From", "conf_low", number(2)), Column("To", "conf_high", number(2)), Column("Homes", "homes"),
    Column("Why there is no answer", "why"),
)  # fmt: skip
ACCOUNT = (Column("What", "what"), Column("Homes", "homes"), Column("Ratings", "ratings"), Column("Why", "why"))


def source(evaluation: Evaluation, name: str) -> Source:
    """Say what an evaluation was made from; `name` is what the data are called."""
    areas = evaluation.observed.homes["area_name"].astype(str)
    synthetic = areas.str.contains(SYNTHETIC, regex=False).any()
    return Source(
        origin="Synthetic data: the fictional county of Marlshire." if synthetic else f"Source: {name}.",
        made_from={
            "data": "synthetic" if synthetic else name,
            "data_sha256": evaluation.provenance["data"]["digest"],
            "inspections_sha256": evaluation.observed.digest,
            "protocol_sha256": evaluation.protocol.digest,
            "model": evaluation.published.call,
            "homeward": version("homeward"),
        },
    )


def figures(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown of an evaluation, the answer first."""
    yield answer(evaluation)
    yield _methods(evaluation, source)
    yield from doubts(evaluation.checks)
    yield Figure(title="What this cannot tell you", notes=words.CANNOT_TELL)
    yield _went_in(evaluation)


def answer(evaluation: Evaluation) -> Figure:
    """Say the answer, with what must be known beside it."""
    silent = (f"{name} cannot answer. {why}" for name, why in evaluation.unanswered.items())
    return Figure(title="The answer", headline=evaluation.headline, notes=(*evaluation.published.notes, *silent))


def _methods(evaluation: Evaluation, source: Source) -> Figure:
    """Show what every method finds in its own terms."""
    compared = evaluation.question.compare(evaluation.fitted)
    return Figure(
        title="Methods side by side",
        sentence="Each method answers in its own terms; what they have in common is the side of no difference.",
        caption=source.caption("From and to are the ends of 95% intervals.", COUNTED),
        tables=(Table(tidy=compared, columns=METHODS, name="rating_methods"),),
    )


def _went_in(evaluation: Evaluation) -> Figure:
    """Show what became of the supported homes, and what was left out."""
    account = evaluation.account()
    used = int(account.loc[0, "homes"])  # type: ignore[arg-type]
    return Figure(
        title="What went in",
        sentence=f"The answer rests on {words.homes(used)} with the intervention. {COUNTED}",
        tables=(Table(tidy=account, columns=ACCOUNT, title="What became of supported homes, and what was left out"),),
    )
