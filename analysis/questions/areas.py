"""Did one area's figures change, against what was to be expected from others? How that is asked and told."""

from dataclasses import replace

import pandas as pd

from analysis.areas import Chosen, choose, joined
from analysis.areas.judged import Judged, judged, name_of
from analysis.areas.observed import Areas, areas_of
from analysis.areas.persistence import by_year
from analysis.design import LEFT_OUT
from analysis.months import PERIODS, month_said
from analysis.outcomes import AreaMeasure
from analysis.protocol import Protocol
from analysis.questions import Question, made_from_panel, with_notes
from analysis.results import Effects, Fitted, Model
from analysis.store import Store
from analysis.words import areas as words

ACCOUNT = ("what", "areas", "area_months", "why")


def observe(store: Store, outcome: AreaMeasure) -> Areas:
    """Give every area's months of the measure."""
    return areas_of(joined(store.table("area_outcomes")), outcome.measure, outcome.start)


def design(observed: Areas, spells: pd.DataFrame, protocol: Protocol) -> Chosen:
    """Choose who is compared with whom: the protocol says all of it, the store's interventions are of homes."""
    outcome = protocol.outcome
    assert isinstance(outcome, AreaMeasure)
    chosen = choose(observed.panel, outcome, observed.returns)
    return replace(chosen, notes=(*observed.notes, *chosen.notes))


def _fit(model: Model, observed: Areas, chosen: Chosen) -> Effects:
    return model.fit(observed.panel, chosen.design)


def compare(fitted: Fitted[Areas, Chosen]) -> pd.DataFrame:
    """Set every method's years side by side, and say why one has none: `persistence.BY_YEAR`, why."""
    years = by_year(fitted.answers).assign(why="")
    silent = pd.DataFrame([{"method": name, "why": why} for name, why in fitted.unanswered.items()])
    return pd.concat([years, silent], ignore_index=True) if len(silent) else years


def account(fitted: Fitted[Areas, Chosen]) -> pd.DataFrame:
    """Say what was used and what was left out: `ACCOUNT`."""
    panel, design = fitted.observed.panel, fitted.design.design
    observed = panel.exposure > 0
    used = observed & design.included
    window = used.any(axis=0)
    name = PERIODS[panel.length]
    rows = [("used", int(used.any(axis=1).sum()), int(used.sum()), f"area-{name}s on which the answer rests")]
    rows += [("left out", *row[1:], row[0]) for row in design.left_out[list(LEFT_OUT)].itertuples(index=False)]
    outside = observed & ~window
    if outside.any():
        rows.append(("left out", int(outside.any(axis=1).sum()), int(outside.sum()), f"{name}s that take no part"))
    return pd.DataFrame(rows, columns=list(ACCOUNT))


def subject(fitted: Fitted[Areas, Chosen]) -> words.AreaSubject:
    """Say in words what is asked."""
    question = fitted.design.question
    start = month_said(question.start)
    return words.AreaSubject(name=name_of(fitted), outcome=words.outcome_of(question.measure), start=start)


def headline(protocol: Protocol, fitted: Fitted[Areas, Chosen]) -> str:
    """Announce a change, or say that none can be told from chance."""
    found: Judged = fitted.judged
    return words.headline(found.verdict, subject(fitted), found.baseline, found.in_time)


def _made_from(observed: Areas) -> dict[str, dict[str, str]]:
    return made_from_panel(observed.panel)


QUESTION: Question[Areas, Chosen] = Question(
    observe=observe,
    design=design,
    fit=_fit,
    publish=with_notes,
    compare=compare,
    account=account,
    headline=headline,
    made_from=_made_from,
    judge=judged,
    disclosure="Figures of areas as published; numbers of people behind them are rounded, and small ones left out.",
    written=("more_than_chance", "spike_before", "placebo_in_time"),
)
