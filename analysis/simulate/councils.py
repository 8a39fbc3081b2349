"""What would councils have reported in a fictional England, when it is known what was done in one of them?

150 councils return delayed days by month from April 2018 to March 2023, and thirteen of them permanent admissions by
year. In Marlshire a discharge programme began in April 2021, after the worst year it had known, and truly did this:
four tenths fewer delays in its first year, nothing from its second year on. The bad year itself faded by half every
three months, with or without a programme: who compares the first year with the year before credits it with both.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.panel import Panel
from analysis.simulate.areas import AreaSpec, simulate_areas
from analysis.simulate.rates import draw_counts

MARLSHIRE = "X000"
START = "2021-04"
WORLD = AreaSpec(n_areas=150, n_months=60, first_month="2018-04", start=36, spread=0.25)
EFFECT = (0.6, 1.0)
"""True rate ratio in the first year of the programme, and from the second on."""
SPIKE = 1.4
"""Delays in the year before the start over those of a usual year in Marlshire."""
HALF_LIFE = 3.0
"""Months in which half of the spike is gone."""
USUAL = 16.0
"""People delayed on an average day in Marlshire in a usual year."""
DUE_TO = {"nhs": 0.57, "social_care": 0.35, "both": 0.08}
"""Shares of delayed days, as in England in 2016/17."""
YEARS = range(2014, 2025)
LARGEST = 12
"""Councils beside Marlshire whose permanent admissions are given."""
PER = 100_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Councils:
    """Fictional councils and their truth.

    Parameters
    ----------
    panel : Panel
        Delayed days over days; Marlshire is the first area.
    expected, untreated : ndarray of float64, shape (T,)
        Expected delayed days of Marlshire, with the programme and without.
    parts : ndarray of int64, shape (N, T, 3)
        Delayed days due to the NHS, to social care and to both.
    admissions : DataFrame
        year, code, name, numerator, denominator.
    """

    panel: Panel
    expected: np.ndarray
    untreated: np.ndarray
    parts: np.ndarray
    admissions: pd.DataFrame


def simulate_councils(seed: int) -> Councils:
    """Draw the councils; the same seed gives the same councils everywhere."""
    drawn, events, split, admitted = np.random.SeedSequence(seed).spawn(4)
    panel, _ = simulate_areas(WORLD, drawn)
    untreated = _marlshire(np.random.default_rng(events), panel)
    year = (np.arange(WORLD.n_months) - WORLD.start) // 12
    ratio = np.where(year < 0, 1.0, np.asarray(EFFECT)[np.clip(year, 0, len(EFFECT) - 1)])
    counts = panel.counts.copy()
    counts[0] = draw_counts(np.random.default_rng(events.spawn(1)[0]), untreated * ratio)
    parts = np.random.default_rng(split).multinomial(counts, list(DUE_TO.values()))
    named = Panel(
        units=_units(panel), months=panel.months, counts=counts, exposure=panel.exposure, outcome=panel.outcome,
        exposure_unit=panel.exposure_unit,
    )  # fmt: skip
    admissions = _admissions(np.random.default_rng(admitted), named.units)
    return Councils(panel=named, expected=untreated * ratio, untreated=untreated, parts=parts, admissions=admissions)


def _marlshire(rng: np.random.Generator, panel: Panel) -> np.ndarray:
    """Delayed days expected in Marlshire without the programme, shape (T,): common course, luck, a bad year."""
    course = (panel.counts[1:] / panel.exposure[1:]).mean(axis=0)
    month = np.arange(WORLD.n_months) - WORLD.start
    spike = np.where(month < -12, 0.0, np.where(month < 0, 1.0, 0.5 ** ((month + 1) / HALF_LIFE)))
    luck = 0.12 * rng.standard_normal(WORLD.n_months)
    return panel.exposure[0] * USUAL * course / course.mean() * SPIKE**spike * np.exp(luck)


def _units(panel: Panel) -> pd.DataFrame:
    numbers = range(len(panel.units))
    names = ["Marlshire (synthetic)", *(f"Synthetic council {n:03d}" for n in numbers if n)]
    codes = pd.Index([MARLSHIRE, *(f"X{n:03d}" for n in numbers if n)], name="unit")
    return panel.units.assign(name=names).set_axis(codes)


def _admissions(rng: np.random.Generator, units: pd.DataFrame) -> pd.DataFrame:
    """Permanent admissions of people aged 65 and over; Marlshire falls from a high rate, by its own policy."""
    people = np.round(np.r_[38_000, rng.uniform(15_000, 90_000, LARGEST)], -2)
    level = np.r_[900.0, rng.uniform(350, 750, LARGEST)]
    rows = []
    for step, year in enumerate(YEARS):
        fall = 0.975**step * np.r_[0.72 if year >= int(START[:4]) else 1.0, np.ones(LARGEST)]
        older = np.round(people * 1.015**step)
        admitted = rng.poisson(level * fall * older / PER)
        rows += [
            (year, *told)
            for told in zip(units.index[: LARGEST + 1], units["name"].iloc[: LARGEST + 1], admitted, older, strict=True)
        ]
        rows.append((year, "E92000001", "England (synthetic)", int(admitted.sum()), float(older.sum())))
    return pd.DataFrame(rows, columns=["year", "code", "name", "numerator", "denominator"])


def delayed_transfers(councils: Councils) -> pd.DataFrame:
    """One row per council and month, in the layout of the published file."""
    n, T = councils.panel.counts.shape
    months = np.tile(councils.panel.months.astype("datetime64[D]").astype(str), n)
    columns = {f"delayed_days_{name}": councils.parts[:, :, k].ravel() for k, name in enumerate(DUE_TO)}
    return pd.DataFrame({
        "month": months, "area_code": np.repeat(councils.panel.units.index, T),
        "area_name": np.repeat(councils.panel.units["name"].to_numpy(), T), **columns,
        "delayed_days_total": councils.panel.counts.ravel(),
    })  # fmt: skip


def permanent_admissions(councils: Councils) -> pd.DataFrame:
    """One row per council, year and part of the figure, in ASCOF's open-data layout; 2A(2) became 2C in 2023/24."""
    rows = councils.admissions
    outcome = (PER * rows["numerator"] / rows["denominator"]).round(1)
    parts = {"Numerator": rows["numerator"], "Denominator": rows["denominator"].astype(int), "Outcome": outcome}
    frames = [
        pd.DataFrame({
            "Year": [f"{year}/{(year + 1) % 100:02d}" for year in rows["year"]], "ONS Code": rows["code"],
            "Geographical Description": rows["name"],
            "ASCOF Measure Code": np.where(rows["year"] < 2023, "2A(2)", "2C"),
            "Disaggregation Level": "All", "Measure Group Description": "Total", "Measure Type": part,
            "Measure Value": value.astype(str),
        })
        for part, value in parts.items()
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def truth_of(councils: Councils) -> dict:
    """Return what the programme truly did to delayed days, ready for JSON."""
    year = (np.arange(WORLD.n_months) - WORLD.start) // 12
    by_year = {
        str(k + 1): round(float(councils.expected[year == k].sum() / councils.untreated[year == k].sum()), 6)
        for k in range(max(year) + 1)
    }
    return {
        "area": MARLSHIRE, "name": str(councils.panel.units["name"].iloc[0]), "start": START,
        "estimand": "delayed days expected with the programme over those expected without it",
        "rate_ratio_by_year": by_year,
    }  # fmt: skip
