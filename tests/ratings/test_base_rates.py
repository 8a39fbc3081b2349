"""Are the transitions those that a hand count finds, and the intervals those of another implementation?"""

import itertools
from statistics import median

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from analysis.inspections import inspections_from
from analysis.ratings import MOVES, ORIGINS, transitions
from analysis.ratings.base_rates import grouped
from analysis.sources.schema import RATINGS, TABLES
from tests.costs import in_the_proof

INADEQUATE, RI, GOOD, OUTSTANDING = RATINGS
NO_RATING = "Inspected but not rated"

# Home: area, nursing, then (published, days from visit to publication or None, rating) as a person would write it down.
WRITTEN = {
    "ash": ("Devon", True, [
        ("2016-01-10", 40, RI), ("2017-02-01", 50, GOOD), ("2019-06-01", 40, RI), ("2020-02-01", 30, INADEQUATE),
    ]),
    "beech": ("Devon", False, [
        ("2015-05-01", 30, INADEQUATE), ("2015-12-20", None, RI), ("2016-12-30", 20, RI), ("2018-01-20", 60, GOOD),
    ]),
    "cedar": ("Torbay", False, [("2016-03-01", 30, GOOD), ("2016-04-10", 20, RI), ("2017-08-01", 45, OUTSTANDING)]),
    "elm": ("Torbay", True, [
        ("2017-07-01", 30, OUTSTANDING), ("2019-11-01", 20, GOOD), ("2020-10-01", 20, NO_RATING),
        ("2021-01-15", 45, GOOD),
    ]),
    "fir": ("Devon", False, [("2018-07-01", 30, GOOD)]),
    "oak": ("Torbay", False, []),
    "yew": ("Devon", True, [
        ("2016-09-01", 150, RI), ("2016-09-02", 30, RI), ("2017-11-01", 40, INADEQUATE), ("2018-02-01", 50, GOOD),
    ]),
}  # fmt: skip


WHOLE = {"service": "Overall", "key_question": "Overall"}


def tables(written=WRITTEN, names=None, seed=None):
    """The written histories as tidy tables, under other names and in another order where asked."""
    names = names or {home: home for home in written}
    homes, rows = [], []
    for home, (area, nursing, said) in written.items():
        homes.append({"location_id": names[home], "area_name": area, "nursing": nursing, "residential": True})
        for number, (published, lag, rating) in enumerate(said):
            visited = None if lag is None else pd.Timestamp(published) - pd.Timedelta(days=lag)
            row = {"location_id": names[home], "published": published, "visited": visited, "rating": rating}
            rows.append(
                {**row, "service": "Overall", "key_question": "Overall", "report_id": f"{names[home]} {number}"}
            )
    frames = [
        pd.DataFrame(part, columns=list(TABLES[name])) for name, part in (("locations", homes), ("ratings", rows))
    ]
    for frame in frames:
        for day in frame.columns.intersection(["registered", "deregistered", "published", "visited"]):
            frame[day] = pd.to_datetime(frame[day])
    frames.append(pd.DataFrame(columns=list(TABLES["links"])))
    return [frame.sample(frac=1, random_state=seed) for frame in frames] if seed else frames


def counted_by_hand(dates, min_gap_days, group):
    """Every transition as a plain loop finds it: {(group, origin): [(move, gap, home), …]}."""
    found = {}
    for home, (area, nursing, said) in WRITTEN.items():
        dated = [
            (pd.Timestamp(day) - pd.Timedelta(days=lag or 0) if dates == "exposure" else pd.Timestamp(day), rating)
            for day, lag, rating in said
            if rating in RATINGS
        ]
        for (start, old), (end, new) in itertools.pairwise(sorted(dated)):
            if (end - start).days < min_gap_days:
                continue
            move = MOVES[1 - np.sign(RATINGS.index(new) - RATINGS.index(old))]
            key = {
                None: None,
                "year": end.year,
                "area_name": area,
                "home_type": "nursing" if nursing else "residential",
            }
            for origin, pooled in ORIGINS.items():
                if old in pooled:
                    found.setdefault((key[group], origin), []).append((move, (end - start).days, home))
    return found


GROUPS, DATES, GAPS = (None, "year", "home_type", "area_name"), ("exposure", "published"), (0, 60, 300)
EVERY_RUN = {*itertools.product(GROUPS, DATES[:1], GAPS[1:2]), *itertools.product(GROUPS[1:2], DATES[1:], GAPS[::2])}
"""Each grouping, dating and gap once or more; all of them together in the proof."""


@pytest.mark.parametrize(
    ("by", "dates", "min_gap_days"),
    [
        asked if asked in EVERY_RUN else in_the_proof(*asked, name="-".join(map(str, asked)))
        for asked in itertools.product(GROUPS, DATES, GAPS)
    ],
)
def test_table_equals_a_count_by_hand(by, dates, min_gap_days):
    found = transitions(inspections_from(*tables()), min_gap_days, by, dates=dates)
    wanted = counted_by_hand(dates, min_gap_days, by)
    assert {(getattr(row, by or "", None), row.from_rating) for row in found.table.itertuples()} == set(wanted)
    for row in found.table.itertuples():
        moves = wanted[getattr(row, by or "", None), row.from_rating]
        assert row.n == len(moves)
        assert row.homes == len({home for _, _, home in moves})
        assert row.median_gap_days == median(gap for _, gap, _ in moves)
    if by:
        paired_once = grouped(transitions(inspections_from(*tables()), min_gap_days, dates=dates), by)
        pd.testing.assert_frame_equal(paired_once.table, found.table)
    for (key, origin), moves in wanted.items():
        of_group = found.table[found.table["from_rating"] == origin]
        of_group = of_group[of_group[by] == key] if by else of_group
        for move, count in zip(of_group["moved"], of_group["count"], strict=True):
            assert count == [name for name, _, _ in moves].count(move)


def test_pairs_and_what_is_not_among_them():
    by_visit, by_publication = (
        transitions(inspections_from(*tables()), dates=how) for how in ("exposure", "published")
    )
    # cedar's second report came 40 days after its first; yew's two reports of successive days were of two visits
    assert (len(by_visit.pairs), by_visit.left_out) == (12, 1)
    assert (len(by_publication.pairs), by_publication.left_out) == (11, 2)
    assert (by_visit.homes_rated, by_visit.homes_once) == (6, 1)
    assert by_visit.matrix.loc[RI].to_dict() == {INADEQUATE: 2, RI: 2, GOOD: 2, OUTSTANDING: 1}
    assert by_visit.matrix.to_numpy().sum() == 12


def test_impossible_moves_have_no_row():
    table = transitions(inspections_from(*tables())).table
    rows = set(zip(table["from_rating"], table["moved"], strict=True))
    assert (OUTSTANDING, "better") not in rows
    assert (INADEQUATE, "worse") not in rows
    assert (OUTSTANDING, "same") in rows


def test_columns_are_the_same_for_every_grouping():
    columns = ["from_rating", "moved", "count", "n", "share", "conf_low", "conf_high", "homes", "median_gap_days"]
    assert transitions(inspections_from(*tables())).table.columns.tolist() == columns
    assert transitions(inspections_from(*tables()), by="region").table.columns.tolist() == ["region", *columns]


def test_shares_carry_wilsons_interval():
    """SciPy's, which is written apart from the one used; and the interval is where Wilson's equation holds."""
    table = transitions(inspections_from(*tables()), by="year").table
    for row in table.to_dict("records"):
        other = binomtest(row["count"], row["n"]).proportion_ci(method="wilson")
        assert (row["conf_low"], row["conf_high"]) == pytest.approx((other.low, other.high), abs=1e-12)
        assert row["share"] == row["count"] / row["n"]
        for end in (row["conf_low"], row["conf_high"]):
            assert (row["share"] - end) ** 2 == pytest.approx(
                1.959963984540054**2 * end * (1 - end) / row["n"], abs=1e-12
            )


def test_order_and_names_do_not_matter():
    plain = transitions(inspections_from(*tables()), by="area_name").table
    names = dict(zip(WRITTEN, ["q", "b", "z", "a", "m", "c", "k"], strict=True))
    for seed in (1, 2):
        again = transitions(inspections_from(*tables(names=names, seed=seed)), by="area_name").table
        pd.testing.assert_frame_equal(plain, again)


@pytest.mark.parametrize("by", [None, "year"])
def test_no_pairs_is_an_empty_table(by):
    once = {"fir": WRITTEN["fir"]}
    found = transitions(inspections_from(*tables(once)), by=by)
    assert found.table.empty
    assert found.matrix.to_numpy().sum() == 0
    assert found.matrix.shape == (4, 4)
    assert (found.homes_rated, found.homes_once) == (1, 1)
    nobody = transitions(inspections_from(*(frame.iloc[:0] for frame in tables())), by=by)
    assert nobody.table.empty
    assert nobody.homes_rated == 0
