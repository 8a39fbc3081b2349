"""Does the table hold people rather than homes?

Columns named for people are refused before their cells are read (`layout.personal`). NHS numbers under any other name
show themselves: ten digits whose last is a check digit modulo 11, which one random number in eleven passes.
Source: NHS Data Dictionary, "NHS NUMBER" (weights 10 to 2; eleven less the remainder; 11 is 0, 10 is never issued).
"""

import re
from operator import mul

import pandas as pd

from analysis.sources.columns.screening import Screening, screening
from analysis.sources.layout import RawTable, plain

SUSPECT = frozenset(("id", "ids", "ref", "reference", "number", "no", "num", "key", "pseudonym", "person", "patient",
                     "resident", "client", "user", "pid", "mpi"))  # fmt: skip
SHARE, ENOUGH = 0.9, 5
"""Random ten-digit numbers pass one time in eleven; nine in ten of five or more do not do so by chance."""
LOOKED_AT = 1_000  # cells of a column that settle whether it holds NHS numbers
SPACES, TEN_DIGITS = re.compile(r"[\s-]"), re.compile(r"[0-9]{10}")


def perhaps_personal(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns whose cells should be looked at, to refuse NHS numbers under another name."""
    return tuple(column for column in columns if SUSPECT & set(plain(column).split()))


def personal(raw: RawTable) -> Screening:
    """Refuse a table that holds NHS numbers in any column that was kept."""
    said = Screening()
    for name in raw.frame.columns:
        if nhs_numbers(raw.frame[name]):
            do = "Homeward never stores people: count the admissions by home and month first, or remove the column."
            words = {"found": "NHS numbers", "expected": "homes and months only", "do": do}
            said += screening("reject", raw, name, raw.frame[name].dropna(), fault="personal data", **words)
    return said


def nhs_numbers(column: pd.Series) -> bool:
    """Whether a column of text holds NHS numbers."""
    text = column.dropna().iloc[:LOOKED_AT].tolist()
    bare = (SPACES.sub("", cell) for cell in text if len(cell) >= 10)
    numbers = [list(map(int, cell)) for cell in bare if TEN_DIGITS.fullmatch(cell)]
    if len(numbers) < ENOUGH or len(numbers) < SHARE * len(text):
        return False
    fits = [-sum(map(mul, range(10, 1, -1), number)) % 11 == number[9] for number in numbers]
    return sum(fits) >= SHARE * len(fits)
