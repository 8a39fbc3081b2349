"""The page opens anywhere: nothing is fetched; every heading, table and picture says what it is; it is small."""

import csv
import io
import re
from itertools import pairwise

import pytest

from analysis.figures.doubts import worst_first
from analysis.reports import evaluation_report, write
from analysis.reports.blocks import Grid, Heading, Picture, blocks_of
from analysis.reports.items import RECORD, TIDIER
from analysis.reports.target import OPEN, TARGET
from tests.reports.conftest import ASKED

MOST = 1_500_000
"""Bytes of a page that a mail server takes."""


@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_fetched_from_anywhere(name, pages, files):
    for tag, given in pages[name].tags:
        assert tag not in ("script", "link", "iframe", "object", "embed", "base")
        for key in ("src", "href", "xlink:href", "action", "srcset"):
            assert given.get(key, "#").startswith(("#", "data:"))
    text = files[name]["report.html"].decode()
    assert "url(http" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert len(files[name]["report.html"]) < MOST


@pytest.mark.parametrize("name", ASKED)
def test_headings_go_down_one_level_at_a_time_and_nothing_is_called_the_same(name, pages):
    page = pages[name]
    assert page.tags[0] == ("html", {"lang": "en-GB"})
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [given["id"] for _, given in page.tags if "id" in given]
    assert len(ids) == len(set(ids))
    for _, given in page.tags:
        for key in ("aria-labelledby", "href"):
            if key in given and not given[key].startswith("data:"):
                assert given[key].removeprefix("#") in ids
    assert [tag for tag, _ in page.tags if tag in ("header", "nav", "main", "footer")] == [
        "header", "nav", "main", "footer",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_every_table_names_its_rows_and_columns_and_every_picture_says_what_it_shows(name, pages, reports):
    page = pages[name]
    assert sum(tag == "caption" for tag, _ in page.tags) == len(page.tables) > 5
    assert all(given.get("scope") in ("row", "col") for tag, given in page.tags if tag == "th")
    said = [given["aria-label"] for tag, given in page.tags if tag == "svg"]
    said += [given["alt"] for tag, given in page.tags if tag == "img"]
    drawn = [block.description for block in blocks_of(reports[name]) if isinstance(block, Picture)]
    assert len(drawn) > 2
    assert set(said) == set(drawn)
    assert all(len(text.split()) > 5 for text in drawn)
    assert all(given["role"] == "img" for tag, given in page.tags if tag == "svg")


@pytest.mark.parametrize("name", ASKED)
def test_the_first_page_has_question_answer_and_the_two_gravest_doubts(name, pages, reports, evaluations):
    evaluation, first = evaluations[name], reports[name]
    said = " ".join(" ".join(pages[name].text).partition("Contents")[0].split())
    assert first.question in said
    assert first.answer.headline in said
    worst = [check for check in worst_first(evaluation.checks) if check.passed is not True][:2]
    assert len(worst) == 2
    assert all(check.name in said and check.reading in said for check in worst)
    assert all(note in said for note in first.answer.notes)


@pytest.mark.parametrize("name", ASKED)
def test_the_estimates_are_those_of_effects_csv_to_the_digit(name, pages, evaluations):
    rows = [*csv.DictReader(io.StringIO(evaluations[name].files()["effects.csv"].decode()))]
    head, *told = pages[name].tables[-1]
    columns = ["by", "group", "term", "estimate", "conf_low", "conf_high", "std_error", "p_value"]
    assert len(head) == len(columns)
    assert told == [[row[column] for column in columns] for row in rows]
    assert len(rows) > 5


@pytest.mark.bench
def test_the_same_answer_gives_the_same_bytes_in_every_form(evaluations, files):
    name = "weekly_ward_round"
    again = evaluation_report(evaluations[name], "the sample")
    for form in ("html", "docx", "pdf"):
        assert write(again, form) == files[name][f"report.{form}"]


def test_open_items_are_listed_and_none_is_made_up(pages):
    text = " ".join(pages["weekly_ward_round"].text)
    assert "3 of 12 items are answered from what is known. Open: items 2, 3, 4, 5, 6, 9, 10, 11 and 12." in text
    assert text.count(OPEN) == 9 + 5 + 7
    assert "made without a lock" in text


RECORD_ITEMS = ("1.1", "1.2", "1.3", "6.1", "6.2", "6.3", "7.1", "12.1", "12.2", "12.3", "13.1", "19.1", "22.1")
LISTS = {
    "TIDieR: the intervention": [str(n) for n in range(1, 13)],
    "RECORD: routinely collected data": list(RECORD_ITEMS),
    "TARGET: the trial this stands in for": ["1a", "1b", "1c", *(str(n) for n in range(2, 22))],
}
"""Numbers of the items as the lists were published: 12, 13, and 21 of which the first is in three parts."""
POINTED = re.compile("“([^”]+)”")


@pytest.mark.parametrize("name", ASKED)
def test_every_item_of_three_lists_is_there_and_points_only_to_what_the_report_has(name, reports):
    assert [*TIDIER, *RECORD, *TARGET] == [item for items in LISTS.values() for item in items]
    blocks = blocks_of(reports[name])
    has = {block.text for block in blocks if isinstance(block, Heading)}
    has |= {block.title for block in blocks if isinstance(block, Grid)}
    laid = {block.title: block for block in blocks if isinstance(block, Grid)}
    for title, items in LISTS.items():
        assert [row[0] for row in laid[title].rows] == items
        pointed = {part for row in laid[title].rows for part in POINTED.findall(row[2]) if "nder" in row[2]}
        assert pointed <= has, (title, pointed - has)
    parts = [row[0] for row in laid["The trial and its stand-in"].rows]
    assert [part.split(".")[0] for part in parts] == ["a", "b", "c", "d", "e", "f", "g", "h (i)", "h (ii)"]


def test_homes_are_held_beside_each_other_before_the_start_in_the_report_too(reports):
    (grid,) = [block for block in blocks_of(reports["weekly_ward_round"])
               if isinstance(block, Grid) and block.title == "Were the homes alike?"]  # fmt: skip
    assert grid.head == ("What", "With it", "Without it", "Standardised difference")
    assert len(grid.rows) == 4
