"""What may come, and what does it hang on?

Twenty dots rather than a curve: readers count them (Kay and others 2016, "When (ish) is my bus?").
"""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, GREY, ORANGE, Layered

POUNDS = (
    "(datum.value < 0 ? '−' : '') + '£' + (abs(datum.value) >= 1e6 ? format(abs(datum.value) / 1e6, '.1f') + 'm' : "
    "format(abs(datum.value) / 1e3, ',.0f') + 'k')"
)
"""Vega expression that writes pounds short."""


def dots(frame: pd.DataFrame) -> Layered:
    """Twenty equally likely futures.

    Parameters
    ----------
    frame : DataFrame
        ``averted`` (admissions, rounded) and ``height`` (place in its pile).
    """
    highest = max(int(frame["height"].max()), 4)
    x = alt.X("averted:Q", title="Emergency admissions averted", axis=alt.Axis(format=",d", tickMinStep=5, tickCount=8))
    y = alt.Y(
        "height:Q",
        title=None,
        axis=alt.Axis(labels=False, ticks=False, grid=False, domain=False),
        scale=alt.Scale(domain=[0.4, highest + 0.6]),
    )
    data = frame.loc[:, ["averted", "height"]].assign(
        way=["fewer" if a > 0 else "none or more" for a in frame["averted"]]
    )
    ways = ["fewer", "none or more"] if (data["averted"] <= 0).any() else ["fewer"]
    color = alt.Color("way:N", title=None, scale=alt.Scale(domain=ways, range=[BLUE, ORANGE]))
    shape = alt.Shape("way:N", title=None, scale=alt.Scale(domain=ways, range=["circle", "square"]))
    points = alt.Chart(data).mark_point(size=260, opacity=1).encode(x, y, color, shape, tooltip=[
        alt.Tooltip("averted:Q", title="Averted, about", format=",")])  # fmt: skip
    none = alt.Chart(pd.DataFrame({"averted": [0]})).mark_rule(color=GREY, strokeDash=[5, 4]).encode(alt.X("averted:Q"))
    words = (
        f"Twenty equally likely futures: admissions averted from {data['averted'].min():,} to "
        f"{data['averted'].max():,}, half of them at or above {int(data['averted'].median()):,}."
    )
    return alt.layer(none, points).properties(height=40 * highest + 60, description=words)


def fan(frame: pd.DataFrame) -> Layered:
    """Admissions to come, with and without it.

    Parameters
    ----------
    frame : DataFrame
        ``first`` (day of the period), ``months`` (in it), ``line`` and low95, low80, middle, high80, high95: protected
        counts, missing where not shown.
    """
    bands = ["low95", "low80", "middle", "high80", "high95"]
    data = frame.loc[:, ["first", "line", *bands]].dropna()
    lines = ["without it", "with it"]
    legend = alt.Legend(symbolOpacity=1, symbolType="square")
    color = alt.Color("line:N", title=None, scale=alt.Scale(domain=lines, range=[ORANGE, BLUE]), legend=legend)
    dash = alt.StrokeDash("line:N", title=None, scale=alt.Scale(domain=lines, range=[[6, 4], [1, 0]]), legend=None)
    period = {1: "month", 3: "quarter"}.get(int(frame["months"].iloc[0]), "year")
    title = f"Emergency admissions a {period}"
    base = alt.Chart(data).encode(alt.X("first:T", title=None, axis=alt.Axis(format="%b %Y", labelOverlap=True)), color)
    y = alt.Y("low95:Q", title=title, scale=alt.Scale(zero=False))
    outer = base.mark_area(opacity=0.15).encode(y, alt.Y2("high95:Q"))
    inner = base.mark_area(opacity=0.25).encode(alt.Y("low80:Q"), alt.Y2("high80:Q"))
    tips = [alt.Tooltip("first:T", title="From", format="%B %Y"), "line:N",
            *(alt.Tooltip(f"{name}:Q", title=words, format=",") for name, words in
              (("middle", "Middle"), ("low95", "95% from"), ("high95", "to")))]  # fmt: skip
    middle = base.mark_line(strokeWidth=2.5).encode(alt.Y("middle:Q"), dash, tooltip=tips)
    return alt.layer(outer, inner, middle).properties(height=340, description=_fan_words(data, title))


def _fan_words(data: pd.DataFrame, title: str) -> str:
    if data.empty:
        return f"{title}: every number is too small to show."
    last = data[data["first"] == data["first"].max()].set_index("line")
    told = [f"{line} {row['middle']:,} ({row['low95']:,} to {row['high95']:,})" for line, row in last.iterrows()]
    return f"{title}, with 80% and 95% bands. In the last, {' and '.join(told)}."


def tornado(frame: pd.DataFrame, most: int = 8) -> Layered:
    """Value less cost with each input at either end of its range.

    Parameters
    ----------
    frame : DataFrame
        ``input``, ``net_low``, ``net_high``, ``net_middle``; the widest first.
    most : int
        How many to draw.
    """
    data = frame.loc[:, ["input", "net_low", "net_high", "net_middle"]].head(most)
    long = data.melt(["input", "net_middle"], ["net_low", "net_high"], var_name="end", value_name="net")
    long["end"] = long["end"].map({"net_low": "at its low end", "net_high": "at its high end"})
    ends = ["at its low end", "at its high end"]
    color = alt.Color("end:N", title=None, scale=alt.Scale(domain=ends, range=[ORANGE, BLUE]))
    shape = alt.Shape("end:N", title=None, scale=alt.Scale(domain=ends, range=["square", "circle"]))
    axis = alt.Axis(labelLimit=330, domain=False, ticks=False, labelExpr="split(datum.value, ': ')")
    y = alt.Y("input:N", sort=data["input"].tolist(), title=None, axis=axis)
    x = alt.X("net:Q", title="Value less cost", axis=alt.Axis(labelExpr=POUNDS, labelOverlap=True, labelSeparation=8))
    tips = ["input:N", "end:N", alt.Tooltip("net:Q", title="Value less cost, £", format=",.0f")]
    bars = alt.Chart(long).mark_bar(height=14).encode(x, alt.X2("net_middle:Q"), y, color)
    points = alt.Chart(long).mark_point(opacity=1).encode(x, y, color, shape, tooltip=tips)
    zero = alt.Chart(pd.DataFrame({"net": [0]})).mark_rule(color=GREY).encode(alt.X("net:Q"))
    rows = [f"{r['input']} {r['net_low']:,.0f} to {r['net_high']:,.0f}" for r in data.to_dict("records")]
    words = f"Value less cost in pounds, with one input at a time at its low and at its high end: {'; '.join(rows)}."
    return alt.layer(zero, bars, points).properties(height=alt.Step(44), description=words)


def plane(frame: pd.DataFrame) -> Layered:
    """Net cost against admissions averted, draw by draw.

    Parameters
    ----------
    frame : DataFrame
        ``averted``, ``net_cost`` (pounds) and ``draws``.
    """
    x = alt.X("averted:Q", title="Emergency admissions averted", axis=alt.Axis(format=","))
    y = alt.Y(
        "net_cost:Q", title="Cost less cash released", axis=alt.Axis(labelExpr=POUNDS), scale=alt.Scale(zero=True)
    )
    points = alt.Chart(frame).mark_point(color=BLUE, size=25, opacity=0.35).encode(x, y)
    none = alt.Chart(pd.DataFrame({"averted": [0]})).mark_rule(color=GREY).encode(alt.X("averted:Q"))
    dear = frame.loc[frame["net_cost"] > 0, "draws"].sum() / frame["draws"].sum()
    fewer = frame.loc[frame["averted"] > 0, "draws"].sum() / frame["draws"].sum()
    words = (
        f"Draws of cost less cash against admissions averted: {fewer:.0%} avert some, {dear:.0%} cost more than they "
        "release."
    )
    return alt.layer(none, points).properties(height=320, description=words)


def calibration(ranks: pd.DataFrame) -> Layered:
    """Share of futures whose truth lies below each share of draws: on the diagonal where a projection is calibrated.

    Parameters
    ----------
    ranks : DataFrame
        ``case`` and ``rank`` (share of draws below the truth, 0 to 1), one row a future.
    """
    data = ranks.sort_values("rank").assign(share=lambda rows: rows.groupby("case").cumcount() + 1)
    data["share"] = data["share"] / data.groupby("case")["rank"].transform("size")
    x, y = alt.X("rank:Q", title="Share of draws below"), alt.Y("share:Q", title="Share of futures")
    line = alt.Chart(data).mark_line(interpolate="step-after").encode(x, y, alt.Color(
        "case:N", title=None, scale=alt.Scale(range=[BLUE, ORANGE])), alt.StrokeDash("case:N", title=None))  # fmt: skip
    ends = pd.DataFrame({"rank": [0, 1], "share": [0, 1]})
    diagonal = alt.Chart(ends).mark_line(color=GREY, strokeDash=[5, 4]).encode(x, y)
    words = f"Calibration of {len(data):,} futures: the nearer to the diagonal, the better."
    return alt.layer(diagonal, line).properties(height=320, width=320, description=words)
