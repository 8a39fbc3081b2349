"""What has been published, together and one by one? What is shown, in the order of reading."""

from collections.abc import Iterator
from importlib.metadata import version

import pandas as pd

from analysis.charts import claims as charts
from analysis.claims import LocalKnowledge
from analysis.claims.library import by_year, pools, studies
from analysis.figures.figure import Figure, Source, Table
from analysis.sources.evidence import published_effects
from analysis.tables import claims as tables
from analysis.words import claims as words

HOW_POOLED = (
    "One estimate a scheme. The interval allows that schemes differ, and with two schemes nearly anything follows from "
    "that; beside it stands what would follow were they all to do the same. What the next scheme would find is told "
    "from three schemes on."
)
LIMITS = (
    "Schemes that were evaluated with a comparison are few, early, and had money and attention that the next may lack.",
    "Rows without an interval are told and not pooled: leaving them out may make the pool look better, for two of them "
    "found no difference.",
    "Of ratings, closures, delayed days and out-of-hours admissions no controlled result is in this table.",
)


def figures(known: LocalKnowledge) -> Iterator[Figure]:
    """Show the pools, every result behind them, and base rates by year."""
    yield _pooled()
    yield _all()
    yield _years(known)
    yield Figure(title="What this cannot tell you", notes=LIMITS)


def _pooled() -> Figure:
    rows, every = pools(), studies()
    outcome = every["outcome"].str.replace("potentially avoidable emergency", "avoidable")  # in three lines of a label
    told = pd.DataFrame(
        {"name": every["intervention"].str.split(" (", regex=False).str[0] + ": " + every["home_type"] + ", "
                 + outcome, "kind": "known", "value": every["estimate"] - 1,
         "low": every["low"] - 1, "high": every["high"] - 1}
    )  # fmt: skip
    told["told"] = [f"{1 + v:.2f} ({1 + low:.2f} to {1 + high:.2f})"
                    for v, low, high in told[["value", "low", "high"]].itertuples(index=False)]  # fmt: skip
    several = rows.loc[rows["studies"] > 1]
    answer = " ".join(words.pooled(row) for row in several.to_dict("records"))
    return Figure(
        title="What controlled evaluations say together",
        headline=answer or "No two schemes have a controlled result of the same kind with an interval.",
        sentence=HOW_POOLED,
        chart=charts.beside(told.reset_index(drop=True), "change"),
        tables=(Table(tidy=rows, columns=tables.POOLED, name="pooled_effects", title=""),),
    )


def _all() -> Figure:
    table = published_effects().reset_index()
    unread = int((~table["verified"]).sum())
    return Figure(
        title="Every result",
        sentence=f"{len(table):,} results; {unread:,} of them are judgements and were not read in a source. A result "
        "without an interval is told as it was printed.",
        tables=(Table(tidy=table, columns=tables.EFFECTS, name="published_effects", title="Every published result"),),
    )


def _years(known: LocalKnowledge) -> Figure:
    rows = by_year(known)
    return Figure(
        title="How often services improve anyway, by year",
        sentence=words.years(rows, known.name),
        tables=(Table(tidy=rows, columns=tables.BY_YEAR, name="base_rates_by_year"),),
    )


def source(known: LocalKnowledge, digest: str = "") -> Source:
    """Say what the page was made from."""
    data = {"data": known.name, "data_sha256": digest} if known.name else {}
    return Source(origin="", made_from={**data, "homeward": version("homeward")})
