"""How many, or how much, does each cell of a column say?

Counts are whole and exact; amounts (bed-days, doses) are decimals, never floats. A cell that is no number is listed,
a column that holds another quantity (rates, percentages, fractions) is refused.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd

from analysis.sources.columns.number_forms import NUMBERS, SUPPRESSED, bounds, forms, plain_number
from analysis.sources.columns.screening import (
    ReadColumn,
    Screening,
    answer,
    by_value,
    screening,
    set_aside_words,
    spared,
)
from analysis.sources.layout import RawTable, Say

HIGHEST_COUNT = 10_000  # no home has so many admissions in a month
HIGHEST_BED_DAYS = 31 * 1_000  # the largest homes of England have a few hundred beds
SENTINELS = (99, 999, 9999, 99999)
SENTINEL_GAP = 5  # a code for "missing" stands so many times above every other value, or it is a value
ROUNDED_TO, ROUNDED_ENOUGH = 5, 20  # NHS England's rounding; so many counts are multiples of 5 by chance once in 5**20
DECIMAL_MARKS = ("comma", "point")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What a column of numbers holds.

    Parameters
    ----------
    what : str
        In words, such as ``"a whole number of admissions"``.
    whole : bool
        Whether parts of one are impossible.
    highest : float
        Above this a value is a fault.
    required : bool
        Whether a row with a blank must be set aside.
    spare : bool
        Whether a row is kept, without it, where the cell cannot be read.
    """

    what: str
    whole: bool
    highest: float
    required: bool = True
    spare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counts(ReadColumn):
    """Whole numbers (Int64), with the bounds of those that were suppressed (missing elsewhere)."""

    at_least: pd.Series
    at_most: pd.Series


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Written:
    """A column as it stands: cells, the form of each, the number each means (float64, to judge only), all forms."""

    cells: pd.Series
    forms: pd.Series
    plain: pd.Series
    number: pd.Series
    present: frozenset[str]

    def of(self, *names: str) -> pd.Series:
        return self.cells[self.forms.isin(names)] if self.present.intersection(names) else self.cells[:0]


def counts(raw: RawTable, name: str, say: Say, *, required: bool = True, highest: float = HIGHEST_COUNT) -> Counts:
    """Read a column of counts; suppressed ones are missing, with their bounds.

    A row is kept without a count that it can do without (not `required`) and that cannot be read.
    """
    what = "a whole number, 0 or more"
    quantity = Quantity(what=what, whole=True, highest=highest, required=required, spare=not required)
    written = _written(raw, name, say)
    hidden = written.of(*SUPPRESSED)
    limits = bounds(hidden.astype("str"), bool((written.number == 0).any()))
    said = _judged(raw, name, say, quantity, written)
    said += _suppressed(raw, name, hidden, limits) + _rounded(raw, name, written)
    good = written.number.where(~written.cells.index.isin(said.set_aside["row"]))
    values = good.astype("Int64") if not said.stops else pd.Series(pd.NA, index=good.index, dtype="Int64")
    limits = limits.reindex(good.index)
    said = spared(said) if quantity.spare else said
    return Counts(values=values, screening=said, at_least=limits["at_least"], at_most=limits["at_most"])


def amounts(raw: RawTable, name: str, say: Say, quantity: Quantity) -> ReadColumn:
    """Read a column of amounts as exact decimals (dtype object, missing where there is none)."""
    written = _written(raw, name, say)
    said = _judged(raw, name, say, quantity, written)
    hidden = written.of(*SUPPRESSED)
    said += set_aside_words(raw, name, hidden, "not a number", quantity.what)
    good = written.plain.where(~written.cells.index.isin(said.set_aside["row"]))
    return ReadColumn(values=decimals(good), screening=spared(said) if quantity.spare else said)


def decimals(text: pd.Series) -> pd.Series:
    """Return exact decimals from plain numbers, None where there is none."""
    return by_value(text, lambda values: values.map(_decimal)).astype("object").where(text.notna(), None)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _written(raw: RawTable, name: str, say: Say) -> _Written:
    cells = raw.frame[name].str.strip()
    shape = by_value(cells, forms).fillna("blank")
    comma = answer(say, "decimal mark", DECIMAL_MARKS) == "comma" and bool((shape == "decimal comma").any())
    plain = plain_number(cells.where(shape.isin(NUMBERS)), comma)
    number = pd.to_numeric(plain, errors="coerce").astype("float64")
    return _Written(cells=cells, forms=shape, plain=plain, number=number, present=frozenset(shape))


def _judged(raw: RawTable, name: str, say: Say, quantity: Quantity, written: _Written) -> Screening:
    """Say everything that is wrong with a column of numbers except its suppressed cells."""
    said = _another_quantity(raw, name, quantity, written) + _decimal_comma(raw, name, say, written)
    if said.stops:
        return said
    said += _thousands(raw, name, written.of("thousands"))
    codes = _codes(written)
    aside: tuple[tuple[pd.Series, str, str], ...] = (
        (written.of("text"), "not a number", quantity.what),
        (written.of("unusual digits"), "unusual digits", "ordinary digits 0 to 9 and an ordinary minus"),
        (written.cells[codes], "code for missing", f"{quantity.what}, or a blank; {_why(written, codes)}"),
        (written.cells[(written.number < 0) & ~codes], "negative number", quantity.what),
        (written.cells[(written.number > quantity.highest) & ~codes], "impossibly large number",
         f"at most {quantity.highest:,.0f}"),
        (written.of("blank" if quantity.required else ""), "missing number", quantity.what),
    )  # fmt: skip
    for cells, fault, expected in aside:
        said += set_aside_words(raw, name, cells, fault, expected)
    return said


def _another_quantity(raw: RawTable, name: str, quantity: Quantity, written: _Written) -> Screening:
    """Refuse a column of percentages, or of fractions where things are counted."""
    said = Screening()
    if len(cells := written.of("percent")):
        do = "Load the counts that the percentages were made from."
        said += screening("reject", raw, name, cells, fault="percentages", expected=quantity.what, do=do)
    open_mark = written.forms == "decimal comma"
    # of a number without end nobody can say whether it is whole: it is told as too large, below
    parts = written.cells[(written.number % 1 != 0) & np.isfinite(written.number) & ~open_mark]
    if quantity.whole and len(parts):
        do = "These look like rates or averages: load the counts that they were made from."
        said += screening("reject", raw, name, parts, fault="fractional counts", expected=quantity.what, do=do)
    return said


def _decimal_comma(raw: RawTable, name: str, say: Say, written: _Written) -> Screening:
    cells = written.of("decimal comma")
    if cells.empty:
        return Screening()
    said = answer(say, "decimal mark", DECIMAL_MARKS)
    words = {"fault": "decimal comma", "expected": "numbers such as 1234.5"}
    if said:
        return screening("note", raw, name, cells, do=f"You said that the decimal mark is the {said}.", **words)
    ask = {"question": "decimal mark", "options": DECIMAL_MARKS, "do": "Say which mark begins the decimals."}
    return screening("ask", raw, name, cells, **words, **ask)


def _codes(written: _Written) -> pd.Series:
    """Return where a number stands for "not known": 99, 999 and the like, far above all else, or below zero."""
    size = written.number.abs()
    code = size.isin(SENTINELS)
    others = written.number[~code & (written.number >= 0) & (written.number < float("inf"))]
    far = size > SENTINEL_GAP * max(float(others.quantile(0.99)) if len(others) else 0.0, 1.0)
    return code & ((written.number < 0) | (far & (written.number > others.max())))


def _why(written: _Written, codes: pd.Series) -> str:
    """Say why a number is taken for a code: so that whoever meant the number can see what to do."""
    code, others = written.number[codes], written.number[~codes & (written.number >= 0)]
    if code.empty:
        return ""
    first = written.cells[code.index[0]]
    if code.iloc[0] < 0 or others.empty:
        return f"{first} is how many files write “not known”"
    return f"{first} is how many files write “not known”, and the largest other number is {others.max():,.0f}"


def _thousands(raw: RawTable, name: str, cells: pd.Series) -> Screening:
    if cells.empty:
        return Screening()
    do = "The commas were read as marking thousands."
    return screening("note", raw, name, cells, fault="thousands separators", expected="numbers such as 1234", do=do)


def _suppressed(raw: RawTable, name: str, cells: pd.Series, limits: pd.DataFrame) -> Screening:
    """Say what suppressed counts are taken to mean; a column of nothing else answers no question."""
    if cells.empty:
        return Screening()
    low, high = limits["at_least"].min(), limits["at_most"].max()
    do = f"They are kept as unknown counts from {low} to {high}, neither as zero nor as missing."
    return screening("warn", raw, name, cells, fault="suppressed counts", expected="exact counts", do=do)


def _rounded(raw: RawTable, name: str, written: _Written) -> Screening:
    number = written.number[written.number > 0]
    if len(number) < ROUNDED_ENOUGH or (number % ROUNDED_TO != 0).any():
        return Screening()
    do = "They are used as they stand, each up to 2 away from the truth; ask for unrounded counts if you can."
    cells = written.cells[number.index]
    return screening("warn", raw, name, cells, fault="rounded counts", found="only multiples of 5",
                   expected="exact counts", do=do)  # fmt: skip
