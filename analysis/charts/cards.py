"""How is an intervention meant to work? From what goes in, over what is done, to what should change."""

from textwrap import wrap

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, GREY, Layered

WIDTH = 40
"""Letters of a line: as many as a telephone shows."""
LINE, BETWEEN = 17, 20
"""Pixels of a line, and between two steps."""


def flow(steps: pd.DataFrame) -> Layered:
    """Draw the steps of a logic model below one another.

    Parameters
    ----------
    steps : DataFrame
        step, what: in order.
    """
    rows, y = [], 0.0
    for step, part in steps.groupby("step", sort=False):
        lines = [line for what in part["what"] for line in wrap(f"· {what}", WIDTH, subsequent_indent="  ")]
        top, y = y, y + LINE * (len(lines) + 1) + 8
        rows.append(
            {"step": step, "top": top, "bottom": y, "told": "\n".join(lines), "first": top + 4, "next": top + 21}
        )
        y += BETWEEN
    data = pd.DataFrame(rows)
    scale = alt.Scale(domain=[y - BETWEEN + 4, -4], nice=False)
    base = alt.Chart(data)
    axis = {"scale": scale, "axis": None}
    box = base.mark_rect(color=BLUE, opacity=0.08, cornerRadius=4).encode(
        alt.Y("top:Q", **axis), alt.Y2("bottom:Q"), x=alt.XValue(0), x2=alt.X2Value("width")
    )
    name = base.mark_text(align="left", baseline="top", fontWeight="bold").encode(
        alt.Y("first:Q", **axis), text=alt.Text("step:N"), x=alt.XValue(10)
    )
    told = base.mark_text(align="left", baseline="top", lineBreak="\n", lineHeight=LINE).encode(
        alt.Y("next:Q", **axis), text=alt.Text("told:N"), x=alt.XValue(10)
    )
    arrows = (
        alt.Chart(data.iloc[:-1])
        .mark_text(text="↓", color=GREY, dy=10, fontSize=16)
        .encode(alt.Y("bottom:Q", **axis), x=alt.XValue(24))
    )
    said = "; then ".join(f"{step}: {', '.join(part['what'])}" for step, part in steps.groupby("step", sort=False))
    return alt.layer(box, name, told, arrows).properties(height=int(y), description=f"How it is meant to work. {said}.")
