"""Columns of text become ids, dates, counts and names, and every doubt is said once.

One module per kind of column. Each takes a `RawTable`, the field and the reader's answers, and returns values with a
`Screening`. Judgement falls on the distinct values of a column, so two million rows take seconds.
"""

from analysis.sources.columns.dates import DAY, MONTH, DateRule, Dates, dates, today
from analysis.sources.columns.homes import homes
from analysis.sources.columns.numbers import HIGHEST_BED_DAYS, Counts, Quantity, amounts, counts, decimals
from analysis.sources.columns.periods import Periods, periods
from analysis.sources.columns.personal import perhaps_personal, personal
from analysis.sources.columns.screening import (
    ReadColumn,
    Screening,
    answer,
    kept_without,
    more,
    one_row_each,
    parsed,
    rows_were,
    screening,
    set_apart,
    set_aside_words,
    spared,
)
from analysis.sources.columns.starts import Starts, starts
from analysis.sources.columns.text import names

__all__ = [
    "DAY",
    "HIGHEST_BED_DAYS",
    "MONTH",
    "Counts",
    "DateRule",
    "Dates",
    "Periods",
    "Quantity",
    "ReadColumn",
    "Screening",
    "Starts",
    "amounts",
    "answer",
    "counts",
    "dates",
    "decimals",
    "homes",
    "kept_without",
    "more",
    "names",
    "one_row_each",
    "parsed",
    "perhaps_personal",
    "periods",
    "personal",
    "rows_were",
    "screening",
    "set_apart",
    "set_aside_words",
    "spared",
    "starts",
    "today",
]  # fmt: skip
