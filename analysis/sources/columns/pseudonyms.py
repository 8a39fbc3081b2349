"""Whose row is it, without knowing who that is?

A pseudonym is the one thing about a person that passes the door, and only where it cannot be anything else: a column of
pseudonyms in which one cell could be an NHS number (ten digits, the last a check digit modulo 11), or whose cells are
names or dates of birth, is refused with its file. One random number of ten digits in eleven passes that check, and
nobody can tell it from an NHS number; so pseudonyms of ten digits are refused too, rather than believed.

What stands in a row about one person is never repeated, neither in a finding nor in a list of rows set aside: the row
and the column say where it is.
"""

import re
from dataclasses import replace

import pandas as pd

from analysis.sources.characters import visible
from analysis.sources.columns.personal import personal
from analysis.sources.columns.screening import ReadColumn, Screening, screening, set_aside_words
from analysis.sources.layout import Parsed, RawTable
from analysis.sources.reading.people import DATE, NUMBER, People, passes

SHARE = 0.5
"""Of pseudonyms that are several words without a digit, or dates, from which they are no keys."""
WORDS = re.compile(r"[^\W\d_]{2,}(?:[ ,.'-]+[^\W\d_]+)+")
QUOTED = re.compile(r"""^(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
NOT_REPEATED = "a cell that is not repeated here, as it is about one person"


def pseudonyms(raw: RawTable, name: str = "person") -> ReadColumn:
    """Return the pseudonyms without stray spaces; rows without one are set aside, people's identities refused."""
    cells = raw.frame[name]
    tidy = cells.map(lambda cell: cell if pd.isna(cell) else " ".join(visible(cell).split()))
    tidy = tidy.replace("", None).astype("str")
    if what := _identity(tidy.dropna().drop_duplicates()):
        words = {"found": what, "expected": "pseudonyms", "fault": "personal data"}
        do = (
            "Homeward never stores who people are. Give every person a key of your own that says nothing about them "
            "and is not ten digits long, such as P00017, the same in every file."
        )
        return ReadColumn(values=tidy, screening=screening("reject", raw, name, cells.dropna(), do=do, **words))
    blank = cells[tidy.isna()]
    return ReadColumn(
        values=tidy, screening=set_aside_words(raw, name, blank, "missing person", "the pseudonym of a person")
    )


def personal_beside(raw: RawTable, name: str = "person") -> Screening:
    """Refuse NHS numbers in any column but that of pseudonyms, which is looked at more closely."""
    return personal(replace(raw, frame=raw.frame.drop(columns=name)))


def _identity(distinct: pd.Series) -> str:
    """Say what of people's identities stands among pseudonyms; nothing where nothing does."""
    if distinct.map(_nhs_number).any():
        return "what may be an NHS number"
    seen = People()
    for cell in distinct:
        seen.examine(cell)
    if found := seen.found():
        return found
    for form, what in ((WORDS, "people's names"), (DATE, "dates of birth")):
        if len(distinct) and distinct.map(lambda cell, form=form: bool(form.fullmatch(cell))).mean() >= SHARE:
            return what
    return ""


def _nhs_number(cell: str) -> bool:
    return any(passes("".join(found.groups())) for found in NUMBER.finditer(cell))


SPOKEN = ("home", "kind")
"""Columns that say nothing about a person: which home, and why somebody went to hospital."""


def not_repeated(raw: RawTable, parsed: Parsed) -> Parsed:
    """Return what was found without any cell of a row, but those of `SPOKEN`."""
    spoken = {raw.mapping.get(name, name) for name in SPOKEN}
    findings = tuple(
        finding if finding.column in spoken else replace(finding, found=QUOTED.sub(NOT_REPEATED, finding.found))
        for finding in parsed.findings
    )
    aside = parsed.set_aside
    if len(aside):
        aside = aside.assign(found=aside["found"].where(aside["column"].isin(spoken), "not repeated"))
    return replace(parsed, findings=findings, set_aside=aside)


def with_all_rows(raw: RawTable, person: pd.Series, said: Screening) -> Screening:
    """Set aside all other rows of people of whom one is: when they were first a resident is then not known.

    Parameters
    ----------
    person : Series of str, index row number
        The pseudonym of every row.
    """
    doubted = set(person.reindex(said.set_aside["row"]).dropna())
    rest = person[person.isin(doubted) & ~person.index.isin(said.set_aside["row"]) & ~person.index.isin(said.dropped)]
    expected = "every row of a person to be usable, as one that is not leaves open when they first came"
    return set_aside_words(raw, "person", rest, "other rows of the same person", expected)
