"""What do published tables, and the data that are loaded, say of what happens anyway?"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.claims.claim import Claim, ShareImproved, Window
from analysis.claims.shrinkage import TREND_A_YEAR, TREND_SPREAD, TREND_SPREAD_UNKNOWN, Base, Trend
from analysis.sources.evidence import admission_rates, improving_by_year, national_events
from analysis.sources.published_ratings import published_next_ratings

ENOUGH = 30
"""Services of a rating inspected again, with fewer of which a rate from the files loaded says little."""
FEW_EVENTS = 100
"""Admissions in either window, with fewer of which a trend from the files loaded says little."""
BASES = ("whose", "period", "share", "of", "source")
HOMES = {"care homes": "care homes", "home care": "other services", "any": ""}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalKnowledge:
    """What is known from files that are loaded, as it may be shown; empty where none are.

    Parameters
    ----------
    name : str
        What they are called.
    improving : DataFrame
        from_rating, year (0: all of them), better, of: services without a programme rated better when next inspected.
    monthly : DataFrame, index month (Period)
        events, years: emergency admissions and resident-years of homes without a programme.
    """

    name: str = ""
    improving: pd.DataFrame = field(default_factory=pd.DataFrame)
    monthly: pd.DataFrame = field(default_factory=pd.DataFrame)


NOTHING = LocalKnowledge()


def bases(claim: ShareImproved, known: LocalKnowledge) -> pd.DataFrame:
    """List how often such services improve anyway, the one nearest to the claim first.

    Returns
    -------
    DataFrame
        whose, period, share, of (NaN where no count was published), source.
    """
    rating = claim.from_rating or "Below Good"
    listed = pd.DataFrame([*_loaded(claim, rating, known), *_published(claim, rating)], columns=list(BASES))
    return listed.drop_duplicates(["whose", "period", "share"], ignore_index=True)


def _loaded(claim: ShareImproved, rating: str, known: LocalKnowledge) -> list[tuple]:
    rows = known.improving
    if rows.empty:
        return []
    rows = rows.loc[(rows["from_rating"] == rating) & rows["year"].isin([claim.year or 0, 0]) & (rows["of"] >= ENOUGH)]
    rows = rows.sort_values("year", ascending=False)  # the claim's own year first
    return [(f"Services in {known.name}", str(row["year"] or "all years"), row["better"] / row["of"], float(row["of"]),
             "The files loaded") for row in rows.to_dict("records")]  # fmt: skip


def _published(claim: ShareImproved, rating: str) -> list[tuple]:
    printed = published_next_ratings()
    printed = printed.loc[printed["moved"] == "better"].drop(columns="count")
    counted = improving_by_year()
    rows = pd.concat([counted, printed], ignore_index=True)
    of_rating = rows["from_rating"] == rating
    pooled = rating == "Below Good"
    rows = rows.loc[of_rating | (pooled & (rows["from_rating"] == "Requires improvement"))].copy()
    wanted = HOMES[claim.homes]
    rows["far"] = (
        4.0 * (rows["from_rating"] != rating)
        + 2.0 * ~rows["homes"].str.lower().str.contains(wanted, regex=False)
        + 1.0 * (rows["year"].notna() & (rows["year"] != claim.year))
        + 0.5 * rows["of"].isna()
    )
    rows = rows.sort_values("far", kind="stable")
    named = rows["homes"] + ", rated " + rows["from_rating"]
    return [*zip(named, rows["period"].astype(str), rows["percent"] / 100, rows["of"].astype(float), rows["source"],
                 strict=True)]  # fmt: skip


def base_of(row: dict) -> Base:
    """Make a base rate of a row of `bases`; one without a count is taken as of few."""
    of = row["of"] if pd.notna(row["of"]) else float(ENOUGH)
    return Base(share=float(row["share"]), of=float(of), whose=f"{row['whose']}, {row['period']}", source=row["source"])


def rate_of(what: str, home_type: str) -> tuple[float, str]:
    """Give admissions per resident-year of a kind of home, and where that stands."""
    rows = admission_rates()
    row = rows.loc[(rows["what"] == what) & (rows["home_type"] == home_type)].iloc[0]
    return float(row["rate"]), str(row["source"])


def trend_of(claim: Claim, known: LocalKnowledge, years: float) -> Trend:
    """Say what would have happened to admissions anyway between the windows of a claim.

    Parameters
    ----------
    years : float
        Between their middles.
    """
    if claim.comparison.percent_fewer is not None and claim.comparison.percent_fewer < 100:
        mean = float(np.log1p(-claim.comparison.percent_fewer / 100))
        return Trend(mean=mean, spread=TREND_SPREAD, source="What the claim says of others over the same months")
    if seen := _seen(claim, known):
        return seen
    wide = touches_pandemic(claim.before) or touches_pandemic(claim.after)
    dated = claim.before.first and claim.after.last
    spread = TREND_SPREAD if dated and not wide else TREND_SPREAD_UNKNOWN
    what = "BMC Health Services Research 2021: 12% more in five years where nothing was done (trends.csv)"
    about = " The months touch the pandemic." if wide else "" if dated else " The months are not said."
    return Trend(mean=TREND_A_YEAR * years, spread=spread, source=f"{what}.{about}")


def _seen(claim: Claim, known: LocalKnowledge) -> Trend | None:
    """Read the trend from homes without a programme in the files loaded, where both windows lie in them."""
    ends = (claim.before.first, claim.before.last, claim.after.first, claim.after.last)
    if known.monthly.empty or None in ends:
        return None
    at = known.monthly.index
    windows = [(pd.Period(ends[0], "M"), pd.Period(ends[1], "M")), (pd.Period(ends[2], "M"), pd.Period(ends[3], "M"))]
    if any(first < at.min() or last > at.max() for first, last in windows):
        return None
    sums = [known.monthly.loc[first:last].sum() for first, last in windows]
    if min(part["events"] for part in sums) < FEW_EVENTS:
        return None
    before, after = ((part["events"] / part["years"], part["events"]) for part in sums)
    spread = float(np.hypot(np.sqrt(1 / before[1] + 1 / after[1]), TREND_SPREAD / 2))  # homes chosen may differ still
    return Trend(mean=float(np.log(after[0] / before[0])), spread=spread, source=f"Homes without one in {known.name}")


def touches_pandemic(window: Window) -> bool:
    """Whether months of a window lie in the pandemic."""
    row = national_events().set_index("key").loc["pandemic"]
    first, last = window.first or window.last, window.last or window.first
    return bool(first and last and first <= row["last"] and row["first"] <= last)
