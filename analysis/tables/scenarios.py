"""Tables of a scenario as they are read: what is averted, money by payer, what the answer hangs on, what is assumed."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.disclosure import marked
from analysis.months import month_said
from analysis.scenarios.inputs import Unit
from analysis.tables.columns import Column, pounds

NOT_VERIFIED = "NOT VERIFIED"
PARTS = {"cost": "Costs", "cash": "Cash released", "capacity": "Capacity freed", "net": "Value less cost"}


def short(value: float) -> str:
    """Write pounds short: "£1.2m", "−£60k", "£0"."""
    if abs(value) < 500:
        return "£0"
    sign, size = "−" if value < 0 else "", abs(value)
    if size < 999_500:
        return f"{sign}£{size / 1e3:,.0f}k"
    return f"{sign}£{size / 1e6:,.1f}m"


def change(ratio: float) -> str:
    """Say a rate ratio as people do: "25% fewer", "10% more", "no change"."""
    percent = round(100 * abs(ratio - 1))
    return f"{percent}% {'fewer' if ratio < 1 else 'more'}" if percent else "no change"


WRITTEN: Mapping[str, Callable[[float], str]] = {
    "share": "{:.0%}".format,
    "rate ratio": change,
    "hazard ratio": "{:.2f} times as fast".format,
    "with each admission": "{:.2f}".format,
    "pounds": pounds,
}
"""How a number of each unit is written."""


def value(unit: Unit, number: float) -> str:
    """Write the value of an input in its own unit."""
    return "none" if np.isnan(number) else WRITTEN[unit](number)


def checked(verified: bool) -> str:
    """Say whether somebody has read a number in its source."""
    return "verified" if verified else NOT_VERIFIED


def _number(value: float) -> str:
    if np.isnan(value):
        return "–"
    return (f"{value:,.0f}" if value == round(value) else f"{value:,.1f}").replace("-", "−")


def _whole(value: float) -> str:
    return _number(np.round(value))


def _span(low: float, high: float) -> str:
    return "–" if np.isnan(low) else f"{_number(low)} to {_number(high)}"


def _within(value: float, low: float, high: float) -> str:
    return _number(value) + ("" if np.isnan(low) else f" ({_number(low)} to {_number(high)})")


def _pounds(value: float, low: float, high: float) -> str:
    if low == high == 0:
        return "–"
    return short(value) if low == high else f"{short(value)} ({short(low)} to {short(high)})"


def _spread(name: str) -> tuple[str, str, str]:
    return name, f"{name}_low", f"{name}_high"


def _shown(count: float) -> str:
    return marked([count])[0]


def _in_line(line: str, count: float) -> str:
    """Write a count with the mark where it is not shown; a difference of counts may lie below zero."""
    if not line.startswith("fewer"):
        return _shown(count)
    return "" if pd.isna(count) else f"{int(count):,}".replace("-", "−")


OUTCOMES = (
    Column("Over the whole time", "outcome"),
    Column("About", "estimate", _number),
    Column("95% interval", ("low", "high"), _span),
    Column("Note", "note"),
)
WORTH_PARTS = {"cost": "What it costs", "capacity": "Capacity freed", "cash": "Cash released", "net": "Value less cost"}
WORTH = (
    Column("Pounds in all", "part", WORTH_PARTS.__getitem__),
    Column("Mean", "estimate", short),
    Column("95% interval", ("low", "high"), lambda low, high: f"{short(low)} to {short(high)}"),
)
"""Of `worth`."""


def worth(by_payer: pd.DataFrame) -> pd.DataFrame:
    """Take the money of all payers together apart, one row a part: part, estimate, low, high.

    Parameters
    ----------
    by_payer : DataFrame
        Of `published.by_payer`; its last row is all payers together.
    """
    together = by_payer.iloc[-1]
    rows = [(part, *(together[f"{part}{end}"] for end in ("", "_low", "_high"))) for part in WORTH_PARTS]
    return pd.DataFrame(rows, columns=["part", "estimate", "low", "high"])


BY_PAYER = (Column("Payer", "payer"), *(Column(title, _spread(part), _pounds) for part, title in PARTS.items()))
"""A column for each part, with its interval."""
FAN = (
    Column("From", "first", month_said),
    Column("Months", "months"),
    Column("Line", "line"),
    *(
        Column(title, ("line", name), _in_line)
        for name, title in {
            "middle": "Middle", "low80": "80% from", "high80": "80% to", "low95": "95% from", "high95": "95% to"
        }.items()
    ),
)  # fmt: skip
DAYS = (
    Column("Outcome", "outcome"),
    Column("Month", "month", month_said),
    Column("Line", "line"),
    Column("Middle", "middle", _whole),
    Column("95% from", "low", _whole),
    Column("95% to", "high", _whole),
)
HOMES = (
    Column("Home", "name"),
    Column("Kind", "home_type"),
    Column("Admissions a year expected without it", "without", _shown),
    Column("95% interval of that", ("without_low", "without_high"), lambda a, b: f"{_shown(a)} to {_shown(b)}"),
    Column("Expected to be averted over the whole time", "averted", _shown),
    Column("Days below Good expected without it", "below_good", _number),
    Column("of these averted", "below_good_averted", _number),
)
ASSUMPTIONS = (
    Column("Assumption", "input"),
    Column("From", ("unit", "low"), value),
    Column("Middle", ("unit", "middle"), value),
    Column("To", ("unit", "high"), value),
    Column("Source and price year", "source"),
    Column("Checked", "verified", checked),
)
TORNADO = (
    Column("Input", "input"),
    Column("Worse end", "worse"),
    Column("Value less cost at its worse end", "net_worse", pounds),
    Column("Better end", "better"),
    Column("Value less cost at its better end", "net_better", pounds),
    Column("Source", "source"),
    Column("Checked", "verified", checked),
)
"""Of `ends`."""
SWITCHING = (
    Column("Input", "input"),
    Column("Middle", ("unit", "middle"), value),
    Column("Value equals cost at", ("unit", "switch"), value),
)
EVALUATED = (
    Column("Intervention", "intervention"),
    Column("Where and when", "where_when"),
    Column("Homes", "home_type"),
    Column("Outcome", "outcome"),
    Column("Design", "design"),
    Column("Who", "population"),
    Column("Result as printed", "result"),
)
"""What a published evaluation was, and found."""
EVIDENCE = (
    *EVALUATED,
    Column("Caveat", "caveat"),
    Column("Source", "source"),
    Column("Checked", "verified", checked),
)


def ends(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn the low and high ends of `sensitivity.tornado` into the worse and the better one, as the money tells.

    Returns
    -------
    DataFrame
        As given, and worse, better (the input's value there, in words), net_worse, net_better.
    """
    low = [_end("fewer admissions", row["unit"], row["low"]) for row in frame.to_dict("records")]
    high = [_end("more admissions", row["unit"], row["high"]) for row in frame.to_dict("records")]
    low_is_worse = (frame["net_low"] <= frame["net_high"]).to_numpy()
    return frame.assign(
        worse=np.where(low_is_worse, low, high),
        better=np.where(low_is_worse, high, low),
        net_worse=frame[["net_low", "net_high"]].min(axis=1),
        net_better=frame[["net_low", "net_high"]].max(axis=1),
    )


def _end(of_the_county: str, unit: Unit, number: float) -> str:
    return of_the_county if np.isnan(number) else value(unit, number)


def compared(frame: pd.DataFrame) -> tuple[Column, ...]:
    """Say how `published.compare` is read, with a column for each outcome of which an effect is claimed."""
    claimed = [str(name) for name in frame if str(name).endswith(" averted")]
    money = {"cost": "Cost", "value": "Value", "net": "Value less cost"}
    return (
        Column("Scenario", "scenario"),
        Column("Homes", "homes"),
        Column("Months", "months"),
        Column("Admissions averted (95% interval)", _spread("averted"), _within),
        *(Column(f"{name} (95% interval)", (name, f"{name}, low", f"{name}, high"), _within) for name in claimed),
        *(Column(title, _spread(part), _pounds) for part, title in money.items()),
        Column("Draws in which value is more than cost", "worth_it", "{:.0%}".format),
    )
