"""Icons of variation and assurance by the rules of Making Data Count, drawn here: a letter in a ring, words beside it.

~ is the usual coming and going; H and L are higher and lower than that; P, F and ? are a target met every time, never,
and now and then. The ring of a concern is broken, that of an improvement double: colour is not the only signal.
"""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, GREY, INK, LABELS, ORANGE, Layered, in_lines

RINGS = {
    "common cause": (GREY, [1, 0]), "improvement": (BLUE, [1, 0]), "concern": (ORANGE, [4, 2]),
    "special cause": (INK, [1, 0]), "pass": (BLUE, [1, 0]), "fail": (ORANGE, [4, 2]), "inconsistent": (GREY, [1, 0]),
}  # fmt: skip
SAID = {
    "common cause": "usual coming and going", "improvement": "improvement", "concern": "concern",
    "special cause": "more than usual", "pass": "target met every time", "fail": "target not met",
    "inconsistent": "target met now and then",
}  # fmt: skip
ASSURED = {"pass": "P", "fail": "F", "inconsistent": "?"}
PLACES = {"variation": 26, "assurance": 236}
"""Pixels from the left at which the rings stand: both fit on a telephone beside the names."""
TWICE = ("improvement", "pass")
"""What has two rings."""


def letter(icon: str, side: int) -> str:
    """Give the letter in a ring; `side` is that of the last point, −1 below the centre and 1 above."""
    if icon in ASSURED:
        return ASSURED[icon]
    return "~" if icon == "common cause" else "H" if side > 0 else "L"


def words_of(icon: str, side: int) -> str:
    """Say an icon in few words."""
    if icon in ASSURED or icon == "common cause":
        return SAID[icon]
    return f"{'higher' if side > 0 else 'lower'}: {SAID[icon]}"


def icons(rows: pd.DataFrame) -> Layered:
    """Draw icons, a row per series.

    Parameters
    ----------
    rows : DataFrame
        name, variation, side, assurance (empty where there is no target).
    """
    long = pd.concat([_of(rows, kind) for kind in PLACES if (rows[kind] != "").any()], ignore_index=True)
    names = [name for name in RINGS if name in {*long["icon"]}]
    base = alt.Chart(long).encode(alt.Y("name:N", title=None, sort=None, axis=LABELS))
    x = alt.X("at:Q", scale=alt.Scale(domain=[0, 420], range=[0, 420], nice=False), axis=None)
    text_at = alt.X("text_at:Q", scale=alt.Scale(domain=[0, 420], range=[0, 420], nice=False), axis=None)
    ring = base.mark_point(filled=False, size=700, strokeWidth=3, opacity=1, shape="circle").encode(
        x,
        color=alt.Color("icon:N", legend=None, scale=alt.Scale(domain=names, range=[RINGS[n][0] for n in names])),
        strokeDash=alt.StrokeDash(
            "icon:N", legend=None, scale=alt.Scale(domain=names, range=[RINGS[n][1] for n in names])
        ),
        tooltip=[alt.Tooltip("name:N"), alt.Tooltip("told:N")],
    )
    inner = base.transform_filter(alt.FieldOneOfPredicate("icon", [*TWICE]))
    second = inner.mark_point(filled=False, size=420, strokeWidth=1.5, opacity=1, color=BLUE, shape="circle").encode(x)
    rings = (ring, second) if long["icon"].isin(TWICE).any() else (ring,)  # a picture of nothing has no words
    mark = base.mark_text(fontSize=15, fontWeight="bold").encode(x, text=alt.Text("letter:N"))
    told = base.mark_text(align="left").encode(text_at, text=alt.Text("told:N"))
    said = "; ".join(f"{name}: {', '.join(part['told'])}" for name, part in long.groupby("name", sort=False))
    return alt.layer(*rings, mark, told).properties(height=alt.Step(40), description=f"{said}.")


def _of(rows, kind):
    some = rows[rows[kind] != ""]
    return pd.DataFrame({
        "name": [in_lines(str(name)) for name in some["name"]], "icon": some[kind].to_numpy(),
        "letter": [letter(icon, side) for icon, side in zip(some[kind], some["side"], strict=True)],
        "told": [words_of(icon, side) for icon, side in zip(some[kind], some["side"], strict=True)],
        "at": PLACES[kind], "text_at": PLACES[kind] + 20,
    })  # fmt: skip
