"""An icon says by its letter, its ring and its words what the point is: colour is never the only signal."""

import pandas as pd

from analysis.charts.icons import RINGS, icons, letter, words_of


def test_letters_and_words_are_those_of_making_data_count():
    assert [letter(icon, side) for icon, side in (("common cause", 1), ("concern", 1), ("concern", -1))] == [
        "~",
        "H",
        "L",
    ]
    assert [letter(icon, 0) for icon in ("pass", "fail", "inconsistent")] == ["P", "F", "?"]
    assert words_of("improvement", -1) == "lower: improvement"
    assert words_of("concern", 1) == "higher: concern"


def test_no_two_icons_of_one_letter_look_alike_without_colour():
    for side in (-1, 1):
        looks = [(letter(icon, side), words_of(icon, side)) for icon in RINGS]
        assert len({*looks}) == len(looks)


def test_what_is_heard_is_what_is_seen():
    rows = pd.DataFrame({"name": ["All homes", "Nursing homes"], "variation": ["common cause", "concern"],
                         "side": [1, 1], "assurance": ["", "fail"]})  # fmt: skip
    chart = icons(rows).to_dict()
    assert chart["description"] == "All homes: usual coming and going; Nursing homes: higher: concern, target not met."
    data = [row for part in chart["datasets"].values() for row in part if "letter" in row]
    assert sorted(row["letter"] for row in data) == ["F", "H", "~"]
