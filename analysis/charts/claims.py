"""A claim beside what is known: the sentence by itself, what happens anyway, and what is left of it."""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, GREY, LABELS, ORANGE, Layered, in_lines, reference

TITLES = {"share": "Share rated better", "change": "Change (0 is none)"}
KINDS = {"claimed": ORANGE, "known": GREY, "left": BLUE}
FURTHEST = 1.0
"""The axis of changes reaches no further than twice as many: what is wider is cut there."""


def beside(rows: pd.DataFrame, unit: str) -> Layered:
    """Draw numbers below one another, each with its interval.

    Parameters
    ----------
    rows : DataFrame
        name, value, low, high (NaN: none), kind ("claimed", "known" or "left"), told.
    unit : "share" or "change"
    """
    told = rows[["name", "kind", "told"]].assign(name=[in_lines(str(name)) for name in rows["name"]])
    data = told.join(rows[["value", "low", "high"]].astype(float).round(4))
    domain = (
        [0, 1] if unit == "share" else [-1, float(min(max(0.2, data["high"].max(), data["value"].max()), FURTHEST))]
    )
    scale = alt.Scale(domain=domain, nice=False)
    signed = "datum.value == 0 ? 'none' : format(datum.value, '+.0%')"
    axis = alt.Axis(format=".0%", tickCount=6) if unit == "share" else alt.Axis(labelExpr=signed, tickCount=6)
    y = alt.Y("name:N", title=None, sort=None, axis=LABELS)
    color = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=[*KINDS], range=[*KINDS.values()]))
    base = alt.Chart(data).encode(y)
    spans = base.transform_filter("isValid(datum.low)").mark_rule(size=3, clip=True).encode(
        alt.X("low:Q", title=TITLES[unit], scale=scale, axis=axis), alt.X2("high:Q"), color
    )  # fmt: skip
    shape = alt.Shape("kind:N", legend=None, scale=alt.Scale(domain=[*KINDS], range=["diamond", "square", "circle"]))
    marks = base.mark_point(opacity=1, size=110, clip=True).encode(
        alt.X("value:Q", title=TITLES[unit], scale=scale, axis=axis),
        color,
        shape,
        tooltip=[alt.Tooltip("name:N"), alt.Tooltip("told:N")],
    )
    said = base.mark_text(dy=-14, align="left").encode(text=alt.Text("told:N"), x=alt.XValue(4))
    words = "; ".join(f"{row['name']}: {row['told']}" for row in rows.to_dict("records"))
    layers = [spans, marks, said] + ([reference(x=0, dashed=True)] if unit == "change" else [])
    return alt.layer(*layers).properties(height=alt.Step(62), description=f"The claim beside what is known. {words}.")


def periods(rows: pd.DataFrame) -> Layered:
    """Draw an area beside elsewhere, both as a share of the baseline.

    Parameters
    ----------
    rows : DataFrame
        period, change, change_elsewhere.
    """
    parts = [("Here", "change"), ("Elsewhere", "change_elsewhere")]
    long = pd.concat([
        pd.DataFrame({"period": rows["period"], "of": (100 * (1 + rows[name])).round(1), "where": where})
        for where, name in parts
    ]).dropna(subset=["of"])  # fmt: skip
    names = [*dict.fromkeys(long["where"])]
    color = alt.Color("where:N", title=None, scale=alt.Scale(domain=names, range=[ORANGE, BLUE][: len(names)]))
    dash = alt.StrokeDash("where:N", title=None, scale=alt.Scale(domain=names, range=[[1, 0], [6, 4]][: len(names)]))
    x = alt.X("period:O", title="Period (0 is the baseline)", axis=alt.Axis(labelAngle=0))
    y = alt.Y("of:Q", title="Of the baseline, %", scale=alt.Scale(zero=True))
    base = alt.Chart(long).encode(x, y, color)
    line = base.mark_line(strokeWidth=2.5).encode(dash)
    points = base.mark_point(opacity=1).encode(
        tooltip=[alt.Tooltip("where:N"), alt.Tooltip("period:O"), alt.Tooltip("of:Q")]
    )
    told = "; ".join(f"{row['where']} {row['period']}: {row['of']:.0f}" for row in long.to_dict("records"))
    return alt.layer(line, points).properties(height=280, description=f"Of the baseline, in per cent. {told}.")
