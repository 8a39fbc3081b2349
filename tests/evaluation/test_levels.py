"""Every interval says its level: in every section of an answer, in every file, on every page (issue 13, point 13)."""

import io
import re
from dataclasses import replace

import pandas as pd
import pytest

from analysis.evaluation import evaluate
from analysis.figures.by_outcome import figures_of, in_words, source_of
from analysis.protocol import Protocol
from analysis.protocol.registry import RATES, checks_for
from analysis.results import with_level
from analysis.simulate.texts import WARD_ROUND
from tests.costs import in_the_proof

SPAN = re.compile(
    r"(?:[\d%]| days| months| years| homes) \(−?£?[\d.,]+%? (?:to|and) [+−]?£?(?:[\d.,]+%?|∞|inf)\)"
    r"|[Cc]onf low|\(from £?[\d.,]+%? to"
    r"|\bintervals? (?:of|from|is|are) \d"
)
"""Numbers in brackets after a number, and columns of ends: all that shows an interval and says nothing else."""
LEVEL = re.compile(r"\b\d{2}(?:\.\d+)?% (?:prediction )?(?:intervals?|for )|\(\d{2}% intervals?|\d{2} in 100 draws")
QUARTERS = WARD_ROUND.replace("[model]\n", "[model]\nconf_level = 0.8\n")


def plain(text):
    return text.replace("\\", "").replace("\u2060", "")


def sections(answer):
    return re.split(r"\n(?=#+ )", plain(answer))


def untold(parts):
    return [part[:300] for part in parts if SPAN.search(part) and not LEVEL.search(part)]


SHIPPED = {"ratings": "manager_training", "area": "discharge_programme"}


@pytest.fixture(scope="module", params=[in_the_proof("admissions", name="admissions"), *SHIPPED])
def evaluation(request, sample_store, shipped):
    if request.param in SHIPPED:
        return shipped(SHIPPED[request.param])
    return evaluate(replace(Protocol.read(QUARTERS), checks=checks_for(RATES)), sample_store)


def test_every_section_of_a_written_answer_that_shows_an_interval_says_its_level(evaluation):
    parts = sections(in_words(evaluation, "the sample"))
    assert sum(bool(SPAN.search(part)) for part in parts) >= 3
    assert untold(parts) == []


def test_every_file_with_intervals_says_their_level(evaluation, tmp_path):
    for path in evaluation.write(tmp_path / "out"):
        if path.suffix == ".csv" and "conf_low" in (frame := pd.read_csv(path)):
            assert set(frame["conf_level"]) == {evaluation.published.summary["conf_level"]}
    checks = pd.read_csv(tmp_path / "out" / "checks.csv")["reading"]
    assert untold(checks) == []
    assert untold([evaluation.headline]) == []


def test_every_download_with_intervals_says_their_level(evaluation):
    source = source_of(evaluation, "the sample")
    level = evaluation.published.summary["conf_level"]
    held = [
        table.csv(source) for figure in figures_of(evaluation, source) for table in figure.tables
        if table.name and "conf_low" in table.tidy
    ]  # fmt: skip
    assert len(held) > 1
    assert {value for csv in held for value in pd.read_csv(io.BytesIO(csv))["conf_level"]} == {level}


def test_a_level_that_was_asked_for_is_the_one_that_is_said(sample_store):
    asked = evaluate(replace(Protocol.read(QUARTERS), checks=("few_clusters", "drifting_apart")), sample_store)
    assert "80% interval" in asked.headline
    answer = plain(in_words(asked, "the sample"))
    drift = next(part for part in sections(answer) if part.startswith("### Did homes drift apart")
                 or "drift" in part.split("\n")[0].lower())  # fmt: skip
    assert "95% interval" in drift  # whose intervals are always at that level
    assert "95% interval" not in " ".join(sections(answer)[:6])
    assert "Estimate (80% interval)" in answer


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("1.35 (1.02 to 1.79), or 0.8 (0.7 to 0.9)", "1.35 (90% interval: 1.02 to 1.79), or 0.8 (0.7 to 0.9)"),
        ("0.78 (90% interval: 0.69 to 0.88)", "0.78 (90% interval: 0.69 to 0.88)"),
        ("12 months (March 2020 to June 2021)", "12 months (March 2020 to June 2021)"),
        ("0.78 (no interval)", "0.78 (no interval)"),
    ],
)  # fmt: skip
def test_the_first_interval_of_a_sentence_says_it(said, told):
    assert with_level(said, 0.9) == told
