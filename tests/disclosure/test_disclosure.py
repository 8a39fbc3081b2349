"""No count of people can be worked back from what is shown."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint

from analysis.disclosure import HES, STRICTER, Rule, inert, marked, percentage, protect, rate, total
from tests.disclosure.attack import smallest


def shown(counts, rule=HES):
    return protect(pd.DataFrame({"n": counts}), ["n"], rule)["n"]


def test_zero_stays_one_to_seven_are_hidden_and_the_rest_go_to_the_nearest_five():
    assert marked(shown(range(14))) == ["0"] + ["*"] * 7 + ["10"] * 5 + ["15"]


def test_the_stricter_rule_hides_up_to_ten():
    assert marked(shown(range(9, 14), STRICTER)) == ["*", "*", "10", "10", "15"]


def test_an_expected_count_is_hidden_like_a_count():
    assert marked(shown([0.0, 0.2, 7.9, 8.0, 12.6])) == ["0", "*", "*", "10", "15"]


def test_not_known_is_not_the_same_as_not_shown():
    frame = protect(pd.DataFrame({"n": pd.array([None, 3, 20], dtype="Int64")}), ["n"])
    assert frame["n"].isna().tolist() == [True, True, False]
    assert frame["hidden"].tolist() == [0, 1, 0]


def test_what_came_in_is_untouched():
    frame = pd.DataFrame({"n": [3, 12]})
    protect(frame, ["n"])
    assert frame["n"].tolist() == [3, 12]


def test_the_note_names_the_band_and_the_base():
    assert str(STRICTER).startswith("* stands for a count from 1 to 10.")


def test_percentages_come_from_the_counts_as_shown():
    numerator, denominator = shown([3, 12, 1234]), shown([40, 41, 4001])
    assert percentage(numerator, denominator).tolist()[1:] == [25.0, 30.9]
    assert percentage(numerator, denominator).isna().tolist() == [True, False, False]


def test_a_rate_times_its_exposure_gives_the_count_as_shown():
    exposure = pd.Series([1234.5, 991.0])
    counts = rate(shown([12, 13]), exposure) * exposure / 1000
    np.testing.assert_allclose(counts.astype(float), [10, 15])


# --- the attack -----------------------------------------------------------------------------------------------------
# An attacker knows the rule and sees the table. For each cell, the smallest and largest whole number that fits all
# that is shown; a cell is recovered when they agree. Zeros are shown as zeros by the rule, and do not count.


def band(value, rule):
    if pd.isna(value):
        return 1, rule.hidden_to
    if value == 0:
        return 0, 0
    return max(value - rule.base // 2, rule.hidden_to + 1), value + rule.base // 2


def recovered(cells, sums, rule):
    """How many cells are known exactly, given cells as shown and (members, low, high) for each shown total."""
    bounds = np.array([band(value, rule) for value in cells])
    rows = np.array([np.isin(np.arange(len(cells)), members) for members, _, _ in sums], dtype=float)
    fits = [LinearConstraint(rows, [low for _, low, _ in sums], [high for _, _, high in sums])] if sums else []
    known = 0
    for cell in np.flatnonzero(bounds[:, 0] < bounds[:, 1]):
        aim = np.isin(np.arange(len(cells)), [cell]).astype(float)
        least, most = (smallest(s * aim, constraints=fits, bounds=Bounds(*bounds.T)) for s in (1, -1))
        known += least == -most
    return known


def of_shown(cells, members, rule):
    """What a total out of `total` tells about the true sum: all that the cells told already, and no more."""
    bands = np.array([band(cells[i], rule) for i in members])
    return bands[:, 0].sum(), bands[:, 1].sum()


def margins(rows, columns):
    grid = np.arange(rows * columns).reshape(rows, columns)
    return [*grid, *grid.T, grid.ravel()]


def test_the_attack_finds_the_cells_when_true_totals_are_rounded():
    """The attack works: 12, 12, 12, 7 with 45 for the true 43 gives every cell away."""
    cells = shown([12, 12, 12, 7])
    assert recovered(cells, [(range(4), 43, 47)], HES) == 4


@pytest.mark.parametrize("rule", [HES, STRICTER])
def test_no_cell_of_a_random_table_with_totals_is_recovered(rule):
    rng = np.random.default_rng(20181)
    attacked = 0
    for _ in range(60):
        rows, columns = rng.integers(2, 5, size=2)
        cells = shown(rng.negative_binomial(1.2, 0.1, size=rows * columns), rule)
        sums = [(members, *of_shown(cells, members, rule)) for members in margins(rows, columns)]
        attacked += (cells.isna() | (cells > 0)).sum()
        assert recovered(cells, sums, rule) == 0
    assert attacked > 300


def test_a_total_is_the_same_for_every_table_that_looks_the_same():
    """Brute force: all tables of three cells. Tables shown alike have totals shown alike, so a total adds nothing."""
    tables = pd.DataFrame(itertools.product(range(14), repeat=3), columns=list("abc"))
    seen = {}
    for _, cells in protect(tables, list("abc"))[list("abc")].iterrows():
        seen.setdefault(tuple(marked(cells)), set()).add(total(cells))
    assert len(seen) == 4**3  # each cell shows 0, *, 10 or 15
    assert {len(totals) for totals in seen.values()} == {1}


def test_a_total_is_near_the_truth():
    rng = np.random.default_rng(7)
    for _ in range(50):
        counts = rng.negative_binomial(1.2, 0.1, size=12)
        assert abs(total(shown(counts)) - counts.sum()) <= 3 * 12 + 2


def test_taking_one_home_out_by_a_filter_does_not_give_its_count():
    """Differencing: with and without a home of any count, over any rest, leaves at least two counts it could have."""
    rule = Rule()
    pairs = pd.DataFrame(itertools.product(range(8, 60), range(1, 8)), columns=["rest", "home"])
    pairs = protect(pairs.assign(both=pairs["rest"] + pairs["home"]), ["rest", "both"], rule)
    possible = pairs.groupby(["rest", "both"], dropna=False)["home"].agg(set)
    assert min(len(homes) for homes in possible) > 1
    assert rule == HES


# --- the way into a spreadsheet ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\x00=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_quietened(cell):
    frame = inert(pd.DataFrame({cell: [cell]}))
    assert frame.columns.tolist() == [f"'{cell}"]
    assert frame.iloc[0, 0] == f"'{cell}"


def test_numbers_and_ordinary_text_are_left_alone():
    frame = pd.DataFrame(
        {"estimate": [-0.22, 1.0], "name": ["St Mary's", None], "month": pd.to_datetime(["2020-01-01"] * 2)}
    )
    pd.testing.assert_frame_equal(inert(frame), frame)
