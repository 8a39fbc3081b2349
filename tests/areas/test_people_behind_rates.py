"""A yearly value with the people behind it gives no more of them away than their number as it is shown."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from analysis.areas import joined
from analysis.areas.by_year import evaluate_years
from analysis.areas.measures import as_shown, years_of
from analysis.disclosure import HES, protect
from analysis.tables import areas as tables
from analysis.tables.columns import read

MEASURE, AMONG = "Permanent admissions aged 18 to 64", 78_000.0
AREAS = [f"E{i:08d}" for i in range(14)]


def outcomes(people: np.ndarray, per: float = 100_000.0) -> pd.DataFrame:
    """Give a council's working file: the people of every area and year, shape (N, 6)."""
    rows = [
        (area, area, MEASURE, pd.Timestamp(2014 + k, 4, 1), 12, round(per * n / AMONG, 1), float(n), AMONG)
        for area, counts in zip(AREAS, people, strict=True)
        for k, n in enumerate(counts)
    ]
    columns = ["area_code", "area_name", "measure", "period", "months", "value", "numerator", "denominator"]
    return pd.DataFrame(rows, columns=columns)


def all_that_is_told(table: pd.DataFrame) -> list[str]:
    found = evaluate_years(joined(table), MEASURE, AREAS[0], "2017-04", claimed=0.6)
    said = [getattr(found.baseline, field.name) for field in fields(found.baseline)]
    shown = tables.yearly(found.years), found.national
    return [part.to_csv() if isinstance(part, pd.DataFrame | pd.Series) else repr(part) for part in (*said, *shown)]


@pytest.fixture
def people():
    return np.random.default_rng(5).integers(8, 40, (len(AREAS), 6))


def test_numbers_that_are_shown_alike_are_told_alike_in_rates_falls_and_places(people):
    shown = protect(pd.DataFrame({"n": people.ravel()}), ["n"])["n"].to_numpy(int).reshape(people.shape)
    given = all_that_is_told(outcomes(people))
    for step in (-2, 2):
        other = np.where(shown + step > HES.hidden_to, shown + step, shown)
        assert (other != people).mean() > 0.5
        assert all_that_is_told(outcomes(other)) == given
    assert all_that_is_told(outcomes(people + 5)) != given


@pytest.mark.parametrize("n", [1, 4, 7])
def test_a_number_that_is_hidden_leaves_no_rate_behind(people, n):
    people[0, 3] = n
    told = joined(outcomes(people))
    assert years_of(told, MEASURE, AREAS[0])["value"].isna().tolist() == [False] * 3 + [True] + [False] * 2
    text = read(tables.yearly(years_of(told, MEASURE, AREAS[0])), tables.YEARS)
    assert text.loc[3, ["Value", "Numerator (people)"]].tolist() == ["*", "*"]


@pytest.mark.parametrize(("per", "told"), [(100_000.0, 12.8), (1_000.0, 0.1)])
def test_a_rate_is_worked_out_anew_whatever_it_is_per(per, told):
    table = outcomes(np.full((len(AREAS), 6), 9), per)
    assert as_shown(table)["value"].unique().tolist() == [told]  # 10 of 78,000, where 9 would be 11.5 and 0.1


def test_values_alone_days_and_zeros_stay_as_they_were_published(people):
    people[0, 0] = 0
    table = outcomes(people)
    alone = table.assign(numerator=np.nan, denominator=np.nan)
    pd.testing.assert_series_equal(as_shown(alone)["value"], table["value"])
    days = table.assign(months=1)
    pd.testing.assert_series_equal(as_shown(days)["value"], table["value"])
    assert as_shown(table)["value"].iloc[0] == 0
