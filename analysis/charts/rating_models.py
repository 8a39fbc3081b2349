"""What do the models of ratings say, and how far does it move if inspectors were told? Counts are of homes."""

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts.theme import BLUE, ORANGE, Layered, reference
from analysis.results import share_interval

SHOWN = (0.1, 10.0)
"""Range of ratios that a curve is drawn in; intervals beyond run off it and are in the table."""
CALLED = {
    "better_sooner": "to supported homes that became better",
    "worse_sooner": "to any home that became worse",
}


SIDES = {"without": "without support", "with": "with support"}


def chances(table: pd.DataFrame) -> Layered:
    """Draw the chance of a better rating without and with the intervention, by the rating before.

    Parameters
    ----------
    table : DataFrame
        group; without, with, and the ends of their intervals (without_low, …); inspections.
    """
    groups = table.assign(group=[_named(row["group"], row["inspections"]) for row in table.to_dict("records")])
    long = pd.concat([
        groups[["group"]].assign(support=said, chance=groups[name], low=groups[f"{name}_low"],
                                 high=groups[f"{name}_high"])
        for name, said in SIDES.items()
    ]).round(4)  # fmt: skip
    long["told"] = [share_interval(*row) for row in long[["chance", "low", "high"]].itertuples(index=False)]
    scale, sides = alt.Scale(domain=[0, 1]), [*SIDES.values()]
    legend = alt.Legend(columns=1)  # beside one another they would run off a narrow screen
    y = alt.Y("group:N", title=None, sort=None, axis=alt.Axis(labelLimit=260, domain=False, ticks=False))
    x = alt.X("chance:Q", title="Chance of a better rating", scale=scale, axis=alt.Axis(format=".0%", tickCount=5))
    beside = alt.YOffset("support:N", sort=sides)
    color = alt.Color(
        "support:N", title=None, sort=sides, legend=legend, scale=alt.Scale(domain=sides, range=[ORANGE, BLUE])
    )
    shape = alt.Shape(
        "support:N", title=None, legend=legend, scale=alt.Scale(domain=sides, range=["circle", "diamond"])
    )
    base = alt.Chart(long).encode(
        y, beside, color, tooltip=[alt.Tooltip("group:N"), alt.Tooltip("support:N"), alt.Tooltip("told:N")]
    )
    span = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(size=2)
        .encode(alt.X("low:Q", scale=scale), alt.X2("high:Q"))
    )
    marks = base.mark_point(filled=True, size=90, opacity=1).encode(x, shape)
    both = long.groupby("group", sort=False)["told"].agg(" → ".join)
    words = "; ".join(f"{group} {told}" for group, told in both.items())
    return alt.layer(span, marks).properties(
        height=alt.Step(30), description=f"Chance of a better next rating without and with support: {words}."
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
    tooltip = [
        alt.Tooltip("kind:N"),
        alt.Tooltip("times:Q", format="~g"),
        *(alt.Tooltip(f"{n}:Q", format=".2f") for n in numbers),
    ]
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
