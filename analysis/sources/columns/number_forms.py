"""What kind of number, or of missing number, stands in a cell?

Suppression marks keep what they say: ``<5`` is a count below five, not zero and not nothing. A mark without a number
(``*``, ``[c]``) is read as 1 to 7, NHS England's rule for hospital data since September 2018 (HES and ECDS:
"1-7 is shown as *, all other counts are rounded to the nearest 5").
"""

import re

import pandas as pd

HES_SUPPRESSED = (1, 7)  # what * stands for under NHS England's disclosure rule
NUMBERS = ("whole", "negative", "fraction", "scientific", "thousands", "decimal comma")
FORMS = {
    "whole": r"[+]?\d+(?:\.0+)?",
    "negative": r"-\d+(?:\.\d+)?",
    "fraction": r"\+?\d*\.\d+",
    "scientific": r"\d+(?:\.\d+)?e[+-]?\d+",
    "thousands": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?",
    "decimal comma": r"\d{1,3}(?:\.\d{3})+,\d+|\d+,\d+",
    "percent": r"[+-]?\d+(?:[.,]\d+)?\s*%",
    "mark": r"\*+|\[c\]|c|suppressed|\[?low\]?",
    "below": r"(?:<|less than|fewer than|under)\s*(?P<below>\d+)",
    "up to": r"(?:≤|<=|up to)\s*(?P<upto>\d+)",
    "range": r"(?P<low>\d+)\s*(?:-|–|—|to)\s*(?P<high>\d+)",
    "unusual digits": r"(?=.*[^\x00-\x7f])[\s\d.,+\-−–\u00a0\u2009\u202f]+",
}
"""Name to pattern, in the order they are tried; ignoring case. What fits none is text."""

SUPPRESSED = ("mark", "below", "up to", "range")
_ASCII = (*NUMBERS, "percent", "range", "below", "up to")
_COMPILED = {
    form: re.compile(pattern, re.IGNORECASE | (re.ASCII if form in _ASCII else 0)) for form, pattern in FORMS.items()
}
_BOUNDS = re.compile("|".join(FORMS[form] for form in ("below", "up to", "range")), re.IGNORECASE)


def forms(text: pd.Series) -> pd.Series:
    """Return the name of each value's form, ``"text"`` where it is no number."""
    return pd.Series([_form(value) for value in text], index=text.index, dtype="object")


def _form(value: str) -> str:
    return next((form for form, pattern in _COMPILED.items() if pattern.fullmatch(value)), "text")


def plain_number(text: pd.Series, comma: bool) -> pd.Series:
    """Return numbers as Python writes them; `comma` says that the comma is the decimal mark."""
    if comma:
        return text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    return text.str.replace(",", "", regex=False)


def bounds(text: pd.Series, zeros: bool) -> pd.DataFrame:
    """Return what suppression marks say of the count.

    Parameters
    ----------
    text : Series of str, shape (n,)
        Suppressed cells only.
    zeros : bool
        Whether the column shows zeros openly, so that a suppressed count is at least one.

    Returns
    -------
    DataFrame, shape (n, 2)
        at_least and at_most, Int64.
    """
    said = [fits.groupdict() if (fits := _BOUNDS.fullmatch(value)) else {} for value in text]
    part = pd.DataFrame(said, index=text.index, columns=list(_BOUNDS.groupindex), dtype="float64")
    numbered = part["below"].notna() | part["upto"].notna()
    low = part["low"].where(~numbered, float(zeros)).fillna(HES_SUPPRESSED[0])
    high = part["high"].fillna(part["upto"]).fillna(part["below"] - 1).fillna(HES_SUPPRESSED[1])
    return pd.DataFrame({"at_least": low.astype("Int64"), "at_most": high.astype("Int64")})
