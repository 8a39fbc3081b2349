"""Which items of the reporting guidelines does the report answer, and which must be answered by whoever did the work?

An item is answered from what is known: the protocol, the data, the answer. The others are listed as open: software that
filled them would invent. Items are told in our words.

Sources: TIDieR, Hoffmann et al. (2014), *BMJ* 348:g1687; RECORD, Benchimol et al. (2015), *PLoS Medicine* 12(10)
e1001885, whose 13 items extend STROBE's; TARGET is in `target`.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.figures import Figure, Table
from analysis.outcomes import Residents
from analysis.reports.designs import NOT_SAID, Facts
from analysis.reports.target import EMULATION, OPEN, SIDE_BY_SIDE, TARGET, InReport, answers, side_by_side
from analysis.tables.columns import Column
from analysis.words.phrases import listed

ITEMS = (Column("Item", "item"), Column("What it asks", "asks"), Column("Answer", "answer"))

TIDIER: Mapping[str, str] = {
    "1": "Name of the intervention",
    "2": "Why it should work",
    "3": "Materials used",
    "4": "What was done",
    "5": "Who provided it, and their training",
    "6": "How: in person or from afar, one by one or in groups",
    "7": "Where",
    "8": "When, how often, how much",
    "9": "What was tailored to each home, and how",
    "10": "What changed in the course of it",
    "11": "How it was planned to see whether it was done as meant",
    "12": "How far it was done as meant",
}
RECORD: Mapping[str, str] = {
    "1.1": "Kind of data, in title or summary",
    "1.2": "Place and time of the study",
    "1.3": "Whether data sets were linked",
    "6.1": "How those studied were chosen",
    "6.2": "Whether that way of choosing was validated",
    "6.3": "How linkage was done, as a diagram",
    "7.1": "Codes that define exposure, outcome and what is adjusted for",
    "12.1": "What access there was to the whole data base",
    "12.2": "How data were cleaned",
    "12.3": "Level and quality of linkage",
    "13.1": "Who was chosen and who filtered out, with numbers",
    "19.1": "What it means that the data were not collected for this question",
    "22.1": "Where protocol, data and code can be had",
}


BY_PERSON = "Stays and admissions of single people joined by pseudonym, and to homes by CQC's location id"
BY_PLACE = (
    "Joined by CQC's location id where files are of homes, and by the area's code where they are of areas; no data of "
    "single people are joined"
)
EVERYTHING = InReport()


def reporting(
    evaluation: Evaluation, facts: Facts, given: Mapping[str, str] = MappingProxyType({}), told: InReport = EVERYTHING
) -> tuple[Figure, ...]:
    """Answer the items of the guidelines as far as they can be.

    Parameters
    ----------
    given : mapping of str to str
        What the evaluator wrote, by item: "TIDieR 2" to "Rounds find …". Nothing known is written over.
    told : InReport
        What else is in the report.
    """
    titles = {
        "TIDieR": "TIDieR: the intervention",
        "RECORD": "RECORD: routinely collected data",
        "TARGET": "TARGET: the trial this stands in for",
    }
    figures = [
        _figure(titles[name], _answered(items, known, _of(name, given)))
        for name, items, known in _guidelines(evaluation, facts, told)
    ]
    trial = Table(tidy=side_by_side(evaluation, facts), columns=EMULATION, title=SIDE_BY_SIDE)
    nobody = "Nobody drew lots here: what a trial would have done is laid beside what was done (items 6 and 7)."
    last = replace(figures[-1], sentence=f"{figures[-1].sentence} {nobody}", tables=(*figures[-1].tables, trial))
    return (*figures[:-1], last)


def _guidelines(
    evaluation: Evaluation, facts: Facts, told: InReport
) -> tuple[tuple[str, Mapping[str, str], Mapping[str, str]], ...]:
    """Name each guideline, with its items and what is known of them."""
    record = _record(evaluation, facts)
    return (
        ("TIDieR", TIDIER, _tidier(evaluation, facts)),
        ("RECORD", RECORD, record),
        ("TARGET", TARGET, answers(evaluation, facts, record, told)),
    )


def _of(guideline: str, given: Mapping[str, str]) -> dict[str, str]:
    """Take what was written of one guideline, by the number of its item."""
    told = {key.removeprefix(f"{guideline} "): " ".join(text.split()) for key, text in given.items()
            if key.startswith(f"{guideline} ")}  # fmt: skip
    return {item: text for item, text in told.items() if text}


def open_items(evaluation: Evaluation, facts: Facts) -> dict[str, str]:
    """Name the items that only the evaluator can answer: "TIDieR 2" to what it asks."""
    return {
        f"{name} {item}": asks
        for name, items, known in _guidelines(evaluation, facts, EVERYTHING)
        for item, asks in items.items()
        if not known.get(item) or known[item].endswith(OPEN)
    }


def _figure(title: str, items: pd.DataFrame) -> Figure:
    still = items.loc[items["answer"].str.endswith(OPEN), "item"].tolist()
    said = f"Open: item{'s' * (len(still) > 1)} {listed(still)}." if still else "No item is open."
    sentence = f"{len(items) - len(still)} of {len(items)} items are answered from what is known. {said}"
    return Figure(title=title, sentence=sentence, tables=(Table(tidy=items, columns=ITEMS, title=""),))


def _answered(items: Mapping[str, str], known: Mapping[str, str], given: Mapping[str, str]) -> pd.DataFrame:
    """Lay out items and answers; what the evaluator wrote stands where something is open."""
    told = {item: known.get(item) or OPEN for item in items}
    rows = [
        (item, asks, told[item].removesuffix(OPEN) + given[item] if item in given and told[item].endswith(OPEN)
         else told[item])
        for item, asks in items.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["item", "asks", "answer"])


def _tidier(evaluation: Evaluation, facts: Facts) -> dict[str, str]:
    rows = facts.rows
    started = f"{rows['Homes with it']} How often and how much: not in the data." if "Homes with it" in rows else ""
    return {"1": facts.intervention, "7": rows.get("Where", ""), "8": started}


def _record(evaluation: Evaluation, facts: Facts) -> dict[str, str]:
    rows, files = facts.rows, evaluation.provenance["data"]["files"]
    layouts = sorted({entry["layout"] for entry in files})
    chosen, people = rows.get("How they were chosen", ""), isinstance(evaluation.protocol.outcome, Residents)
    return {
        "1.1": f"Routinely collected; layouts of the files: {listed(layouts)}" if layouts else "",
        "1.2": f"{rows.get('Where', facts.unit)}; {rows['Months']}",
        "1.3": BY_PERSON if people else BY_PLACE,
        "6.1": "" if chosen == NOT_SAID else chosen,
        "7.1": f"Outcome: {facts.outcome}. The protocol, in this report, names the rest. By which codes those who hold "
        f"the data counted: {OPEN}",
        "12.2": "Every row set aside, with its reason, is in the report of its load (homeward ledger)",
        "12.3": f"{BY_PERSON if people else BY_PLACE}. How good the joins are: "
        + ("under “Do the two files belong together?”" if people else OPEN),
        "13.1": "Under “What went in”, with numbers and reasons",
        "19.1": "Under “What this cannot tell you”, and in the doubts examined",
        "22.1": "The protocol is in this report; the code is open (Homeward, with its digest under “What this was made "
        "from”); the data are with whoever holds them, and are known by their digests",
    }
