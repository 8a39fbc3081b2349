"""Could these counts and bed-days be true of a home?

Warnings only: nothing is changed, because only the evaluator can know. Each rule compares a home with itself.
"""

import numpy as np
import pandas as pd

from analysis.sources.columns import Screening, more, screening
from analysis.sources.home_months import KEY, spans
from analysis.sources.layout import RawTable

TIMES, FLOOR, DEVIATIONS = 6.0, 10, 8.0
"""A count is odd above so many times the home's other months, above the floor, and so many deviations away
(variance mean + (mean / 2)², a generous allowance for months that truly differ)."""
SWITCH = (20.0, 45.0)  # bed-days in one month and beds in another differ by the days of a month, 28 to 31, and some
RATE_TIMES = 10.0  # beds given for bed-days raise a home's rate thirtyfold; homes themselves differ by less than ten
TOO_FEW = 5.0  # a home a fifth the size of the others is nothing odd by itself; with ten times their rate it is
FEWEST = 5  # admissions: ten times the usual rate comes by chance where there are fewer
JUMP, MATCH = 1.3, 0.35
"""Bed-days must rise so far, by what another home had (within a share of it), to suggest that two became one."""


def plausible(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Return every doubt about home-months (home, month, admissions, bed_days float, beds), or those that are there."""
    rows = rows.dropna(subset=KEY)
    said = Screening()
    if "admissions" in rows:
        said += _never(raw, rows) + _outliers(raw, rows)
    if "bed_days" in rows:
        said += _switched(raw, rows) + _merged(raw, rows)
    if {"bed_days", "beds"} <= set(rows):
        said += _over_capacity(raw, rows)
    return said


def _never(raw: RawTable, rows: pd.DataFrame) -> Screening:
    total = rows.groupby("home")["admissions"].sum(min_count=1)
    hidden = rows.loc[rows["admissions"].isna(), "home"].unique()
    never = total[(total == 0) & ~total.index.isin(hidden)].index
    if never.empty:
        return Screening()
    cells = rows.loc[rows["home"].isin(never), "home"].drop_duplicates()
    words = {"expected": "some admissions over the months given"}
    if len(never) == rows["home"].nunique():
        do = "No effect can be estimated from it; check that admissions were counted."
        return screening(
            "warn", raw, "admissions", cells, fault="no admissions at all", found="0 in every row", do=do, **words
        )
    found = f"0 in every month of {never[0]}" + more(len(never) - 1, "home like it", "homes like it")
    do = "They are kept, but tell a model with home effects nothing; check that they were counted."
    return screening("warn", raw, "admissions", cells, fault="homes without admissions", found=found, do=do, **words)


def _outliers(raw: RawTable, rows: pd.DataFrame) -> Screening:
    count = rows["admissions"].astype("Float64").astype("float64")
    by_home = count.groupby(rows["home"])
    others = (by_home.transform("sum") - count) / (by_home.transform("count") - 1)
    spread = np.sqrt(others + (others / 2) ** 2)
    odd = (
        (count >= FLOOR) & (count > TIMES * others.clip(lower=1)) & (count - others > DEVIATIONS * spread.clip(lower=1))
    )
    if not odd.any():
        return Screening()
    first = odd.idxmax()
    found = f"{count[first]:.0f} where this home's other months average {others[first]:.1f}" + more(int(odd.sum()) - 1)
    do = "It is used as it stands; check whether it is a typing error."
    cells = rows.loc[odd, "home"]
    return screening("warn", raw, "admissions", cells, fault="outlying counts", found=found,
                   expected="counts like the home's others", do=do)  # fmt: skip


def _switched(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Warn where bed-days fall or rise by the days of a month, or are beds throughout for some homes."""
    ordered = rows[rows["bed_days"] > 0].sort_values(KEY, kind="stable")
    ratio = ordered["bed_days"] / ordered.groupby("home")["bed_days"].shift()
    jump = np.maximum(ratio, 1 / ratio).between(*SWITCH)
    odd = ordered.loc[jump | ordered["home"].isin(_beds_for_days(ordered)), "home"].sort_index()
    if odd.empty:
        return Screening()
    first = ordered.loc[odd.index[0]]
    homes = odd.nunique()
    found = f"{first['bed_days']:,.0f} for {first['home']}, about a thirtieth of what the rest suggests"
    found += more(homes - 1, "home like it", "homes like it")
    do = "Check whether these are beds rather than bed-days; they are used as they stand."
    return screening("warn", raw, "bed_days", odd, fault="beds among bed-days", found=found,
                   expected="bed-days in every row", do=do)  # fmt: skip


def _beds_for_days(rows: pd.DataFrame) -> pd.Index:
    """Return homes whose bed-days are beds throughout: they ignore the length of months, or are far too few."""
    return _steady_beds(rows).union(_far_too_few(rows))


def _far_too_few(rows: pd.DataFrame) -> pd.Index:
    """Return homes with bed-days of a few people and, where admissions are known, the rate of none of the others."""
    by_home = rows.groupby("home")
    days, usual = by_home["bed_days"].median(), rows["bed_days"].median()
    few = (days * SWITCH[0] < usual) if "admissions" not in rows else (days * TOO_FEW < usual)
    if "admissions" in rows:
        count, total = by_home["admissions"].sum().astype("float64"), by_home["bed_days"].sum()
        rate = (count / total).median()
        few &= (count > RATE_TIMES * rate * total) & (count >= FEWEST)
    return days.index[few]


def _steady_beds(rows: pd.DataFrame) -> pd.Index:
    """Return homes whose exposure ignores the length of months and whose rate stands far above the others'."""
    by_home = rows.groupby("home")
    steady = by_home["bed_days"].min() == by_home["bed_days"].max()
    length = rows["month"].dt.days_in_month.groupby(rows["home"])
    lengths = length.min() < length.max()
    if "admissions" not in rows:
        return pd.Index([])
    rate = by_home["admissions"].sum().astype("float64") / by_home["bed_days"].sum()
    usual = rate[~steady].median()
    return rate.index[steady & lengths & (rate > RATE_TIMES * usual)]


def _over_capacity(raw: RawTable, rows: pd.DataFrame) -> Screening:
    limit = rows["beds"] * rows["month"].dt.days_in_month
    odd = rows["bed_days"] > limit
    if not odd.any():
        return Screening()
    first = odd.idxmax()
    found = f"{rows.loc[first, 'bed_days']:,.0f} bed-days in {rows.loc[first, 'beds']:,.0f} beds"
    found += more(int(odd.sum()) - 1)
    words = {"expected": f"at most {limit[first]:,.0f}, every bed filled every day", "found": found}
    do = "Check the beds and the bed-days; they are used as they stand."
    return screening("warn", raw, "bed_days", rows.loc[odd, "home"], fault="more bed-days than beds", do=do, **words)


def _merged(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Warn where a home's bed-days rise by what another had in the month before it stopped."""
    known = spans(rows)
    ended = known[known["last"] < known["last"].max()].reset_index()
    if ended.empty:
        return Screening()
    ended = ended.merge(rows[[*KEY, "bed_days"]], left_on=["home", "last"], right_on=KEY)
    ordered = rows.reset_index(names="row").sort_values(KEY, kind="stable")
    before = ordered.groupby("home")[["month", "bed_days"]].shift()
    grown = ordered.assign(last=before["month"], rise=ordered["bed_days"] - before["bed_days"])
    grown = grown[ordered["bed_days"] > JUMP * before["bed_days"]]
    pairs = grown.merge(ended[["home", "last", "bed_days"]], on="last", suffixes=("", "_ended"))
    pairs = pairs[(pairs["rise"] - pairs["bed_days_ended"]).abs() <= MATCH * pairs["bed_days_ended"]]
    if pairs.empty:
        return Screening()
    one = pairs.iloc[0]
    found = f"bed-days of {one['home']} rising by {one['rise']:,.0f} in the month after {one['home_ended']} stops"
    do = "If two homes became one, say so in your protocol or leave both out; they are kept apart here."
    cells = pd.Series(pairs["home"].to_numpy(), index=pairs["row"])
    return screening("warn", raw, "bed_days", cells, fault="homes that may have merged", found=found,
                   expected="a home's size changing slowly", do=do)  # fmt: skip
