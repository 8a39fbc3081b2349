"""One look for every chart, in the app, in notebooks and in files.

Colours are those of the Government Analysis Function palette that have at least 3:1 contrast on white (WCAG 2.2,
1.4.11); shape or label always says the same as colour (1.4.1). Type is dark grey Arial on white.
"""

from textwrap import wrap
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

Layered = alt.LayerChart | alt.FacetChart
"""What layering gives, by its signature."""

BLUE, ORANGE, GREY = "#12436D", "#F46A25", "#3D3D3D"
SCALE = ("#E8F1F9", "#6BACE6", "#2073BC", "#12436D")
"""From little to much."""

INK, LINE = "#0b0c0c", "#D0D0D0"
FONT = "Arial, Liberation Sans, Helvetica, sans-serif"


def register() -> None:
    """Make the look the one that every chart is drawn with."""
    alt.theme.register("homeward", enable=True)(_theme)


def _theme() -> Any:
    words = {
        "labelColor": INK,
        "titleColor": INK,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
    }
    return {
        "config": {
            "font": FONT,
            "background": "white",
            "view": {"stroke": "transparent"},
            "axis": {
                **words,
                "titleFontWeight": "normal",
                "gridColor": "#EAEAEA",
                "domainColor": LINE,
                "tickColor": LINE,
                "titlePadding": 10,
            },
            "legend": {**words, "orient": "top", "symbolSize": 90, "labelLimit": 300},
            "header": words,
            "text": {"font": FONT, "fontSize": 13, "color": INK},
            "point": {"filled": True, "size": 70},
            "rule": {"size": 1.5, "aria": False},  # a line without words of its own; the picture's description has it
        }
    }


ONE_ROW = alt.sequence(1, as_="one")
"""What a mark is drawn on that has no data: made by the chart itself, so that the first data set of a chart, which its
"show data" shows, is what the chart is about."""


def reference(*, x: Any = None, y: Any = None, dashed: bool = False) -> alt.Chart:
    """Draw a straight line across a chart at one value of its horizontal or vertical axis."""
    at = alt.XDatum(x) if x is not None else alt.YDatum(y)
    return alt.Chart(ONE_ROW).mark_rule(color=GREY, strokeDash=[5, 4] if dashed else [1, 0]).encode(at)


PERCENT_AXIS = (
    "datum.value == 1 ? 'no difference' : datum.value < 1 ? format(1 - datum.value, '.0%') + ' fewer' : "
    "datum.value < 2 ? format(datum.value - 1, '.0%') + ' more' : format(datum.value, '.2~f') + ' times'"
)
"""Vega expression that labels a rate ratio as people say it."""
BESIDE = 72
"""Pixels from "no difference" within which another label would run into it."""
ALONG = f"abs(scale('x', datum.value) - scale('x', 1)) < {BESIDE} && datum.value != 1 ? '' : {PERCENT_AXIS}"
"""The same along the bottom, where what is left out for want of room is never the label that all others are read by."""


def ratio_axis(ticks: list[float], *, along: bool = True) -> alt.Axis:
    """Label rate ratios, along the bottom as many as fit beside one another on a narrow screen."""
    if not along:
        return alt.Axis(values=ticks, labelExpr=PERCENT_AXIS, labelOverlap=True)
    return alt.Axis(values=ticks, labelExpr=ALONG, labelOverlap="greedy", labelSeparation=10)


WIDEST = (0.2, 5.0)
"""Rate ratios beyond these are cut off in charts, so that one poor month does not flatten the rest."""

MOST = 0.9
"""Share of intervals whose ends the axis must hold; the widest few, from months with few homes, run off it."""

RATIO_TICKS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.5, 2, 2.5)
SPARSE_TICKS = (0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5)
NARROW = 4.0
"""Times from one end of a scale to the other up to which it takes every tick: of the sparse ones two would be left."""


def ratio_scale(data: pd.DataFrame) -> tuple[alt.Scale, list[float]]:
    """Make a log scale for rate ratios that always holds 1, and the ticks on it, few enough to read."""
    estimate, low, high = (data[name].to_numpy() for name in ("estimate", "conf_low", "conf_high"))
    low, high = (np.sort(ends[np.isfinite(ends)]) for ends in (low, high))
    low = np.nanmin([*estimate, *low[int(low.size * (1 - MOST)) :]])
    high = np.nanmax([*estimate, *high[: int(np.ceil(high.size * MOST))]])
    low, high = max(min(low * 0.97, 0.95), WIDEST[0]), min(max(high * 1.03, 1.05), WIDEST[1])
    ticks = RATIO_TICKS if high / low <= NARROW else SPARSE_TICKS
    return alt.Scale(type="log", domain=[low, high], nice=False), [tick for tick in ticks if low <= tick <= high]


LETTERS = 25
"""Of a name in one line, so that names leave room for the picture on a telephone."""
LINES = 3
"""Of one name: a fourth would run into the name below."""
LABELS = alt.Axis(labelExpr="split(datum.label, '|')", labelLimit=190, domain=False, ticks=False)


def in_lines(name: str) -> str:
    """Break a name into lines at the mark by which `LABELS` splits them."""
    return "|".join(wrap(name, LETTERS, max_lines=LINES, placeholder=" …"))
