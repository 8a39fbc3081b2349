"""How did the rate differ: month by month, group by group, and against what was expected?"""

from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts.theme import (
    BLUE,
    GREY,
    LABELS,
    ONE_ROW,
    ORANGE,
    Layered,
    in_lines,
    ratio_axis,
    ratio_scale,
    reference,
)  # fmt: skip
from analysis.results import limit

SPAN = ["estimate", "conf_low", "conf_high"]

NEAR_ZERO = 0.01
"""A group without any event has a rate ratio of 0, which a log scale cannot place: it is drawn below the axis."""
FAR = 1 / NEAR_ZERO
"""An interval without an end is drawn this far, which is beyond every axis."""

NUMBERS = [alt.Tooltip(name, title=title, format=".3f") for name, title in
           (("estimate:Q", "Rate ratio"), ("conf_low:Q", "Interval from"), ("conf_high:Q", "to"))]  # fmt: skip


def event_study(months: pd.DataFrame) -> Layered:
    """Rate ratio by month since the start, with its interval and, thinner, the band for all months together.

    Parameters
    ----------
    months : DataFrame
        `tables.event_study`: rate ratios with ``event_time`` (months since the start), ``estimate``, ``conf_low``,
        ``conf_high``, ``band_low``, ``band_high``.

    Returns
    -------
    Layered
        Grey squares before the start, blue circles after it; where they would lie on one another, on a telephone, every
        third month is drawn and the picture says so.
    """
    data = event_study_data(months)
    base = alt.Chart(data).transform_filter(f"!({_narrow(data)}) || datum.event_time % {EACH} == 0")
    base = base.encode(_months_axis(data))
    when, tooltip = _before_and_after(), [alt.Tooltip("event_time:Q", title="Months since the start"), *NUMBERS]
    layers = [
        base.mark_rule(clip=True, size=1).encode(_ratio_axis(data, "band_low"), alt.Y2("band_high:Q"), when[0]),
        base.mark_rule(clip=True, size=2.5).encode(_ratio_axis(data, "conf_low"), alt.Y2("conf_high:Q"), when[0]),
        base.mark_point(clip=True, opacity=1).encode(_ratio_axis(data, "estimate"), *when, tooltip=tooltip),
        reference(y=1), *_start_line(), _third_only(data),
    ]  # fmt: skip
    return alt.layer(*layers).properties(height=360, description=_event_study_words(data))


EACH = 3
"""On a narrow screen every so many months are drawn: a quarter apart."""
ROOM = 9
"""Pixels that a month needs: its point is as wide."""


def _narrow(data: pd.DataFrame) -> str:
    """Ask in the language of the picture, which alone knows how wide it is drawn, whether months lie on one another."""
    first, last = data["event_time"].min(), data["event_time"].max()
    return f"width < {int(last - first + 2) * ROOM}"


def _third_only(data: pd.DataFrame) -> alt.Chart:
    told = alt.ExprRef(expr=f"{_narrow(data)} ? 'every third month is drawn' : ''")
    mark = alt.Chart(ONE_ROW).mark_text(align="right", dy=-8, text=told)
    return mark.encode(x=alt.XValue("width"), y=alt.YValue(0))


def event_study_data(months: pd.DataFrame) -> pd.DataFrame:
    """Take what the event study draws: the numbers to four places, and on which side of the start they lie."""
    drawn = [*SPAN, "band_low", "band_high"]
    data = months.loc[:, ["event_time", *drawn]].astype(float).round(4)
    data[drawn] = data[drawn].clip(NEAR_ZERO, FAR)
    return data.assign(period=np.where(data["event_time"] < 0, "before the start", "after the start"))


def _months_axis(data: pd.DataFrame) -> alt.X:
    span = [data["event_time"].to_numpy().min() - 1, data["event_time"].to_numpy().max() + 1]
    axis, scale = alt.Axis(format="d", labelOverlap=True), alt.Scale(domain=span, nice=False)
    return alt.X("event_time:Q", title="Months since the start", axis=axis, scale=scale)


def _ratio_axis(data: pd.DataFrame, drawn: str) -> alt.Y:
    scale, ticks = ratio_scale(data)
    return alt.Y(f"{drawn}:Q", title=None, scale=scale, axis=ratio_axis(ticks, along=False))


def _before_and_after() -> tuple[alt.Color, alt.Shape]:
    sides = ["before the start", "after the start"]
    color = alt.Color("period:N", title=None, scale=alt.Scale(domain=sides, range=[GREY, BLUE]))
    return color, alt.Shape("period:N", title=None, scale=alt.Scale(domain=sides, range=["square", "circle"]))


def _start_line() -> list[alt.Chart]:
    # between the last month before and the first month with the intervention
    text = alt.Chart(ONE_ROW).mark_text(dy=-8, text="start").encode(alt.XDatum(-0.5), y=alt.YValue(0))
    return [reference(x=-0.5, dashed=True), text]


def _event_study_words(data: pd.DataFrame) -> str:
    sides = [
        f"{len(part)} points {side}, estimates from {part['estimate'].min():.2f} to {part['estimate'].max():.2f}"
        for side, part in data.groupby("period", sort=False)
    ]
    return (
        f"Rate ratio by month since the start, where 1 is no difference: {'; '.join(sides)}. Intervals are drawn, "
        "thick for one month and thin for all together."
    )


CLEAR = 0.75
"""Rows' heights between the last row and the axis: a name in three lines, whole on a telephone, stays clear of it."""


def forest(tidy: pd.DataFrame, key: str, title: str) -> Layered:
    """Rate ratio of each group with its interval, drawn and written.

    Parameters
    ----------
    tidy : DataFrame
        Rate ratios with `key`, ``estimate``, ``conf_low``, ``conf_high`` and ``told`` (the estimate in few words).
    key : str
        Column that names the group.
    title : str
        What the groups are.
    """
    numbers = tidy.loc[:, SPAN].astype(float).round(4).clip(NEAR_ZERO, FAR)
    data = numbers.assign(group=[in_lines(str(value)) for value in tidy[key]], told=[*tidy["told"]])
    scale, ticks = ratio_scale(data)
    x = alt.X("conf_low:Q", title=None, scale=scale, axis=ratio_axis(ticks))
    y = alt.Y("group:N", title=None, sort=None, axis=LABELS, scale=alt.Scale(padding=CLEAR))
    base = alt.Chart(data).encode(y)
    spans = base.mark_rule(color=BLUE, clip=True).encode(x, alt.X2("conf_high:Q"))
    marks = base.mark_point(color=BLUE, clip=True, opacity=1).encode(
        alt.X("estimate:Q"), tooltip=[alt.Tooltip("group:N"), *NUMBERS]
    )
    told = base.mark_text(dy=-13, align="left").encode(
        x=alt.XValue(2), text=alt.Text("told:N")
    )  # whole on a telephone too
    return alt.layer(spans, marks, told, reference(x=1)).properties(
        height=alt.Step(_row(data["group"])), description=_forest_words(data, title)
    )


def _row(names: pd.Series) -> int:
    """Pixels of a row: more where a name takes three lines, so that two of them do not touch."""
    return 64 if names.str.count(r"\|").max() > 1 else 52


def _forest_words(data: pd.DataFrame, title: str) -> str:
    rows = [
        f"{row['group'].replace('|', ' ')} {row['estimate']:.2f} ({_from_to(row['conf_low'], row['conf_high'])})"
        for row in data.to_dict("records")
    ]
    return f"{title}, rate ratios with intervals, where 1 is no difference: {'; '.join(rows)}."


def _from_to(low: float, high: float) -> str:
    return f"{limit(low)} to {limit(high)}" if np.isfinite([low, high]).all() else "no interval"


def observed(shown: pd.DataFrame, starts: pd.DataFrame, outcome: str) -> Layered:
    """Draw what was observed in treated homes against what was expected without the intervention.

    Parameters
    ----------
    shown : DataFrame
        One row per quarter: ``quarter`` (its first day), ``observed``, ``counterfactual``; protected counts, missing
        where not shown.
    starts : DataFrame
        ``quarter`` and ``label`` of the starts to mark.
    outcome : str
        What was counted.
    """
    names = {"observed": "observed", "counterfactual": "expected without the intervention"}
    data = shown.rename(columns=names).melt("quarter", [*names.values()], var_name="line", value_name="count").dropna()
    line = list(names.values())
    color = alt.Color("line:N", title=None, scale=alt.Scale(domain=line, range=[BLUE, ORANGE]))
    dash = alt.StrokeDash("line:N", title=None, scale=alt.Scale(domain=line, range=[[1, 0], [6, 4]]))
    y = alt.Y("count:Q", title=f"{outcome.capitalize()} per quarter", scale=alt.Scale(zero=True))
    x = alt.X("quarter:T", title=None, axis=alt.Axis(format="%Y", tickCount="year"))
    tooltip = [
        alt.Tooltip("quarter:T", title="Quarter from", format="%B %Y"),
        alt.Tooltip("line:N"),
        alt.Tooltip("count:Q", format=","),
    ]
    lines = alt.Chart(data).mark_line(strokeWidth=2.5).encode(x, y, color, dash)
    points = alt.Chart(data).mark_point(size=30, opacity=1).encode(x, y, color, tooltip=tooltip)
    return alt.layer(lines, points, *_marked(starts)).properties(
        height=340, description=_observed_words(shown, outcome)
    )


def _marked(starts: pd.DataFrame) -> list[alt.Chart]:
    """Mark the starts; the label of the first stands to its left, so that two near one another can be read."""
    rule = alt.Chart(starts).mark_rule(strokeDash=[5, 4], color=GREY).encode(alt.X("quarter:T"))
    return [rule, *_labelled(starts.iloc[:-1], "right", -5), *_labelled(starts.iloc[-1:], "left", 5)]


def _labelled(starts: pd.DataFrame, align: Literal["left", "right"], dx: int) -> list[alt.Chart]:
    if starts.empty:
        return []
    text = alt.Chart(starts).mark_text(align=align, dx=dx, dy=8)
    return [text.encode(alt.X("quarter:T"), text=alt.Text("label:N"), y=alt.YValue(0))]


def _observed_words(shown: pd.DataFrame, outcome: str) -> str:
    both = shown.dropna()
    hidden = len(shown) - len(both)
    away = f" Quarters not drawn because a count is too small to show: {hidden}." if hidden else ""
    if both.empty:
        return f"{outcome.capitalize()} in treated homes by quarter.{away}"
    last = both.iloc[-1]
    return (
        f"{outcome.capitalize()} in treated homes by quarter, observed and expected without the intervention, "
        f"from {both.iloc[0]['quarter']:%B %Y} to {last['quarter']:%B %Y}; in the last quarter "
        f"{last['observed']:,} observed and {last['counterfactual']:,} expected.{away}"
    )
