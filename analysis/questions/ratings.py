"""Did supported homes get better ratings than homes like them did anyway? How that is asked and told."""

from collections.abc import Iterator

import pandas as pd

from analysis.inspections import Inspections, stored_inspections
from analysis.outcomes import Ratings
from analysis.protocol import Protocol
from analysis.questions import Question, made_from_inspections, with_notes
from analysis.ratings.programme import AGAIN
from analysis.ratings.support import Support, fit, support_from
from analysis.results import OBSERVED_EXPECTED, PROBABILITY_DIFFERENCE, TIDY, Fitted
from analysis.store import Store
from analysis.words import programme
from analysis.words.phrases import called
from analysis.words.rating_models import chance_of_better, speed

ACCOUNT = ("what", "homes", "ratings", "why")
ALONE = "rated again, but no home like them was rated again in the same time"


def observe(store: Store, outcome: Ratings) -> Inspections:
    """Give every published rating."""
    return stored_inspections(store, outcome.services)


def design(observed: Inspections, spells: pd.DataFrame, protocol: Protocol) -> Support:
    """Say who is supported since when, and which ratings are looked at."""
    outcome = protocol.outcome
    assert isinstance(outcome, Ratings)
    return support_from(observed, spells, protocol.plan, outcome)


def compare(fitted: Fitted[Inspections, Support]) -> pd.DataFrame:
    """Say what every method finds in its own terms, on how many supported homes, and why one has no answer."""
    parts = [
        answer.tidy().assign(method=name, homes=answer.summary["n_treated"], why="")
        for name, answer in fitted.answers.items()
    ]
    parts += [pd.DataFrame([{"method": name, "why": why}]) for name, why in fitted.unanswered.items()]
    columns = ["method", *TIDY, "homes", "why"]
    return pd.concat([part.reindex(columns=columns).astype(object) for part in parts], ignore_index=True)


def account(fitted: Fitted[Inspections, Support]) -> pd.DataFrame:
    """Say what became of every supported home, and which ratings were left out: `ACCOUNT`.

    Supported homes used and left out are together all that were supported.
    """
    summary, support = fitted.effects.summary, fitted.design
    treated, units = (int(summary[name]) for name in ("n_treated", "n_units"))  # type: ignore[call-overload]
    rows = [
        ("used", treated, pd.NA, "supported homes on which the answer rests"),
        ("used", units - treated, pd.NA, "other homes that take part"),
        *_left_out(fitted, treated),
        *(("left out", *row[1:], row[0]) for row in support.left_out.itertuples(index=False)),
    ]
    return pd.DataFrame(rows, columns=list(ACCOUNT)).astype({"homes": "Int64", "ratings": "Int64"})


def _left_out(fitted: Fitted[Inspections, Support], treated: int) -> Iterator[tuple]:
    """Yield supported homes that are not in the answer, by what became of them."""
    became = fitted.effects.diagnostic("became")
    if became.empty:
        rest = len(fitted.design.started) - treated
        yield "left out", rest, pd.NA, "supported homes without a rating that takes part"
        return
    for name, homes in became[["became", "homes"]].itertuples(index=False):
        if name == AGAIN and homes > treated:
            yield "left out", homes - treated, pd.NA, f"supported homes: {ALONE}"
        elif name != AGAIN and homes:
            yield "left out", homes, pd.NA, f"supported homes: {name}"


def headline(protocol: Protocol, fitted: Fitted[Inspections, Support]) -> str:
    """Say how many were rated better and how many would have been anyway, or what another model leads with."""
    effects, subject = fitted.effects, f"the {called(protocol.plan.intervention)}"
    term = effects.tidy()["term"].iloc[0]
    if term == OBSERVED_EXPECTED:
        return programme(effects, subject, fitted.design.key_question)
    return (chance_of_better if term == PROBABILITY_DIFFERENCE else speed)(effects, subject)


def _made_from(observed: Inspections) -> dict[str, dict[str, str]]:
    return made_from_inspections(observed, observed.frame["date"].dropna())


QUESTION: Question[Inspections, Support] = Question(
    observe=observe,
    design=design,
    fit=fit,
    publish=with_notes,
    compare=compare,
    account=account,
    headline=headline,
    made_from=_made_from,
    disclosure="Ratings are published; counts are of homes and inspections, not of people.",
    written=("chosen_by_rating", "other_support", "proportional_odds"),
)
