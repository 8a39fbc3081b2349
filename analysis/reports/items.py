"""Which items of the reporting guidelines does the report answer, and which must be answered by whoever did the work?

An item is answered from what is known: the protocol, the data, the answer. The others are listed as open: software that
filled them would invent. Items are told in our words.

Sources: TIDieR, Hoffmann et al. (2014), *BMJ* 348:g1687; RECORD, Benchimol et al. (2015), *PLoS Medicine* 12(10)
e1001885; TARGET, Cashin, Hansford et al. (2025), *JAMA* and *BMJ*: of its items those that lay the target trial out
beside its emulation, by their headings.
"""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from analysis.evaluation import Evaluation
from analysis.figures import Figure, Table
from analysis.reports.designs import NOT_SAID, Facts
from analysis.tables.columns import Column
from analysis.words.phrases import listed

OPEN = "Open: for the evaluator to write."
ITEMS = (Column("Item", "item"), Column("What it asks", "asks"), Column("Answer", "answer"))
EMULATION = (Column("Part of the trial", "part"), Column("The trial one would have run", "trial"),
             Column("What was done instead", "done"))  # fmt: skip

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


def reporting(
    evaluation: Evaluation, facts: Facts, given: Mapping[str, str] = MappingProxyType({})
) -> tuple[Figure, ...]:
    """Answer the items of the guidelines as far as they can be.

    Parameters
    ----------
    given : mapping of str to str
        What the evaluator wrote, by item: "TIDieR 2" to "Rounds find …". Nothing known is written over.
    """
    described = _answered(TIDIER, _of("TIDieR", given) | _told(_tidier(evaluation, facts)))
    recorded = _answered(RECORD, _of("RECORD", given) | _told(_record(evaluation, facts)))
    return (
        _figure("TIDieR: the intervention", described),
        _figure("RECORD: routinely collected data", recorded),
        Figure(
            title="TARGET: the trial this stands in for",
            sentence="Nobody drew lots here. What a trial would have done, and what was done instead, under the "
            "headings of the TARGET statement; its other items are answered by the parts of this report.",
            tables=(Table(tidy=_target(evaluation, facts), columns=EMULATION, title="The trial and its stand-in"),),
        ),
    )


def _of(guideline: str, given: Mapping[str, str]) -> dict[str, str]:
    """Take what was written of one guideline, by the number of its item."""
    told = {key.removeprefix(f"{guideline} "): " ".join(text.split()) for key, text in given.items()
            if key.startswith(f"{guideline} ")}  # fmt: skip
    return {item: text for item, text in told.items() if text}


def _told(known: Mapping[str, str]) -> dict[str, str]:
    return {item: text for item, text in known.items() if text}


def open_items(evaluation: Evaluation, facts: Facts) -> dict[str, str]:
    """Name the items that only the evaluator can answer: "TIDieR 2" to what it asks."""
    known = (("TIDieR", TIDIER, _tidier(evaluation, facts)), ("RECORD", RECORD, _record(evaluation, facts)))
    return {f"{name} {item}": asks for name, items, told in known for item, asks in items.items() if not told.get(item)}


def _figure(title: str, items: pd.DataFrame) -> Figure:
    still = items.loc[items["answer"] == OPEN, "item"].tolist()
    said = f"Open: item{'s' * (len(still) > 1)} {listed(still)}." if still else "No item is open."
    sentence = f"{len(items) - len(still)} of {len(items)} items are answered from what is known. {said}"
    return Figure(title=title, sentence=sentence, tables=(Table(tidy=items, columns=ITEMS, title=""),))


def _answered(items: Mapping[str, str], known: Mapping[str, str]) -> pd.DataFrame:
    rows = [(item, asks, known.get(item) or OPEN) for item, asks in items.items()]
    return pd.DataFrame(rows, columns=["item", "asks", "answer"])


def _tidier(evaluation: Evaluation, facts: Facts) -> dict[str, str]:
    rows = facts.rows
    started = f"{rows['Homes with it']} How often and how much: not in the data." if "Homes with it" in rows else ""
    return {"1": facts.intervention, "7": rows.get("Where", ""), "8": started}


def _record(evaluation: Evaluation, facts: Facts) -> dict[str, str]:
    rows, files = facts.rows, evaluation.provenance["data"]["files"]
    layouts = sorted({entry["layout"] for entry in files})
    chosen = rows.get("How they were chosen", "")
    return {
        "1.1": f"Routinely collected; layouts of the files: {listed(layouts)}" if layouts else "",
        "1.2": f"{rows.get('Where', facts.unit)}; {rows['Months']}",
        "1.3": "Joined by CQC's location id where files are of homes, and by the area's code where they are of areas; "
        "no data of single people are linked",
        "6.1": "" if chosen == NOT_SAID else chosen,
        "7.1": f"Outcome: {facts.outcome}. The protocol, in this report, names the rest",
        "12.2": "Every row set aside, with its reason, is in the report of its load (homeward ledger)",
        "13.1": "Under “What went in”, with numbers and reasons",
        "19.1": "Under “What this cannot tell you”, and in the doubts examined",
        "22.1": "The protocol is in this report; the code is open (Homeward, with its digest under “What this was made "
        "from”); the data are with whoever holds them, and are known by their digests",
    }


def _target(evaluation: Evaluation, facts: Facts) -> pd.DataFrame:
    """Lay the trial one would have run beside what was done."""
    rows, checks = facts.rows, evaluation.checks
    concerns = sum(check.passed is False for check in checks)
    compared, where = rows["Compared with"], rows.get("Where", facts.unit)
    told = [
        ("Eligibility", f"All {facts.unit} that could be offered it", f"{where}; {rows['Months']}"),
        ("Treatment strategies", f"{facts.intervention}, or care as usual", f"With it, or {compared}"),
        ("Assignment", "By lot", f"Not by lot: {rows.get('How they were chosen', NOT_SAID)}"),
        ("Follow-up", "From the day of the lot", f"From each start; {rows['Months']}"),
        ("Outcome", facts.outcome, "The same, as routinely recorded"),
        ("Causal contrast", "Effect of being given it", rows["What is estimated"]),
        ("Identifying assumptions", "None beyond the lot",
         f"Without it, those that had it would have gone as those they are compared with: {len(checks)} doubts were "
         f"examined, {concerns or 'none'} a concern"),
        ("Data analysis plan", "Written before the outcome is seen", f"{rows['Method']}; interval: {rows['Interval']}"),
    ]  # fmt: skip
    return pd.DataFrame(told, columns=["part", "trial", "done"])
