"""Which counts stand behind an area's figures, over what, and how is their rate told?

A measure becomes a `Panel` with unit = area and a column per month, quarter or year, whichever it is published by.
Three kinds of figure, told apart by what the file says and never by size:

* **a part of a whole**: numerator and denominator are given, such as patients delayed among patients discharged; the
  counts are the numerators as they may be shown, the exposure the denominators, in their own unit;
* **a count**: of delayed days, of attendances; the exposure is the days of the period, so that a rate is "on an average
  day" (February 2017: 185,732 delayed days over 28 days are 6,633 beds, the figure NHS England published);
* **a rate alone**, as most yearly figures are: nobody says how many stand behind it. It is taken as so many
  ten-thousandths of its unit over ten thousand, which no estimate feels, because every method here looks at rates and
  learns from the series itself how they scatter. Areas then count alike, and no number of events averted is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.areas.measures import (
    BREAKS,
    CLIENT_LEVEL,
    NATIONAL,
    RATE_ALONE,
    concerns_breaks,
    councils,
    of_measure,
    people_shown,
    with_those_merged,
)
from analysis.errors import AnalysisError
from analysis.months import MONTH, period_said
from analysis.outcomes import TOTAL_DELAYS
from analysis.panel import Panel

PARTS = 10_000
"""Of a unit of a rate: the store keeps four decimals."""
PEOPLE_DELAYED = "People delayed on an average day"
ON_AN_AVERAGE_DAY: Mapping[str, str] = {"delayed days": PEOPLE_DELAYED}
"""How a count over days is told, where it has a better name than its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateUnit:
    """How a rate is told.

    Parameters
    ----------
    unit : str
        "People delayed on an average day", "Per 100,000 people", "% of patients discharged".
    per : float
        What events over exposure are multiplied by.
    counts : bool
        Whether events stand behind it, so that their number can be told.
    """

    unit: str
    per: float = 1.0
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Areas:
    """Every area's months, quarters or years of one measure.

    Parameters
    ----------
    panel : Panel
    returns : Panel or None
        The same areas' whole return, by which under-reporting is judged; None where it is not loaded.
    told : RateUnit
    rows : DataFrame
        The measure's rows of ``area_outcomes``, England's among them.
    notes : tuple of str
        What changed in the measure itself, which the reader must see beside every estimate.
    """

    panel: Panel
    returns: Panel | None
    told: RateUnit = RateUnit(unit=PEOPLE_DELAYED)
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = ()

    @property
    def national(self) -> pd.Series | None:
        """England's published values, by first month; None where it has none."""
        if self.rows.empty:
            return None
        england = self.rows.loc[self.rows["area_code"].str.startswith(NATIONAL)]
        return england.set_index("period")["value"].astype(float) if len(england) else None


def area_panel(outcomes: pd.DataFrame, measure: str) -> Panel:
    """Make a panel of areas from a measure; a period that an area did not report has no exposure.

    Parameters
    ----------
    outcomes : DataFrame
        `measures.joined`.

    Raises
    ------
    AnalysisError
        If the measure is not there, or holds no single area.
    """
    return _panel(_single(outcomes, measure), measure)


def areas_of(outcomes: pd.DataFrame, measure: str, start: str = "") -> Areas:
    """Bring together a measure and, of delayed transfers, the whole return, where that is loaded.

    Parameters
    ----------
    outcomes : DataFrame
        `measures.joined`.
    measure : str
    start : str, optional
        First month with the intervention: periods after a break in the measure that lies after it take no part.

    Raises
    ------
    AnalysisError
        As `area_panel`.
    """
    rows = with_those_merged(of_measure(outcomes, measure))
    kept, notes = _before_the_break(rows, measure, start)
    single = _single(kept, measure)
    whole = measure.startswith("delayed days") and (outcomes["measure"] == TOTAL_DELAYS).any()
    return Areas(
        panel=_panel(single, measure),
        returns=area_panel(outcomes, TOTAL_DELAYS) if whole else None,
        told=_told(single, measure),
        rows=rows,
        notes=notes,
    )


def _single(outcomes: pd.DataFrame, measure: str) -> pd.DataFrame:
    rows = councils(with_those_merged(of_measure(outcomes, measure)))
    if rows.empty:
        raise AnalysisError(
            f"{measure!r} holds no single area.", do="Load figures by council or by trust, such as delayed transfers."
        )
    return rows


def _before_the_break(rows: pd.DataFrame, measure: str, start: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out what is measured another way than what the start is compared with, and say so."""
    if not concerns_breaks(measure) or not start or (rows["period"] < CLIENT_LEVEL).all():
        return rows, ()
    length = int(rows["months"].min())
    since, changed = period_said(CLIENT_LEVEL, length), f"From {period_said(CLIENT_LEVEL, length)} on the figures are"
    if pd.Timestamp(start) < CLIENT_LEVEL:
        note = f"{changed} {BREAKS[CLIENT_LEVEL]}: {since} and later take no part."
        return rows.loc[rows["period"] < CLIENT_LEVEL], (note,)
    return rows, (
        f"{changed} {BREAKS[CLIENT_LEVEL]}, in every area: how much that moved this area is part of what is seen.",
    )


def _panel(rows: pd.DataFrame, measure: str) -> Panel:
    count, exposure, unit = _counted(rows)
    frame = pd.DataFrame({
        "unit": rows["area_code"], "name": rows["area_name"], "month": rows["period"], "count": count,
        "exposure": exposure,
    })  # fmt: skip
    return Panel.from_frame(frame, outcome=measure, exposure_unit=unit, length=int(rows["months"].min()))


def _counted(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series, str]:
    """Give counts, exposure and the unit of the exposure."""
    value = rows["value"].astype(float)
    if _is_a_part(rows):
        shown = people_shown(rows)
        return shown["numerator"].round(), shown["denominator"], _name(rows, "among") or "denominator"
    if _is_a_count(rows):
        ends = rows["period"] + pd.DateOffset(months=int(rows["months"].min()))
        return value.round(), (ends - rows["period"]).dt.days.where(value.notna()), "days"
    return (PARTS * value).round(), pd.Series(float(PARTS), rows.index).where(value.notna()), RATE_ALONE


def _is_a_part(rows: pd.DataFrame) -> bool:
    """Whether every value that is given has its numerator and denominator."""
    if not {"numerator", "denominator"} <= {*rows}:
        return False
    both = rows["numerator"].notna() & rows["denominator"].notna()
    return bool(both.any() and (both | rows["value"].isna()).all())


def _is_a_count(rows: pd.DataFrame) -> bool:
    """Whether values count something; monthly figures of a table that does not say are delayed days."""
    if "counted" not in rows:
        return bool((rows["months"] == MONTH).all())
    return bool((rows["counted"].notna() & rows["among"].isna()).any())


def _name(rows: pd.DataFrame, column: str) -> str:
    named = rows[column].dropna() if column in rows else pd.Series(dtype="object")
    return str(named.iloc[0]) if len(named) else ""


def _told(rows: pd.DataFrame, measure: str) -> RateUnit:
    """Say how the measure's rate is told."""
    if _is_a_part(rows):
        per, among = _per(rows), _name(rows, "among") or "of the denominator"
        of = f"% of {among}" if per == 100 else f"Per {per:,.0f} {among}" if per > 1 else f"{measure}, on average"
        return RateUnit(unit=of, per=per)
    if _is_a_count(rows):
        counted = _name(rows, "counted") or "delayed days"
        plainly = f"{counted[:1].upper()}{counted[1:]} on an average day"
        return RateUnit(unit=ON_AN_AVERAGE_DAY.get(counted, plainly))
    return RateUnit(unit="As published", counts=False)


def _per(rows: pd.DataFrame) -> float:
    """Give the power of ten of which values are so many: 100,000 of "per 100,000 people"."""
    value, top, bottom = (rows[name].astype(float) for name in ("value", "numerator", "denominator"))
    with np.errstate(divide="ignore", invalid="ignore"):
        per = value * bottom / top
    known = per[np.isfinite(per) & (per > 0)]
    return float(10.0 ** np.round(np.log10(known.median()))) if len(known) else 1.0
