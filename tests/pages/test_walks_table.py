"""The table of walks that is read says what was recorded, and clicks are as few as promised."""

from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).resolve().parents[2] / "bench"
MOST_CLICKS = {"commissioner: her first answer, with its verdict": 3}
"""Walk to the clicks that it may take."""


def test_the_best_of_each_walk_is_what_the_table_says_and_clicks_are_few():
    walks = pd.read_csv(FOLDER / "walks.csv")
    lines = (FOLDER / "walks.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    told = {row[0]: row[1:] for row in cells[1:]}
    best = walks.groupby("walk").agg(wall=("seconds", "min"), processor=("processor", "min"), clicks=("clicks", "max"),
                                     times=("walk", "size"))  # fmt: skip
    assert set(told) == set(best.index)
    for walk, row in best.iterrows():
        assert told[walk][1:5] == [f"{row['wall']:.2f}", f"{row['processor']:.2f}", f"{row['clicks']:.0f}",
                                   f"{row['times']:.0f}"]  # fmt: skip
    for walk, most in MOST_CLICKS.items():
        if walk in best.index:
            assert best.loc[walk, "clicks"] <= most
