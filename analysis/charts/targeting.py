"""Which rule delivers what it promised, and in which homes does it work?"""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, GREY, ORANGE, Layered

THOUSANDS = alt.Axis(
    labelExpr="(datum.value < 0 ? '−' : '') + '£' + format(abs(datum.value) / 1000, ',.0f') + 'k'", tickCount=8
)


def contest(shown: pd.DataFrame) -> Layered:
    """Net benefit a year that each rule promised and delivered.

    Parameters
    ----------
    shown : DataFrame
        `tables.targeting.contested`: rule, promised, delivered; rows without a year judged are not drawn.
    """
    data = shown.dropna(subset=["delivered"])[["rule", "promised", "delivered"]]
    states = ["promised by the year before", "delivered in the year after"]
    long = data.rename(columns={"promised": states[0], "delivered": states[1]}).melt("rule", states, "what", "pounds")
    y = alt.Y("rule:N", title=None, sort=[*data["rule"]], axis=alt.Axis(labelLimit=200, domain=False, ticks=False))
    x = alt.X("pounds:Q", title="Net benefit a year", axis=THOUSANDS)
    legend = alt.Legend(direction="vertical")  # beside one another they are cut on a telephone
    color = alt.Color("what:N", title=None, scale=alt.Scale(domain=states, range=[ORANGE, BLUE]), legend=legend)
    shape = alt.Shape("what:N", title=None, scale=alt.Scale(domain=states, range=["diamond", "circle"]), legend=legend)
    between = (
        alt.Chart(data)
        .mark_rule(color=GREY, size=1.5)
        .encode(y, alt.X("promised:Q", title="Net benefit a year"), alt.X2("delivered:Q"))
    )
    tooltip = ["rule:N", "what:N", alt.Tooltip("pounds:Q", format=",.0f")]
    points = alt.Chart(long).mark_point(size=130, opacity=1).encode(x, y, color, shape, tooltip=tooltip)
    told = "; ".join(
        f"{r['rule']}: promised £{r['promised']:,.0f}, delivered £{r['delivered']:,.0f}"
        for r in data.to_dict("records")
    )
    return alt.layer(between, points).properties(
        height=alt.Step(44), description=f"Net benefit a year of each rule. {told}."
    )


def groups(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put effects by several attributes into one frame that `charts.forest` draws: group, estimate and limits."""
    names = {"shrunken": "estimate", "shrunken_low": "conf_low", "shrunken_high": "conf_high"}
    parts = [table[["group", *names]].rename(columns=names) for table in tables]
    return pd.concat(parts, ignore_index=True)
