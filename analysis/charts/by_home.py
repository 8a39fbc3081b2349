"""What is known of each home: a caterpillar, in the order it is given."""

import altair as alt
import pandas as pd

from analysis.charts.effects import FAR, NEAR_ZERO, NUMBERS, SPAN
from analysis.charts.theme import BLUE, LABELS, Layered, in_lines, ratio_axis, ratio_scale, reference
from analysis.results import limit

ROW = 38
"""Pixels of a home: its name in two lines, and a telephone's finger for its point."""


def caterpillar(homes: pd.DataFrame, together: float) -> Layered:
    """Rate ratio of each home with its interval, and that of all homes together as a dashed line.

    Parameters
    ----------
    homes : DataFrame
        ``name``, all different, ``estimate``, ``conf_low``, ``conf_high``, ``best_fifth``.
    together : float
        Rate ratio of all homes.
    """
    numbers = homes[SPAN].astype(float).clip(NEAR_ZERO, FAR)
    data = numbers.assign(name=[in_lines(name) for name in homes["name"]], best=homes["best_fifth"])
    scale, ticks = ratio_scale(data)
    base = alt.Chart(data).encode(alt.Y("name:N", title=None, sort=None, axis=LABELS))
    x = alt.X("conf_low:Q", title=None, scale=scale, axis=ratio_axis(ticks))
    chance = alt.Tooltip("best:Q", title="Chance of being in the fifth in which it did most", format=".0%")
    tooltip = [alt.Tooltip("name:N", title="Home"), *NUMBERS, chance]
    spans = base.mark_rule(color=BLUE, clip=True, size=2).encode(x, alt.X2("conf_high:Q"))
    marks = base.mark_point(color=BLUE, clip=True, opacity=1).encode(alt.X("estimate:Q"), tooltip=tooltip)
    return alt.layer(spans, marks, reference(x=together, dashed=True), reference(x=1)).properties(
        height=alt.Step(ROW), description=_words(data, together)
    )


def _words(data: pd.DataFrame, together: float) -> str:
    rows = (
        f"{row['name'].replace('|', ' ')} {row['estimate']:.2f} ({limit(row['conf_low'])} to {limit(row['conf_high'])})"
        for row in data.to_dict("records")
    )
    return (
        f"Rate ratios by home with intervals, in the order of bed-days, where 1 is no difference and all homes "
        f"together have {together:.2f}: {'; '.join(rows)}."
    )
