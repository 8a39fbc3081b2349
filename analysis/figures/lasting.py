"""Does it last? The effect by year since the start, and later years against the first in the same homes."""

import pandas as pd

from analysis import charts, tables
from analysis.evaluation import Evaluation
from analysis.figures.figure import Figure, Source, Table
from analysis.results import AFTERWARDS, interval
from analysis.tables.columns import Column
from analysis.words import change, homes
from analysis.words import lasting as words

COLUMNS = (
    Column("Year since the start", "year"), Column("Homes", "homes"),
    Column("Rate ratio (95% interval)", ("estimate", "conf_low", "conf_high"), interval),
    Column("Against the first year, same homes", ("ratio", "ratio_low", "ratio_high"), interval),
)  # fmt: skip


def lasting(evaluation: Evaluation, source: Source) -> Figure:
    """Say whether it lasts, and draw the years."""
    effects = evaluation.published
    found = effects.diagnostic("lasting")
    table = by_year(tables.published(effects, "year"), found)
    drawn = table.dropna(subset=["estimate", "conf_low", "conf_high"])
    drawn = drawn.assign(
        told=[change(ratio) for ratio in drawn["estimate"]], year=[f"year {year}" for year in drawn["year"]]
    )
    return Figure(
        title="Does it last?",
        sentence=words.lasted(found),
        notes=(words.CANNOT,) if len(table) > 1 else (),
        chart=charts.forest(drawn, "year", "Year since the start") if len(drawn) > 1 else None,
        caption=source.caption("Lines through the points are 95% intervals.") if len(drawn) > 1 else "",
        tables=(Table(tidy=table, columns=COLUMNS, name="effect_by_year"),) if len(table) > 1 else (),
    )


def by_year(years: pd.DataFrame, against: pd.DataFrame) -> pd.DataFrame:
    """Set each year's effect beside what it is against the first year; last, all later years together."""
    named = against.rename(columns={"conf_low": "ratio_low", "conf_high": "ratio_high"})
    own = years[["year", "estimate", "conf_low", "conf_high"]].assign(year=years["year"].astype(str))
    columns = ["year", "homes", "ratio", "ratio_low", "ratio_high"]
    table = own.merge(
        named[columns].astype({"year": str}), on="year", how="outer" if len(named) else "left", sort=False
    )
    order = {AFTERWARDS: 10_000}
    table = table.sort_values("year", key=lambda year: [order.get(one) or int(one) for one in year], kind="stable")
    told = ["" if pd.isna(n) else homes(int(n)) for n in table["homes"]]
    return table.assign(homes=told).reset_index(drop=True)
