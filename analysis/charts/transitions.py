"""How do ratings move from one inspection to the next? Counts are of homes and inspections, not of people."""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, INK, SCALE, Layered

DARK_FROM = 0.65
"""Share from which white text has more contrast with its cell than dark text (4.9:1 here)."""

WORDS = "split(datum.label, ' ')"
"""Vega expression for a label of one word a line, which fits a telephone."""
ABOVE = f"indexof(datum.label, ' ') < 0 ? ['', datum.label] : {WORDS}"
"""The same over a column, where one word stands on the second line."""


def transitions(matrix: pd.DataFrame) -> Layered:
    """Draw where homes of each rating went.

    Parameters
    ----------
    matrix : DataFrame
        Number of transitions from each rating (index) to each (columns), worst first.
    """
    data = transitions_data(matrix)
    ratings = [str(rating) for rating in matrix.index]
    above = alt.Axis(
        labelAngle=0, labelOverlap=False, labelPadding=18, labelFontSize=10, labelExpr=ABOVE, orient="top",
        domain=False, ticks=False,
    )  # fmt: skip
    x = alt.X("to:N", title="Next rating", sort=ratings, axis=above)
    y = alt.Y("from:N", title="Rating", sort=ratings, axis=alt.Axis(labelExpr=WORDS, domain=False, ticks=False))
    tooltip = [
        alt.Tooltip("from:N"),
        alt.Tooltip("to:N"),
        alt.Tooltip("count:Q", format=",", title="Inspections"),
        alt.Tooltip("share:Q", format=".1%"),
    ]
    base = alt.Chart(data).encode(x, y)
    color = alt.Color("share:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=list(SCALE)))
    ink = alt.condition(f"datum.share >= {DARK_FROM}", alt.value("white"), alt.value(INK))
    cells = base.mark_rect(stroke="white", strokeWidth=3).encode(color, tooltip=tooltip)
    told = base.mark_text(lineBreak="\n", dy=-8).encode(text=alt.Text("told:N"), color=ink)
    return alt.layer(cells, told).properties(height=300, description=_words(data))


def transitions_data(matrix: pd.DataFrame) -> pd.DataFrame:
    """One row per pair of ratings: from, to, count, share of the row, and both as text."""
    wide = matrix.rename_axis(index="from").reset_index()
    counts = wide.melt("from", var_name="to", value_name="count").astype({"from": str, "to": str})
    of = dict(zip(map(str, matrix.index), matrix.to_numpy().sum(axis=1), strict=True))
    share = [
        count / of[start] if of[start] else None for start, count in zip(counts["from"], counts["count"], strict=True)
    ]
    told = [_told(count, part) for count, part in zip(counts["count"], share, strict=True)]
    return counts.assign(share=share, told=told)


def _told(count: int, share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}\n{count:,}"


def _words(data: pd.DataFrame) -> str:
    rows = [
        f"from {start}: "
        + ", ".join(f"{share:.0%} {end}" for end, share in zip(part["to"], part["share"], strict=True))
        for start, part in data[data["share"].notna()].groupby("from", sort=False)
    ]
    return f"Next rating by rating, as a share of re-inspections. {'; '.join(rows)}."


def shares(table: pd.DataFrame, key: str, title: str) -> Layered:
    """Draw a share of homes in each group with its interval, and above it how many it is a share of.

    Parameters
    ----------
    table : DataFrame
        One row per group: `key`, ``share``, ``n``, ``conf_low``, ``conf_high``.
    key : str
        Column that names the group.
    title : str
        What the share is of.
    """
    numbers = table.loc[:, ["share", "n", "conf_low", "conf_high"]].astype(float).round(4)
    data = numbers.assign(group=[str(value) for value in table[key]])
    y = alt.Y("conf_low:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5))
    base = alt.Chart(data).encode(
        alt.X("group:N", title=None, axis=alt.Axis(labelAngle=0, labelOverlap="parity", labelSeparation=6))
    )
    named = {"share": "Share", "conf_low": "Interval from", "conf_high": "to"}
    tooltip = [
        alt.Tooltip("group:N"),
        *(alt.Tooltip(f"{name}:Q", format=".1%", title=title) for name, title in named.items()),
        alt.Tooltip("n:Q"),
    ]
    spans = base.mark_rule(color=BLUE).encode(y, alt.Y2("conf_high:Q"))
    marks = base.mark_point(color=BLUE, opacity=1).encode(alt.Y("share:Q"), tooltip=tooltip)
    size = base.mark_text(dy=-6, baseline="bottom").transform_calculate(label="format(datum.n, ',')")
    told = size.encode(alt.Y("conf_high:Q"), text=alt.Text("label:N"))
    return alt.layer(spans, marks, told).properties(height=320, description=_share_words(data, title))


def _share_words(data: pd.DataFrame, title: str) -> str:
    rows = [
        f"{row['group']} {row['share']:.0%} ({row['conf_low']:.0%} to {row['conf_high']:.0%}, n {row['n']:,.0f})"
        for row in data.to_dict("records")
    ]
    return f"{title}, with 95% intervals: {'; '.join(rows)}."
