"""Is it more than usual, and who stands apart? A control chart, and a funnel."""

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts.theme import BLUE, GREY, ORANGE, Layered, reference
from analysis.monitoring.funnel import limits
from analysis.months import month_said

LOOKS = {
    "common cause": (GREY, "circle"),
    "improvement": (BLUE, "triangle-down"),
    "concern": (ORANGE, "triangle-up"),
    "special cause": (BLUE, "diamond"),
}
"""Colour and shape of a point: neither is the only signal."""
TIMES = "Times as many as expected"
STEPS = 60
"""Places along a funnel at which its limits are drawn."""
ROOM = 0.25
"""Of the height above all lines, in which stands what was done."""
LEVELS = ("95% limits", "99.8% limits")


def control_chart(rows: pd.DataFrame, unit: str, causes: pd.DataFrame, target: float | None) -> Layered:
    """Draw a series with its centre, its limits, its signals and what was done.

    Parameters
    ----------
    rows : DataFrame
        period, value, centre, lower, upper, what, rules.
    unit : str
        Title of the vertical axis.
    causes : DataFrame
        month, name: drawn as lines across.
    target : float or None
    """
    data = rows.assign(period=pd.to_datetime(rows["period"]))
    data = data.assign(**data[["value", "centre", "lower", "upper"]].round(3))
    scale = alt.Scale(zero=False, domain=_domain(data, target))
    base = alt.Chart(data).encode(alt.X("period:T", title=None))
    y = alt.Y("value:Q", title=unit, scale=scale)
    names = [name for name in LOOKS if name in {*data["what"]}]
    look = [LOOKS[name] for name in names]
    points = base.mark_point(opacity=1, size=60).encode(
        y,
        color=alt.Color("what:N", title=None, scale=alt.Scale(domain=names, range=[color for color, _ in look])),
        shape=alt.Shape("what:N", title=None, scale=alt.Scale(domain=names, range=[shape for _, shape in look])),
        tooltip=[alt.Tooltip("period:T", format="%B %Y", title="From"), alt.Tooltip("value:Q", title="Rate"),
                 alt.Tooltip("what:N", title="It is"), alt.Tooltip("rules:N", title="Because of")],
    )  # fmt: skip
    layers = [base.mark_line(color=GREY, size=1).encode(y), points]
    for name, dash in (("centre", [1, 0]), ("lower", [5, 4]), ("upper", [5, 4])):
        line = base.mark_line(color=GREY, strokeDash=dash, size=1.5, interpolate="step-after")
        layers.append(line.encode(alt.Y(f"{name}:Q", scale=scale)))
    if target is not None:
        layers.append(reference(y=target))
    if len(causes):
        layers += _done(causes)
    return alt.layer(*layers).properties(height=320, description=_chart_words(rows))


def _domain(data, target):
    ends = [data["value"].min(), data["value"].max(), data["lower"].min(), data["upper"].max()]
    ends = [end for end in (*ends, target) if end is not None and np.isfinite(end)]
    low, high = min(ends), max(ends)
    return [max(low - 0.05 * (high - low), 0), high + ROOM * (high - low)]


def _done(causes):
    marks = alt.Chart(causes.assign(month=pd.to_datetime(causes["month"])))
    line = marks.mark_rule(color=GREY, strokeDash=[2, 3]).encode(alt.X("month:T"), tooltip=[alt.Tooltip("name:N")])
    told = marks.mark_text(align="left", baseline="top", dx=4, lineBreak="|").encode(
        alt.X("month:T"), alt.Y("row:Q", scale=None, axis=None), text=alt.Text("name:N")
    )
    return [line, told]


def _chart_words(data):
    last, special = data.iloc[-1], int((data["what"] != "common cause").sum())
    return (
        f"{len(data)} points from {month_said(data['period'].iloc[0])} to {month_said(last['period'])}; {special} are "
        f"special cause. The last is {last['value']:.2f}, between limits {last['lower']:.2f} and {last['upper']:.2f}: "
        f"{last['what']}."
    )


MOST_MARKS = 2_000
"""With more, the marks of a chart this wide lie on one another, and a browser takes long to draw them."""
TO_AN_E = 20
"""Marks to a factor of e along, and to 1 upwards, where homes share them: about 8 pixels, the width of a mark."""


def _near_each_other(rows: pd.DataFrame) -> pd.DataFrame:
    """Give a row to each of few homes; of many, to those that lie at one place of the drawing, with their middle."""
    if len(rows) <= MOST_MARKS:
        return rows
    along, up = np.log(np.maximum(rows["expected"], 1)) * TO_AN_E, rows["ratio"] * TO_AN_E
    place = rows.groupby(["where", np.floor(along), np.floor(up)], sort=True)
    shared = place.agg(name=("name", "first"), expected=("expected", "median"), ratio=("ratio", "median"),
                       homes=("name", "size"), where=("where", "first"))  # fmt: skip
    several = shared["homes"].map("{:,} homes".format)
    return shared.assign(name=shared["name"].where(shared["homes"] == 1, several)).reset_index(drop=True)


def funnel(rows: pd.DataFrame, phi: float, tau2: float, spread) -> Layered:
    """Draw units by what was expected in them, with the limits that narrow.

    Parameters
    ----------
    rows : DataFrame
        name, expected, ratio, where.
    phi, tau2 : float
    spread : Spread
        Of the limits.
    """
    data = _near_each_other(rows[["name", "expected", "ratio", "where"]]).round({"expected": 0, "ratio": 2})
    along = np.geomspace(max(float(data["expected"].min()) * 0.9, 1), float(data["expected"].max()) * 1.1, STEPS)
    low, high = limits(along, spread, phi, tau2)
    edge = pd.concat([
        pd.DataFrame({"expected": along, "low": low[:, level], "high": high[:, level], "limit": LEVELS[level]})
        for level in range(2)
    ]).round(3)  # fmt: skip
    x = alt.X("expected:Q", title="Admissions expected", scale=alt.Scale(type="log", nice=False))
    dash = alt.StrokeDash(
        "limit:N",
        title=None,
        legend=alt.Legend(orient="bottom"),
        scale=alt.Scale(domain=[*LEVELS], range=[[5, 4], [1, 0]]),
    )
    lines = [
        alt.Chart(edge).mark_line(color=GREY, size=1.5).encode(x, alt.Y(f"{end}:Q", title=TIMES), dash)
        for end in ("low", "high")
    ]
    names = [name for name in ("within", "above", "below") if name in {*data["where"]}]
    looks = {"within": (GREY, "circle"), "above": (ORANGE, "triangle-up"), "below": (BLUE, "triangle-down")}
    points = alt.Chart(data).mark_point(opacity=0.9, size=50).encode(
        x, alt.Y("ratio:Q", title=TIMES),
        color=alt.Color("where:N", title=None, scale=alt.Scale(domain=names, range=[looks[n][0] for n in names])),
        shape=alt.Shape("where:N", title=None, scale=alt.Scale(domain=names, range=[looks[n][1] for n in names])),
        tooltip=[alt.Tooltip("name:N"), alt.Tooltip("expected:Q", title="Expected"),
                 alt.Tooltip("ratio:Q", title="Times")],
    )  # fmt: skip
    outside = int((rows["where"] != "within").sum())
    told = f"{len(rows):,} homes; {outside:,} lie outside the limits that one in 500 passes by chance."
    told += " Homes that lie near each other share a mark." if len(data) < len(rows) else ""
    return alt.layer(points, *lines, reference(y=1)).properties(height=340, description=told)
