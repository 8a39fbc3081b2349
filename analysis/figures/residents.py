"""Did new residents of supported homes go to hospital less? What is shown, in the order in which it is read."""

from collections.abc import Iterator

import pandas as pd

from analysis.charts import forest
from analysis.charts.fair import balance as balance_chart
from analysis.charts.residents import incidence
from analysis.evaluation import Evaluation
from analysis.figures.answer import source_of
from analysis.figures.doubts import doubts
from analysis.figures.figure import Figure, Source, Table
from analysis.outcomes import Residents
from analysis.residents.counted import COUNTED
from analysis.results import NOT_SHOWN, interval
from analysis.tables import residents as tables
from analysis.tables.columns import Column, named
from analysis.words import residents as words
from analysis.words.phrases import called

RULE = (
    "Residents and what happened to them are counted to the nearest 5; * stands for 1 to 7. Shares come from such "
    "counts, every 30 days. No number here is about one person or one home."
)
TERMS = {
    "rate_ratio": ("Rate ratio", 2, 1.0),
    "rate_difference_per_1000_resident_days": ("Difference per 1,000 resident-days", 2, 0.0),
    "admissions_averted": ("Averted", 0, 0.0),
    "share_gone_to_hospital_by_horizon_difference": ("Difference in the share gone to hospital", 3, 0.0),
}
OVERALL = (
    Column("What is estimated", "term", lambda term: TERMS[term][0]),
    Column("Estimate (95% interval)", ("term", "estimate", "conf_low", "conf_high"),
           lambda term, *span: interval(*span, digits=TERMS[term][1], none=TERMS[term][2])),
)  # fmt: skip


def source(evaluation: Evaluation, name: str) -> Source:
    """Say what an evaluation was made from."""
    months = evaluation.provenance["residents"]
    span = f", {months['first'][:4]}–{months['last'][:4]}"
    return source_of(evaluation, evaluation.observed.homes["area"], name, span)


def answer(evaluation: Evaluation) -> Figure:
    """Say the answer, with what must be known beside it."""
    effects, outcome = evaluation.published, _outcome(evaluation)
    told = words.headline(effects, COUNTED[outcome.count], called(evaluation.protocol.plan.intervention))
    tidy = effects.tidy()
    return Figure(
        title="The answer",
        warning=words.banner(effects),
        headline=told,
        notes=effects.notes,
        tables=(Table(tidy=tidy, columns=OVERALL, name="effect", title="In numbers, and as a download"),),
    )


def _outcome(evaluation: Evaluation) -> Residents:
    outcome = evaluation.protocol.outcome
    assert isinstance(outcome, Residents)
    return outcome


def figures(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown, the answer first."""
    yield answer(evaluation)
    yield _outcomes(evaluation, source)
    yield _incidence(evaluation, source)
    yield from _kinds(evaluation, source)
    yield _balance(evaluation, source)
    yield _errors(evaluation)
    yield from doubts(evaluation.checks)
    what = COUNTED[_outcome(evaluation).count]
    yield Figure(title="What this cannot tell you", notes=tuple(words.cannot_tell(what)))
    yield _went_in(evaluation)


def _outcomes(evaluation: Evaluation, source: Source) -> Figure:
    """Show every count with its rate ratio: what leads, what should move with it, and what should not."""
    table = evaluation.published.diagnostic("residents")
    return Figure(
        title="What was counted, with the support and without",
        sentence="Rates are per resident-year in the home; those of bed-days are per resident-year in all.",
        chart=_forest(table.assign(what=[COUNTED[name] for name in table["outcome"]]), "what", "What was counted"),
        caption=source.caption(RULE),
        tables=(Table(tidy=table, columns=tables.OUTCOMES, name="residents_outcomes"),),
    )


def _forest(table: pd.DataFrame, key: str, title: str):
    drawn = table.dropna(subset=["estimate", "conf_low", "conf_high"])
    if drawn.empty:
        return None
    told = [interval(row["estimate"], row["conf_low"], row["conf_high"]) for row in drawn.to_dict("records")]
    return forest(drawn.assign(told=told), key, title)


def _incidence(evaluation: Evaluation, source: Source) -> Figure:
    """Draw the shares gone to hospital and died by day."""
    effects, horizon = evaluation.published, _outcome(evaluation).horizon
    curves, ends = effects.diagnostic("incidence"), effects.diagnostic("ends")
    drawn = curves.dropna(subset=["first_admission"])
    return Figure(
        title="Share gone to hospital, and share died",
        sentence=words.at_horizon(ends, horizon),
        chart=incidence(curves) if len(set(drawn["day"])) > 1 else None,
        caption=source.caption("Thin lines are the share that died. Bands are 95% intervals.", RULE),
        tables=(
            Table(tidy=ends, columns=tables.AT_HORIZON, name="shares_at_horizon", title=f"By day {horizon}"),
            Table(tidy=curves, columns=tables.INCIDENCE, name="shares_by_day"),
        ),
    )


def _kinds(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Show the effect in residential and nursing homes apart."""
    kinds = evaluation.published.tidy("subgroup")
    if len(kinds):
        yield Figure(
            title="By kind of home",
            sentence=words.across_kinds(kinds),
            chart=_forest(kinds, "subgroup", "By kind of home") if len(kinds) > 1 else None,
            caption=source.caption(),
            tables=(Table(tidy=kinds, columns=tables.KINDS, name="effect_by_kind_of_home"),),
        )


def _balance(evaluation: Evaluation, source: Source) -> Figure:
    """Draw how alike residents were before and after matching."""
    table = evaluation.published.diagnostic("balance")
    asked = _outcome(evaluation)
    alike = ", ".join(named(name) for name in asked.exact_on) or "nothing else"
    return Figure(
        title="Were the residents alike when they came?",
        sentence=words.alike(table, not_told=str(evaluation.published.summary.get(NOT_SHOWN, ""))),
        chart=balance_chart(table) if len(table) else None,
        caption=source.caption(f"All are of the same calendar quarter; exactly alike in {alike}."),
        tables=(Table(tidy=table, columns=tables.BALANCE, name="residents_balance"),),
    )


def _errors(evaluation: Evaluation) -> Figure:
    """Show what the usual errors would have said."""
    compared = evaluation.question.compare(evaluation.fitted)
    if evaluation.published.summary.get(NOT_SHOWN):
        compared = compared.iloc[:0]
    return Figure(
        title="How sure, and why",
        sentence="Residents of one home share what is particular to it, so it is homes that count, not residents.",
        tables=(Table(tidy=compared, columns=tables.METHODS, name="residents_errors"),),
    )


def _went_in(evaluation: Evaluation) -> Figure:
    """Show who was used, what was noticed and who was left out."""
    account = evaluation.account()
    return Figure(
        title="What went in",
        sentence=f"The answer rests on {account['residents'].iloc[0]} new residents of supported homes and "
        f"{account['residents'].iloc[1]} like them.",
        caption=RULE,
        tables=(Table(tidy=account, columns=tables.ACCOUNT, title="What was noticed and left out, and why"),),
    )
