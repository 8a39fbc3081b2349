"""How is it worked out? A method told: its question, a picture, what it supposes, when not to use it, its formula."""

from collections.abc import Iterator

import pandas as pd

from analysis.figures.figure import Figure, Table
from analysis.tables.columns import Column
from analysis.words.methods import METHODS, Method

INVENTED = "A sketch of invented numbers: it shows the idea, not a result."
LISTED = (Column("Method", "name"), Column("Question", "asks"))


def about(method: Method) -> Iterator[Figure]:
    """Yield everything about a method but its formula, which is set in type."""
    from analysis.charts.sketches import sketch  # noqa: PLC0415 - a second to import

    yield Figure(title=method.name, sentence=f"{method.asks} {method.how}", chart=sketch(method.sketch),
                 caption=INVENTED)  # fmt: skip
    yield Figure(title="What it supposes", notes=method.supposes)
    yield Figure(title="When not to use it", notes=method.not_when)


def every() -> Figure:
    """List all methods."""
    rows = pd.DataFrame([(each.name, each.asks) for each in METHODS.values()], columns=["name", "asks"])
    return Figure(title="All methods", tables=(Table(tidy=rows, columns=LISTED, title=""),))
