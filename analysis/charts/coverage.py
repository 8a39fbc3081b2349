"""For which months are there data, of how many homes?"""

import altair as alt
import pandas as pd

from analysis.charts.theme import SCALE


def coverage(frame: pd.DataFrame) -> alt.Chart:
    """Draw how many homes each kind of fact covers, month by month.

    Parameters
    ----------
    frame : DataFrame
        ``source`` (kind of fact), ``month`` (its first day) and ``homes`` (how many have it).
    """
    most = int(frame["homes"].to_numpy().max())
    color = alt.Color("homes:Q", title="Homes", scale=alt.Scale(domain=[0, most], range=list(SCALE)))
    x = alt.X(
        "yearmonth(month):O", title=None, axis=alt.Axis(format="%Y", labelExpr=_JANUARY, ticks=False, labelAngle=0)
    )
    y = alt.Y("source:N", title=None, sort=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=180))
    tooltip = [alt.Tooltip("source:N"), alt.Tooltip("month:T", format="%B %Y"), alt.Tooltip("homes:Q", format=",")]
    chart = alt.Chart(frame.loc[:, ["source", "month", "homes"]]).mark_rect(stroke="white", strokeWidth=0.5)
    return chart.encode(x, y, color, tooltip=tooltip).properties(height=alt.Step(34), description=_words(frame))


_JANUARY = "month(datum.value) == 0 ? timeFormat(datum.value, '%Y') : ''"


def _words(frame: pd.DataFrame) -> str:
    rows = [
        f"{source} from {part['month'].min():%B %Y} to {part['month'].max():%B %Y}, "
        f"{part['homes'].min():,} to {part['homes'].max():,} homes a month"
        for source, part in frame.groupby("source", sort=False)
    ]
    return f"Homes with data by month: {'; '.join(rows)}."
