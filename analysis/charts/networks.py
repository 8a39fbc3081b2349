"""What is in place in the homes of every network."""

import altair as alt
import pandas as pd

from analysis.charts.theme import INK, LABELS, SCALE, Layered, in_lines


def elements(rows: pd.DataFrame) -> Layered:
    """Draw shares of homes as squares with the share written in them.

    Parameters
    ----------
    rows : DataFrame
        network, element, homes, has.
    """
    share = (100 * rows["has"] / rows["homes"]).round()
    data = pd.DataFrame({"network": rows["network"], "element": [in_lines(name) for name in rows["element"]],
                         "share": share, "told": [f"{value:.0f}%" for value in share]})  # fmt: skip
    base = alt.Chart(data).encode(
        alt.X("network:N", title=None, axis=alt.Axis(labelAngle=0, orient="top")),
        alt.Y("element:N", title=None, sort=None, axis=LABELS),
    )
    color = alt.Color("share:Q", legend=None, scale=alt.Scale(domain=[0, 100], range=list(SCALE[:2])))
    cells = base.mark_rect(stroke="white").encode(
        color, tooltip=[alt.Tooltip("network:N"), alt.Tooltip("element:N"), alt.Tooltip("told:N")]
    )
    text = base.mark_text(color=INK).encode(text=alt.Text("told:N"))
    said = "; ".join(
        f"{row['network']}, {row['element'].replace('|', ' ')}: {row['told']}" for row in data.to_dict("records")
    )
    return alt.layer(cells, text).properties(
        height=alt.Step(54), description=f"Share of homes with it in place. {said}."
    )
