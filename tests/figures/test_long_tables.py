"""A table of a country: its first rows are shown, all of it is in the download."""

import pandas as pd

from analysis.figures.figure import Figure, Source, Table
from analysis.figures.ready import MOST_SENT, ready

SOURCE = Source(origin="A country.")
ROWS = pd.DataFrame({"home": [f"H{n}" for n in range(MOST_SENT + 5)]})


def listed(**table):
    (made,) = ready(Figure(title="Homes", tables=(Table(tidy=ROWS, **table),)), SOURCE).listings
    return made


def test_the_first_rows_are_sent_and_all_are_in_the_download():
    made = listed(name="homes")
    assert made.shown.num_rows == MOST_SENT and made.rows == len(ROWS)
    assert made.csv.count(b"\n") == len(ROWS) + 1


def test_what_has_no_download_is_shown_whole():
    assert listed().shown.num_rows == len(ROWS)
