"""How do visits that were written in a spreadsheet come into a journal, and out of it into an answer?"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from analysis import sources
from analysis.errors import AnalysisError
from analysis.journal import Journal, Visit, wrong_with
from analysis.monitoring.visits import laid_out
from analysis.sources import visits as layout
from analysis.sources.columns.dates import today
from analysis.sources.layout import Say

SHOWN_FAULTS = 5
"""Of a file's, in a message; the file is to be put right anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackPlan:
    """Which journal is read.

    Parameters
    ----------
    kind : "feedback"
    title : str
    journal : str
        Path of the file that `homeward app --journal FILE` writes.
    home : str
        Only of this home; "" for all.
    """

    kind: Literal["feedback"] = "feedback"
    title: str = "What visitors and audits saw"
    journal: str = ""
    home: str = ""


def visits_of(plan: FeedbackPlan) -> pd.DataFrame:
    """Read a journal's visits, as of `monitoring.visits.laid_out`.

    Raises
    ------
    AnalysisError
        If there is no such journal, or it was tampered with.
    """
    if not plan.journal or not Path(plan.journal).is_file():
        raise AnalysisError(
            "A plan about feedback needs a journal.", found=f"journal = {plan.journal!r}",
            do="Give the path of the file that homeward app --journal FILE writes.",
        )  # fmt: skip
    rows = laid_out([entry for _, _, entry in Journal(Path(plan.journal)).standing(Visit)])
    return rows[rows["home"] == plan.home] if plan.home else rows


def imported(name: str, source: Path | bytes, journal: Journal, say: Say | None = None) -> str:
    """Take entries from a spreadsheet, whole or not at all; entries that the journal has already are not taken twice.

    Raises
    ------
    AnalysisError
        If the file cannot be read as visits, or an entry of it cannot be.
    """
    reading = sources.read(name, source, say, layouts=(layout.LAYOUT,))
    if reading.refusals or reading.questions:
        raise AnalysisError(f"{name} was not taken.", do=" ".join(map(str, (*reading.refusals, *reading.questions))))
    rows = reading.tables["visits"]
    visits = [Visit(**row | {"day": f"{row['day']:%Y-%m-%d}"}) for row in rows.to_dict("records")]
    wrong = [
        f"{visit.home}, {visit.day}: {fault.words}" for visit in visits for fault in wrong_with(visit, today().date())
    ]
    if wrong:
        raise AnalysisError(f"{name} was not taken: {len(wrong)} entries cannot be.", do=" ".join(wrong[:SHOWN_FAULTS]))
    known = {entry for _, _, entry in journal.standing(Visit)}
    new = [visit for visit in dict.fromkeys(visits) if visit not in known]
    journal.write_all(new)
    aside = f" {len(reading.set_aside)} rows could not be used." if len(reading.set_aside) else ""
    return f"{name}: {len(new)} entries are written, {len(visits) - len(new)} were there already.{aside}"
