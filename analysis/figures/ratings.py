"""Did supported homes get better ratings? What is shown of an evaluation, in the order in which it is read.

Page, notebook and `answer.md` show these figures; what takes longer is there where the protocol asks for it.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis import charts, words
from analysis.evaluation import Evaluation
from analysis.figures import rating_models, weighed
from analysis.figures.answer import source_of
from analysis.figures.doubts import doubts, gravest
from analysis.figures.figure import Fact, Figure, Source, Table
from analysis.outcomes import Ratings
from analysis.plural import counted
from analysis.protocol.registry import LEADING
from analysis.ratings import on_request
from analysis.ratings.curves import Curves
from analysis.ratings.placebos import Placebos
from analysis.results import Check, Effects, limit
from analysis.tables import programmes as tables
from analysis.tables.columns import Column, number
from analysis.tables.rating_models import METHODS, NAMES
from analysis.words import rating_models as rating_words
from analysis.words.facts import of_ratings
from analysis.words.phrases import called

COUNTED = "Counts are of homes and inspections, not of people."
HOLDS_ONE = "An interval that holds 1 leaves open whether anything changed. Groups rest on fewer homes than the answer."
NO_RATIO = "So few homes were expected to be rated better that one more or less would double the ratio: none is drawn."
ONE_ANSWER = "One method has an answer; the table says why the others have none."
ACCOUNT = (
    Column("What", "what"), Column("Homes", "homes"), Column("Ratings", "ratings", number(0)), Column("Why", "why"),
)  # fmt: skip
HOMES = (Column("Home", "location_id"), Column("Supported from", "started", lambda day: f"{day.day} {day:%B %Y}"))


def source(evaluation: Evaluation, name: str) -> Source:
    """Say what an evaluation was made from; `name` is what the data are called."""
    seen, support = evaluation.observed, evaluation.design
    return source_of(
        evaluation, seen.homes["area_name"], name, inspections_sha256=seen.digest, supported_sha256=support.digest,
        key_question=support.key_question, services=_asked(evaluation).services,
    )  # fmt: skip


def figures(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Yield everything that is shown of an evaluation, the answer first."""
    yield answer(evaluation)
    yield from rest(evaluation, evaluation.checks, source)


def answer(evaluation: Evaluation) -> Figure:
    """Say the answer, with what must be known beside it."""
    effects, leads = evaluation.published, evaluation.method == LEADING
    first = (words.needed(effects),) if leads else ()
    told = Figure(
        title="The answer", headline=evaluation.headline,
        notes=(*first, *gravest(evaluation.checks), *effects.notes, *_silent(evaluation)),
        facts=tuple(Fact(*told) for told in of_ratings(effects)) if leads else (),
    )  # fmt: skip
    return weighed.called(told, evaluation, evaluation.checks) if leads else told


def _silent(evaluation: Evaluation) -> Iterator[str]:
    """Say which methods cannot answer, and why, each reason once."""
    for why in dict.fromkeys(evaluation.unanswered.values()):
        names = [NAMES[name] for name, said in evaluation.unanswered.items() if said == why]
        yield f"{', '.join(names)}: no answer. {why}"


def rest(evaluation: Evaluation, checks: Sequence[Check], source: Source) -> Iterator[Figure]:
    """Yield all that stands behind the answer."""
    seen, support, answers = evaluation.observed, evaluation.design, evaluation.fitted.answers
    if LEADING in answers:
        yield _observed_expected(answers[LEADING], source)
        yield _became(answers[LEADING])
    yield _curves(on_request.curves(seen, support), source)
    yield from _on_request(evaluation)
    yield from _models(evaluation, source)
    yield from doubts(checks)
    more = rating_words.MODELS_CANNOT_TELL if len(evaluation.protocol.methods) > 1 else ()
    yield Figure(title="What this comparison cannot tell you", notes=(*words.CANNOT_TELL, *more))
    yield _went_in(evaluation)


def _on_request(evaluation: Evaluation) -> Iterator[Figure]:
    """Yield what the protocol asks for beside the answer of observed over expected."""
    also, seed = _asked(evaluation).also or (), evaluation.protocol.seed
    asked = evaluation.observed, evaluation.design, seed
    if "placebo_programmes" in also and LEADING in evaluation.answers:
        yield nothing_done(on_request.placebo_programmes(*asked), _subject(evaluation))
    if "key_questions" in also:
        yield supported_questions(*on_request.key_questions(*asked))


def _models(evaluation: Evaluation, source: Source) -> Iterator[Figure]:
    """Yield what the models say, beside observed over expected."""
    seen, support, answers = evaluation.observed, evaluation.design, evaluation.fitted.answers
    if len(evaluation.protocol.methods) > 1:
        yield _methods(evaluation, source)
    if plain := answers.get("next_rating"):
        weighted = on_request.often_inspected(seen, support)
        yield from rating_models.next_rating(plain, weighted, _subject(evaluation), source)
    if moves := answers.get("multi_state"):
        yield rating_models.moves(moves, _subject(evaluation))
        if "inspectors_told" in (_asked(evaluation).also or ()):
            yield rating_models.informative_inspections(
                on_request.inspectors_told(seen, support, evaluation.protocol.seed), source
            )


def _asked(evaluation: Evaluation) -> Ratings:
    outcome = evaluation.protocol.outcome
    assert isinstance(outcome, Ratings)
    return outcome


def _subject(evaluation: Evaluation) -> str:
    return f"the {called(evaluation.protocol.plan.intervention)}"


def _methods(evaluation: Evaluation, source: Source) -> Figure:
    """Say which answer answers what, whether they agree, and what each finds in its own terms."""
    answers = [*evaluation.fitted.answers.values()]
    return Figure(
        title="Methods side by side",
        sentence=rating_words.three_answers(answers) if len(answers) > 1 else ONE_ANSWER,
        caption=source.caption(COUNTED),
        tables=(Table(tidy=evaluation.question.compare(evaluation.fitted), columns=METHODS, name="rating_methods"),),
    )


def _went_in(evaluation: Evaluation) -> Figure:
    """Show what became of the supported homes, what was left out, and which homes were supported."""
    account, homes = evaluation.account(), evaluation.design.listed
    used = int(account.loc[0, "homes"])  # type: ignore[arg-type]
    return Figure(
        title="What went in",
        sentence=f"The answer rests on {words.homes(used)} with the intervention. {COUNTED}",
        tables=(
            Table(tidy=account, columns=ACCOUNT, title="What became of supported homes, and what was left out"),
            Table(tidy=homes, columns=HOMES, name="supported_homes", title=f"The supported homes ({len(homes):,})"),
        ),
    )


def _observed_expected(effects: Effects, source: Source) -> Figure:
    """Draw observed over expected, overall and by rating and kind of home."""
    rows = tables.groups(effects)
    drawn = bool(rows["estimate"].notna().any())
    caption = f"Homes inspected again, and how many were expected to be rated better. {COUNTED}"
    return Figure(
        title="Observed, and expected anyway",
        sentence=HOLDS_ONE if drawn else NO_RATIO,
        chart=charts.over_expected(rows) if drawn else None,
        caption=source.caption(caption) if drawn else "",
        tables=(Table(tidy=rows, columns=tables.ESTIMATES, name="observed_over_expected"),),
    )


def _became(effects: Effects) -> Figure:
    """List what became of every supported home, the strata, and the other interval."""
    became, strata = effects.diagnostics["became"], effects.diagnostics["strata"]
    methods = effects.diagnostics["methods"].to_dict("records")
    spans = tuple(
        f"{m['method']}: {limit(m['conf_low'])} to {limit(m['conf_high'])}. {m['good_for']}"
        for m in methods if np.isfinite(m["conf_low"])
    )  # fmt: skip
    own = became.loc[became["homes"] > 0]
    return Figure(
        tables=(
            Table(tidy=own, columns=tables.BECAME, title="What became of every supported home"),
            Table(tidy=strata, columns=tables.STRATA, title="What the expected number is made from"),
        ),
        more=(("Two intervals of the answer", spans),) if spans else (),
    )


def _curves(found: Curves, source: Source) -> Figure:
    """Draw how soon supported homes, and homes like them, were rated better."""
    sentence = words.after_years(found.frame, found.homes)
    if not found.drawn:
        return Figure(title="Rated better since the start", sentence=sentence)
    own, others = found.homes["supported homes"], found.homes["homes like them"]
    caption = (
        f"{counted(own, 'supported home')} and {counted(others, 'other')} of the same ratings "
        "on the same days. "
        f"{'Thin lines are homes that left the register. ' if (found.frame['left'] > 0).any() else ''}{COUNTED}"
    )
    shown = Table(tidy=tables.half_years(found.frame), columns=tables.CURVES, title="At half years")
    whole = Table(tidy=found.frame, columns=tables.CURVES, name="rated_better_since_start", title="At every change")
    return Figure(
        title="Rated better since the start",
        sentence=sentence,
        chart=charts.better_since(found.frame),
        caption=source.caption(caption),
        tables=(shown, whole),
    )


def nothing_done(found: Placebos, called: str) -> Figure:
    """Show how far programmes come out in which nothing is known to have been done."""
    table = Table(tidy=found.frame, columns=tables.PLACEBOS, name="placebos")
    return Figure(
        title="Programmes in which nothing was done",
        sentence=words.placebos(found, called),
        tables=(table,) if len(found.frame) else (),
    )


def supported_questions(rows: pd.DataFrame, order: pd.DataFrame, everywhere: pd.DataFrame) -> Figure:
    """Show which key question moved in supported homes, and whether Well-led moved first."""
    by = Table(tidy=rows, columns=tables.SUPPORTED_QUESTIONS, name="supported_key_questions",
               title="Observed over expected by key question")  # fmt: skip
    first = Table(
        tidy=order, columns=tables.ORDER, name="supported_order", title="Order of improvement in supported homes"
    )
    return Figure(
        title="Which key question moved in supported homes",
        sentence=words.well_led_first(order, "supported homes"),
        notes=(words.well_led_first(everywhere, "all homes from the day they were rated below Good"),),
        tables=(by, first),
    )
