"""What an early warning is worth: did its chances come true, and is acting on them better?"""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, GREY, ORANGE, Layered

NAMES = {"model": ("the warning", BLUE, [1, 0]), "rule": ("the simple rule", ORANGE, [6, 4]),
         "everybody": ("everybody", GREY, [2, 3])}  # fmt: skip


def calibration(rows: pd.DataFrame) -> Layered:
    """Draw what was foretold against what happened, by fifths.

    Parameters
    ----------
    rows : DataFrame
        fifth, foretold, happened, landmarks.
    """
    data = rows.assign(foretold=(100 * rows["foretold"]).round(1), happened=(100 * rows["happened"]).round(1))
    most = float(max(data["foretold"].max(), data["happened"].max()))
    line = pd.DataFrame({"x": [0.0, most], "y": [0.0, most]})
    same = alt.Chart(line).mark_line(color=GREY, strokeDash=[5, 4]).encode(alt.X("x:Q"), alt.Y("y:Q"))
    points = alt.Chart(data).mark_point(size=110, opacity=1, color=BLUE).encode(
        alt.X("foretold:Q", title="Foretold, %"), alt.Y("happened:Q", title="Happened, %"),
        tooltip=[alt.Tooltip(of) for of in ("fifth:O", "foretold:Q", "happened:Q", "landmarks:Q")],
    )  # fmt: skip
    told = "; ".join(
        f"{row['foretold']:.1f}% foretold, {row['happened']:.1f}% happened" for row in data.to_dict("records")
    )
    return alt.layer(points, same).properties(height=240, description=f"By fifths of the chance: {told}.")


def curve(rows: pd.DataFrame) -> Layered:
    """Draw net benefit by the chance from which one acts.

    Parameters
    ----------
    rows : DataFrame
        threshold, model, rule, everybody.
    """
    long = rows.melt("threshold", list(NAMES), "who", "benefit").round(5)
    long["who"] = [NAMES[name][0] for name in long["who"]]
    low = float(min(0.0, rows[["model", "rule"]].min().min()))
    names, colours, dashes = zip(*NAMES.values(), strict=True)
    y = alt.Y("benefit:Q", title="Net benefit", scale=alt.Scale(domainMin=low - 0.01))
    lines = alt.Chart(long).mark_line(strokeWidth=2.5, clip=True).encode(
        alt.X("threshold:Q", title="Acting from a chance of", axis=alt.Axis(format=".0%")), y,
        color=alt.Color("who:N", title=None, scale=alt.Scale(domain=list(names), range=list(colours))),
        strokeDash=alt.StrokeDash("who:N", title=None, scale=alt.Scale(domain=list(names), range=list(dashes))),
        tooltip=[alt.Tooltip("who:N"), alt.Tooltip("threshold:Q"), alt.Tooltip("benefit:Q")],
    )  # fmt: skip
    better = int((rows["model"] > rows["rule"]).sum())
    said = f"At {better} of {len(rows)} thresholds the warning is above the simple rule."
    return alt.layer(lines).properties(height=240, description=f"Net benefit of acting on chances. {said}")
