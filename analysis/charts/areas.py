"""How did one area go, against what was expected and against all the others?"""

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts.effects import FAR, NEAR_ZERO, NUMBERS
from analysis.charts.theme import BLUE, GREY, INK, LABELS, ORANGE, Layered, in_lines, ratio_axis, ratio_scale
from analysis.results import interval

ONE = pd.DataFrame({"estimate": [1.0]})
SPAN = ("estimate", "conf_low", "conf_high", "own_low", "own_high")
OUTLIERS = (0.2, 5.0)
"""Rate ratios beyond these are drawn at the edge, so that one odd area does not flatten the rest."""


def area_series(series: pd.DataFrame, start: pd.Timestamp, unit: str, period: str = "month") -> Layered:
    """Draw an area's months (quarters, years), what was expected, and all comparison areas to the same scale.

    Parameters
    ----------
    series : DataFrame
        `tables.areas.series`: month, line, value.
    start : Timestamp
        First month with the intervention.
    unit : str
        What is drawn, such as "People delayed on an average day".
    period : str
        "month", "quarter" or "year".
    """
    data = series.assign(value=series["value"].round(2))
    lines = [*dict.fromkeys(data["line"])]
    colours = alt.Scale(domain=lines, range=[BLUE, ORANGE, GREY])
    legend = alt.Legend(direction="vertical")  # beside one another they are cut on a telephone
    colour = alt.Color("line:N", title=None, scale=colours, sort=lines, legend=legend)
    dashes = alt.Scale(domain=lines, range=[[1, 0], [6, 3], [2, 2]])
    dash = alt.StrokeDash("line:N", title=None, scale=dashes, sort=lines, legend=legend)
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%Y", tickCount="year"))
    y = alt.Y("value:Q", title=unit, scale=alt.Scale(zero=True))
    title = "Month" if period == "month" else f"{period.capitalize()} from"
    tooltip = [
        alt.Tooltip("month:T", format="%B %Y", title=title),
        alt.Tooltip("line:N"),
        alt.Tooltip("value:Q", format=",.1f"),
    ]
    drawn = alt.Chart().mark_line(strokeWidth=2, point=period != "month").encode(x, y, colour, dash, tooltip=tooltip)
    words = _series_words(data, start, period)
    return alt.layer(*_start(start), drawn, data=data).properties(height=340, description=words)


def _start(start: pd.Timestamp) -> list[alt.Chart]:
    base = alt.Chart(pd.DataFrame({"month": [start], "label": ["start"]})).encode(alt.X("month:T"))
    return [
        base.mark_rule(strokeDash=[5, 4], color=GREY),
        base.mark_text(align="left", dx=5, dy=8).encode(text=alt.Text("label:N"), y=alt.YValue(0)),
    ]


def _series_words(data: pd.DataFrame, start: pd.Timestamp, period: str) -> str:
    name = data["line"].iloc[0]
    means = [
        f"{line} {part.loc[part['month'] < start, 'value'].mean():,.1f} before and "
        f"{part.loc[part['month'] >= start, 'value'].mean():,.1f} after the start"
        for line, part in data.groupby("line", sort=False) if (part["month"] < start).any()
    ]  # fmt: skip
    return f"{name} by {period}, with the start in {start:%B %Y}. Averages: {'; '.join(means)}."


def methods_forest(rows: pd.DataFrame, title: str) -> Layered:
    """Draw every method's rate ratio with the interval by ranking and, thin, the method's own.

    Parameters
    ----------
    rows : DataFrame
        `tables.areas.forest`.
    title : str
        Which months.
    """
    numbers = rows.loc[:, list(SPAN)].astype(float).round(4).clip(NEAR_ZERO, FAR)
    data = numbers.assign(group=[in_lines(name) for name in rows["method"]])
    scale, ticks = ratio_scale(data)
    axis = ratio_axis(ticks)
    y = alt.Y("group:N", title=None, sort=None, axis=LABELS)
    base = alt.Chart().encode(y)
    x = alt.X("conf_low:Q", title=None, scale=scale, axis=axis)
    tooltip = [alt.Tooltip("group:N", title="Method"), *NUMBERS]
    layers = [
        alt.Chart(ONE).mark_rule(color=GREY).encode(alt.X("estimate:Q")),
        base.mark_rule(color=BLUE, clip=True, size=3).encode(x, alt.X2("conf_high:Q")),
        base.mark_rule(color=ORANGE, clip=True, size=1.5, yOffset=7, strokeDash=[4, 2]).encode(
            alt.X("own_low:Q", scale=scale), alt.X2("own_high:Q")
        ),
        base.mark_point(color=BLUE, clip=True, opacity=1).encode(alt.X("estimate:Q"), tooltip=tooltip),
    ]
    return alt.layer(*layers, data=data).properties(height=alt.Step(36), description=_forest_words(data, title))


def _forest_words(data: pd.DataFrame, title: str) -> str:
    rows = [
        f"{row['group'].replace('|', ' ')} {interval(row['estimate'], row['conf_low'], row['conf_high'])}"
        for row in data.to_dict("records")
    ]
    return f"{title}: rate ratios with intervals by ranking, where 1 is no difference: {'; '.join(rows)}."


def placebo_strip(data: pd.DataFrame, name: str) -> Layered:
    """Draw every area's rate ratio by every method, the area asked about marked.

    Parameters
    ----------
    data : DataFrame
        `tables.areas.placebos`: method, name, treated, estimate.
    name : str
        What the area is called.
    """
    drawn = data.assign(
        estimate=data["estimate"].clip(*OUTLIERS).round(4), method=[in_lines(name) for name in data["method"]]
    )
    ticks = [0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5]
    scale = alt.Scale(type="log", domain=list(OUTLIERS), nice=False)
    x = alt.X("estimate:Q", title=None, scale=scale, axis=ratio_axis(ticks))
    y = alt.Y("method:N", title=None, sort=None, axis=LABELS)
    tooltip = [
        alt.Tooltip("name:N"),
        alt.Tooltip("method:N"),
        alt.Tooltip("estimate:Q", format=".2f", title="Rate ratio"),
    ]
    layers = [
        alt.Chart(ONE).mark_rule(color=GREY).encode(alt.X("estimate:Q", scale=scale)),
        alt.Chart()
        .transform_filter("!datum.treated")
        .mark_tick(color=GREY, opacity=0.35, thickness=1.5)
        .encode(x, y, tooltip=tooltip),
        alt.Chart()
        .transform_filter("datum.treated")
        .mark_point(color=ORANGE, shape="diamond", size=140, opacity=1)
        .encode(x, y, tooltip=tooltip),
    ]
    return alt.layer(*layers, data=drawn).properties(height=alt.Step(34), description=_strip_words(data, name))


def _strip_words(data: pd.DataFrame, name: str) -> str:
    told = []
    for method, part in data.groupby("method", sort=False):
        own = part.loc[part["treated"], "estimate"].iloc[0]
        lower = int((part.loc[~part["treated"], "estimate"] < own).sum())
        told.append(f"{method} {own:.2f}, with {lower} of {int((~part['treated']).sum())} areas lower")
    return f"Rate ratio of {name} (diamond) among areas in which nothing was done (ticks): {'; '.join(told)}."


def before_and_after(years: pd.DataFrame, name: str) -> Layered:
    """Draw the years around the start, the area and all areas together, each as a share of the year before the start.

    Parameters
    ----------
    years : DataFrame
        `YearBefore.years`: year, first_month, value, national.
    name : str
        What the area is called.
    """
    at = years["year"] == -1
    lines = {name: years["value"] / years.loc[at, "value"].iloc[0]}
    if np.isfinite(years["national"]).any():
        lines["all areas together"] = years["national"] / years.loc[at, "national"].iloc[0]
    data = pd.concat(
        [pd.DataFrame({"month": years["first_month"], "line": line, "value": v.round(4)}) for line, v in lines.items()]
    ).dropna()  # fmt: skip
    data["year"] = [f"{m.year}/{(m.year + 1) % 100:02d}" if m.month != 1 else f"{m.year}" for m in data["month"]]
    names = [*lines]
    colour = alt.Color("line:N", title=None, scale=alt.Scale(domain=names, range=[BLUE, ORANGE][: len(names)]))
    shape = alt.Shape("line:N", title=None, scale=alt.Scale(domain=names, range=["circle", "square"][: len(names)]))
    x = alt.X(
        "year:O",
        title="Year from the month of the start",
        sort="ascending",
        axis=alt.Axis(labelAngle=0, labelOverlap=True),
    )
    y = alt.Y("value:Q", title="Year before the start = 100%", axis=alt.Axis(format=".0%"), scale=alt.Scale(zero=True))
    tooltip = [alt.Tooltip("line:N"), alt.Tooltip("year:O"), alt.Tooltip("value:Q", format=".0%")]
    base = alt.Chart(data).encode(x, y, colour)
    drawn = [base.mark_line(strokeWidth=2.5), base.mark_point(opacity=1).encode(shape, tooltip=tooltip)]
    return alt.layer(*drawn).properties(height=300, description=_years_words(data))


def _years_words(data: pd.DataFrame) -> str:
    told = [
        f"{line} " + ", ".join(f"{row['year']} {row['value']:.0%}" for row in part.to_dict("records"))
        for line, part in data.groupby("line", sort=False)
    ]
    return f"Years around the start as a share of the year before it: {'; '.join(told)}."


def yearly_measure(
    shown: pd.DataFrame, national: pd.Series, name: str, start: pd.Timestamp, unit: str = "Per 100,000 people"
) -> Layered:
    """Draw a yearly measure of an area and of England, with a line where its definition changed.

    Parameters
    ----------
    shown : DataFrame
        `tables.areas.yearly`: period, value, definition; protected.
    national : Series
        England's value, indexed by period.
    name : str
        What the area is called.
    start : Timestamp
        First month with the intervention.
    unit : str
        What is drawn.
    """
    lines = [name, "England"] if national.notna().any() else [name]
    own = pd.DataFrame({"period": shown["period"], "line": name, "value": shown["value"].astype(float)})
    england = pd.DataFrame({"period": national.index, "line": "England", "value": national.to_numpy(float)})
    data = pd.concat([own, england]).dropna()
    colour = alt.Color("line:N", title=None, scale=alt.Scale(domain=lines, range=[BLUE, ORANGE][: len(lines)]))
    shape = alt.Shape("line:N", title=None, scale=alt.Scale(domain=lines, range=["circle", "square"][: len(lines)]))
    x = alt.X("period:T", title="Year from April", axis=alt.Axis(format="%Y", tickCount="year", labelOverlap=True))
    base = alt.Chart().encode(x, alt.Y("value:Q", title=unit, scale=alt.Scale(zero=True)), colour)
    tooltip = [
        alt.Tooltip("line:N"),
        alt.Tooltip("period:T", format="%Y", title="Year from April"),
        alt.Tooltip("value:Q", format=",.1f"),
    ]
    breaks = shown.loc[shown["definition"] != "", ["period", "definition"]]
    marks = alt.Chart(breaks.assign(label="definition changed")).encode(alt.X("period:T"))
    label = {"align": "right", "angle": 270, "dx": -4, "dy": -6, "color": INK}
    layers = [
        *_start(start),
        marks.mark_rule(color=ORANGE, strokeDash=[2, 3], size=2).encode(tooltip=[alt.Tooltip("definition:N")]),
        marks.mark_text(**label).encode(text=alt.Text("label:N"), y=alt.YValue(0)),
        base.mark_line(strokeWidth=2.5), base.mark_point(opacity=1).encode(shape, tooltip=tooltip),
    ]  # fmt: skip
    return alt.layer(*layers, data=data).properties(height=320, description=_yearly_words(data, breaks, unit))


def _yearly_words(data: pd.DataFrame, breaks: pd.DataFrame, unit: str) -> str:
    told = [
        f"{line} from {part['value'].iloc[0]:,.1f} in {part['period'].iloc[0].year} to {part['value'].iloc[-1]:,.1f} in"
        f" {part['period'].iloc[-1].year}"
        for line, part in data.groupby("line", sort=False)
    ]
    changed = "; ".join(f"{row.period.year}: {row.definition}" for row in breaks.itertuples())
    return f"{unit} by year: {'; '.join(told)}." + (f" Definition changed: {changed}." if changed else "")
