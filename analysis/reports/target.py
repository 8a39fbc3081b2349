"""Which of the 21 items of TARGET does the report answer: of a study that stands in for a trial nobody ran?

Items 6 and 7 lay the trial one would have run beside what was done; they are a table of their own. The others are
answered by what is in the report, named by the heading under which it stands, or are open. Items are told in our words.

Source: Cashin, Hansford et al. (2025), *JAMA* 334(12) and *BMJ* 390, e087179.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.outcomes import AreaMeasure, Rate
from analysis.reports.designs import NOT_SAID, Facts
from analysis.reports.locks import Lock, said
from analysis.tables.columns import Column
from analysis.words.phrases import listed

OPEN = "Open: for the evaluator to write."
EMULATION = (Column("Part of the trial", "part"), Column("The trial one would have run", "trial"),
             Column("What was done instead", "done"))  # fmt: skip
SIDE_BY_SIDE = "The trial and its stand-in"
TARGET: Mapping[str, str] = {
    "1a": "That it stands in for a trial, what for, and which trial, in the summary",
    "1b": "Sources of data, in the summary",
    "1c": "Assumptions, methods, findings and conclusions, in the summary",
    "2": "What is known already, and what is missing",
    "3": "The causal question",
    "4": "Why a trial is stood in for, and the trials it was modelled on",
    "5": "Data: what they were first for, kind, places, setting, time, how they were joined",
    "6": "The trial one would have run: who, what, how assigned, how long, outcomes, contrast, assumptions, analysis",
    "7": "How each of these was done with the data, and further analyses",
    "8": "How many were looked at, could take part, and were on each side",
    "9": "What each side was like at the start",
    "10": "How long each side was followed, and why following ended",
    "11": "What is missing, on each side",
    "12": "How often the outcome came about, on each side",
    "13": "The effect with its precision, relative and absolute",
    "14": "What the further analyses found",
    "15": "What the findings mean for the question",
    "16": "Limits: where trial and stand-in differ, how likely the assumptions are",
    "17": "Ethics approval",
    "18": "Whether, when and where the protocol was registered",
    "19": "Where data, code and materials can be had",
    "20": "Funding, and the funders' part",
    "21": "Conflicts of interest",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InReport:
    """What else of a report its items may point to.

    Parameters
    ----------
    titles : frozenset of str, or None
        Headings that the report has; None of a report in which everything is examined.
    lock : Lock or None
    """

    titles: frozenset[str] | None = None
    lock: Lock | None = None

    def under(self, *wanted: str) -> str:
        """Name those of some headings that are there; nothing where none is."""
        there = [f"“{title}”" for title in wanted if self.titles is None or title in self.titles]
        return f"Under {listed(there)}" if there else ""


def answers(evaluation: Evaluation, facts: Facts, record: Mapping[str, str], told: InReport) -> dict[str, str]:
    """Answer the items from what is known; an answer that ends in `OPEN` is one in part.

    Parameters
    ----------
    record : mapping of str to str
        What is known of RECORD's items, by number.
    told : InReport
        What else is in the report.
    """
    rows, of_homes = facts.rows, isinstance(evaluation.protocol.outcome, Rate)
    lock = f"{said(told.lock)} Where it was registered: " if told.lock else ""
    followed = f"All {facts.unit} in the same months: {rows['Months']}" if _by_area(evaluation) else told.under(
        "Do homes that came or went make the answer?", "What became of every supported home",
        "Share gone to hospital, and share died", "Rated better since the start"
    )  # fmt: skip
    happened = told.under(
        "Observed, and expected otherwise", "Observed, and expected anyway",
        "What was counted, with the support and without", "Month by month"
    )  # fmt: skip
    return {
        "1a": "It does, on data that were not made for it: not in the title, but here",
        "1b": "; ".join(filter(None, (record["1.1"], record["1.2"]))),
        "1c": "On the first page, and in the table below",
        "3": facts.question,
        "5": "; ".join(filter(None, (record["1.1"], record["1.2"], record["1.3"]))),
        "6": f"Under “{SIDE_BY_SIDE}”, below",
        "7": f"Under “{SIDE_BY_SIDE}”, below",
        "8": "; ".join(filter(None, (told.under("What went in"), rows.get("Homes with it", ""),
                                     f"compared with {rows['Compared with']}"))),
        "9": told.under("Were the homes alike?", "Were the residents alike when they came?"),
        "10": followed,
        "11": told.under("Are months missing where it matters?", "Are supported homes missing from the answer?"),
        "12": f"{happened}. Of homes without it by themselves: {OPEN}" if of_homes and happened else happened,
        "13": told.under("The answer in numbers", "Every estimate"),
        "14": told.under("Doubts, examined", "Other methods", "Methods side by side"),
        "15": "On the first page",
        "16": told.under("What this cannot tell you", "Doubts, examined"),
        "18": f"{lock}{OPEN}" if lock else "",
        "19": record["22.1"],
    }  # fmt: skip


def side_by_side(evaluation: Evaluation, facts: Facts) -> pd.DataFrame:
    """Lay the trial one would have run beside what was done: items 6a to 6h and 7a to 7h."""
    rows, checks = facts.rows, evaluation.checks
    concerns = sum(check.passed is False for check in checks)
    compared, where = rows["Compared with"], rows.get("Where", facts.unit)
    told = [
        ("a. Eligibility", f"All {facts.unit} that could be offered it", f"{where}; {rows['Months']}"),
        ("b. Treatment strategies", f"{facts.intervention}, or care as usual", f"With it, or {compared}"),
        ("c. Assignment", "By lot, known to all", f"Not by lot: {rows.get('How they were chosen', NOT_SAID)}"),
        ("d. Follow-up", "From the day of the lot to a day set before",
         f"From each start to the last month; {rows['Months']}"),
        ("e. Outcome", facts.outcome, "The same, as routinely recorded"),
        ("f. Causal contrast", "Effect of being given it", rows["What is estimated"]),
        ("g. Identifying assumptions", "None beyond the lot",
         f"Without it, those that had it would have gone as those they are compared with: {len(checks)} doubts were "
         f"examined, {concerns or 'none'} a concern"),
        ("h (i). Analysis, and what is missing", "Written before the outcome is seen; all are counted",
         f"{rows['Method']}; interval: {rows['Interval']}; what is missing takes no part, and is told with its reason"),
        ("h (ii). Further analyses", "Written before too",
         f"{len(checks)} doubts, and {len(evaluation.answers) - 1} other methods"),
    ]  # fmt: skip
    return pd.DataFrame(told, columns=["part", "trial", "done"])


def _by_area(evaluation: Evaluation) -> bool:
    return isinstance(evaluation.protocol.outcome, AreaMeasure)
