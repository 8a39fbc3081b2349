"""Do the columns that nobody asked for hold people?

They are never kept, but a file that carries people should not be handed round, so it is refused, as a file is that has
columns named for people: where a cell holds an NHS number beside the letters NHS, or a date of birth called so, or
where nearly all of a column are NHS numbers or dates of birth.
"""

import re

ENOUGH, SHARE = 5, 0.9
"""Of ten-digit numbers one in eleven passes the check by chance; nine in ten of five or more do not."""
NUMBER = re.compile(r"(?<![\d-])(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
NAMED = re.compile(r"(?i)\bnhs\b")
BORN = re.compile(r"(?i)\b(?:dob|d\.o\.b|date of birth|born)\b\W{0,4}(?:on )?\W{0,2}\d{1,4}[-/. ]")
DATE = re.compile(r"(?:(\d{4})[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}))(?:[ T].*)?")
YOUNGEST_BORN, OLDEST_BORN = 1970, 1900
"""Days on which residents of care homes were born; no other date of homes or admissions is so old."""


class People:
    """What was seen of people in one column that is not kept."""

    def __init__(self) -> None:
        self.cells = self.numbers = self.births = 0
        self.said: str | None = None

    def look(self, cell: str) -> None:
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
        elif date := DATE.fullmatch(text):
            self.births += OLDEST_BORN <= int(date[1] or date[2]) < YOUNGEST_BORN

    def found(self) -> str | None:
        """Return what the column holds of people, in words, or None."""
        for count, what in ((self.numbers, "NHS numbers"), (self.births, "dates of birth")):
            if count >= ENOUGH and count >= SHARE * self.cells:
                return what
        return self.said


def passes(digits: str) -> bool:
    """Whether ten digits are an NHS number: the last is a check digit modulo 11."""
    figures = [int(digit) for digit in digits]
    return -sum(w * d for w, d in zip(range(10, 1, -1), figures, strict=False)) % 11 == figures[9]
