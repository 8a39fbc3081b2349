"""What was doubted about an answer, and what did the data say to it?"""

from collections.abc import Iterator, Sequence

from analysis import tables, words
from analysis.figures.figure import Figure, Table
from analysis.results import Check


def doubts(checks: Sequence[Check]) -> Iterator[Figure]:
    """Tell every check with its reading."""
    if checks:
        yield Figure(title="Doubts, examined")
    for check in checks:
        title = f"What was computed: {check.name[:1].lower()}{check.name[1:]}"
        computed = Table(tidy=tables.computed(check.table), title=title)
        yield Figure(
            title=check.name,
            level=3,
            sentence=f"{words.verdict(check)}. {check.reading}",
            tables=(computed,) if len(check.table) else (),
        )
