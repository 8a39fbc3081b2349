"""What may come, and what does it hang on?

Twenty dots rather than a curve: readers count them (Kay and others 2016, "When (ish) is my bus?").
"""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, GREY, ONE_ROW, ORANGE, Layered, reference

POUNDS = (
    "abs(datum.value) < 500 ? '£0' : "
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
    words = (
        f"Twenty equally likely futures: admissions averted from {data['averted'].min():,} to "
        f"{data['averted'].max():,}, half of them at or above {int(data['averted'].median()):,}."
    )
    return alt.layer(points, reference(x=0, dashed=True)).properties(height=40 * highest + 60, description=words)


def fan(frame: pd.DataFrame) -> Layered:
    """How many fewer admissions there would be with it, period by period.

    Parameters
    ----------
    frame : DataFrame
        `published.fan`: ``first`` (day of the period), ``months`` (in it), ``line`` and low95, low80, middle, high80,
        high95; only the difference is drawn.
    """
    bands = ["low95", "low80", "middle", "high80", "high95"]
    data = frame.loc[frame["line"] == "fewer with it", ["first", *bands]]
    title = f"Fewer emergency admissions a {PERIODS.get(int(frame['months'].iloc[0]), 'year')}"
    base = alt.Chart(data).encode(alt.X("first:T", title=None, axis=alt.Axis(format="%b %Y", labelOverlap=True)))
    outer = base.mark_area(opacity=0.2, color=BLUE).encode(alt.Y("low95:Q", title=title), alt.Y2("high95:Q"))
    inner = base.mark_area(opacity=0.35, color=BLUE).encode(alt.Y("low80:Q"), alt.Y2("high80:Q"))
    tips = [alt.Tooltip("first:T", title="From", format="%B %Y"),
            *(alt.Tooltip(f"{name}:Q", title=words, format=",") for name, words in
              (("middle", "Fewer, about"), ("low95", "95% from"), ("high95", "95% to")))]  # fmt: skip
    middle = base.mark_line(strokeWidth=2.5, color=BLUE).encode(alt.Y("middle:Q"), tooltip=tips)
    last = data.iloc[-1]
    words = (
        f"{title}, with 80% and 95% bands. In the last {last['middle']:,} fewer ({last['low95']:,} to "
        f"{last['high95']:,})."
    )
    return alt.layer(outer, inner, middle, reference(y=0)).properties(height=340, description=words)


PERIODS = {1: "month", 3: "quarter"}
"""Months in a period to its name; of twelve it is a year."""


WORSE, BETTER = "worse end", "better end"


def tornado(frame: pd.DataFrame, most: int = 8) -> Layered:
    """Value less cost with each input at the worse and at the better end of its range.

    Which end is worse is told by the money: the low end of a cost is good, and the low end of an effect, as a rate
    ratio, is a strong effect.

    Parameters
    ----------
    frame : DataFrame
        ``input``, ``worse``, ``better`` (the value there, in words), ``net_worse``, ``net_better``, ``net_middle``; the
        widest first.
    most : int
        How many to draw.
    """
    data = frame.loc[:, ["input", "worse", "better", "net_worse", "net_better", "net_middle"]].head(most)
    ends = {WORSE: ("worse", "net_worse"), BETTER: ("better", "net_better")}
    long = pd.concat([
        data[["input", "net_middle"]].assign(end=end, value=data[value], net=data[net])
        for end, (value, net) in ends.items()
    ], ignore_index=True)  # fmt: skip
    scale = {"color": [ORANGE, BLUE], "shape": ["square", "circle"]}
    legend = alt.Legend(direction="vertical")  # beside one another they are cut on a telephone
    color = alt.Color("end:N", title=None, scale=alt.Scale(domain=[*ends], range=scale["color"]), legend=legend)
    shape = alt.Shape("end:N", title=None, scale=alt.Scale(domain=[*ends], range=scale["shape"]), legend=legend)
    axis = alt.Axis(labelLimit=330, domain=False, ticks=False, labelExpr="split(datum.value, ': ')")
    y = alt.Y("input:N", sort=data["input"].tolist(), title=None, axis=axis)
    x = alt.X("net:Q", title="Value less cost", axis=alt.Axis(labelExpr=POUNDS, labelOverlap=True, labelSeparation=8))
    tips = [alt.Tooltip("input:N"), alt.Tooltip("end:N"), alt.Tooltip("value:N", title="where it is"),
            alt.Tooltip("net:Q", title="Value less cost, £", format=",.0f")]  # fmt: skip
    bars = alt.Chart(long).mark_bar(height=14).encode(x, alt.X2("net_middle:Q"), y, color)
    points = alt.Chart(long).mark_point(opacity=1).encode(x, y, color, shape, tooltip=tips)
    rows = [f"{r['input']} {r['net_worse']:,.0f} to {r['net_better']:,.0f}" for r in data.to_dict("records")]
    words = f"Value less cost in pounds, one input at a time at its worse and at its better end: {'; '.join(rows)}."
    return alt.layer(bars, points, reference(x=0)).properties(height=alt.Step(44), description=words)


def plane(frame: pd.DataFrame) -> Layered:
    """Net cost against admissions averted, draw by draw.

    Parameters
    ----------
    frame : DataFrame
        ``averted``, ``net_cost`` (pounds) and ``draws``.
    """
    x = alt.X("averted:Q", title="Emergency admissions averted", axis=alt.Axis(format=",.0f", tickCount=6))
    y = alt.Y(
        "net_cost:Q", title="Cost less cash released", axis=alt.Axis(labelExpr=POUNDS), scale=alt.Scale(zero=True)
    )
    points = alt.Chart(frame).mark_point(color=BLUE, size=25, opacity=0.35).encode(x, y)
    dear = frame.loc[frame["net_cost"] > 0, "draws"].sum() / frame["draws"].sum()
    fewer = frame.loc[frame["averted"] > 0, "draws"].sum() / frame["draws"].sum()
    words = (
        f"Draws of cost less cash against admissions averted: {fewer:.0%} avert some, {dear:.0%} cost more than they "
        "release."
    )
    return alt.layer(points, reference(x=0), reference(y=0)).properties(height=320, description=words)


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
    x2, y2 = alt.X2Datum(1), alt.Y2Datum(1)
    diagonal = alt.Chart(ONE_ROW).mark_rule(color=GREY, strokeDash=[5, 4]).encode(alt.XDatum(0), alt.YDatum(0), x2, y2)
    words = f"Calibration of {len(data):,} futures: the nearer to the diagonal, the better."
    return alt.layer(line, diagonal).properties(height=320, width=320, description=words)
