"""What do CQC's own words mean: ratings, key questions, flags?

CQC has written the same rating in many ways over the years. Every way seen in real files is listed here; a word that is
not listed sets its row aside, so that nothing becomes a rating by accident.

Source: CQC latest-ratings files 2017-2026 and API documents 2021-2026.
"""

from collections.abc import Mapping

import pandas as pd

from analysis.sources.columns import ReadColumn, Screening, answer, screening, set_aside_words
from analysis.sources.layout import RawTable, Say, plain
from analysis.sources.schema import KEY_QUESTIONS, RATINGS, TABLES, UNRATED, WITHDRAWN

_WAYS = {
    "Inadequate": ("inad",),
    "Requires improvement": ("ri", "req imp", "req improvement", "requires imp", "require improvement"),
    "Good": (),
    "Outstanding": ("outst",),
    "Inspected but not rated": ("inspected but not formally rated",),
    "Insufficient evidence to rate": ("insufficient evidence",),
    WITHDRAWN: ("rating withdrawn",),
    "Not rated": (
        "no published rating", "no approved rating", "not applicable", "unrated", "not yet rated", "n a",
        "evidence requirements partially scored", "evidence requirements not yet scored",
        "evidence requirements partially not yet scored", "evidence requirements fully scored",
        "evidence requirements scored", "no rating", "no action", "compliance action",
        "under appeal", "not formally rated", "unknown",
    ),
}  # fmt: skip
MEANING = {plain(way): name for name, ways in _WAYS.items() for way in (name, *ways)}
"""Plain text to one of `RATINGS` or `UNRATED`."""
SCALES = ("1 is Inadequate", "1 is Outstanding")
QUESTIONS = {plain(name): name for name in KEY_QUESTIONS} | {"well led": "Well-led", "": "Overall"}
BLANKS = ("-", "–", "N/A", "None")
"""What CQC writes for nothing."""
PANDAS = {"VARCHAR": "str", "BOOLEAN": "boolean", "INTEGER": "Int64", "DATE": "datetime64[us]"}


def meaning(words: pd.Series) -> pd.Series:
    """Return each rating in its standard words: blank as "Not rated", unknown words missing."""
    return words.map(lambda word: "Not rated" if pd.isna(word) else MEANING.get(plain(word))).astype("str")


def ratings(raw: RawTable, name: str, say: Say) -> ReadColumn:
    """Read a column of ratings; words that are no rating set their rows aside."""
    cells = raw.frame[name].str.strip()
    known = pd.Series(cells.unique(), dtype="str")
    scale = known.str.fullmatch("[1-4]").fillna(False).astype(bool)
    words, doubt = dict(zip(known, meaning(known), strict=True)), Screening()
    if scale.any():
        numbers, doubt = _scale(raw, name, say, cells[cells.isin(known[scale])])
        words |= numbers
    values = cells.map(words, na_action=None).astype("str")
    unknown = cells.loc[values.isna()] if not doubt.stops else cells[:0]
    said = set_aside_words(raw, name, unknown, "unknown rating", f"one of {', '.join(RATINGS)}")
    return ReadColumn(values=values, screening=doubt + said + _remarks(raw, name, cells, values))


def _scale(raw: RawTable, name: str, say: Say, cells: pd.Series) -> tuple[Mapping[str, str], Screening]:
    """Numbers 1 to 4 run up or down: ask which."""
    chosen = answer(say, "rating scale", SCALES)
    if chosen is None:
        do = f"Choose: {' or '.join(SCALES)}."
        return {}, screening("ask", raw, name, cells, fault="rating scale", expected="ratings in words", do=do,
                           question="rating scale", options=SCALES)  # fmt: skip
    order = RATINGS if chosen == SCALES[0] else RATINGS[::-1]
    do = f"They were read as you chose: {chosen}."
    said = screening("note", raw, name, cells, fault="rating scale", expected="ratings in words", do=do)
    return {str(number): rating for number, rating in enumerate(order, start=1)}, said


def _remarks(raw: RawTable, name: str, cells: pd.Series, values: pd.Series) -> Screening:
    """Say which ratings were missing, which are inspections without a rating, and which were spelt otherwise."""
    said, rated = Screening(), f"one of {', '.join(RATINGS)}"
    blank, unrated = cells.loc[cells.isna()], cells.loc[cells.notna() & values.isin(UNRATED)]
    if len(blank):
        do = "Kept as “Not rated”: the home is known, its rating is not."
        said += screening("warn", raw, name, blank, fault="missing rating", expected=rated, do=do)
    for kind in UNRATED:
        if len(found := unrated.loc[values[unrated.index] == kind]):
            do = f"Kept as “{kind}”: an inspection or listing without a rating, never counted as a level."
            said += screening("warn", raw, name, found, fault=kind.lower(), expected=rated, do=do)
    respelt = cells.loc[values.isin(RATINGS) & (raw.frame[name] != values) & ~cells.str.fullmatch("[1-4]")]
    if len(respelt):
        do = "Read as the standard words."
        said += screening("note", raw, name, respelt, fault="rating spelt otherwise", expected=rated, do=do)
    return said


def key_questions(raw: RawTable, name: str) -> ReadColumn:
    """Read a column of key questions; what is none of the five, nor Overall, sets its row aside."""
    if name not in raw.frame:
        return ReadColumn(values=pd.Series("Overall", index=raw.frame.index, dtype="str"))
    cells = raw.frame.loc[:, name]
    values = cells.map(lambda word: QUESTIONS.get("" if pd.isna(word) else plain(word)), na_action=None).astype("str")
    expected = f"one of {', '.join(KEY_QUESTIONS)}"
    return ReadColumn(
        values=values, screening=set_aside_words(raw, name, cells.loc[values.isna()], "unknown key question", expected)
    )


def flag(raw: RawTable, name: str, *, blank: bool | None = None) -> pd.Series:
    """Return a column of Y and N as booleans; `blank` is what a blank means (CQC writes Y or nothing)."""
    if name not in raw.frame:
        return pd.Series(pd.NA, index=raw.frame.index, dtype="boolean")
    first = raw.frame[name].str.strip().str.upper().str[:1]
    said = first.map({"Y": True, "T": True, "1": True, "N": False, "F": False, "0": False}).astype("boolean")
    return said if blank is None else said.fillna(blank)


def words(raw: RawTable, name: str) -> pd.Series:
    """Return a column of text, with CQC's marks for nothing missing."""
    if name not in raw.frame:
        return pd.Series(None, index=raw.frame.index, dtype="str")
    text = raw.frame[name].str.strip()
    return text.mask(text.isin(BLANKS))


def tidy(table: str, values: Mapping[str, object] | pd.DataFrame, index: pd.Index | None = None) -> pd.DataFrame:
    """Return a frame with exactly the columns of `schema.TABLES`, absent facts missing."""
    frame = pd.DataFrame(values, index=index)
    types = {name: PANDAS.get(kind, "object") for name, kind in TABLES[table].items()}
    return frame.reindex(columns=list(types)).astype(types)
