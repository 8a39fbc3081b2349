"""Text columns become dates, numbers and ids, as brute force says they should."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sources.columns import DAY, MONTH, Quantity, amounts, counts, dates, homes
from analysis.sources.columns.personal import nhs_numbers
from analysis.sources.layout import RawTable
from tests.costs import draws

DAYS = st.dates(min_value=pd.Timestamp("1995-01-01").date(), max_value=pd.Timestamp("2025-12-31").date())


def raw(*cells: str | None, **more) -> RawTable:
    frame = pd.DataFrame({"x": pd.array(cells, dtype="str")}, index=pd.Index(range(2, len(cells) + 2), name="row"))
    return RawTable(file="a.csv", columns=("x",), mapping={"x": "x"}, frame=frame, **more)


@settings(max_examples=draws(40), deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=30))
def test_every_day_is_read_as_python_writes_it(days):
    for form in ("%Y-%m-%d", "%d %B %Y", "%d-%b-%Y", "%Y%m%d", "%Y-%m-%d 00:00:00"):
        read = dates(raw(*[f"{day:{form}}" for day in days]), "x", {}, DAY)
        assert list(read.values.dt.date) == days
        assert all(finding.outcome == "note" for finding in read.screening.findings)


@settings(max_examples=draws(40), deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=30), st.sampled_from(["day first", "month first"]))
def test_slashed_dates_are_read_as_said(days, order):
    form = "%d/%m/%Y" if order == "day first" else "%m/%d/%Y"
    text = [day.strftime(form) for day in days]
    assert list(dates(raw(*text), "x", {"dates": order}, DAY).values.dt.date) == days
    unsaid = dates(raw(*text), "x", {}, DAY)
    if any(day.day > 12 for day in days):
        assert list(unsaid.values.dt.date) == days
    else:
        assert [finding.question for finding in unsaid.screening.findings] == ["dates"]


@settings(max_examples=draws(30), deadline=None)
@given(st.lists(DAYS, min_size=1, max_size=20))
def test_spreadsheet_day_numbers_count_as_excel_does(days):
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel  # noqa: PLC0415

    for epoch, said in ((None, "1900"), (CALENDAR_MAC_1904, "1904")):
        cells = [str(int(to_excel(pd.Timestamp(day), *([epoch] if epoch else [])))) for day in days]
        if all(len(cell) == 5 for cell in cells):
            assert list(dates(raw(*cells), "x", {"excel days": said}, DAY).values.dt.date) == days


@pytest.mark.parametrize(
    ("cell", "month"),
    [("Jan-23", "2023-01"), ("January 2023", "2023-01"), ("2023-01-31", "2023-01"), ("202301", "2023-01"),
     ("01/2023", "2023-01"), ("2023-03-31T23:30:00Z", "2023-04"), ("2023-01-31T23:30:00Z", "2023-01"),
     ("2023-03-31T23:30:00+01:00", "2023-03")],
)  # fmt: skip
def test_months_in_many_forms(cell, month):
    assert dates(raw(cell), "x", {}, MONTH).values.iloc[0] == pd.Timestamp(month)


@pytest.mark.parametrize(("said", "month"), [("M1 is April", "2023-01"), ("M1 is January", "2022-10")])
def test_financial_months_are_read_as_said(said, month):
    assert dates(raw("2022/23 M10"), "x", {"financial year": said}, MONTH).values.iloc[0] == pd.Timestamp(month)


def test_one_typing_error_does_not_make_an_order_doubtful():
    cells = [f"{13 + n % 15}/{1 + n % 12:02d}/2023" for n in range(150)] + ["02/25/2023"]
    read = dates(raw(*cells), "x", {}, DAY)
    assert {finding.fault for finding in read.screening.findings} == {"dates day first", "impossible date"}
    assert list(read.screening.set_aside["row"]) == [152]


@settings(max_examples=draws(40), deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=9000), min_size=1, max_size=30))
def test_counts_are_exact(numbers):
    for form in ("{}", "{:,}", "{}.0", " {} "):
        read = counts(raw(*[form.format(number) for number in numbers]), "x", {})
        kept = read.values[~read.values.index.isin(read.screening.set_aside["row"])]
        assert kept.tolist() == [n for n, aside in zip(numbers, read.values.isna(), strict=True) if not aside]
        assert set(read.screening.set_aside["fault"]) <= {"code for missing"}


@settings(max_examples=draws(40), deadline=None)
@given(st.lists(st.decimals(min_value=0, max_value=9000, places=2), min_size=1, max_size=30))
def test_amounts_are_exact_decimals(numbers):
    quantity = Quantity(what="a number", whole=False, highest=1e6)
    read = amounts(raw(*map(str, numbers)), "x", {}, quantity).values
    assert all(isinstance(number, Decimal) for number in read.dropna())
    assert [n for n in read if n is not None and n == n] == [n for n, r in zip(numbers, read, strict=True) if r == r]  # noqa: PLR0124


@pytest.mark.parametrize(
    ("cell", "low", "high"),
    [("*", 1, 7), ("[c]", 1, 7), ("<5", 1, 4), ("<8", 1, 7), ("1-7", 1, 7), ("1 to 4", 1, 4), ("≤5", 1, 5),
     ("fewer than 10", 1, 9)],
)  # fmt: skip
def test_suppressed_counts_keep_what_their_mark_says(cell, low, high):
    read = counts(raw("0", cell, "12"), "x", {})
    assert (read.at_least.loc[3], read.at_most.loc[3]) == (low, high)
    assert read.values.isna().tolist() == [False, True, False]
    assert read.at_least.isna().tolist() == [True, False, True]


def test_below_a_number_includes_zero_where_no_zero_is_shown():
    assert counts(raw("3", "<5", "12"), "x", {}).at_least.loc[3] == 0


def test_only_codes_far_from_everything_else_stand_for_missing():
    assert counts(raw("3", "999", "4"), "x", {}).screening.set_aside["fault"].tolist() == ["code for missing"]
    assert counts(raw("700", "999", "812"), "x", {}).screening.set_aside.empty


def test_a_number_that_nothing_holds_hides_no_code():
    quantity = Quantity(what="a number", whole=False, highest=1e6)
    aside = amounts(raw("3", "999", "4", "1e999"), "x", {}, quantity).screening.set_aside.set_index("row")["fault"]
    assert aside.to_dict() == {3: "code for missing", 5: "impossibly large number"}


def test_ids_are_one_home_whatever_their_spaces_and_case():
    read = homes(raw("1-ab", " 1-AB", "1-Ab\u00a0", "\u200b1-AB"), "x")
    assert set(read.values) == {"1-AB"}
    assert read.screening.set_aside.empty


def nhs_number(nine: str) -> str | None:
    """Check digit as the NHS Data Dictionary words it, step by step."""
    total = 0
    for position, digit in enumerate(nine, start=1):
        total += int(digit) * (11 - position)
    check = 11 - total % 11
    check = 0 if check == 11 else check
    return None if check == 10 else nine + str(check)


def test_nhs_numbers_are_known_and_other_ten_digits_are_not():
    draw = np.random.default_rng(1)
    nines = ["".join(map(str, digits)) for digits in draw.integers(0, 10, (300, 9))]
    real = [number for number in map(nhs_number, nines) if number]
    assert nhs_number("943476591") == "9434765919"  # the example the NHS publishes
    assert nhs_numbers(pd.Series(real, dtype="str"))
    assert nhs_numbers(pd.Series([f"{n[:3]} {n[3:6]} {n[6:]}" for n in real], dtype="str"))
    assert not nhs_numbers(pd.Series([nine + "7" for nine in nines], dtype="str"))
    assert not nhs_numbers(pd.Series(["1-1234567890"] * 50, dtype="str"))
