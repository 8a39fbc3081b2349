"""What could a study find: by size of effect, by number of homes and months; and who starts when."""

import altair as alt
import pandas as pd

from analysis.charts.theme import BLUE, ONE_ROW, ORANGE, Layered, reference

ENOUGH = 0.8
PERCENT = alt.Axis(format=".0%")


def power_curve(table: pd.DataFrame, planned: float) -> Layered:
    """Chance of finding an effect, by its size.

    Parameters
    ----------
    table : DataFrame
        rate_ratio, power, power_low, power_high.
    planned : float
        Rate ratio that is planned for, marked if it is among them.
    """
    data = table[["rate_ratio", "power", "power_low", "power_high"]].assign(fall=lambda t: 1 - t["rate_ratio"])
    data = data[["fall", "power", "power_low", "power_high"]].astype(float).round(4)
    x = alt.X("fall:Q", title="True fall in admissions", axis=alt.Axis(format=".0%", tickCount=10))
    y = alt.Y("power:Q", title="Chance of finding it", axis=PERCENT, scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(data).encode(x)
    tooltip = [
        alt.Tooltip("fall:Q", title="True fall", format=".0%"),
        alt.Tooltip("power:Q", title="Found", format=".0%"),
    ]
    layers = [
        base.mark_area(opacity=0.18, color=BLUE).encode(
            alt.Y("power_low:Q", title="Chance of finding it"), alt.Y2("power_high:Q")
        ),
        base.mark_line(color=BLUE, strokeWidth=2.5).encode(y),
        base.mark_point(color=BLUE, opacity=1).encode(y, tooltip=tooltip),
        *_own(data[(data["fall"] - (1 - planned)).abs() < 1e-6], "fall", "power", "your plan"),
        *_enough(),
    ]  # fmt: skip
    told = "; ".join(
        f"{row['fall']:.0%} found {row['power']:.0%}" for row in data.sort_values("fall").to_dict("records")
    )
    return alt.layer(*layers).properties(
        height=320, description=f"Chance of finding a true fall in admissions: {told}."
    )


def _enough() -> list[alt.Chart]:
    text = alt.Chart(ONE_ROW).mark_text(align="left", dy=-8, dx=4, text="four times in five")
    return [reference(y=ENOUGH, dashed=True), text.encode(alt.YDatum(ENOUGH), x=alt.XValue(0))]


def _own(data: pd.DataFrame, x: str, y: str, label: str) -> list[alt.Chart]:
    """Mark the reader's own point."""
    if data.empty:
        return []
    own = alt.Chart(data.assign(label=label)).encode(alt.X(f"{x}:Q"), alt.Y(f"{y}:Q"))
    return [
        own.mark_point(color=ORANGE, size=220, shape="diamond", opacity=1),
        own.mark_text(dy=20, dx=8, align="left").encode(text=alt.Text("label:N")),
    ]


def smallest_curve(table: pd.DataFrame, key: str, title: str, own: float) -> Layered:
    """Smallest fall that would be found, by number of homes or months.

    Parameters
    ----------
    table : DataFrame
        `key`, rate_ratio, ratio_low, ratio_high; rows without a rate ratio are not drawn.
    key, title : str
        What there is more of, and what the axis says.
    own : float
        The reader's own value, marked.
    """
    known = table.dropna(subset=["rate_ratio"])
    data = pd.DataFrame(
        {
            key: known[key].astype(float),
            "fall": (1 - known["rate_ratio"]).round(4),
            "low": (1 - known["ratio_high"].fillna(known["rate_ratio"])).round(4),
            "high": (1 - known["ratio_low"].fillna(known["rate_ratio"])).round(4),
        }
    )
    x = alt.X(f"{key}:Q", title=title, axis=alt.Axis(values=sorted(set(table[key])), format="d"),
              scale=alt.Scale(domain=[0, float(table[key].max()) * 1.05], nice=False))  # fmt: skip
    y = alt.Y("fall:Q", title="Smallest fall found", axis=PERCENT, scale=alt.Scale(zero=True))
    base = alt.Chart(data).encode(x)
    tooltip = [alt.Tooltip(f"{key}:Q", title=title), alt.Tooltip("fall:Q", title="Smallest fall", format=".0%")]
    layers = [
        base.mark_rule(color=BLUE, size=2).encode(alt.Y("low:Q", title="Smallest fall found"), alt.Y2("high:Q")),
        base.mark_line(color=BLUE, strokeWidth=2.5).encode(y),
        base.mark_point(color=BLUE, opacity=1).encode(y, tooltip=tooltip),
        *_own(data[data[key] == own], key, "fall", "your plan"),
    ]
    told = "; ".join(f"{row[key]:.0f}: {row['fall']:.0%}" for row in data.to_dict("records"))
    description = f"Smallest fall that would be found four times in five, by {title.lower()}: {told or 'none'}."
    return alt.layer(*layers).properties(height=300, description=description)


def waves(counts: pd.DataFrame, months: pd.DatetimeIndex) -> Layered:
    """Draw who has the intervention in which month.

    Parameters
    ----------
    counts : DataFrame
        wave, start_month, homes.
    months : DatetimeIndex
        From the first month of the study to its last.
    """
    rows = [
        {"wave": f"Wave {row['wave']}: {row['homes']} homes", "month": month, "next": month + pd.offsets.MonthBegin(1),
         "state": "with the intervention" if month >= pd.Timestamp(row["start_month"]) else "waiting"}
        for row in counts.to_dict("records") for month in months
    ]  # fmt: skip
    data = pd.DataFrame(rows)
    states = ["waiting", "with the intervention"]
    y = alt.Y("wave:N", title=None, sort=None, axis=alt.Axis(labelLimit=190, domain=False, ticks=False))
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y", labelOverlap=True))
    color = alt.Color("state:N", title=None, scale=alt.Scale(domain=states, range=["#E8F1F9", BLUE]))
    cells = (
        alt.Chart(data)
        .mark_rect(stroke="white")
        .encode(x, alt.X2("next:T"), y, color, tooltip=[alt.Tooltip("wave:N"), alt.Tooltip("state:N")])
    )
    first = data[data["state"] == states[1]].groupby("wave", as_index=False, sort=False)["month"].min()
    started = alt.Chart(first.assign(label="starts")).mark_text(color="white", align="left", dx=6)
    text = started.encode(alt.X("month:T"), alt.Y("wave:N", sort=None), text=alt.Text("label:N"))
    told = "; ".join(
        f"wave {row['wave']}, {row['homes']} homes, from {row['start_month']}" for row in counts.to_dict("records")
    )
    return alt.layer(cells, text).properties(height=alt.Step(44), description=f"Who starts when: {told}.")


def shares_curve(table: pd.DataFrame, planned: float) -> Layered:
    """Chance of finding that more services improved, by the share that does.

    Parameters
    ----------
    table : DataFrame
        better (a share), power.
    planned : float
        Share that is planned for.
    """
    data = table[["better", "power"]].astype(float).round(4)
    x = alt.X("better:Q", title="Share of supported services that improves", axis=PERCENT)
    y = alt.Y("power:Q", title="Chance of finding it", axis=PERCENT, scale=alt.Scale(domain=[0, 1]))
    line = alt.Chart(data).mark_line(color=BLUE, strokeWidth=2.5).encode(x, y)
    own = _own(data[(data["better"] - planned).abs() < 1e-6], "better", "power", "your plan")
    first, last = data.iloc[0], data.iloc[-1]
    told = f"from {first['better']:.0%} ({first['power']:.0%}) to {last['better']:.0%} ({last['power']:.0%})"
    return alt.layer(line, *own, *_enough()).properties(
        height=320, description=f"Chance of finding an improvement, {told}."
    )
