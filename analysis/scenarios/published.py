"""What of a projection may be shown, and handed out?

The way out of a scenario. Expected admissions are counts of people like any other: from 1 to 7 not shown, others to
the nearest 5, of single homes and of all together; amounts of money to two figures, from which no count can be worked
back. Every frame carries its interval.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.baseline import Baseline
from analysis.disclosure import HES, Rule, nearest, protect, small
from analysis.disclosure.estimates import significant
from analysis.missing import Missing
from analysis.panel import names_of
from analysis.scenarios.below_good import BelowGood
from analysis.scenarios.days import COLUMNS, Days, spread
from analysis.scenarios.days import rows as rows_of
from analysis.scenarios.inputs import claims, inputs
from analysis.scenarios.money import Money
from analysis.scenarios.projection import Projection
from analysis.scenarios.scenario import PAYERS, Scenario

INTERVAL = (0.025, 0.975)
DOTS = 20
"""Equally likely outcomes that a reader can count."""

ENOUGH = 50
"""Admissions expected in a period: fewer would be hidden, or told too coarsely, so months are joined."""

STEPS, FEWEST_PERIODS = 4, 3
"""Fewer admissions with it are drawn in steps of the rounding: with less than four steps from none to the middle a line
jumps between two of them and shows the rounding, not the programme. Months are joined until it does not, as long as
three periods are left to be joined by a line."""

BANDS = {"low95": 0.025, "low80": 0.1, "middle": 0.5, "high80": 0.9, "high95": 0.975}


def span(draws: np.ndarray) -> tuple[float, float, float]:
    """Mean and 95% interval of draws."""
    low, high = np.quantile(draws, INTERVAL)
    return float(draws.mean()), float(low), float(high)


def rounded(draws: np.ndarray, rule: Rule = HES) -> tuple[int, int, int]:
    """Mean and 95% interval as counts are rounded."""
    middle, low, high = (nearest(value, rule) for value in span(draws))
    return middle, low, high


def from_lot_to_lot(projection: Projection, rule: Rule = HES) -> dict[str, int] | None:
    """Give the 95% interval of admissions averted that comes from the lot alone, or None where no lot decides."""
    offered = projection.offered
    if not offered.by_lot:
        return None
    averted = projection.home_averted @ (offered.code > 0)
    return {
        end: nearest(value, rule) for end, value in zip(("low", "high"), np.quantile(averted, INTERVAL), strict=True)
    }


def dots(projection: Projection, rule: Rule = HES) -> pd.DataFrame:
    """Give twenty equally likely numbers of admissions averted: dot, averted, height (place in its pile)."""
    at = (np.arange(DOTS) + 0.5) / DOTS
    averted = np.array([nearest(value, rule) for value in np.quantile(projection.total_averted, at)])
    width = _pile(averted, rule.base)
    piled = (np.floor(averted / width + 0.5) * width).astype(int)
    height = pd.Series(piled).groupby(piled).cumcount() + 1
    return pd.DataFrame({"dot": np.arange(1, DOTS + 1), "averted": piled, "height": height})


def _pile(averted: np.ndarray, base: int) -> int:
    """Width of a pile: a multiple of the rounding, about ten piles."""
    return max(base, int(np.ceil(np.ptp(averted) / 10 / base)) * base)


FEWER = "fewer with it"


def fan(projection: Projection, rule: Rule = HES) -> pd.DataFrame:
    """Admissions by month, or quarter or year where months are too few, with and without it, and how many fewer.

    The last is worked out draw by draw: bands of the other two overlap even where every draw has fewer with it.

    Returns
    -------
    DataFrame
        first (day of the period), months (in it), line ("without it", "with it", "fewer with it"), then `BANDS`:
        protected counts; of the difference, which may lie below zero, the nearest 5.
    """
    group, months = _periods(projection, rule)
    first = np.unique(group, return_index=True)[1]
    with_it = projection.counted_without - projection.counted_averted
    given = {"without it": projection.counted_without, "with it": with_it, FEWER: projection.counted_averted}
    start = projection.months[first].astype("datetime64[s]")
    rows = []
    for line, counted in given.items():
        bands = np.quantile(np.add.reduceat(counted, first, axis=0), list(BANDS.values()), axis=1)
        rows.append(
            pd.DataFrame({"first": start, "months": months, "line": line, **dict(zip(BANDS, bands, strict=True))})
        )
    counts = protect(pd.concat(rows[:2], ignore_index=True), list(BANDS), rule)
    nearer = {name: [nearest(value, rule) for value in rows[2][name]] for name in BANDS}
    fewer = rows[2].assign(**nearer, hidden=0).astype(dict.fromkeys(BANDS, "Int64"))
    return pd.concat([counts, fewer], ignore_index=True)


def _periods(projection: Projection, rule: Rule) -> tuple[np.ndarray, int]:
    """Which period each month falls in, and how many months a period has; only whole ones but the last."""
    ahead = len(projection.months)
    a_month, fewer = float(np.median(projection.without)), abs(float(np.median(projection.total_averted))) / ahead
    shown = [size for size in (1, 3, 12) if a_month * size >= ENOUGH] or [12]
    long = [size for size in shown if ahead >= FEWEST_PERIODS * size] or shown[:1]
    months = next((size for size in long if fewer * size >= STEPS * rule.base), long[-1])
    return np.arange(ahead) // months, months


def outcomes(
    projection: Projection, money: Money, other_outcomes: Mapping[str, Days | Missing] | None = None, rule: Rule = HES
) -> pd.DataFrame:
    """Say what is averted, with its interval: outcome, estimate, low, high, note; missing where it cannot be said.

    `other_outcomes` adds a row for each other outcome, by its name: days below Good, delayed days.
    """
    rows = [
        ("Emergency admissions averted", *rounded(projection.total_averted, rule), "of those expected without it"),
        ("A&E attendances averted", *rounded(projection.attendances().sum(0), rule), "taken to fall as admissions do"),
        ("Hospital bed-days averted", *rounded(projection.bed_days().sum(0), rule),
         "evaluations found no fall in bed-days: read this as the most"),
        ("Hospital beds free all winter", *_beds(money.winter_beds), "December to March, at 92% occupancy"),
    ]  # fmt: skip
    rows += [line for outcome, days in (other_outcomes or {}).items() for line in rows_of(outcome, days)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _beds(draws: np.ndarray) -> tuple[float, float, float]:
    if np.isnan(draws).all():
        return np.nan, np.nan, np.nan
    middle, low, high = span(draws)
    return round(middle, 1), round(low, 1), round(high, 1)


def by_payer(money: Money) -> pd.DataFrame:
    """Pounds by payer, each with its interval: payer, then cost, cash, capacity and net, and their low and high."""
    whole = {"All together": _all}
    rows = []
    for payer in (*PAYERS, *whole):
        parts = _all(money) if payer in whole else (money.cost[payer], money.cash[payer], money.capacity[payer])
        named = {"cost": parts[0], "cash": parts[1], "capacity": parts[2], "net": parts[1] + parts[2] - parts[0]}
        if payer in whole or any(np.any(part) for part in parts):
            rows.append({"payer": payer} | _pounds_of(named))
    return pd.DataFrame(rows)


def _all(money: Money) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return money.total_cost, money.total_cash, money.value - money.total_cash


def _pounds_of(named: Mapping[str, np.ndarray]) -> dict[str, float]:
    found = {}
    for name, draws in named.items():
        for end, value in zip(("", "_low", "_high"), span(draws), strict=True):
            found[name + end] = pounds(value)
    return found


def pounds(value: float) -> float:
    """Round money to two figures, and to whole £1,000."""
    if not np.isfinite(value) or abs(value) < 500:
        return 0.0 if np.isfinite(value) else value
    size = max(10.0 ** (np.floor(np.log10(abs(value))) - 1), 1_000.0)
    return float(np.round(value / size) * size)


def tornado(moved: pd.DataFrame) -> pd.DataFrame:
    """Give `sensitivity.tornado` as it may be handed out: pounds as `pounds`, inputs to three figures."""
    money, inputs = ["net_low", "net_high", "net_middle"], ["low", "high"]
    rounded = {name: [pounds(value) for value in moved[name]] for name in money}
    rounded |= {name: [significant(value, 3) for value in moved[name]] for name in inputs}
    return moved.assign(**rounded)


def switching(values: pd.DataFrame) -> pd.DataFrame:
    """Give `sensitivity.switching_values` as they may be handed out, to three figures."""
    return values.assign(**{name: [significant(x, 3) for x in values[name]] for name in ("middle", "switch")})


def a_year(admissions: float, projection: Projection, rule: Rule = HES) -> int | None:
    """Admissions over all months as so many a year, to the nearest 5, or None where too few to show.

    A year's figure, because a figure over years tells a yearly count more exactly than it may be told.
    """
    yearly = 12 * admissions / len(projection.months)
    return None if small(yearly, rule) else nearest(yearly, rule)


def homes(projection: Projection, baseline: Baseline, below: BelowGood | None = None, rule: Rule = HES) -> pd.DataFrame:
    """Give what is expected of each home offered it.

    Returns
    -------
    DataFrame
        unit, name, home_type, without (a year, with without_low and without_high), averted (over all months; below
        zero where more are expected), hidden; and where `below` is given below_good and below_good_averted (expected
        days over all months, missing for homes without a rating: a home's rating is public, and counts no people).
    """
    rows, level = projection.rows, projection.home_level
    without, averted = 12 * projection.home_without / len(projection.months), projection.home_averted
    frame = pd.DataFrame(
        {
            "unit": baseline.units.index[rows],
            "name": names_of(baseline.units).to_numpy()[rows],
            "home_type": baseline.kind[rows],
            "without": without,
            "without_low": without * level[:, 0],
            "without_high": without * level[:, 1],
            "averted": np.abs(averted),
        }
    )
    shown = protect(frame, ["without", "without_low", "without_high", "averted"], rule)
    shown["averted"] *= np.where(averted < 0, -1, 1)
    if below is not None:
        shown = shown.assign(
            below_good=np.round(below.home_without), below_good_averted=np.round(below.home_averted) + 0.0
        )
    order = np.lexsort((frame["unit"], -averted))
    return shown.iloc[order].reset_index(drop=True)


def plane(money: Money, most: int = 400) -> pd.DataFrame:
    """Draws of the cost-effectiveness plane: averted (to the nearest 5), net_cost (programme less cash, pounds)."""
    net = money.total_cost - money.total_cash
    frame = pd.DataFrame({"averted": [nearest(value) for value in money.averted], "net_cost": [*map(pounds, net)]})
    return frame.iloc[:most].groupby(["averted", "net_cost"], as_index=False).size().rename(columns={"size": "draws"})


def assumptions(scenario: Scenario) -> pd.DataFrame:
    """List everything uncertain: input, key, unit, middle, low and high (95% of an effect), source, verified."""
    rows = [
        (each.label, each.key, each.unit, each.middle, each.spread.low, each.spread.high, each.source, each.verified)
        for each in (*inputs(scenario), *claims(scenario))
    ]
    return pd.DataFrame(rows, columns=["input", "key", "unit", "middle", "low", "high", "source", "verified"])


def compare(named: Sequence[tuple], rule: Rule = HES) -> pd.DataFrame:
    """Lay scenarios side by side, one row each: title, homes, months, averted, cost, value and net with intervals.

    Parameters
    ----------
    named : sequence of (title, Projection, Money[, mapping of outcome to Days or Missing])
        What is claimed of other outcomes gives a column each, missing in scenarios that do not claim it.
    """
    rows = []
    for title, projection, worth, *others in named:
        averted = dict(
            zip(("averted", "averted_low", "averted_high"), rounded(projection.total_averted, rule), strict=True)
        )
        sums = _pounds_of({"cost": worth.total_cost, "value": worth.value, "net": worth.net})
        rows.append({"scenario": title, "homes": projection.offered.homes, "months": len(projection.months), **averted,
                     **sums, "worth_it": round(float((worth.net > 0).mean()), 2)} | _claimed(*others))  # fmt: skip
    return pd.DataFrame(rows)


def _claimed(other_outcomes: Mapping[str, Days | Missing] | None = None) -> dict[str, float]:
    """Days averted of outcomes of which an effect is claimed, each with its interval."""
    found = {}
    for outcome, days in (other_outcomes or {}).items():
        if isinstance(days, Days) and days.claimed:
            ends = zip(("", ", low", ", high"), spread(days.averted.sum(0)), strict=True)
            found |= {f"{outcome} averted{end}": value for end, value in ends}
    return found
