"""A worklist kept through the past: how many qualify, are supported, and wait."""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, GREY, ORANGE, Layered

LINES = {
    "qualifying": ("qualify", GREY, [2, 3]),
    "supported": ("supported", BLUE, [1, 0]),
    "waiting": ("waiting", ORANGE, [6, 4]),
}


def by_month(rows: pd.DataFrame) -> Layered:
    """Draw homes by month.

    Parameters
    ----------
    rows : DataFrame
        month, qualifying, supported, waiting.
    """
    long = rows.melt("month", list(LINES), "what", "homes")
    long = long.assign(month=pd.to_datetime(long["month"]), what=[LINES[name][0] for name in long["what"]])
    names, colours, dashes = zip(*LINES.values(), strict=True)
    lines = alt.Chart(long).mark_line(strokeWidth=2.5, interpolate="step-after").encode(
        alt.X("month:T", title=None), alt.Y("homes:Q", title="Homes"),
        color=alt.Color("what:N", title=None, scale=alt.Scale(domain=list(names), range=list(colours))),
        strokeDash=alt.StrokeDash("what:N", title=None, scale=alt.Scale(domain=list(names), range=list(dashes))),
        tooltip=[alt.Tooltip("what:N"), alt.Tooltip("month:T", format="%B %Y"), alt.Tooltip("homes:Q")],
    )  # fmt: skip
    last = rows.iloc[-1]
    said = (
        f"At the end {last['qualifying']} homes qualify, {last['supported']} are supported and {last['waiting']} wait."
    )
    return alt.layer(lines).properties(height=260, description=f"Homes by month, had the rule been kept before. {said}")
