"""What is a claim worth? What is shown, in the order of reading."""

from collections.abc import Iterator
from importlib.metadata import version

import pandas as pd

from analysis import written
from analysis.charts import claims as charts
from analysis.claims import Appraisal, AreaChange
from analysis.figures.figure import Figure, Source, Table
from analysis.tables import claims as tables
from analysis.words import claims as words

NAMES = {
    "printed": ("As printed", "claimed"), "claimed": ("The claim by itself", "claimed"),
    "base": ("Improve anyway", "known"), "regression": ("By itself, without any effect", "known"),
    "trend": ("Where nothing was done", "known"), "elsewhere": ("Elsewhere", "known"),
    "relative": ("Beside elsewhere, first period", "known"), "prior": ("Controlled evaluations", "known"),
    "shrunk": ("Claim and evidence together", "known"), "appraised": ("What is left", "left"),
}  # fmt: skip
"""Numbers that stand in the picture, by key: what they are called there, and of which kind they are."""
WEAKENS = "What the claim says that weakens it"
HOW_HIGHEST = (
    "The highest of several homes owes part of its count to bad luck, which does not come back: what such a home does "
    "when nothing is done, by simulation. A baseline from other months than those that chose it has no such fall."
)
HOW_BASES = (
    "How often services improve anyway, the nearest to this claim first. The share moves by 15 points and more between "
    "years; from late 2023 on another framework is used, and since 2026 who is inspected is chosen otherwise."
)


def figures(found: Appraisal) -> Iterator[Figure]:
    """Show an appraisal: three sentences, what is missing, the numbers, and what is behind them."""
    yield answer(found)
    if found.lacking or found.assumed:
        yield missing(found)
    yield beside(found)
    yield from _behind(found)
    yield Figure(title="What this cannot tell you", notes=words.CANNOT_TELL)


def answer(found: Appraisal) -> Figure:
    """Say what is established, what is not, and what to ask for."""
    quote = f"“{found.claim.quote}”" if found.claim.quote else ""
    stands = f" ({found.claim.source})" if found.claim.quote and found.claim.source else ""
    return Figure(
        title=found.claim.title or "The claim",
        headline=words.headline(found),
        sentence=f"{quote}{stands}",
        notes=(words.established(found), words.not_established(found), words.ask_for(found), words.maryland(found)),
        more=((WEAKENS, tuple(fault.words for fault in found.remarks)),) if found.remarks else (),
    )


def missing(found: Appraisal) -> Figure:
    """Name what the claim leaves out, and what had to be assumed."""
    rows = pd.DataFrame([(one.place, one.ask, one.why) for one in found.lacking], columns=["place", "ask", "why"])
    kept = (Table(tidy=rows, columns=tables.LACKING, name="to_ask_for", title=""),) if len(rows) else ()
    return Figure(
        title="What it does not say",
        sentence=f"Assumed in its place: {' '.join(found.assumed)}" if found.assumed else "",
        tables=kept,
    )


def beside(found: Appraisal) -> Figure:
    """Draw the claim beside what is known, and list every number with its source."""
    drawn = [
        {"name": NAMES[key][0], "kind": NAMES[key][1], "value": one.value, "low": one.low, "high": one.high,
         "told": words.estimate(one, one.unit)}
        for key, one in found.numbers.items() if key in NAMES and one.unit == found.unit
    ]  # fmt: skip
    chart = charts.beside(pd.DataFrame(drawn), found.unit) if drawn else None
    table = Table(tidy=numbers(found), columns=tables.NUMBERS, name="numbers", title="Every number, with its source")
    return Figure(title="The claim beside what is known", chart=chart, tables=(table,) if len(found.table) else ())


def numbers(found: Appraisal) -> pd.DataFrame:
    """List every number with its interval and source, and how both are said."""
    rows = found.table
    said = [words.said(value, unit) for value, unit in rows[["value", "unit"]].itertuples(index=False)]
    ranges = [words.span(*ends) for ends in rows[["low", "high", "unit"]].itertuples(index=False)]
    return rows.assign(said=said, range=ranges)


def _behind(found: Appraisal) -> Iterator[Figure]:
    if len(found.counts):
        counts = Table(tidy=found.counts, columns=tables.COUNTS, name="possible_counts", title="")
        yield Figure(title="Which counts it can stand for", sentence=_counted(len(found.counts)), tables=(counts,))
    if len(found.bases):
        bases = Table(tidy=found.bases, columns=tables.BASES, name="base_rates", title="Base rates, by year and source")
        yield Figure(title="How often as much happens anyway", sentence=HOW_BASES, tables=(bases,))
    if len(found.regression):
        rows = Table(tidy=found.regression, columns=tables.HIGHEST, name="highest_home", title="")
        yield Figure(title="The highest home comes back by itself", sentence=HOW_HIGHEST, tables=(rows,))
    if len(found.periods) and isinstance(found.claim, AreaChange):
        rows = Table(tidy=found.periods, columns=tables.PERIODS, name="periods")
        measure = found.claim.measure or "The figure"
        told = f"{measure[:1].upper()}{measure[1:]}, by period, beside elsewhere."
        yield Figure(title="Before, after, and elsewhere", sentence=told, chart=charts.periods(found.periods),
                     tables=(rows,))  # fmt: skip


def _counted(possible: int) -> str:
    many = "One count prints so." if possible == 1 else f"{possible:,} counts print so."
    return f"{many} Each is set beside the nearest base rate, the one it was appraised with."


def source(found: Appraisal, name: str = "", digest: str = "") -> Source:
    """Say what an appraisal was made from: the claim, published tables, and the data where some were loaded."""
    data = {"data": name, "data_sha256": digest} if name else {}
    claim = {"claim_sha256": written.digest(found.claim)}
    return Source(origin="", made_from={**claim, **data, "homeward": version("homeward")})
