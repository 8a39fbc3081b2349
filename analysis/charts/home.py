"""One home: its ratings over time, and its admissions beside those of its peers."""

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts.theme import BLUE, GREY, LINE, ORANGE, Layered
from analysis.months import month_said

RATINGS = ("Inadequate", "Requires improvement", "Good", "Outstanding")
SHAPES = ("triangle-down", "diamond", "circle", "triangle-up")
COLOURS = (ORANGE, ORANGE, BLUE, BLUE)


def ratings(rows: pd.DataFrame, breaks: pd.DataFrame) -> Layered:
    """Draw overall ratings by the day of the visit, and when the rules of rating changed.

    Parameters
    ----------
    rows : DataFrame
        date, rating, told.
    breaks : DataFrame
        first, label: drawn as lines across.
    """
    data = rows.assign(date=pd.to_datetime(rows["date"]), rating=rows["rating"].astype(str))
    y = alt.Y("rating:N", title=None, scale=alt.Scale(domain=[*reversed(RATINGS)]), sort=None)
    base = alt.Chart(data).encode(alt.X("date:T", title=None, axis=alt.Axis(format="%Y", tickCount="year")), y)
    line = base.mark_line(color=GREY, interpolate="step-after", size=1.5)
    points = base.mark_point(opacity=1, size=110).encode(
        shape=alt.Shape("rating:N", legend=None, scale=alt.Scale(domain=[*RATINGS], range=[*SHAPES])),
        color=alt.Color("rating:N", legend=None, scale=alt.Scale(domain=[*RATINGS], range=[*COLOURS])),
        tooltip=[alt.Tooltip("told:N")],
    )
    marks = alt.Chart(breaks.assign(first=pd.to_datetime(breaks["first"]))[["first", "label"]])
    rules = marks.mark_rule(color=GREY, strokeDash=[2, 3]).encode(alt.X("first:T"), tooltip=[alt.Tooltip("label:N")])
    said = "; ".join(f"{row['rating']} {month_said(row['date'])}" for row in data.to_dict("records"))
    return alt.layer(line, points, rules).properties(height=180, description=f"Overall ratings by visit: {said}.")


UPRIGHT = alt.Scale(domain=[0, 1])
MIDDLE, OVER = (alt.YDatum(share, scale=UPRIGHT, axis=None) for share in (0.3, 0.85))
"""How high marks stand, and the words over them: on a scale, without which a browser gives the picture no height."""


def among_peers(rates: list[float], here: float) -> Layered:
    """Draw the rates of peers, none of them named, and the home's own.

    Parameters
    ----------
    rates : list of float
        Per 1,000 bed-days.
    here : float
        The home's own; NaN where it may not be shown.
    """
    x = alt.X("rate:Q", title="Emergency admissions per 1,000 bed-days", scale=alt.Scale(zero=False),
              axis=alt.Axis(tickCount=6))  # fmt: skip
    data = pd.DataFrame({"rate": [round(rate, 2) for rate in rates], "who": "a peer"})
    strip = (
        alt.Chart(data)
        .mark_tick(color=BLUE, thickness=2, size=36, opacity=0.6)
        .encode(x, y=MIDDLE, tooltip=[alt.Tooltip("who:N"), alt.Tooltip("rate:Q")])
    )
    layers: list[alt.Chart] = [strip]
    said = f"{len(rates)} peers from {min(rates):.2f} to {max(rates):.2f}"
    if np.isfinite(here):
        own = pd.DataFrame({"rate": [round(here, 2)], "who": ["this home"]})
        mark = alt.Chart(own).mark_point(shape="diamond", size=260, opacity=1, color=ORANGE, stroke=LINE)
        text = alt.Chart(own).mark_text(fontWeight="bold").encode(x, y=OVER, text=alt.Text("who:N"))
        layers += [mark.encode(x, y=MIDDLE, tooltip=[alt.Tooltip("who:N"), alt.Tooltip("rate:Q")]), text]
        said += f"; this home {here:.2f}"
    return alt.layer(*layers).properties(height=150, description=f"{said} admissions per 1,000 bed-days.")
