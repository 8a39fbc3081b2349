"""Maps without tiles: homes as hexagons, or as points within a line around them, in kilometres.

Nothing is fetched, and no boundary is drawn that the homes do not draw themselves. A kilometre is as long to the north
as to the east however wide the screen is: the axes are worked out by the browser from the room it has.
"""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, GREY, LINE, ORANGE, SCALE, Layered

HEIGHT = 420
SPARE = 1.08
"""How much wider than the homes the picture is."""
HEXAGON = "M0,-1L0.866,-0.5L0.866,0.5L0,1L-0.866,0.5L-0.866,-0.5Z"
PALE = "#F3F2F1"
DARKEST = 0.5
"""Share of homes below Good from which a hexagon is as dark as can be: of England's homes it is about one in five."""
WITH, COMPARED, ASIDE = "With it", "Compared", "Neither"
GOOD, BELOW, UNRATED = "Good or Outstanding", "Below Good", "No rating"
COLOURS = {WITH: ORANGE, COMPARED: BLUE, ASIDE: "#8A8A8A", GOOD: BLUE, BELOW: ORANGE, UNRATED: "#8A8A8A"}
SHAPES = {WITH: "triangle-up", COMPARED: "circle", ASIDE: "cross", GOOD: "circle", BELOW: "triangle-up",
          UNRATED: "cross"}  # fmt: skip


def ratings_in_hexagons(rows: pd.DataFrame, width: float, said: str) -> Layered:
    """Draw the share of rated homes that are below Good by hexagon.

    Parameters
    ----------
    rows : DataFrame
        east, north, share (missing where too few are rated), told.
    width : float
        Of a hexagon, kilometres.
    said : str
        Description for those who hear it.
    """
    colour = alt.Color(
        "share:Q", title="Below Good, of those rated",
        scale=alt.Scale(domain=[0, DARKEST], range=list(SCALE), interpolate="rgb", clamp=True),
        legend=alt.Legend(format=".0%", gradientLength=200, values=[0, 0.25, DARKEST],
                          labelExpr=f"datum.label + (datum.value >= {DARKEST} ? ' or more' : '')"),
    )  # fmt: skip
    base = _hexagons(rows, width)
    few = base.transform_filter("!isValid(datum.share)").encode(
        color=alt.ColorValue("white"), stroke=alt.StrokeValue(LINE), tooltip=_told()
    )
    enough = base.transform_filter("isValid(datum.share)").encode(color=colour, tooltip=_told())
    return _map([few, enough], said)


def compared_in_hexagons(rows: pd.DataFrame, width: float, said: str) -> Layered:
    """Draw how many homes are compared by hexagon, and within it a mark for those with the intervention.

    Parameters
    ----------
    rows : DataFrame
        east, north, treated, compared, told.
    width, said
        As of `ratings_in_hexagons`.
    """
    blues = alt.Scale(range=list(SCALE), domainMin=0, interpolate="rgb")
    colour = alt.Color("compared:Q", title="Homes compared", scale=blues, legend=alt.Legend(gradientLength=200))
    below = _hexagons(rows, width).encode(color=colour, tooltip=_told())
    own = rows.loc[rows["treated"] > 0]
    key = alt.Legend(symbolFillColor=ORANGE, symbolStrokeWidth=0, values=_few(own["treated"]))
    size = alt.Size("treated:Q", title="Homes with it", scale=alt.Scale(rangeMin=14, rangeMax=110), legend=key)
    above = (
        alt.Chart(own)
        .mark_point(shape="triangle-up", color=ORANGE, stroke="white", strokeWidth=0.7, opacity=1)
        .encode(_x(rows, width), _y(rows, width), size, tooltip=_told())
    )
    return _map([below, above], said).resolve_scale(color="independent")


def points(rows: pd.DataFrame, around: pd.DataFrame, kinds: tuple[str, ...], said: str) -> Layered:
    """Draw every home as a point of its kind, within a line around them all.

    Parameters
    ----------
    rows : DataFrame
        east, north, kind, told.
    around : DataFrame
        Corners of the line in order: east, north.
    kinds : tuple of str
        In the order of the legend.
    """
    line = (
        alt.Chart(around.assign(corner=range(len(around))))
        .mark_line(color=LINE, strokeWidth=1.5, fill=PALE, fillOpacity=0.5, tooltip=None, aria=False)
        .encode(_x(rows, 0), _y(rows, 0), order=alt.Order("corner:O"))
    )
    there = [kind for kind in kinds if (rows["kind"] == kind).any()]
    marks = (
        alt.Chart(rows)
        .mark_point(size=60, filled=True, opacity=0.85, stroke="white", strokeWidth=0.5)
        .encode(
            _x(rows, 0), _y(rows, 0), tooltip=_told(),
            color=alt.Color("kind:N", title=None, scale=alt.Scale(domain=there, range=[COLOURS[k] for k in there])),
            shape=alt.Shape("kind:N", title=None, scale=alt.Scale(domain=there, range=[SHAPES[k] for k in there])),
        )
    )  # fmt: skip
    return _map([line, marks] if len(around) else [marks], said)


def _told() -> list[alt.Tooltip]:
    return [alt.Tooltip("told:N", title=" ")]


def _few(counts: pd.Series) -> list[int]:
    """Choose the sizes that the legend shows."""
    most = int(counts.max()) if len(counts) else 1
    return sorted({1, (1 + most) // 2, most})


def _hexagons(rows: pd.DataFrame, width: float) -> alt.Chart:
    corner = width / 3**0.5
    size = alt.ExprRef(f"pow(2 * {corner:.4f} / ({_scale(rows, width)}), 2)")
    mark = alt.Chart(rows).mark_point(shape=HEXAGON, size=size, filled=True, opacity=1, stroke="white", strokeWidth=0.6)
    return mark.encode(_x(rows, width), _y(rows, width))


def _spans(rows: pd.DataFrame, width: float) -> tuple[float, float, float, float]:
    """Middle and extent of what is drawn, east and north: kilometres."""
    low, high = rows[["east", "north"]].min() - width, rows[["east", "north"]].max() + width
    middle, extent = (low + high) / 2, (high - low).clip(lower=1.0) * SPARE
    return middle["east"], middle["north"], extent["east"], extent["north"]


def _scale(rows: pd.DataFrame, width: float) -> str:
    """Kilometres in a pixel, as the browser works it out: whichever of width and height is the tighter."""
    *_, east, north = _spans(rows, width)
    return f"max({east:.3f} / width, {north:.3f} / height)"


def _domain(middle: float, along: str, scale: str) -> alt.Scale:
    ends = [alt.ExprRef(f"{middle:.3f} {sign} {along} / 2 * {scale}") for sign in "-+"]
    return alt.Scale(domain=ends, nice=False, zero=False)


def _x(rows: pd.DataFrame, width: float) -> alt.X:
    middle = _spans(rows, width)[0]
    axis = alt.Axis(grid=False, tickCount=5, titleColor=GREY)
    return alt.X("east:Q", title="Kilometres east of the middle", axis=axis,
                 scale=_domain(middle, "width", _scale(rows, width)))  # fmt: skip


def _y(rows: pd.DataFrame, width: float) -> alt.Y:
    middle = _spans(rows, width)[1]
    axis = alt.Axis(grid=False, tickCount=5, titleColor=GREY)
    return alt.Y("north:Q", title="Kilometres north", axis=axis,
                 scale=_domain(middle, "height", _scale(rows, width)))  # fmt: skip


def _map(layers: list[alt.Chart], said: str) -> Layered:
    return alt.layer(*layers).properties(height=HEIGHT, description=said)
