"""The answer as one point with its interval on a plain scale, which says on which side is fewer and on which more."""

from typing import Literal

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts.theme import BLUE, GREY, INK, ONE_ROW, Layered, ratio_axis, ratio_scale, reference

HIGH = 130
"""Pixels: of the line, the words over it, and the scale below."""
THICK, POINT = 6, 240
"""Width of the interval and area of the point, to be seen across a table."""


def point_on_a_scale(estimate: float, low: float, high: float, said: str) -> Layered:
    """Draw a rate ratio with its interval.

    Parameters
    ----------
    estimate, low, high : float
        Rate ratio, and its interval.
    said : str
        The estimate in words, written over the point: "20% fewer".
    """
    data = pd.DataFrame({"estimate": [estimate], "conf_low": [low], "conf_high": [high], "said": [said]})
    widest = pd.concat([data, _room(data)])
    scale, ticks = ratio_scale(widest)
    x = alt.X("conf_low:Q", title=None, scale=scale, axis=ratio_axis(ticks))
    base = alt.Chart(data.round(4)).encode(alt.YDatum(0.5, scale=alt.Scale(domain=[0, 1]), axis=None))
    layers = [
        reference(x=1),
        base.mark_rule(color=BLUE, size=THICK, clip=True).encode(x, alt.X2("conf_high:Q")),
        base.mark_point(color=BLUE, size=POINT, opacity=1, clip=True).encode(alt.X("estimate:Q")),
        base.mark_text(dy=-22, fontSize=15, fontWeight="bold", color=INK).encode(
            alt.X("estimate:Q"), text=alt.Text("said:N")
        ),
    ]
    return alt.layer(*layers, *_sides()).properties(height=HIGH, description=_words(estimate, low, high, said))


def _room(data: pd.DataFrame) -> pd.DataFrame:
    """As far beyond no difference as the interval is wide, so that the point is seen to lie on a side."""
    width = np.log(data["conf_high"] / data["conf_low"]) / 3
    return pd.DataFrame({name: np.exp(sign * width) for name, sign in
                         (("estimate", 0), ("conf_low", -1), ("conf_high", 1))})  # fmt: skip


def _sides() -> list[alt.Chart]:
    """Write on which side is fewer and on which more, beside the line of no difference."""
    ways: tuple[tuple[str, Literal["left", "right"], int], ...] = (("← fewer", "right", -6), ("more →", "left", 6))
    marks = (alt.Chart(ONE_ROW).mark_text(align=align, dx=dx, color=GREY, text=text) for text, align, dx in ways)
    return [mark.encode(alt.XDatum(1), alt.YDatum(0.08, scale=alt.Scale(domain=[0, 1]), axis=None)) for mark in marks]


def _words(estimate: float, low: float, high: float, said: str) -> str:
    return (
        f"The answer on a scale of rate ratios, where 1 is no difference: {estimate:.2f} ({said}), with an interval "
        f"from {low:.2f} to {high:.2f}."
    )
