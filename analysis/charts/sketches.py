"""What a method does, in one small picture of invented numbers: no axis has a unit, because nothing was measured."""

from collections.abc import Callable, Mapping

import altair as alt
import numpy as np
import pandas as pd

from analysis.charts.theme import BLUE, GREY, ORANGE, Layered, reference

HIGH = 220
TIMES = np.arange(24)
START = 12
WAVES = 3 * np.sin(TIMES / 2)
"""What moves all lines alike."""


def sketch(name: str) -> Layered:
    """Draw the picture of this name."""
    return SKETCHES[name]()


def _lines(told: str, marked: float | None = None, **lines: np.ndarray) -> Layered:
    """Draw lines by name, the first whole, others dashed, and the start where there is one."""
    names = [name.replace("_", " ") for name in lines]
    rows = [
        {"time": int(time), "value": float(value), "line": name}
        for name, values in zip(names, lines.values(), strict=True)
        for time, value in zip(TIMES, values, strict=True)
        if np.isfinite(value)
    ]
    scale = alt.Scale(domain=names, range=[BLUE, ORANGE, GREY][: len(names)])
    dashes = alt.Scale(domain=names, range=[[1, 0], [6, 4], [2, 3]][: len(names)])
    drawn = alt.Chart(pd.DataFrame(rows)).mark_line(strokeWidth=2.5).encode(
        alt.X("time:Q", title="time", axis=alt.Axis(labels=False, ticks=False, grid=False)), _up(),
        alt.Color("line:N", title=None, scale=scale), alt.StrokeDash("line:N", title=None, scale=dashes),
    )  # fmt: skip
    start = [] if marked is None else [reference(x=marked, dashed=True)]
    return alt.layer(drawn, *start).properties(height=HIGH, description=told)


def _points(told: str, x: np.ndarray, y: np.ndarray, *bands: tuple[np.ndarray, np.ndarray]) -> Layered:
    """Draw points and, through them, limits."""
    across = alt.Axis(labels=False, ticks=False, grid=False)
    data = pd.DataFrame({"x": x.astype(float), "y": y.astype(float)})
    layers = [alt.Chart(data).mark_point(color=BLUE, opacity=1).encode(alt.X("x:Q", title=None, axis=across), _up("y"))]
    for at, limit in bands:
        line = pd.DataFrame({"x": at.astype(float), "y": limit.astype(float)})
        layers.append(alt.Chart(line).mark_line(color=GREY, strokeDash=[5, 4]).encode(alt.X("x:Q"), alt.Y("y:Q")))
    return alt.layer(*layers).properties(height=HIGH, description=told)


def _up(name: str = "value") -> alt.Y:
    axis = alt.Axis(labels=False, ticks=False, grid=False)
    return alt.Y(f"{name}:Q", title=None, axis=axis, scale=alt.Scale(zero=False))


def _after(amount: float) -> np.ndarray:
    return np.where(TIMES >= START, amount * np.minimum(1, (TIMES - START + 1) / 3), 0.0)


def _parted() -> Layered:
    told = "Two lines that run alike until the start; after it the one with the intervention lies lower."
    with_it = 30 + WAVES + _after(-7)
    without = np.where(TIMES >= START - 1, 30 + WAVES, np.nan)
    return _lines(told, START - 0.5, what_happened=with_it, what_was_to_be_expected=without, others=22 + WAVES)


def _mixture() -> Layered:
    told = "A council and a mixture of others that runs like it until the start; after it the council lies lower."
    noise = np.sin(7 * TIMES) * 0.8
    return _lines(told, START - 0.5, this_council=30 + WAVES + noise + _after(-7), mixture_of_others=30 + WAVES)


def _expected() -> Layered:
    told = "Two bars: supported homes rated better, and how many were to be expected; the first is longer."
    data = pd.DataFrame({"what": ["happened", "to be expected"], "homes": [14, 9]})
    bars = alt.Chart(data).mark_bar(size=34).encode(
        alt.X("homes:Q", title="supported homes rated better", axis=alt.Axis(labels=False, ticks=False, grid=False)),
        alt.Y("what:N", title=None, sort=None),
        alt.Color("what:N", legend=None, scale=alt.Scale(domain=[*data["what"]], range=[BLUE, GREY])),
    )  # fmt: skip
    return alt.layer(bars).properties(height=HIGH, description=told)


def _ordered() -> Layered:
    at = np.arange(40)
    told = "Forty answers in order, all but a few on one side of the line of no difference."
    return _points(told, at, -3 + at / 12 + np.sin(at) / 6, (at[[0, -1]], np.zeros(2)))


def _limits() -> Layered:
    rest = 10 + 2 * np.sin(TIMES * 2.3)
    rest[19] = 17.5
    told = "A series that comes and goes within two limits; one point lies beyond."
    return _points(told, TIMES, rest, *((TIMES[[0, -1]], np.full(2, level)) for level in (5.0, 15.0, 10.0)))


def _funnel() -> Layered:
    sizes, at = np.linspace(4, 100, 36), np.linspace(3, 100, 60)
    shown = 1 + np.sin(np.arange(36) * 2.1) * 1.5 / np.sqrt(sizes)
    shown[30] = 1.75
    told = "Homes by size: limits are wide for small homes and narrow for large ones; one large home lies beyond them."
    return _points(
        told, sizes, shown, *((at, 1 + sign * 3 / np.sqrt(at)) for sign in (-1, 1)), (at[[0, -1]], np.ones(2))
    )


def _drawn() -> Layered:
    past = np.linspace(2, 18, 18) + np.sin(np.arange(18) * 3) * 1.2
    told = "What is expected of a home against what it had: a flatter line than one to one, so extremes are drawn in."
    ends = np.array([2.0, 18.0])
    return _points(told, past, 10 + 0.5 * (past - 10), (ends, ends), (ends, np.full(2, 10.0)))


def _future() -> Layered:
    spread = np.array([1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 7, 7, 9])
    stacked = np.array([(spread[:n] == value).sum() for n, value in enumerate(spread)])
    told = "Twenty dots, each a future that is as likely as any other, most of them in the middle."
    return _points(told, spread, stacked)


SKETCHES: Mapping[str, Callable[[], Layered]] = {
    "parted": _parted, "mixture": _mixture, "expected": _expected, "ordered": _ordered, "limits": _limits,
    "funnel": _funnel, "drawn": _drawn, "future": _future,
}  # fmt: skip
