"""Which share of admissions comes out of hours, how many days do residents lie in hospital, and how many do they wait?

Each is a sum by home and month of admission over an exposure: admissions out of hours over admissions, days in hospital
over bed-days of the home or over admissions, delayed days over bed-days of the home to which people were discharged; of
emergency admissions all of them. So each is a `Panel`, and is compared as rates are; that days come in stays, many at
once, is in the error by home.

**Out of hours** is when practices are closed: on Saturday and Sunday, and from Monday to Friday before 8:00 and from
18:30 on (core hours of the NHS's contract with practices). Bank holidays are taken as working days.

**A stay counts in the month in which it began**, all its days with it. A stay without the column that is needed takes
no part, and what share of them is said. Near the end of a file the longest stays are not over: they are missing on
both sides alike.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.outcomes import Stays
from analysis.panel.build import HOMES, NEAR
from analysis.panel.by_registration import CountsByRegistration
from analysis.panel.dense import ATTRIBUTES, FACTS, Panel
from analysis.registrations import Registrations, stored_registrations
from analysis.store import Store

OUT_OF_HOURS = "(isodow(admitted) > 5 OR minute < 480 OR minute >= 1110)"
"""Minutes of the day: 8:00 and 18:30."""
PEOPLE, DAYS, WAITS = 5, 20, 10
"""Bands: of people, as everywhere; of days in hospital, and of delayed days. A band of days may be of one person or of
as many as it has days, so it tells no number of people; and one person's days are told no nearer than two usual stays
of residents, of eight days, or two usual delays, of four or five."""
LEAST = 25
"""People, usual stays or usual delays that must stand behind an estimate, as admissions must (`disclosure.BEHIND`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What is summed of stays.

    Parameters
    ----------
    words, over : str
        What is counted, over what.
    sum, where, home : str
        What one stay adds, which stays take part, and at which home; SQL.
    base : int
        Width of the bands in which sums are told.
    least : int
        Sum behind an estimate below which it is not told.
    needs : str
        Which column says it, in words.
    """

    words: str
    over: str
    sum: str
    where: str
    base: int
    least: int
    needs: str
    home: str = "location_id"


_LEFT = "the day of discharge (a column such as “discharge date”, or “length of stay” in nights)"
MEASURES = {
    "out_of_hours": Measure(
        words="emergency admissions out of hours", over="emergency admissions", sum=f"{OUT_OF_HOURS}::INTEGER",
        where="emergency AND minute IS NOT NULL", base=PEOPLE, least=LEAST,
        needs="the hour of admission (a column such as “hour” or “admission time”)",
    ),
    "hospital_bed_days": Measure(
        words="days in hospital", over="bed-days", sum="discharged - admitted",
        where="emergency AND discharged IS NOT NULL", base=DAYS, least=8 * LEAST, needs=_LEFT,
    ),
    "length_of_stay": Measure(
        words="days in hospital", over="emergency admissions", sum="discharged - admitted",
        where="emergency AND discharged IS NOT NULL", base=DAYS, least=8 * LEAST, needs=_LEFT,
    ),
    "delayed_days": Measure(
        words="delayed days", over="bed-days", sum="discharged - ready",
        where="emergency AND ready IS NOT NULL AND discharged IS NOT NULL", base=WAITS, least=4 * LEAST, home="went_to",
        needs=f"{_LEFT} and the day from which the person was ready (a column such as “discharge ready date”)",
    ),
}  # fmt: skip
"""What may be asked of stays."""
BEHIND, UNKNOWN = "stays behind them", "stays of which it is not known"
"""Stays of which something is counted, and those that do not say what is asked, over all; in `Panel.also`, the first
of what was observed, the second as it may be shown."""

CELLS = """
SELECT {home} AS location_id, date_trunc('month', admitted)::DATE AS month, sum({sum})::BIGINT AS n,
       count(*) AS stays, count(*) FILTER (({sum}) > 0) AS behind
FROM hospital_stays WHERE {where} AND {home} IS NOT NULL GROUP BY ALL ORDER BY ALL
"""
COVERED = """
SELECT DISTINCT unnest(generate_series(first, last, INTERVAL 1 MONTH))::DATE AS month FROM (
    SELECT date_trunc('month', min(admitted)) AS first, date_trunc('month', max(admitted)) AS last
    FROM hospital_stays WHERE {where} GROUP BY "load") ORDER BY month
"""
KNOWN = """
SELECT location_id, date_trunc('month', admitted)::DATE AS month,
       count(*) FILTER (NOT coalesce({where}, FALSE)) AS lacking, count(*) AS stays
FROM hospital_stays WHERE emergency GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """Sums by registration and month; (R, T) each: what is counted, stays, stays of which something is counted."""

    counts: CountsByRegistration
    stays: np.ndarray
    behind: np.ndarray

    def of(self, values: np.ndarray) -> CountsByRegistration:
        """Give other counts of the same registrations and months."""
        return replace(self.counts, counts=values)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Files:
    """What is asked of which stays; which registrations are one home is worked out once."""

    store: Store
    measure: Measure
    registrations: Registrations

    @classmethod
    def of(cls, store: Store, outcome: Stays) -> "Files":
        """Say what is asked of a store."""
        return cls(store=store, measure=MEASURES[outcome.measure], registrations=stored_registrations(store))


def stays_panel(store: Store, outcome: Stays) -> Panel:
    """Sum what is asked for by home and month of admission.

    Raises
    ------
    AnalysisError
        Where no file has the column that says it, or no bed-days are known.
    """
    files, measure = Files.of(store, outcome), MEASURES[outcome.measure]
    sums = sums_of(files)
    bed_days = measure.over == "bed-days"
    exposure = _bed_days(files, sums.counts) if bed_days else sums.stays.astype(float)
    homes, row = np.unique(sums.counts.homes, return_inverse=True)
    arrays = [_added(values, row, len(homes)) for values in (sums.counts.counts, exposure, sums.behind)]
    window = _window(sums.counts.months, outcome)
    counts, exposure, behind = (values[:, window] for values in arrays)
    if not (exposure > 0).any():
        raise _nothing(measure)
    counts = np.where(exposure > 0, counts, 0)
    panel = Panel(
        units=_units(store, homes), months=sums.counts.months[window], counts=counts, exposure=exposure,
        outcome=measure.words, exposure_unit=measure.over, facts=_facts(files),
    )  # fmt: skip
    return replace(panel, also={BEHIND: replace(panel, counts=np.where(exposure > 0, behind, 0), outcome=BEHIND)})


def sums_of(files: Files) -> Sums:
    """Sum stays by registration, in every month that a file covers, of those that any file names."""
    parts = {name: getattr(files.measure, name) for name in ("sum", "where", "home")}
    with files.store.reading() as connection:
        cells = connection.execute(CELLS.format(**parts)).df()
        covered = connection.execute(COVERED.format(**parts)).df()["month"].to_numpy().astype("datetime64[M]")
    if cells.empty:
        raise _without(files)
    counts, stays, behind = (by_month(files, cells.assign(n=cells[name])) for name in ("n", "stays", "behind"))
    there = np.where(np.isin(counts.months, covered), 1.0, 0.0) * np.ones(counts.counts.shape)
    return Sums(counts=replace(counts, days=there), stays=stays.counts, behind=behind.counts)


def _bed_days(files: Files, of: CountsByRegistration) -> np.ndarray:
    """Give bed-days by home in the months that files of stays cover, each with one registration of the home: (R, T)."""
    days = files.store.table("occupancy")[["location_id", "month", "bed_days"]]
    days = days.assign(home=files.registrations.of(days["location_id"]))
    first = {home: row for row, home in reversed([*enumerate(of.homes)])}
    row = days["home"].map(first)
    month = (days["month"].to_numpy().astype("datetime64[M]") - of.months[0]).astype(int)
    fine = row.notna().to_numpy() & (month >= 0) & (month < len(of.months))
    found = np.zeros(of.counts.shape)
    np.add.at(found, (row[fine].astype(int), month[fine]), days["bed_days"].astype(float)[fine])
    return found * (of.days > 0)


def evenly_over(files: Files, of: CountsByRegistration) -> np.ndarray:
    """Give over what the sums of a band are taken to come evenly, (R, T): bed-days, or days where there are none."""
    given = _bed_days(files, of)
    length = ((of.months + 1).astype("datetime64[D]") - of.months.astype("datetime64[D]")).astype(float)
    return np.where(given.sum(axis=1, keepdims=True) > 0, given, length * of.days)


def _added(values: np.ndarray, row: np.ndarray, homes: int) -> np.ndarray:
    """Add registrations up to their homes."""
    found = np.zeros((homes, values.shape[1]), values.dtype)
    np.add.at(found, row, values)
    return found


def _window(months: np.ndarray, outcome: Stays) -> np.ndarray:
    first, last = (np.datetime64(month or other, "M") for month, other in
                   ((outcome.first, months[0]), (outcome.last, months[-1])))  # fmt: skip
    return (months >= first) & (months <= last)


def _units(store: Store, homes: np.ndarray) -> pd.DataFrame:
    with store.reading() as connection:
        known = connection.execute(HOMES).df().set_index("unit")
    return known.reindex(pd.Index(homes, name="unit", dtype="str"))[[*ATTRIBUTES, NEAR]]


def known_of(files: Files) -> pd.DataFrame:
    """Count emergency stays, and those that do not say what is asked: location_id, month, lacking, stays."""
    with files.store.reading() as connection:
        return connection.execute(KNOWN.format(where=files.measure.where)).df()


def _facts(files: Files) -> pd.DataFrame:
    """Say what is not known of stays; how many stays is not told, which would be a count of people."""
    known = known_of(files)
    some = known[known["lacking"] > 0]
    if some.empty:
        return pd.DataFrame(columns=list(FACTS))
    share = max(round(100 * known["lacking"].sum() / known["stays"].sum()), 1)
    why = f"about {share}% of the stays do not say {files.measure.needs}; they take no part"
    return pd.DataFrame([(UNKNOWN, some["location_id"].nunique(), len(some), why)], columns=list(FACTS))


def by_month(files: Files, cells: pd.DataFrame) -> CountsByRegistration:
    """Put counts of one registration and month each in their places: location_id, month, n."""
    row, names = pd.factorize(cells["location_id"], sort=True)
    month = cells["month"].to_numpy().astype("datetime64[M]")
    months = np.arange(month.min(), month.max() + 1)
    counts = np.zeros((len(names), len(months)), np.int64)
    counts[row, (month - months[0]).astype(int)] = cells["n"]
    homes = files.registrations.of(pd.Series(np.asarray(names, str))).to_numpy(str)
    return CountsByRegistration(
        registrations=np.asarray(names, str), homes=homes, months=months, counts=counts, days=np.ones(counts.shape)
    )


def _without(files: Files) -> AnalysisError:
    measure, stays = files.measure, len(files.store.table("hospital_stays")) > 0
    return AnalysisError(
        f"No file of admissions says {measure.needs}, so there are no {measure.words} to compare.",
        found="stays of which something else is known" if stays else "admissions by their day alone, or none",
        do="Add the column to the file of admissions (one row each) and load it into a new store.",
    )


def _nothing(measure: Measure) -> AnalysisError:
    return AnalysisError(
        f"No home has {measure.words} and {measure.over} in the same month, so there is nothing to compare.",
        do="Load bed-days of the same homes and months, or ask for other months.",
    )
