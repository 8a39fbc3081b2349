"""Who qualifies, and what would the rule have done before? What is shown, in the order in which it is read."""
# ruff: noqa: PLC0415

from collections.abc import Iterator, Sequence
from datetime import datetime

import pandas as pd

from analysis.figures.figure import Figure, Source, Table
from analysis.journal import Decision
from analysis.plans.worklists import Worklist, rule_in_words
from analysis.tables import worklist as tables
from analysis.words import worklist as words


def figures(found: Worklist, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown, the answer first."""
    yield answer(found, source)
    yield Figure(title="The rule, to be published", notes=rule_in_words(found.plan))
    yield _rehearsal(found, source)
    yield Figure(title="What this cannot tell you", notes=words.CANNOT)


def answer(found: Worklist, source: Source) -> Figure:
    """Say what is proposed, and of which homes."""
    table = Table(tidy=found.rows, columns=tables.ROWS, name="worklist", title="")
    return Figure(title="The answer", headline=words.headline(found.rows, found.month, found.plan.capacity),
                  sentence=words.READ if len(found.rows) else "", caption=source.caption(words.PROTECTED),
                  tables=(table,) if len(found.rows) else ())  # fmt: skip


def _rehearsal(found, source):
    from analysis.charts.worklist import by_month

    past, plan = found.rehearsal, found.plan
    table = Table(tidy=past.by_month, columns=tables.KEPT, name="rehearsal")
    return Figure(
        title="What the rule would have done before",
        sentence="The list as it would have been kept month by month, with support that has no effect.",
        notes=(words.needless(past, plan.after), words.regression(past, plan.window, plan.after)),
        chart=by_month(past.by_month), caption=source.caption(words.PROTECTED), tables=(table,),
    )  # fmt: skip


def decisions(entries: Sequence[tuple[int, datetime, Decision]]) -> Figure:
    """List every decision with who, when and why: those that were corrected too."""
    rows = pd.DataFrame([
        {"number": number, "written": f"{at:%Y-%m-%d %H:%M}", "home": one.home, "decision": one.decision,
         "day": one.day, "by": one.by, "why": one.why, "corrects": one.corrects or ""} for number, at, one in entries
    ])  # fmt: skip
    said = "Nothing has been decided yet." if rows.empty else "Every decision as it was written; none is ever changed."
    return Figure(title="Decisions", sentence=said,
                  tables=(Table(tidy=rows, columns=tables.DECIDED, title=""),) if len(rows) else ())  # fmt: skip
