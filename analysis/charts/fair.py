"""How alike are the two groups, and what does every defensible analysis say?"""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, GREY, LABELS, ORANGE, Layered, in_lines, ratio_axis, ratio_scale, reference

LIMIT = 0.1
"""Of a standardised difference."""
HEIGHT = 320


def balance(table: pd.DataFrame) -> Layered:
    """Draw standardised differences before and after, with the limit of a tenth.

    Parameters
    ----------
    table : DataFrame
        ``covariate``, ``before``, ``after``.
    """
    data = table.melt("covariate", ["before", "after"], var_name="when", value_name="difference")
    data = data.assign(covariate=[in_lines(str(name)) for name in data["covariate"]])
    when = ["before", "after"]
    color = alt.Color("when:N", title=None, scale=alt.Scale(domain=when, range=[ORANGE, BLUE]))
    shape = alt.Shape("when:N", title=None, scale=alt.Scale(domain=when, range=["square", "circle"]))
    x = alt.X("difference:Q", title="Difference in standard deviations", axis=alt.Axis(format=".2~f", tickCount=7))
    marks = alt.Chart(data).mark_point(opacity=1).encode(
        x, alt.Y("covariate:N", title=None, sort=None, axis=LABELS), color, shape,
        tooltip=[alt.Tooltip("covariate:N"), alt.Tooltip("when:N"), alt.Tooltip("difference:Q", format=".2f")],
    )  # fmt: skip
    lines = [reference(x=value, dashed=value != 0) for value in (-LIMIT, 0, LIMIT)]
    far = table["after"].abs().max()
    return alt.layer(*lines, marks).properties(
        height=alt.Step(52),
        description=f"Standardised differences of {len(table)} things known before the start; the largest is "
        f"{table['before'].abs().max():.2f} before and {far:.2f} after. Dashed lines mark a tenth.",
    )


def curve(table: pd.DataFrame) -> Layered:
    """Draw every analysis, the lowest estimate first.

    Parameters
    ----------
    table : DataFrame
        ``estimate``, ``conf_low``, ``conf_high``, in order; ``matched``.
    """
    span = ["estimate", "conf_low", "conf_high"]
    data = table[span].astype(float).round(4).clip(0.01, 100)
    sides = {True: "no difference lies outside", False: "no difference lies within"}
    clear = (table["conf_high"] < 1) | (table["conf_low"] > 1)
    data = data.assign(rank=range(1, len(table) + 1), says=[sides[bool(value)] for value in clear])
    scale, ticks = ratio_scale(data)
    x = alt.X("rank:Q", title="Analyses, the lowest answer first", axis=alt.Axis(format="d", tickCount=6))
    legend = alt.Legend(columns=1)  # side by side they are cut off on a telephone
    color, shape = (
        channel("says:N", title=None, scale=alt.Scale(domain=[*sides.values()], range=range_), legend=legend)
        for channel, range_ in ((alt.Color, [BLUE, GREY]), (alt.Shape, ["circle", "square"]))
    )
    base = alt.Chart(data).encode(x, color)
    spans = base.mark_rule(clip=True, opacity=0.35).encode(
        alt.Y("conf_low:Q", title=None, scale=scale, axis=ratio_axis(ticks, along=False)), alt.Y2("conf_high:Q")
    )
    marks = base.mark_point(clip=True, opacity=1, size=25).encode(alt.Y("estimate:Q", scale=scale), shape)
    return alt.layer(spans, marks, reference(y=1)).properties(
        height=HEIGHT,
        description=f"Rate ratios of {len(table)} analyses, from {table['estimate'].min():.2f} to "
        f"{table['estimate'].max():.2f}; {int(clear.sum())} intervals lie wholly on one side of no difference.",
    )
