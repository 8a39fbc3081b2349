"""A figure says the same wherever it is shown, and names in it are text, whatever they contain."""

import pandas as pd
import pytest

from analysis.figures import Figure, Source, Table, markdown
from analysis.figures.admissions import figures, source
from analysis.months import month_said
from analysis.tables.columns import Column, named, number, read, yes_or_no

NOWHERE = Source(origin="Invented.", made_from={"data": "none"})


@pytest.fixture(scope="module")
def ward_round(shipped):
    evaluation = shipped("weekly_ward_round")
    made_from = source(evaluation, "a store")
    return evaluation, made_from, list(figures(evaluation, made_from))


def test_a_table_is_read_from_the_frame_that_is_downloaded():
    tidy = pd.DataFrame(
        {"start": [pd.Timestamp("2020-04-01")], "kind": ["nursing_home"], "had": [True], "df": [1234.56], "homes": [3]}
    )
    columns = (
        Column("Start", "start", month_said), Column("Kind", "kind", named), Column("Had it", "had", yes_or_no),
        Column("Degrees of freedom", "df", number(1)), Column("Homes", "homes"), Column("Dose", "dose"),
    )  # fmt: skip
    assert read(tidy, columns).to_dict("records") == [
        {"Start": "April 2020", "Kind": "nursing home", "Had it": "yes", "Degrees of freedom": "1,234.6", "Homes": 3}
    ]
    table = Table(tidy=tidy, columns=columns, name="starts")
    assert table.shown.equals(read(tidy, columns))
    assert table.csv(NOWHERE).decode("utf-8-sig").splitlines()[0] == "start,kind,had,df,homes,data"


@pytest.mark.parametrize("missing", [float("nan"), float("inf"), None])
def test_a_number_that_is_not_there_is_a_dash(missing):
    assert number(2)(missing) == "–"


def test_a_name_in_a_figure_is_text_in_markdown():
    home = pd.DataFrame({"Home": ["# Elm | <script>alert(1)</script> [x](http://y) **b**\u202e"], "n": [None]})
    written = markdown("A", [Figure(title="`t`", sentence="_s_\n# not a heading", tables=(Table(tidy=home),))], NOWHERE)
    assert "\\# Elm \\| \\<script\\>alert(1)\\</script\\> \\[x\\](http:\u2060//y) \\*\\*b\\*\\* | – |" in written
    assert "\n# not" not in written
    assert "\u202e" not in written


def test_the_answer_comes_first_and_everything_is_written_down(ward_round):
    evaluation, made_from, shown = ward_round
    written = markdown(evaluation.protocol.title, shown, made_from)
    assert shown[0].headline
    assert shown[0].title == "The answer"
    assert [line[3:] for line in written.splitlines() if line.startswith("## ")] == [
        *(figure.title for figure in shown if figure.level == 2), "What this was made from",
    ]  # fmt: skip
    assert [line[4:] for line in written.splitlines() if line.startswith("### ")] == [c.name for c in evaluation.checks]


def test_every_picture_has_a_caption_and_a_table_under_it(ward_round):
    for figure in (figure for figure in ward_round[2] if figure.chart is not None):
        assert figure.caption.startswith("Synthetic data")
        assert figure.tables
        assert figure.tables[0].name


def test_every_download_carries_what_it_was_made_from(ward_round):
    _, made_from, shown = ward_round
    for table in (table for figure in shown for table in figure.tables if table.name):
        assert {*made_from.made_from} < {*table.csv(made_from).decode("utf-8-sig").splitlines()[0].split(",")}


def test_real_files_are_not_called_synthetic(ward_round):
    evaluation = ward_round[0]
    area = evaluation.panel.units["area"]
    try:
        evaluation.panel.units["area"] = "Torbay"
        assert source(evaluation, "my files").origin.startswith("Source: my files")
    finally:
        evaluation.panel.units["area"] = area
