"""Do the columns that nobody asked for hold people?

They are never kept, but a file that carries people should not be handed round, so it is refused, as a file is that has
columns named for people: where a cell holds an NHS number beside the letters NHS, or a date of birth called so, or
where nearly all of a column are NHS numbers, dates of birth, or names with a title. A name without one looks like that
of a home ("Rose Hill"), so that is said (`NO_PEOPLE`) and not claimed.
"""

import re

ENOUGH, SHARE = 5, 0.9
"""Of ten-digit numbers one in eleven passes the check by chance; nine in ten of five or more do not."""
NUMBER = re.compile(r"(?<![\d-])(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
NAMED = re.compile(r"(?i)\bnhs\b")
BORN = re.compile(r"(?i)\b(?:dob|d\.o\.b|date of birth|born)\b\W{0,4}(?:on )?\W{0,2}\d{1,4}[-/. ]")
DATE = re.compile(r"(?:(\d{4})[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}))(?:[ T].*)?")
TITLED = re.compile(r"(?:[\w'-]+,\s*)?(?i:mr|mrs|ms|miss|mx|dr)\b\.?\s+[A-Z][\w'-]*(?:\s+[A-Z][\w'-]*)*")
"""Mrs A Smith, or Smith, Mrs Anne; and not "Dr Barnardo's home for the elderly"."""
YOUNGEST_BORN, OLDEST_BORN = 1970, 1900
"""Days on which residents of care homes were born; no other date of homes or admissions is so old."""

NO_PEOPLE = (
    "Do not bring people's names, NHS numbers or dates of birth. A file is refused where a column is named for them, "
    "where NHS numbers or dates of birth are found in any column, or where nearly all of a column are names with a "
    "title, such as Mrs. Other names cannot be told from those of homes. Columns that are not asked for are never "
    "kept, but look before you load."
)
"""What page and terminal say of it."""


class People:
    """What was seen of people in one column that is not kept."""

    def __init__(self) -> None:
        self.cells = self.numbers = self.births = self.titled = 0
        self.said: str | None = None

    def examine(self, cell: str) -> None:
        """Look at one cell."""
        text = cell.strip()
        if not text:
            return
        self.cells += 1
        valid = [found for found in NUMBER.finditer(text) if passes("".join(found.groups()))]
        self.numbers += bool(valid)
        if valid and NAMED.search(text):
            self.said = "NHS numbers"
        elif BORN.search(text):
            self.said = "dates of birth"
        elif TITLED.fullmatch(text):
            self.titled += 1
        elif date := DATE.fullmatch(text):
            self.births += OLDEST_BORN <= int(date[1] or date[2]) < YOUNGEST_BORN

    def found(self) -> str | None:
        """Return what the column holds of people, in words, or None."""
        seen = ((self.numbers, "NHS numbers"), (self.births, "dates of birth"), (self.titled, "people's names"))
        for count, what in seen:
            if count >= ENOUGH and count >= SHARE * self.cells:
                return what
        return self.said


def passes(digits: str) -> bool:
    """Whether ten digits are an NHS number: the last is a check digit modulo 11."""
    figures = [int(digit) for digit in digits]
    return -sum(w * d for w, d in zip(range(10, 1, -1), figures, strict=False)) % 11 == figures[9]
