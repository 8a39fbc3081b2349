"""Did residents come to hospital at other hours, stay shorter, or wait less? How that is asked and told."""

from typing import Any

import pandas as pd

from analysis import disclosure
from analysis.admissions.stays import as_told
from analysis.design import Design, design_from
from analysis.disclosure.estimates import significant
from analysis.outcomes import Stays
from analysis.panel import Panel
from analysis.panel.stays import DAYS, LEAST, MEASURES, PEOPLE, WAITS, stays_panel
from analysis.panel.stays_shown import stays_as_shown
from analysis.protocol import Protocol
from analysis.questions import Question
from analysis.questions.rates import account, told_emergencies
from analysis.results import RATE_RATIO, Effects, Fitted
from analysis.store import Store
from analysis.words import stays as words


def show(panel: Panel, store: Store, outcome: Stays) -> Panel:
    """Give the sums as they may be shown."""
    return stays_as_shown(panel, store, outcome, told_emergencies(store))


def _design(panel: Panel, spells: pd.DataFrame, protocol: Protocol) -> Design:
    return design_from(panel, spells, protocol.plan)


def _publish(effects: Effects, panel: Panel, design: Design, outcome: Stays) -> Effects:
    return as_told(effects, panel, design, MEASURES[outcome.measure].least)


def compare(fitted: Fitted[Panel, Design]) -> pd.DataFrame:
    """Say what other ways of judging the error make of the one ratio."""
    found = fitted.effects.tidy().set_index("term").loc[RATE_RATIO, "estimate"]
    return fitted.effects.diagnostic("methods").assign(estimate=found)


def headline(protocol: Protocol, fitted: Fitted[Panel, Design]) -> str:
    """Say the ratio with its interval."""
    return words.headline(fitted.effects, protocol.outcome.measure, protocol.plan.intervention)  # type: ignore[union-attr]


def _glance(effects: Effects) -> dict[str, Any]:
    """Give the glance; sums of days as counts are shown, and exposure to three digits, as it may be a count."""
    shown = disclosure.protect(effects.glance(), ["events"]).drop(columns="hidden").iloc[0]
    told = {str(name): value for name, value in shown.items()}
    return told | {"exposure": significant(float(told["exposure"]), 3)}


QUESTION: Question[Panel, Design] = Question(
    observe=stays_panel,
    show=show,
    design=_design,
    publish=_publish,
    compare=compare,
    account=account,
    headline=headline,
    glance=_glance,
    disclosure=(
        f"{disclosure.HES} Numerators and denominators are counted home by home in bands: people of {PEOPLE}, days in "
        f"hospital of {DAYS}, delayed days of {WAITS}. No estimate is told of fewer than {LEAST} people, or as many "
        "usual stays or delays, nor of fewer than three homes on either side."
    ),
)
