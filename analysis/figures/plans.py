"""What were the figures of a plan made from?"""

from collections.abc import Iterator
from importlib.metadata import version

import pandas as pd

from analysis.figures.answer import SYNTHETIC
from analysis.figures.figure import Fact, Figure, Source, Table
from analysis.prices import BASE_YEAR
from analysis.scenarios import Money, Projection, Scenario, published
from analysis.tables import scenarios as tables
from analysis.words import scenarios as words


def is_synthetic(units: pd.DataFrame) -> bool:
    """Whether homes lie in an invented area, which says so in its name."""
    return bool(units["area"].astype(str).str.contains(SYNTHETIC, regex=False).any())


def made_from(units: pd.DataFrame | None, digest: str, name: str, **more: str) -> Source:
    """Say what figures were made from.

    Parameters
    ----------
    units : DataFrame or None
        The homes; None where no data are used.
    digest, name : str
        Of the data.
    more : str
        What else: digests, the seed.
    """
    if units is None:
        return Source(origin="", made_from={**more, "homeward": version("homeward")})
    synthetic = is_synthetic(units)
    origin = "Synthetic data: the fictional county of Marlshire." if synthetic else f"Source: {name}."
    known = {"data": "synthetic" if synthetic else name, "data_sha256": digest}
    return Source(origin=origin, made_from={**known, **more, "homeward": version("homeward")})


def worth_table(found: Money) -> Table:
    """Lay out what it costs and frees, all payers together, to be read with the answer."""
    return Table(tidy=tables.worth(published.by_payer(found)), columns=tables.WORTH, title="")


BESIDE = ("cost", "capacity")
"""Parts of the money that stand beside the answer; the table has them all."""


def facts(projection: Projection, found: Money) -> Iterator[Fact]:
    """Give what a plan averts, costs and frees, each with its interval, and how likely it is to be worth its cost."""
    middle, low, high = published.rounded(projection.total_averted)
    yield Fact("Admissions averted", f"about {middle:,}".replace("-", "−"),
               f"95% interval: {low:,} to {high:,}".replace("-", "−"))  # fmt: skip
    for row in tables.worth(published.by_payer(found)).to_dict("records"):
        if row["part"] in BESIDE:
            ends = (tables.short(row[end]) for end in ("low", "high"))
            name = tables.WORTH_PARTS[row["part"]]
            yield Fact(name, tables.short(row["estimate"]), f"95% interval: {' to '.join(ends)}")
    chance = float((found.net > 0).mean())
    yield Fact("Worth more than it costs", words.in_twenty(chance), "equally likely futures")


def assumed(scenario: Scenario, title: str) -> Figure:
    """List every assumption of a scenario with its source."""
    listed = published.assumptions(scenario)
    unchecked = int((~listed["verified"]).sum())
    table = Table(
        tidy=listed, columns=tables.ASSUMPTIONS, name="assumptions", title="Every assumption, with its source"
    )
    return Figure(title=title, sentence=words.assumed(len(listed), unchecked, BASE_YEAR), tables=(table,))
