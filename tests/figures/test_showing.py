"""What a page makes ready of a figure: nothing runs, nothing shows that belongs to files only."""

import re

import altair as alt
import pandas as pd

from analysis.figures import Figure, Source, Table
from analysis.figures.ready import READ, ready

NOWHERE = Source(origin="Invented.", made_from={"data": "none"})


def test_the_guard_of_a_table_on_screen_is_not_seen():
    live = pd.DataFrame({"claim": ["-0.042 a month", "=cmd()", "fewer"]})
    listing = ready(Figure(tables=(Table(tidy=live, name="claims"),)), NOWHERE).listings[0]
    assert listing.shown.column("claim").to_pylist() == ["\u2060-0.042 a month", "\u2060=cmd()", "fewer"]
    assert listing.csv is not None
    assert [line.split(",")[0] for line in listing.csv.decode("utf-8-sig").splitlines()[1:]] == [
        "'-0.042 a month", "'=cmd()", "fewer",
    ]  # fmt: skip


def test_a_picture_is_drawn_in_lines_with_its_numbers_and_asks_nobody():
    rows = pd.DataFrame({"month": ["2020-01", "2020-02"], "rate": [1.25, None]})
    chart = alt.Chart(rows).mark_point().encode(x="month:N", y=alt.Y("rate:Q", title="Admissions"))
    drawn = ready(Figure(title="Rates", chart=chart), NOWHERE).drawing
    assert drawn is not None
    svg = drawn.svg().decode()
    assert svg.startswith("<svg")
    assert "Admissions" in svg
    assert "2020-01" in svg
    assert not re.search(r'(href|src)="http|url\(http', svg)


def test_a_table_that_somebody_reads_is_laid_out_whole_and_names_are_text():
    rows = pd.DataFrame(
        {"Home": ["<b>Hawthorn</b> & Sons", "Elm"], "Beds": [1200, 30], "Rate": ["0.8 (0.7 to 0.9)"] * 2}
    )
    (listing,) = ready(Figure(title="Homes", tables=(Table(tidy=rows, name="homes"),)), NOWHERE).listings
    assert "&lt;b&gt;Hawthorn&lt;/b&gt; &amp; Sons" in listing.html
    assert '<td class="number" data-name="Beds">1,200</td>' in listing.html
    assert '<td class="number" data-name="Rate">0.8 (0.7 to 0.9)</td>' in listing.html
    assert listing.html.count('scope="col"') == 3
    assert listing.html.count('scope="row"') == 2
    assert "<caption>Homes</caption>" in listing.html
    long = pd.DataFrame({"Home": [str(n) for n in range(READ + 1)]})
    assert ready(Figure(tables=(Table(tidy=long),)), NOWHERE).listings[0].html == ""
