"""What a page makes ready of a figure: nothing runs, nothing shows that belongs to files only."""

import pandas as pd

from analysis.figures import Figure, Source, Table
from analysis.figures.ready import ready

NOWHERE = Source(origin="Invented.", made_from={"data": "none"})


def test_the_guard_of_a_table_on_screen_is_not_seen():
    live = pd.DataFrame({"claim": ["-0.042 a month", "=cmd()", "fewer"]})
    listing = ready(Figure(tables=(Table(tidy=live, name="claims"),)), NOWHERE).listings[0]
    assert listing.shown.column("claim").to_pylist() == ["\u2060-0.042 a month", "\u2060=cmd()", "fewer"]
    assert listing.csv is not None
    assert [line.split(",")[0] for line in listing.csv.decode("utf-8-sig").splitlines()[1:]] == [
        "'-0.042 a month", "'=cmd()", "fewer",
    ]  # fmt: skip
