"""Bad files, each with what the door must say of it. Nothing is stored: every file is made when it is asked for."""

from tests.sources.corpus import dates, design, files, homes, other_tables, starts, values, wrong_remedies
from tests.sources.corpus.case import Case

CASES: tuple[Case, ...] = (
    *dates.CASES, *homes.CASES, *values.CASES, *design.CASES, *files.CASES, *other_tables.CASES,
    *starts.CASES, *wrong_remedies.CASES,
)  # fmt: skip
