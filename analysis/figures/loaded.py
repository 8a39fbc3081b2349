"""What is loaded, from which files, and for which months?"""

from collections.abc import Iterator

import pandas as pd

from analysis.charts.coverage import coverage
from analysis.figures.figure import Figure, Source, Table
from analysis.months import month_said
from analysis.sources import recognised
from analysis.store import LoadReport
from analysis.tables.columns import Column

BY_KIND = (
    Column("Kind of fact", "source"),
    Column("From", "first", month_said),
    Column("To", "last", month_said),
    Column("Fewest homes in a month", "fewest"),
    Column("Most homes in a month", "most"),
)
LAYOUTS = (
    Column("File", "title"),
    Column("What it holds", "holds"),
    Column("Columns it needs", "needs"),
    Column("Columns it also uses", "also_uses"),
)
BY_MONTH = Column("Kind of fact", "source"), Column("Month", "month", month_said), Column("Homes", "homes")


def layouts() -> Figure:
    """List the files that are recognised."""
    return Figure(tables=(Table(tidy=recognised(), columns=LAYOUTS, title=""),))


def set_aside(report: LoadReport) -> Figure:
    """List the rows of a file that were set aside."""
    columns = tuple(Column(str(name).capitalize(), str(name)) for name in report.set_aside)
    title = f"The {len(report.set_aside):,} rows set aside, with a download"
    listed = Table(tidy=report.set_aside, columns=columns, name=f"set aside from {report.file}", title=title)
    return Figure(tables=(listed,))


def figures(ledger: pd.DataFrame, covered: pd.DataFrame, source: Source) -> Iterator[Figure]:
    """Yield what was loaded, and for which months; `covered` is `store.contents.coverage`."""
    yield _files(ledger)
    if not covered.empty:
        yield _months(covered, source)


def _files(ledger: pd.DataFrame) -> Figure:
    """List the files that were loaded, and where their rows went."""
    titles = recognised().set_index("layout")["title"]
    columns = (
        Column("File", "file"),
        Column("Recognised as", "layout", lambda layout: titles.get(layout, layout)),
        Column("Rows in", "rows_in"),
        Column("Used", "rows_used"),
        Column("Set aside", "rows_set_aside"),
        Column("Dropped by a rule", "rows_dropped"),
        Column("Loaded (UTC)", "loaded", lambda loaded: f"{loaded.day} {loaded:%B %Y, %H:%M}"),
        Column("Digest (SHA-256)", "digest"),
    )
    return Figure(tables=(Table(tidy=ledger, columns=columns, title=""),))


def _months(covered: pd.DataFrame, source: Source) -> Figure:
    """Draw for which months there are data, of how many homes."""
    by_kind = covered.groupby("source", sort=False, as_index=False).agg(
        first=("month", "min"), last=("month", "max"), fewest=("homes", "min"), most=("homes", "max")
    )
    return Figure(
        title="Months covered",
        sentence="Each square is a month; the darker, the more homes have data. No colour: no data for that month.",
        chart=coverage(covered),
        caption=source.caption("Counts of homes.").strip(),
        tables=(
            Table(tidy=by_kind, columns=BY_KIND, title="By kind of fact"),
            Table(tidy=covered, columns=BY_MONTH, name="coverage"),
        ),
    )
