"""Which share had gone to hospital, and which had died, by day since moving in?"""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, ORANGE, Layered

LEGEND = alt.Legend(columns=1, symbolOpacity=1)
"""One below the other: beside one another they would run off a narrow screen."""


def incidence(frame: pd.DataFrame) -> Layered:
    """Draw the share gone to hospital of both groups with its interval, and, thin, the share that died.

    Parameters
    ----------
    frame : DataFrame
        who, day, first_admission, first_admission_low, first_admission_high, died; every 30 days.
    """
    names = ["first_admission", "first_admission_low", "first_admission_high", "died"]
    start = frame.drop_duplicates("who").assign(day=0.0, **dict.fromkeys(names, 0.0))
    data = pd.concat([start, frame])[["who", "day", *names]].dropna(subset=["first_admission"])
    who = [*dict.fromkeys(frame["who"])]
    color = alt.Color("who:N", title=None, legend=LEGEND, scale=alt.Scale(domain=who, range=[BLUE, ORANGE]))
    dash = alt.StrokeDash("who:N", title=None, scale=alt.Scale(domain=who, range=[[1, 0], [6, 4]]))
    x = alt.X("day:Q", title="Days since moving in", axis=alt.Axis(tickMinStep=30, tickCount=7))
    y = alt.Y("first_admission:Q", title="Gone to hospital", axis=alt.Axis(format=".0%", tickCount=5))
    base = alt.Chart(data).encode(x)
    tooltip = [alt.Tooltip("who:N"), alt.Tooltip("day:Q", format=".0f"), alt.Tooltip("first_admission:Q", format=".0%"),
               alt.Tooltip("died:Q", format=".0%", title="died")]  # fmt: skip
    band = base.mark_area(opacity=0.15).encode(alt.Y("first_admission_low:Q"), alt.Y2("first_admission_high:Q"), color)
    line = base.mark_line(strokeWidth=2.5).encode(y, color, dash, tooltip=tooltip)
    died = base.mark_line(strokeWidth=1).encode(alt.Y("died:Q"), color, dash)
    return alt.layer(band, line, died).properties(height=320, description=_in_words(data))


def _in_words(data: pd.DataFrame) -> str:
    rows = []
    for who, part in data.groupby("who", sort=False):
        last = part.iloc[-1]
        rows.append(f"{who} {last['first_admission']:.0%} gone and {last['died']:.0%} died by day {last['day']:.0f}")
    return f"Share gone to hospital in an emergency, with 95% bands, and, thin, the share that died: {'; '.join(rows)}."
