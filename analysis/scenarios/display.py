"""How are the published frames of a scenario laid out for reading?"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import marked
from analysis.scenarios.inputs import Unit

NOT_VERIFIED = "NOT VERIFIED"
PARTS = {"cost": "Costs", "cash": "Cash released", "capacity": "Capacity freed", "net": "Value less cost"}


def pound(value: float) -> str:
    """Write pounds: "£1,200", "−£60,000"."""
    return f"{'−' if value < 0 else ''}£{abs(value):,.0f}"


def month(when: np.datetime64) -> str:
    """Write a month: "January 2024"."""
    return f"{pd.Timestamp(when):%B %Y}"


def outcomes(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay out `published.outcomes`."""
    rows = frame.to_dict("records")
    return pd.DataFrame({"Over the whole time": frame["outcome"], "About": [_number(row["estimate"]) for row in rows],
                         "95% interval": [_span(row) for row in rows], "Note": frame["note"]})  # fmt: skip


def _number(value: float) -> str:
    if np.isnan(value):
        return "–"
    return (f"{value:,.0f}" if value == round(value) else f"{value:,.1f}").replace("-", "−")


def _span(row: Mapping) -> str:
    return "–" if np.isnan(row["low"]) else f"{_number(row['low'])} to {_number(row['high'])}"


def fan(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay out `published.fan`, with the mark where a count is not shown."""
    shown = {"From": frame["first"].dt.strftime("%B %Y"), "Months": frame["months"], "Line": frame["line"]}
    titles = {"middle": "Middle", "low80": "80% from", "high80": "80% to", "low95": "95% from", "high95": "95% to"}
    fewer = {title: [_count(value) for value in frame[name]] for name, title in titles.items()}
    counted = {title: marked(frame[name]) for name, title in titles.items()}
    difference = frame["line"] == "fewer with it"
    return pd.DataFrame(
        shown | {title: np.where(difference, fewer[title], counted[title]) for title in titles.values()}
    )


def _count(value: float) -> str:
    return "" if pd.isna(value) else f"{int(value):,}".replace("-", "−")


def evidence(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay out the table of published evaluations."""
    titles = {"intervention": "Intervention", "where_when": "Where and when", "home_type": "Homes",
              "outcome": "Outcome", "design": "Design", "population": "Who", "result": "Result as printed",
              "caveat": "Caveat", "source": "Source"}  # fmt: skip
    checked = ["verified" if row else NOT_VERIFIED for row in frame["verified"]]
    return frame[[*titles]].rename(columns=titles).assign(Checked=checked)


def by_payer(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay out `published.by_payer`: a column for each part, with its interval."""
    shown = {"Payer": frame["payer"]}
    for part, title in PARTS.items():
        shown[title] = [_pounds(row, part) for row in frame.to_dict("records")]
    return pd.DataFrame(shown)


def _pounds(row: Mapping, part: str) -> str:
    low, high = row[f"{part}_low"], row[f"{part}_high"]
    if low == high == 0:
        return "–"
    return short(row[part]) if low == high else f"{short(row[part])} ({short(low)} to {short(high)})"


def short(value: float) -> str:
    """Write pounds short: "£1.2m", "−£60k", "£0"."""
    if abs(value) < 500:
        return "£0"
    sign, size = "−" if value < 0 else "", abs(value)
    if size < 999_500:
        return f"{sign}£{size / 1e3:,.0f}k"
    return f"{sign}£{size / 1e6:,.1f}m"


def homes(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay out `published.homes`, with the mark where a count is not shown."""
    low, high = marked(frame["without_low"]), marked(frame["without_high"])
    shown = pd.DataFrame(
        {
            "Home": frame["name"],
            "Kind": frame["home_type"],
            "Admissions a year expected without it": marked(frame["without"]),
            "95% interval of that": [f"{a} to {b}" for a, b in zip(low, high, strict=True)],
            "Expected to be averted over the whole time": marked(frame["averted"]),
        }
    )
    days = {"below_good": "Days below Good expected without it", "below_good_averted": "of these averted"}
    return shown.assign(**{title: [*map(_number, frame[name])] for name, title in days.items() if name in frame})


def days(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay out `days.by_month`."""
    shown = {"Outcome": frame["outcome"], "Month": frame["month"].dt.strftime("%B %Y"), "Line": frame["line"]}
    titles = {"middle": "Middle", "low": "95% from", "high": "95% to"}
    return pd.DataFrame(shown | {title: [*map(_number, frame[name].round())] for name, title in titles.items()})


def assumptions(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay out `published.assumptions`: every input with its range, its source, and whether that is verified."""
    rows = frame.to_dict("records")
    return pd.DataFrame(
        {
            "Assumption": frame["input"],
            "From": [value(row["unit"], row["low"]) for row in rows],
            "Middle": [value(row["unit"], row["middle"]) for row in rows],
            "To": [value(row["unit"], row["high"]) for row in rows],
            "Source and price year": frame["source"],
            "Checked": ["verified" if row["verified"] else NOT_VERIFIED for row in rows],
        }
    )


def value(unit: Unit, number: float) -> str:
    """Write the value of an input in its own unit."""
    return "none" if np.isnan(number) else WRITTEN[unit](number)


def ends(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn the low and high ends of `sensitivity.tornado` into the worse and the better one, as the money tells.

    Returns
    -------
    DataFrame
        As given, and worse, better (the input's value there, in words), net_worse, net_better.
    """
    low = [_end(row["unit"], row["low"], "low") for row in frame.to_dict("records")]
    high = [_end(row["unit"], row["high"], "high") for row in frame.to_dict("records")]
    low_is_worse = (frame["net_low"] <= frame["net_high"]).to_numpy()
    return frame.assign(
        worse=np.where(low_is_worse, low, high),
        better=np.where(low_is_worse, high, low),
        net_worse=frame[["net_low", "net_high"]].min(axis=1),
        net_better=frame[["net_low", "net_high"]].max(axis=1),
    )


def _end(unit: Unit, number: float, end: str) -> str:
    return ("fewer admissions" if end == "low" else "more admissions") if np.isnan(number) else value(unit, number)


def tornado(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay out `sensitivity.tornado`."""
    rows = ends(frame).to_dict("records")
    return pd.DataFrame(
        {
            "Input": frame["input"],
            "Worse end": [row["worse"] for row in rows],
            "Value less cost at its worse end": [pound(row["net_worse"]) for row in rows],
            "Better end": [row["better"] for row in rows],
            "Value less cost at its better end": [pound(row["net_better"]) for row in rows],
            "Source": frame["source"],
            "Checked": ["verified" if row["verified"] else NOT_VERIFIED for row in rows],
        }
    )


def change(ratio: float) -> str:
    """Say a rate ratio as people do: "25% fewer", "10% more", "no change"."""
    percent = round(100 * abs(ratio - 1))
    return f"{percent}% {'fewer' if ratio < 1 else 'more'}" if percent else "no change"


WRITTEN: Mapping[Unit, Callable[[float], str]] = {
    "share": "{:.0%}".format,
    "rate ratio": change,
    "hazard ratio": "{:.2f} times as fast".format,
    "with each admission": "{:.2f}".format,
    "pounds": pound,
}
"""How a number of each unit is written."""


def switching(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay out `sensitivity.switching_values`."""
    rows = frame.to_dict("records")
    return pd.DataFrame(
        {
            "Input": frame["input"],
            "Middle": [value(row["unit"], row["middle"]) for row in rows],
            "Value equals cost at": [value(row["unit"], row["switch"]) for row in rows],
        }
    )


def compare(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay out `published.compare`."""
    rows = frame.to_dict("records")
    averted = [f"{_number(r['averted'])} ({_number(r['averted_low'])} to {_number(r['averted_high'])})" for r in rows]
    money = {title: [_pounds(row, part) for row in rows]
             for part, title in {"cost": "Cost", "value": "Value", "net": "Value less cost"}.items()}  # fmt: skip
    worth = [f"{row['worth_it']:.0%}" for row in rows]
    others = {f"{name} (95% interval)": [_number(row[name]) + _within(row, name) for row in rows]
              for name in frame if str(name).endswith(" averted")}  # fmt: skip
    return pd.DataFrame({"Scenario": frame["scenario"], "Homes": frame["homes"], "Months": frame["months"],
                         "Admissions averted (95% interval)": averted, **others, **money,
                         "Draws in which value is more than cost": worth})  # fmt: skip


def _within(row: Mapping, name: str) -> str:
    low, high = row[f"{name}, low"], row[f"{name}, high"]
    return "" if np.isnan(low) else f" ({_number(low)} to {_number(high)})"
