"""Which home does each row belong to?

Ids are compared without stray spaces, in capitals, and with the hyphens and digits of a keyboard, so that one home is
one home. Ids that a spreadsheet has turned into dates or into 1.00E+08 are lost, and the file is refused: no one can
say which home they were.
"""

import pandas as pd

from analysis.sources.characters import alike, visible
from analysis.sources.columns.screening import ReadColumn, Screening, by_value, fits, screening, set_aside_words
from analysis.sources.columns.text import flags
from analysis.sources.layout import RawTable

TOTAL = (
    r"(?i)(?:grand |sub[- ]?|overall )?totals?\b.*|(?:average|mean|sum)\b.*"
    r"|all(?: (?:homes|care homes|locations|sites))?|england"
)
AS_DATE = (
    r"(?i)\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- ]\d{2,4}"
    r"|\d{1,2}[- ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:[- ]\d{2,4})?"
)
SCIENTIFIC = r"(?i)\d(?:\.\d+)?e\+\d+"
MERGED_SHARE = 0.5  # merged cells leave an id on the first row of each home only, so most rows have none


def homes(raw: RawTable, name: str = "home") -> ReadColumn:
    """Return the ids, tidied; rows without one, and totals, are set aside."""
    cells = raw.frame[name]
    said = _mangled(raw, name, cells)
    ids, filled = _filled_down(raw, name, by_value(cells, _tidy).astype("str"))
    total = _totals(raw, cells)
    said += filled + set_aside_words(raw, name, total, "total rows", "one row per home")
    blank = cells[ids.isna() & ~ids.index.isin(total.index)]
    said += set_aside_words(raw, name, blank, "missing home", "the id of a home")
    return ReadColumn(values=ids, screening=said + _untidy(raw, name, cells, ids) + flags(raw, name, cells.str.strip()))


def _tidy(cells: pd.Series) -> pd.Series:
    plain = cells.map(lambda cell: cell if pd.isna(cell) else alike(visible(cell)))
    return plain.str.replace(r"\s+", " ", regex=True).str.strip().str.upper().replace("", None)


def _mangled(raw: RawTable, name: str, cells: pd.Series) -> Screening:
    text, said = cells.str.strip(), Screening()
    for pattern, fault, what in (
        (AS_DATE, "ids turned into dates", "a spreadsheet took them for dates"),
        (SCIENTIFIC, "ids turned into rounded numbers", "a spreadsheet took them for numbers and dropped digits"),
    ):
        if len(lost := text[fits(text, pattern)]):
            do = f"Export the ids as text and load the file again: {what}."
            said += screening("reject", raw, name, lost, fault=fault, expected="ids such as 1-1234567890", do=do)
    return said


def _totals(raw: RawTable, cells: pd.Series) -> pd.Series:
    """Return what says that a row is a total: its id, or its name where it has no id."""
    label = cells.str.strip()
    if "name" in raw.frame:
        label = label.fillna(raw.frame["name"].str.strip())
    return label[fits(label, TOTAL)]


def _filled_down(raw: RawTable, name: str, ids: pd.Series) -> tuple[pd.Series, Screening]:
    """Fill ids down where merged cells left one per home: most rows blank, the first not, and no id twice."""
    given = ids.dropna()
    blank = ids[ids.isna()]
    if len(blank) <= MERGED_SHARE * len(ids) or given.empty or pd.isna(ids.iloc[0]) or given.duplicated().any():
        return ids, Screening()
    do = "Each home's id was filled down to the rows below it, as in a spreadsheet with merged cells."
    expected = "the home's id on every row"
    return ids.ffill(), screening("note", raw, name, blank, fault="merged cells", expected=expected, do=do)


def _untidy(raw: RawTable, name: str, cells: pd.Series, ids: pd.Series) -> Screening:
    changed = cells[cells.notna() & (cells != ids)]
    foreign = changed[~changed.map(str.isascii).astype(bool)]
    said = Screening()
    if len(foreign):
        do = "Hyphens, spaces and digits of every kind were made the ones of a keyboard, so that one home is one home."
        words = {"fault": "ids that look alike", "expected": "ids such as 1-1234567890", "do": do}
        said = screening("note", raw, name, foreign, **words)
    changed = changed.drop(foreign.index)
    if changed.empty:
        return said
    do = "Spaces around ids were removed and letters capitalised, so that one home is one home."
    return said + screening("note", raw, name, changed, fault="untidy ids", expected="ids such as 1-1234567890", do=do)
