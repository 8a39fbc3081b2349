"""Every bad file gets the outcome of the catalogue, in one sentence that says where, what and what to do."""

import random
from collections.abc import Iterable
from functools import cache

import pytest

from analysis.sources import Reading, read
from tests.costs import in_the_proof
from tests.sources.corpus import CASES
from tests.sources.corpus.case import Case, clean, csv_of

ORDER = ("note", "warn", "rows", "ask", "reject")


@cache
def read_case(place: int) -> Reading:
    case = CASES[place]
    return read(case.file, case.make(), case.say)


def reading_of(case: Case) -> Reading:
    return read_case(CASES.index(case))


def outcome(reading: Reading) -> str:
    return max((finding.outcome for finding in reading.findings), key=ORDER.index, default="accept")


def test_there_are_enough_cases():
    assert len({case.number for case in CASES if case.number}) >= 70
    assert len({case.id for case in CASES}) == len(CASES)


OF_A_KIND = {(case.fault, case.outcome): case for case in sorted(CASES, key=lambda case: case.number)}
EVERY_RUN = {case.id for case in OF_A_KIND.values()}
"""One file of each fault with each outcome, a hundred; the proof reads the whole catalogue."""


def each(cases: Iterable[Case]) -> pytest.MarkDecorator:
    """Ask about each case, of a kind that another one shows too in the proof alone."""
    every = [case if case.id in EVERY_RUN else in_the_proof(case, name=case.id) for case in cases]
    return pytest.mark.parametrize("case", every, ids=lambda case: case.id)


@each(CASES)
def test_the_door_decides_as_catalogued(case):
    reading = reading_of(case)
    said = "\n".join(map(str, reading.findings))
    assert outcome(reading) == case.outcome, said
    assert reading.rows_in == reading.rows_used + len(reading.set_aside) + reading.rows_dropped
    assert bool(reading.tables) == (case.outcome not in ("ask", "reject"))
    assert len(set(map(str, reading.findings))) == len(reading.findings)  # nothing is said twice
    for finding in reading.findings:
        words = str(finding)
        assert case.file in words and f"found {finding.found}; expected {finding.expected}. " in words
        assert words.endswith((".", "?")) and "\n" not in words and "nan" not in words.lower().split()
        assert finding.row is None or f"row {finding.row:,}" in words
    if case.fault:
        matching = [f for f in reading.findings if f.fault == case.fault and f.outcome == case.outcome]
        assert matching, said
        assert case.row is None or matching[0].row == case.row, said
        assert case.column is None or matching[0].column == case.column, said


@each(case for case in CASES if case.outcome == "rows")
def test_rows_set_aside_are_listed_with_their_reason(case):
    reading = reading_of(case)
    assert set(reading.set_aside["fault"]) == {f.fault for f in reading.findings if f.outcome == "rows"}
    assert reading.set_aside["row"].is_unique


@each(case for case in CASES if case.outcome == "ask")
def test_questions_say_what_may_be_answered(case):
    for question in reading_of(case).questions:
        assert question.question and len(question.options) >= 1


SCRAPS = (
    "", " ", "*", "<5", "1-7", "-", "=1+1", "1e999", "NaN", "31/02/2023", "99/99/9999", "2023-13-45", "Jan-23", "M10",
    "44927", "٣", "\u202e", "€", "😀", "1,2,3", "0x10", "#REF!", "1.234,5", "'; DROP", "<b>", "9" * 400, "Total", "-99",
    "2022/23 M14", "1900-02-29", "24:00", "true", "12%", "½", "\t", '"', "nan", "None", "<NA>", "Infinity", "00000",
)  # fmt: skip


def spoiled(seed: int) -> bytes:
    """Return some table of the corpus with cells, lines or bytes thrown about."""
    draw = random.Random(seed)
    usable = [case for case in CASES if case.file.endswith("csv")]
    table = csv_of(clean()[:60]) if draw.random() < 0.5 else draw.choice(usable).make()[:6000]
    lines = [line.split(b",") for line in table.split(b"\n")[: draw.randint(2, 80)]]
    for _ in range(draw.randint(1, 12)):
        line = draw.choice(lines)
        line[draw.randrange(len(line))] = draw.choice(SCRAPS).encode()
    if draw.random() < 0.2:
        draw.shuffle(lines)
    data = bytearray(b"\n".join(map(b",".join, lines)))
    for _ in range(draw.randint(0, 3) if draw.random() < 0.3 else 0):
        data[draw.randrange(len(data))] = draw.randrange(256)
    return bytes(data)


@pytest.mark.parametrize("block", [0, *(in_the_proof(block, name=str(block)) for block in range(1, 10))])
def test_no_file_ends_in_a_traceback(block):
    for seed in range(20 * block, 20 * block + 20):
        reading = read("fuzz.csv", spoiled(seed))
        assert reading.rows_in == reading.rows_used + len(reading.set_aside) + reading.rows_dropped, seed
        assert bool(reading.tables) != bool(reading.questions or reading.refusals), seed
        assert all(str(finding) for finding in reading.findings)
