"""A panel is a pair of matrices, and says exactly what it was given."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.panel import Panel

TINY = pd.DataFrame(
    [
        ("b", "2020-02-01", 3, 310.5, "nursing"),
        ("a", "2020-01-01", 1, 300.0, "residential"),
        ("a", "2020-03-01", 0, 290.0, "residential"),
        ("a", "2020-02-01", None, 280.0, "residential"),
        ("c", "2020-02-01", 4, None, "nursing"),
    ],
    columns=["unit", "month", "count", "exposure", "home_type"],
)


def test_matrices_are_what_was_typed():
    panel = Panel.from_frame(TINY)
    assert list(panel.units.index) == ["a", "b", "c"]
    assert list(panel.months.astype(str)) == ["2020-01", "2020-02", "2020-03"]
    assert panel.counts.tolist() == [[1, 0, 0], [0, 3, 0], [0, 0, 0]]
    assert panel.exposure.tolist() == [[300.0, 0, 290.0], [0, 310.5, 0], [0, 0, 0]]
    assert panel.units["home_type"].tolist() == ["residential", "nursing", "nursing"]


def test_tidy_makes_the_same_panel_again():
    panel = Panel.from_frame(TINY.iloc[:3])
    assert Panel.from_frame(panel.tidy()).digest == panel.digest


@pytest.mark.parametrize("seed", range(5))
def test_row_order_does_not_matter(seed):
    shuffled = TINY.sample(frac=1, random_state=seed)
    assert Panel.from_frame(shuffled).digest == Panel.from_frame(TINY).digest


@pytest.mark.parametrize(("column", "value"), [("count", 2), ("exposure", 301.0), ("home_type", "nursing")])
def test_digest_sees_every_change(column, value):
    changed = TINY.copy()
    changed.loc[1, column] = value
    assert Panel.from_frame(changed).digest != Panel.from_frame(TINY).digest


def test_month_index_counts_from_the_first_month():
    panel = Panel.from_frame(TINY)
    dates = pd.to_datetime(pd.Series(["2020-03-17", "2019-12-31", None]))
    assert panel.month_index(dates)[:2].tolist() == [2, -1]
    assert panel.month_index(dates)[2] == np.iinfo(np.int64).min


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (TINY.drop(columns="exposure"), "exposure is missing"),
        (pd.concat([TINY, TINY.iloc[:1]]), "two rows for one month. Found: b, 2020-02-01"),
        (TINY.assign(count=-1), "cannot be negative"),
        (TINY.iloc[:0], "at least one row"),
        (TINY.assign(unit=None), "needs a unit and a month"),
    ],
)
def test_what_is_not_a_panel_is_refused(frame, says):
    with pytest.raises(AnalysisError, match=says):
        Panel.from_frame(frame)
