"""What visits say by quarter."""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, GREY, ORANGE, Layered

COLOURS = (BLUE, ORANGE, GREY, "#28A197")
SHAPES = ("circle", "square", "triangle-up", "diamond")


def trends(rows: pd.DataFrame) -> Layered:
    """Draw the mean step of every domain by quarter.

    Parameters
    ----------
    rows : DataFrame
        quarter, domain, visits, mean.
    """
    data = rows[["quarter", "domain", "visits"]].assign(mean=rows["mean"].round(2))
    names = list(dict.fromkeys(data["domain"]))
    base = alt.Chart(data).encode(
        alt.X("quarter:T", title=None), alt.Y("mean:Q", title="Mean step", scale=alt.Scale(domain=[1, 4])),
        color=alt.Color("domain:N", title=None, scale=alt.Scale(domain=names, range=list(COLOURS[: len(names)])),
                        legend=alt.Legend(columns=2)),
    )  # fmt: skip
    points = base.mark_point(opacity=1, size=80).encode(
        shape=alt.Shape("domain:N", title=None, scale=alt.Scale(domain=names, range=list(SHAPES[: len(names)]))),
        tooltip=[alt.Tooltip("domain:N"), alt.Tooltip("visits:Q"), alt.Tooltip("mean:Q")],
    )
    last = data[data["quarter"] == data["quarter"].max()]
    told = "; ".join(f"{row['domain']} {row['mean']:.1f}" for row in last.to_dict("records"))
    return alt.layer(base.mark_line(strokeWidth=2), points).properties(
        height=260, description=f"Mean steps from 1 to 4 by quarter. The last: {told}."
    )
