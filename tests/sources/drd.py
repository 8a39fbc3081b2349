"""Workbooks as NHS England publishes them of the Discharge Ready Date: three layouts, with their faults."""

import io
from datetime import datetime

import numpy as np
import openpyxl
import pandas as pd

TRUSTS = {f"R{letter}{number}": f"Trust {letter}{number}" for letter in "AB" for number in range(1, 7)} | {
    "RAL": "ROYAL FREE LONDON", "RAP": "NORTH MIDDLESEX",
}  # fmt: skip
MERGED = pd.Timestamp("2025-01-01")
BANDS = ("1 day", "2-3 days", "4-6 days", "7-13 days", "14-20 days", "21 days or more")
SEVEN = ("No delay", *(f"{band} delay" for band in BANDS))
ABOUT = ("Region", "ICB", "Code", "Organisation Name", "Number of providers with acceptable data",
         "% of providers with acceptable data", "Data Source")  # fmt: skip
SAME, LATER = (
    "Date of discharge is same as Discharge Ready Date",
    "Date of Discharge is 1+ days after Discharge Ready Date",
)
AVERAGE = "Average days from Discharge Ready Date to date of discharge "
OF_22 = (*ABOUT, SAME, LATER, *BANDS, *BANDS, AVERAGE + "(exc 0 day delays)")
OF_19 = tuple(name for name in OF_22 if name not in ("Region", "ICB", "Data Source"))
OF_39 = (*ABOUT, "Total patients discharged", "Total bed days lost due to delayed discharge", SAME, LATER,
         *SEVEN, *SEVEN, *BANDS, *BANDS, AVERAGE + "(inc 0 day delays)", AVERAGE + "(exc 0 day delays)")  # fmt: skip
EMPTY_AT = 5


def layout_of(month: pd.Timestamp) -> tuple[str, ...]:
    """Columns of a month's sheet of trusts, without the empty ones."""
    if month == pd.Timestamp("2023-11-01"):
        return OF_19
    return OF_22 if month < pd.Timestamp("2024-04-01") else OF_39


def figures(code: str, month: pd.Timestamp, revision: int = 0) -> dict:
    """What a trust returned: patients discharged, and how many after so many days."""
    rng = np.random.default_rng([sum(map(ord, code)), month.year * 12 + month.month, 7 * revision])
    patients = int(rng.integers(1_500, 4_000))
    shares = np.array([0.87, 0.03, 0.03, 0.025, 0.025, 0.012, 0.008]) * rng.uniform(0.9, 1.1, 7)
    counts = rng.multinomial(patients, shares / shares.sum())
    days = counts[1:] * np.array([1, 2, 5, 9, 17, 30])
    return {"patients": patients, "counts": counts, "days": days}


def workbook(month: str, *, revision: int = 0, hidden: tuple[str, ...] = ("RA3",)) -> bytes:
    """Write one month's file; a trust in `hidden` has no acceptable return."""
    day = pd.Timestamp(month)
    book = openpyxl.Workbook()
    book.active.title = "Cover Sheet"
    book.active.append(["Title:", "Timeliness of Acute Hospital Discharges completed within the month"])
    columns = layout_of(day)
    sheet = book.create_sheet("Provider")
    _banner(sheet, day, revision)
    sheet.append(_with_gaps(columns, day))
    for code, name in {"": "ENGLAND", "Y56": "LONDON", **_reporting(day)}.items():
        told = {} if code in hidden else _row(figures(code or "ENG", day, revision))
        about = {"Region": "LONDON", "ICB": "QMJ", "Code": code or "-", "Organisation Name": name,
                 "Number of providers with acceptable data": int(code not in hidden),
                 "% of providers with acceptable data": 1.0, "Data Source": "SUS"}  # fmt: skip
        row = [about[c] if c in about else told.get(_place(columns, k), "-") for k, c in enumerate(columns)]
        sheet.append(_with_gaps(row, day))
    sheet.append([])
    sheet.append(["Notes: a trust whose return was not acceptable is shown as -."])
    if day >= pd.Timestamp("2024-04-01"):
        _councils(book, day, revision)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _reporting(day: pd.Timestamp) -> dict[str, str]:
    return {code: name for code, name in TRUSTS.items() if code != "RAP" or day < MERGED}


def _banner(sheet, day: pd.Timestamp, revision: int) -> None:
    sheet.append(["Title:", "Timeliness of Acute Hospital Discharges completed within the month"])
    sheet.append(["Period:", datetime(day.year, day.month, 1)])
    sheet.append(["Published:", "13th  August 2026"])
    sheet.append(["Revised:", "9th July 2026" if revision else "-"])
    sheet.append([" "])


def _with_gaps(row, day: pd.Timestamp) -> list:
    """Put in the empty column that most files have, and April 2024's stray one at the end."""
    gaps = [*row[:EMPTY_AT], None, *row[EMPTY_AT:]]
    return [*gaps, None] if day == pd.Timestamp("2024-04-01") else gaps


def _place(columns: tuple[str, ...], k: int) -> tuple[str, int]:
    """Name of a column, and how many of that name and length of layout stand before it."""
    return columns[k], columns[:k].count(columns[k])


def _row(told: dict) -> dict:
    """Every figure by name and place among those of that name."""
    counts, days, n = told["counts"], told["days"], told["patients"]
    delayed = int(counts[1:].sum())
    row = {
        ("Total patients discharged", 0): n, ("Total bed days lost due to delayed discharge", 0): int(days.sum()),
        (SAME, 0): counts[0] / n, (LATER, 0): delayed / n, (AVERAGE + "(inc 0 day delays)", 0): days.sum() / n,
        (AVERAGE + "(exc 0 day delays)", 0): days.sum() / delayed,
    }  # fmt: skip
    for k, name in enumerate(SEVEN):
        row |= {(name, 0): int(counts[k]), (name, 1): counts[k] / n}
    for k, name in enumerate(BANDS):
        row |= {(name, 0): counts[k + 1] / delayed, (name, 1): int(days[k])}
    return row


def _councils(book, day: pd.Timestamp, revision: int) -> None:
    for title in ("UTLA Acceptable", "UTLA Unacceptable"):
        sheet = book.create_sheet(title)
        _banner(sheet, day, revision)
        columns = ("Summary Type", "UTLA Code", "UTLA", *OF_39[7:])
        sheet.append(columns)
        for code, name, kind in ((None, None, "National"), ("E09000002", "Barking", "UTLA Aggregate"),
                                 ("E10000003", "Cambridgeshire", "UTLA Aggregate"), ("#N/A", "#N/A", "UTLA Aggregate"),
                                 ("E09000002", "Barking", "Provider activity mapped to UTLA")):  # fmt: skip
            told = _row(figures(f"{title[5]}{code}", day, revision))
            row = [told.get(_place(columns, k), "-") for k in range(3, len(columns))]
            sheet.append([kind, code, name, *row])
