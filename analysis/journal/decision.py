"""What was decided about a home, by whom, when and why; and how that is handed on to whoever evaluates it.

A start becomes a row of the list of interventions, with how and from which months the home was chosen, so that the
evaluation of tomorrow leaves out the months that chose it (`analysis.design`). Who decided and why stays in the
journal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

Verb = Literal["start", "decline", "wait", "end"]
COLUMNS = ("location_id", "intervention", "start", "end", "dose", "chosen_by", "chosen_from", "chosen_to")
"""Of the layout "interventions" (`analysis.sources.interventions`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision about one home.

    Parameters
    ----------
    home : str
    intervention : str
    decision : Verb
    day : str
        From when it holds: "2026-11-27".
    by, why : str
        Who decided, and the reason in words.
    month : str
        Of the worklist that was before them.
    chosen_by : str
        What the home met, in words; chosen_from, chosen_to are the months whose numbers were looked at for it.
    plan : str
        Digest of the plan by which it was chosen.
    corrects : int
        Number of the entry that this one puts right; 0 for none.
    """

    home: str
    intervention: str
    decision: Verb
    day: str
    by: str
    why: str
    month: str = ""
    chosen_by: str = ""
    chosen_from: str = ""
    chosen_to: str = ""
    plan: str = ""
    corrects: int = 0


def interventions_of(decisions: Iterable[Decision]) -> pd.DataFrame:
    """Hand decisions on as a list of interventions: a row per start, with the end that followed it.

    Parameters
    ----------
    decisions : iterable of Decision
        Those that stand, in the order in which they were written.
    """
    rows: list[dict] = []
    goes_on: dict[tuple[str, str], dict] = {}
    for one in sorted(decisions, key=lambda each: each.day):
        pair = (one.home, one.intervention)
        if one.decision == "start" and pair not in goes_on:
            goes_on[pair] = dict(zip(COLUMNS, (*pair, one.day, "", 1, one.chosen_by, one.chosen_from, one.chosen_to),
                                     strict=True))  # fmt: skip
            rows.append(goes_on[pair])
        elif one.decision == "end" and pair in goes_on:
            goes_on.pop(pair)["end"] = one.day
    return pd.DataFrame(rows, columns=list(COLUMNS))
