"""What do the models of ratings say, and how far does it move if inspectors were told? Counts are of homes."""

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts.theme import BLUE, GREY, ORANGE, Layered, reference

SHOWN = (0.1, 10.0)
"""Range of ratios that a curve is drawn in; intervals beyond run off it and are in the table."""
CALLED = {
    "better_sooner": "to supported homes that became better",
    "worse_sooner": "to any home that became worse",
}


def chances(table: pd.DataFrame) -> Layered:
    """Draw the chance of a better rating without and with the intervention, by the rating before.

    Parameters
    ----------
    table : DataFrame
        group, without, with, inspections.
    """
    data = table.assign(
        group=[_named(row["group"], row["inspections"]) for row in table.to_dict("records")],
        told=[f"{row['without']:.0%} → {row['with']:.0%}" for row in table.to_dict("records")],
    ).round(4)
    scale = alt.Scale(domain=[0, 1])
    y = alt.Y("group:N", title=None, sort=None, axis=alt.Axis(labelLimit=260, domain=False, ticks=False))
    x = alt.X("without:Q", title="Chance of a better rating", scale=scale, axis=alt.Axis(format=".0%", tickCount=5))
    base = alt.Chart(data).encode(y)
    span = base.mark_rule(color=GREY, size=2).encode(x, alt.X2("with:Q"))
    long = data.melt(["group", "told"], ["without", "with"], "support", "chance")
    long["support"] = long["support"] + " support"
    legend = alt.Legend(columns=1)  # beside one another they would run off a narrow screen
    named = ["without support", "with support"]
    color = alt.Color(
        "support:N", title=None, sort=named, legend=legend, scale=alt.Scale(domain=named, range=[ORANGE, BLUE])
    )
    shape = alt.Shape(
        "support:N", title=None, legend=legend, scale=alt.Scale(domain=named, range=["circle", "diamond"])
    )
    tooltip = ["group:N", "support:N", alt.Tooltip("chance:Q", format=".0%")]
    marks = alt.Chart(long).mark_point(filled=True, size=90, opacity=1).encode(
        y, alt.X("chance:Q", scale=scale), color, shape, tooltip=tooltip
    )  # fmt: skip
    told = base.mark_text(dy=-14, align="left").encode(text="told:N", x=alt.value(4))
    words = "; ".join(f"{row['group']} {row['told']}" for row in data.to_dict("records"))
    return alt.layer(span, marks, told).properties(
        height=alt.Step(54), description=f"Chance of a better next rating without and with support: {words}."
    )


def _named(group: str, inspections: int) -> str:
    name = "All supported homes" if group == "all" else f"{group[0].upper()}{group[1:]}"
    return f"{name} (n = {inspections:,})"


def sensitivity(frame: pd.DataFrame) -> Layered:
    """Draw how the ratio of moving up depends on what brought inspectors.

    Parameters
    ----------
    frame : DataFrame
        kind, times, estimate, conf_low, conf_high.
    """
    data = frame.assign(kind=frame["kind"].map(CALLED)).dropna(subset=["estimate"])
    numbers = ["estimate", "conf_low", "conf_high"]
    data[numbers] = data[numbers].clip(*SHOWN).round(4)
    kinds = list(CALLED.values())
    color = alt.Color(
        "kind:N",
        title="Inspectors came sooner",
        legend=alt.Legend(columns=1),
        scale=alt.Scale(domain=kinds, range=[BLUE, ORANGE]),
    )
    dash = alt.StrokeDash(
        "kind:N",
        title="Inspectors came sooner",
        legend=alt.Legend(columns=1),
        scale=alt.Scale(domain=kinds, range=[[1, 0], [6, 4]]),
    )
    x = alt.X("times:Q", title="How many times as fast inspectors came", scale=alt.Scale(type="log"),
              axis=alt.Axis(values=[1, 2, 4, 8], format="~g"))  # fmt: skip
    y = alt.Y("estimate:Q", title="Times as fast to a better rating", scale=alt.Scale(type="log"),
              axis=alt.Axis(values=[0.1, 0.2, 0.5, 1, 2, 5, 10], format="~g"))  # fmt: skip
    base = alt.Chart(data).encode(x)
    tooltip = ["kind:N", alt.Tooltip("times:Q", format="~g"), *(alt.Tooltip(f"{n}:Q", format=".2f") for n in numbers)]
    first = base.transform_filter(alt.datum["kind"] == kinds[0])
    band = first.mark_area(opacity=0.15, color=BLUE).encode(alt.Y("conf_low:Q"), alt.Y2("conf_high:Q"))
    line = base.mark_line(strokeWidth=2.5, point={"size": 50}).encode(y, color, dash, tooltip=tooltip)
    return alt.layer(band, line, reference(y=1, dashed=True)).properties(height=340, description=_curve_words(data))


def _curve_words(data: pd.DataFrame) -> str:
    rows = [
        f"{kind}: " + ", ".join(f"{row['estimate']:.2f} at {row['times']:g} times" for row in part.to_dict("records"))
        for kind, part in data.groupby("kind", sort=False)
    ]
    if not rows or not np.isfinite(data["estimate"]).any():
        return "No ratio could be estimated."
    return f"Times as fast to a better rating, by how many times as fast inspectors came. {'; '.join(rows)}."
