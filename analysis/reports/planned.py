"""What stands in the report of a plan (what if, to whom, could a study find it), in which order?"""

from collections.abc import Iterable, Mapping, Sequence

from analysis.figures import Figure
from analysis.figures.figure import Table
from analysis.figures.of_plans import PlanFigures
from analysis.reports.made_from import made_from
from analysis.reports.report import Part, Report, in_numbers

ASKED: Mapping[str, str] = {
    "project": "What would happen if it were offered: what is averted, what does it cost, and who gains?",
    "target": "To which homes should it be offered first?",
    "monitor": "Is it more than usual, and who stands apart?",
    "plan": "Could a study find an effect that matters, before it starts?",
    "years": "Something was done in one council. Did its yearly figures change, against all others?",
}
"""Verb of the command line, or what else was asked, to the question in words."""
KINDS: Mapping[str, str] = {
    "project": "What if",
    "target": "To which homes",
    "plan": "A study planned",
    "monitor": "Watched",
    "years": "One area, year by year",
}
"""Verb to what its report is called before its title."""
FIRST = 2
"""Limits on the first page; all are behind it."""
CANNOT_TELL = "What this cannot tell you"


def plan_report(asked: str, shown: PlanFigures) -> Report:
    """Make the report of a plan that was carried out; `asked` is one of `ASKED`."""
    first, *rest = shown.figures
    plan = shown.provenance["plan"]["toml"]
    limits = tuple(note for figure in rest if figure.title == CANNOT_TELL for note in figure.notes)
    return Report(
        title=f"{KINDS[asked]}: {shown.title}", limits=limits[:FIRST], question=ASKED[asked], answer=first, doubts=None,
        parts=tuple(_parts(first, rest, plan, made_from(shown.provenance, shown.source))), source=shown.source,
        files={"plan.toml": plan.encode()},
    )  # fmt: skip


def _parts(answer: Figure, rest: Sequence[Figure], plan: str, provenance: Part) -> Iterable[Part]:
    limits = tuple(figure for figure in rest if figure.title == CANNOT_TELL)
    assumed = tuple(figure for figure in rest if _about_inputs(figure.tables))
    found = tuple(figure for figure in rest if figure not in (*limits, *assumed))
    if answer.tables:
        yield in_numbers(answer)
    yield Part(title="What was found", figures=found)
    yield Part(title=CANNOT_TELL, figures=limits)
    if assumed:
        yield Part(title="Assumptions and evidence", figures=assumed)
    yield Part(title="The plan", text=plan)
    yield provenance


def _about_inputs(tables: Iterable[Table]) -> bool:
    return any(table.name in ("assumptions", "published_effects") for table in tables)
