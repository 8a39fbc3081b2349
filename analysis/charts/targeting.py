"""Which rule delivers what it promised, and in which homes does it work?"""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, ORANGE, Layered

THOUSANDS = alt.Axis(
    labelExpr="(datum.value < 0 ? '−' : '') + '£' + format(abs(datum.value) / 1000, ',.0f') "
    "+ (datum.value == 0 ? '' : 'k')",
    tickCount=8,
    labelOverlap=True,
)


def contest(shown: pd.DataFrame) -> Layered:
    """Net benefit a year that each rule promised, and delivered with its interval.

    Parameters
    ----------
    shown : DataFrame
        `tables.targeting.contested`: rule, promised, delivered, delivered_low, delivered_high; rows without a year
        judged are not drawn.
    """
    columns = ["rule", "promised", "delivered", "delivered_low", "delivered_high"]
    data = shown.dropna(subset=["delivered"])[columns]
    states = ["promised by the year before", "delivered in the year after"]
    long = data.rename(columns={"promised": states[0], "delivered": states[1]}).melt("rule", states, "what", "pounds")
    y = alt.Y("rule:N", title=None, sort=[*data["rule"]], axis=alt.Axis(labelLimit=200, domain=False, ticks=False))
    x = alt.X("pounds:Q", axis=THOUSANDS)
    legend = alt.Legend(direction="vertical")  # beside one another they are cut on a telephone
    color = alt.Color("what:N", title=None, scale=alt.Scale(domain=states, range=[ORANGE, BLUE]), legend=legend)
    shape = alt.Shape("what:N", title=None, scale=alt.Scale(domain=states, range=["diamond", "circle"]), legend=legend)
    title = "Net benefit a year"
    spans = alt.Chart(data).mark_rule(color=BLUE, size=2)
    spans = spans.encode(y, alt.X("delivered_low:Q", title=title, axis=THOUSANDS), alt.X2("delivered_high:Q"))
    tooltip = [alt.Tooltip("rule:N"), alt.Tooltip("what:N"), alt.Tooltip("pounds:Q", format=",.0f")]
    points = alt.Chart(long).mark_point(size=130, opacity=1).encode(x, y, color, shape, tooltip=tooltip)
    told = "; ".join(
        f"{r['rule']}: promised {_pounds(r['promised'])}, delivered {_pounds(r['delivered'])} "
        f"({_pounds(r['delivered_low'])} to {_pounds(r['delivered_high'])})"
        for r in data.to_dict("records")
    )
    return alt.layer(spans, points).properties(
        height=alt.Step(44), description=f"Net benefit a year of each rule, with 95% intervals. {told}."
    )


def _pounds(value: float) -> str:
    return f"{'−' if value < 0 else ''}£{abs(value):,.0f}"


def groups(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put effects by several attributes into one frame that `charts.forest` draws: group, estimate and limits."""
    names = {"shrunken": "estimate", "shrunken_low": "conf_low", "shrunken_high": "conf_high"}
    parts = [table[["group", *names]].rename(columns=names) for table in tables]
    return pd.concat(parts, ignore_index=True)
