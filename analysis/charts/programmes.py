"""Did supported homes do better than expected, how soon, and on which key question? Counts are of homes."""

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts.theme import BLUE, GREY, ORANGE, Layered, reference
from analysis.results import limit

TIGHTEST = 2.0
"""The axis of observed over expected reaches at least this far, so that 1 never stands at its edge."""


def over_expected(rows: pd.DataFrame, key: str = "group", of: str = "rated better") -> Layered:
    """Draw observed over expected of each group with its interval, and write what it is made from.

    Parameters
    ----------
    rows : DataFrame
        `key`, ``estimate``, ``conf_low``, ``conf_high``, ``told``.
    key : str
        Column that names the group.
    of : str
        What homes did.
    """
    numbers = rows.loc[:, ["estimate", "conf_low", "conf_high"]].astype(float).round(4)
    data = numbers.assign(group=[str(value) for value in rows[key]], told=[*rows["told"]]).dropna(subset=["estimate"])
    widest = max(TIGHTEST, float(np.nanmin([np.nanmax([*data["conf_high"], TIGHTEST]), 4.0])))
    scale = alt.Scale(domain=[0, widest], nice=False)
    x = alt.X("conf_low:Q", title="Times as many as expected", scale=scale, axis=alt.Axis(tickCount=5, format=".1f"))
    y = alt.Y("group:N", title=None, sort=None, axis=alt.Axis(labelLimit=190, domain=False, ticks=False))
    base = alt.Chart(data).encode(y)
    named = {"estimate": "Over expected", "conf_low": "Interval from", "conf_high": "to"}
    tooltip = [
        alt.Tooltip("group:N"),
        *(alt.Tooltip(f"{name}:Q", format=".2f", title=title) for name, title in named.items()),
    ]
    spans = base.mark_rule(color=BLUE, clip=True, size=2).encode(x, alt.X2("conf_high:Q"))
    marks = base.mark_point(color=BLUE, clip=True, opacity=1).encode(alt.X("estimate:Q", scale=scale), tooltip=tooltip)
    told = base.mark_text(dy=-14, align="left").encode(text=alt.Text("told:N"), x=alt.XValue(4))
    return alt.layer(spans, marks, told, reference(x=1, dashed=True)).properties(
        height=alt.Step(54), description=_over_words(data, of)
    )


def _over_words(data: pd.DataFrame, of: str) -> str:
    rows = [
        f"{r['group']} {r['estimate']:.2f} ({limit(r['conf_low'])} to {limit(r['conf_high'])}; {r['told']})"
        for r in data.to_dict("records")
    ]
    return f"Homes {of} over homes expected to be, where 1 is as expected: {'; '.join(rows)}."


def better_since(frame: pd.DataFrame) -> Layered:
    """Draw the share rated better since the start, and the share that left, of supported homes and homes like them.

    Parameters
    ----------
    frame : DataFrame
        `Curves.frame`: who, years, better, better_low, better_high, left.
    """
    who = [*dict.fromkeys(frame["who"])]
    data = frame.loc[:, ["who", "years", "better", "better_low", "better_high", "left"]].round(4)
    legend = alt.Legend(symbolOpacity=1)  # as dark as the lines, not as the bands
    color = alt.Color("who:N", title=None, legend=legend, scale=alt.Scale(domain=who, range=[BLUE, ORANGE]))
    dash = alt.StrokeDash("who:N", title=None, scale=alt.Scale(domain=who, range=[[1, 0], [6, 4]]))
    x = alt.X("years:Q", title="Years since the start", axis=alt.Axis(tickMinStep=1, format="d"))
    y = alt.Y(
        "better:Q", title="Rated better", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5)
    )
    base = alt.Chart(data).encode(x)
    tooltip = [alt.Tooltip("who:N"), alt.Tooltip("years:Q", format=".1f"), alt.Tooltip("better:Q", format=".0%"),
               alt.Tooltip("left:Q", format=".0%", title="left the register")]  # fmt: skip
    band = base.mark_area(interpolate="step-after", opacity=0.15).encode(
        alt.Y("better_low:Q"), alt.Y2("better_high:Q"), color
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2.5).encode(y, color, dash, tooltip=tooltip)
    left = base.mark_line(interpolate="step-after", strokeWidth=1).encode(alt.Y("left:Q"), color, dash)
    return alt.layer(band, line, left).properties(height=340, description=_curve_words(data))


def _curve_words(data: pd.DataFrame) -> str:
    rows = []
    for who, part in data.groupby("who", sort=False):
        last = part.iloc[-1]
        rows.append(f"{who} {last['better']:.0%} rated better and {last['left']:.0%} left by year {last['years']:.1f}")
    return f"Share rated better since the start, with 95% bands, and, thin, the share that left: {'; '.join(rows)}."


def question_shares(shares: pd.DataFrame) -> Layered:
    """Draw the share rated better on each key question, thick for one question and thin for all five together.

    Parameters
    ----------
    shares : DataFrame
        question, share, n, conf_low, conf_high, all_low, all_high.
    """
    names = ["share", "n", "conf_low", "conf_high", "all_low", "all_high"]
    data = shares.loc[:, names].astype(float).round(4).assign(question=[*shares["question"]])
    y = alt.Y("question:N", title=None, sort=None, axis=alt.Axis(domain=False, ticks=False))
    scale, axis = alt.Scale(domain=[0, 1]), alt.Axis(format=".0%", tickCount=5)
    base = alt.Chart(data).encode(y)
    tooltip = [alt.Tooltip("question:N"), alt.Tooltip("share:Q", format=".1%"), alt.Tooltip("n:Q", format=",")]
    x = alt.X("all_low:Q", title="Rated better at the next inspection", scale=scale, axis=axis)
    thin = base.mark_rule(color=BLUE, size=1).encode(x, alt.X2("all_high:Q"))
    thick = base.mark_rule(color=BLUE, size=3).encode(alt.X("conf_low:Q"), alt.X2("conf_high:Q"))
    marks = base.mark_point(color=BLUE, opacity=1).encode(alt.X("share:Q"), tooltip=tooltip)
    return alt.layer(thin, thick, marks).properties(height=alt.Step(44), description=_question_words(data))


def _question_words(data: pd.DataFrame) -> str:
    rows = [
        f"{r['question']} {r['share']:.0%} ({r['conf_low']:.0%} to {r['conf_high']:.0%}, n {r['n']:,.0f})"
        for r in data.to_dict("records")
    ]
    return f"Rated better at the next inspection, of homes below Good on each question: {'; '.join(rows)}."


def by_year(rows: pd.DataFrame, breaks: pd.DataFrame, title: str) -> Layered:
    """Draw a share by year with its interval, and mark when the rules of rating changed.

    Parameters
    ----------
    rows : DataFrame
        ``year``, ``share``, ``n``, ``conf_low``, ``conf_high``.
    breaks : DataFrame
        ``first``, ``last``, ``label``, as `analysis.inspections.breaks`.
    title : str
        What the share is of.
    """
    numbers = rows.loc[:, ["year", "share", "n", "conf_low", "conf_high"]].astype(float).round(4)
    span = [numbers["year"].min(), numbers["year"].max() + 1.0]
    scale = alt.Scale(domain=span, nice=False, zero=False)
    data = numbers.assign(at=numbers["year"] + 0.5)
    axis = alt.Axis(values=[*data["at"]], labelExpr="format(floor(datum.value), 'd')", grid=False)
    x = alt.X("at:Q", title=None, scale=scale, axis=axis)
    y = alt.Y("conf_low:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5))
    base = alt.Chart(data).encode(x)
    tooltip = [alt.Tooltip("year:Q", format="d"), alt.Tooltip("share:Q", format=".1%"), alt.Tooltip("n:Q", format=",")]
    spans = base.mark_rule(color=BLUE).encode(y, alt.Y2("conf_high:Q"))
    marks = base.mark_point(color=BLUE, opacity=1).encode(alt.Y("share:Q"), tooltip=tooltip)
    size = base.mark_text(dy=-6, baseline="bottom").transform_calculate(label="format(datum.n, ',')")
    told = size.encode(alt.Y("conf_high:Q"), text=alt.Text("label:N"))
    return alt.layer(spans, marks, told, *_marked(breaks, span, scale)).properties(
        height=340, description=_year_words(data, breaks, title)
    )


NEAR, ABOVE = 0.6, 0.05
"""Years from one change to the next within which their numbers would run into one another, and how far up the second
then stands."""


def _marked(breaks: pd.DataFrame, span: list[float], scale: alt.Scale) -> list[alt.Chart]:
    """Shade changes that last and rule those that do not, numbered as the caption names them."""
    days = {name: breaks[name].dt.year + (breaks[name].dt.day_of_year - 1) / 365.25 for name in ("first", "last")}
    data = pd.DataFrame({**days, "number": np.arange(1, len(breaks) + 1).astype(str)})
    data = data.loc[(data["last"] >= span[0]) & (data["first"] <= span[1])]
    data = data.assign(first=data["first"].clip(lower=span[0]), last=data["last"].clip(upper=span[1]))
    shade = alt.Chart(data).mark_rect(color=GREY, opacity=0.12).encode(alt.X("first:Q", scale=scale), alt.X2("last:Q"))
    rule = alt.Chart(data).mark_rule(color=GREY, strokeDash=[5, 4]).encode(alt.X("first:Q", scale=scale))
    near = data["first"].diff() < NEAR
    text = (
        alt.Chart(data.assign(foot=np.where(near, ABOVE, 0.0)))
        .mark_text(align="left", baseline="bottom", dx=3, dy=-2, color=GREY)
        .encode(alt.X("first:Q", scale=scale), alt.Y("foot:Q"), text=alt.Text("number:N"))
    )
    return [shade, rule, text]


def _year_words(data: pd.DataFrame, breaks: pd.DataFrame, title: str) -> str:
    rows = [f"{r['year']:.0f} {r['share']:.0%} (n {r['n']:,.0f})" for r in data.to_dict("records")]
    marked = "; ".join(f"{r['label']} from {r['first']:%B %Y}" for r in breaks.to_dict("records"))
    return f"{title} by year, with 95% intervals: {', '.join(rows)}. Marked: {marked or 'nothing'}."
