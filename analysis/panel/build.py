"""How do events, monthly counts and occupancy become a panel?

One relational expression, run by the database that holds them: admissions are counted by home and month and joined to
the bed-days of that home and month. The cells come out as arrays and go straight into the dense matrices.

A home-month with bed-days but no admission row is a month

* with **no admission**, where admissions came one row each and some file of them covers the month (from its first to
  its last month, whatever home), in homes that appear in those files at all;
* **not known**, where admissions came as monthly counts, or no file covers the month, or the home never appears.
  (A home that truly has no admission in any month says nothing about any effect, so nothing is lost by leaving it out.)

A monthly count counts before single admissions of the same home and month. Suppressed counts are not known.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.outcomes import EMERGENCIES, Rate
from analysis.panel.by_registration import PLANNED
from analysis.panel.dense import ATTRIBUTES, FACTS, Panel
from analysis.panel.unread import unread_facts
from analysis.registrations import stored_registrations
from analysis.sources.schema import RATINGS, WITHDRAWN
from analysis.store import Store

OUTCOMES = {
    "emergency_admissions": ("emergency admissions", "emergency", "admissions"),
    "avoidable_admissions": ("potentially avoidable emergency admissions", "emergency AND avoidable", "avoidable"),
}
"""Outcome to its words, the condition on a single admission, and the column of monthly counts."""

EXPOSURES = {"bed_days": "bed-days"}

NAMED = """
SELECT location_id, unit, (dense_rank() OVER (ORDER BY unit) - 1)::INTEGER AS row FROM (
    SELECT location_id, coalesce(home, location_id) AS unit FROM (
        SELECT location_id FROM admission_events UNION SELECT location_id FROM admission_counts
        UNION SELECT location_id FROM occupancy
    ) LEFT JOIN same_home USING (location_id))
"""
"""Numbers of homes in the order of their names: to join and sort the names themselves takes most of the time."""

CELLS = """
WITH named AS ({named}
), units AS (SELECT DISTINCT row, unit FROM named
), event_months AS (
    SELECT row, date_trunc('month', admitted)::DATE AS month,
           count(*) FILTER ({condition}) AS counted, count(*) FILTER (NOT emergency) AS planned
    FROM admission_events JOIN named USING (location_id) GROUP BY ALL
), covered AS (
    SELECT DISTINCT unnest(generate_series(first, last, INTERVAL 1 MONTH))::DATE AS month FROM (
        SELECT date_trunc('month', min(admitted)) AS first, date_trunc('month', max(admitted)) AS last
        FROM admission_events GROUP BY "load")
), stated AS (
    SELECT row, month, sum({column}) AS n, bool_or({column} IS NULL) AS unknown,
           bool_or({column} IS NULL AND (at_least IS NOT NULL OR at_most IS NOT NULL)) AS suppressed
    FROM admission_counts JOIN named USING (location_id) GROUP BY ALL
), stays AS (
    SELECT row, month, sum(bed_days) AS bed_days FROM occupancy JOIN named USING (location_id) GROUP BY ALL
), seen AS (SELECT DISTINCT row FROM event_months
), cells AS (
    SELECT * FROM stays FULL JOIN stated USING (row, month) FULL JOIN event_months USING (row, month)
    FULL JOIN (SELECT row, month FROM seen, covered WHERE {fallback}) USING (row, month)
)
SELECT row AS unit, cells.month AS month,
    (CASE WHEN NOT unknown THEN n WHEN counted IS NOT NULL THEN counted
          WHEN unknown IS NULL AND seen.row IS NOT NULL AND covered.month IS NOT NULL THEN 0 END)::DOUBLE AS count,
    (CASE WHEN counted IS NOT NULL THEN planned
          WHEN seen.row IS NOT NULL AND covered.month IS NOT NULL THEN 0 END)::DOUBLE AS planned,
    coalesce(unknown, TRUE) AS by_admission, coalesce(suppressed, FALSE) AS suppressed,
    locations.region IS NULL AS unlisted, bed_days::DOUBLE AS bed_days,
    (locations.beds * date_diff('day', cells.month, after))::DOUBLE AS capacity,
    (registered IS NULL OR registered <= cells.month) AND (deregistered IS NULL OR deregistered >= after) AS open
FROM (SELECT *, (month + to_months($length))::DATE AS after FROM cells) AS cells JOIN units USING (row)
LEFT JOIN seen USING (row) LEFT JOIN covered ON covered.month = cells.month
LEFT JOIN locations ON locations.location_id = unit
WHERE cells.month BETWEEN $first AND $last
"""

HOMES = """
SELECT location_id AS unit, name, beds, area_name AS area, region, provider_id AS provider,
    nullif(split_part(trim(postcode), ' ', 1), '') AS district,
    CASE WHEN nursing THEN 'nursing' WHEN residential THEN 'residential' END AS home_type
FROM locations
"""


RATED = f"""
SELECT coalesce(home, location_id) AS unit, published, CASE WHEN rating <> '{WITHDRAWN}' THEN rating END AS rating
FROM ratings LEFT JOIN same_home USING (location_id)
WHERE service = 'Overall' AND key_question = 'Overall' AND published IS NOT NULL
    AND rating IN ({", ".join(repr(rating) for rating in (*RATINGS, WITHDRAWN))})
ORDER BY unit, published, visited NULLS FIRST, rating
"""
"""Published overall ratings of homes, in order of publication; an inspection without a rating leaves the last one."""


def build_panel(store: Store, outcome: Rate = EMERGENCIES) -> Panel:
    """Count events by home and month, over all registrations of the home, and join them to bed-days.

    Parameters
    ----------
    store : Store
        What was loaded.
    outcome : Rate
        What is counted, over what.

    Raises
    ------
    AnalysisError
        If nothing can be counted.
    """
    words, condition, column = OUTCOMES[outcome.count]
    same, length = _same_home(store), period_of(store)
    cells, homes = _query(store, same, outcome, (condition, column, length))
    exposure = np.where(np.isnan(cells["bed_days"]), _fallback(cells, outcome), cells["bed_days"])
    known = ~np.isnan(cells["count"]) & (exposure > 0)
    if not known.any():
        raise _nothing(cells, outcome)
    present, row = np.unique(cells["unit"][known], return_inverse=True)
    month = cells["month"][known].astype("datetime64[M]")
    months = np.arange(month.min(), month.max() + 1, length)
    counts, bed_days = np.zeros((len(present), len(months)), np.int64), np.zeros((len(present), len(months)))
    cell = row, (month - months[0]).astype(np.int64) // length
    counts[cell], bed_days[cell] = cells["count"][known], exposure[known]
    there = pd.DataFrame({"unit": homes.index[cells["unit"][known]], "month": cells["month"][known]})
    facts = [*_facts(cells, exposure, known), *unread_facts(store, same, _window(outcome), there)]
    panel = Panel(
        units=homes.iloc[present][[*ATTRIBUTES, NEAR]],
        months=months,
        counts=counts,
        exposure=bed_days,
        outcome=words,
        exposure_unit=EXPOSURES[outcome.exposure],
        facts=pd.DataFrame(facts, columns=list(FACTS)),
        length=length,
    )
    return replace(panel, also=_also(panel, cell, cells["planned"][known]), rated=_rated(store, same))


NEAR = "district"
"""Attribute of homes that only a store knows: the postcode district, whose homes share practices and nurses."""


def period_of(store: Store) -> int:
    """Count the months of the periods by which a store's homes are counted: 1, 3 or 12."""
    periods = store.table("periods")["months"]
    return int(periods.max()) if len(periods) else 1


def _also(panel: Panel, cell: tuple[np.ndarray, np.ndarray], planned: np.ndarray) -> dict[str, Panel]:
    """Count planned admissions too, where files hold any: only single admissions say which were planned."""
    known = ~np.isnan(planned)
    if not planned[known].sum():
        return {}
    place, counts, seen = (cell[0][known], cell[1][known]), np.zeros_like(panel.counts), np.zeros_like(panel.exposure)
    counts[place], seen[place] = planned[known], panel.exposure[place]
    return {PLANNED: replace(panel, counts=counts, exposure=seen, outcome=PLANNED, facts=panel.facts.iloc[:0])}


def _query(store: Store, same: pd.DataFrame, outcome: Rate, counted: tuple[str, str, int]) -> tuple[dict, Any]:
    """Give home-months as arrays by column, and the homes' attributes; ``unit`` is the row of the home there."""
    fallback = "TRUE" if outcome.occupancy else "FALSE"
    query = CELLS.format(named=NAMED, condition=counted[0], column=counted[1], fallback=fallback)
    with store.reading() as connection:
        connection.register("same_home", same)
        cells = connection.execute(query, _window(outcome) | {"length": counted[2]}).df()
        names = connection.execute(f"SELECT DISTINCT row, unit FROM ({NAMED}) ORDER BY row").df()["unit"]
        homes = connection.execute(HOMES).df().set_index("unit")
        connection.unregister("same_home")
    arrays = {str(name): cells[name].to_numpy() for name in cells}
    return arrays, homes.reindex(pd.Index(names, name="unit", dtype="str"))


def _rated(store: Store, same: pd.DataFrame) -> pd.DataFrame:
    """Give every overall rating that a home was given or lost: unit, published, rating."""
    with store.reading() as connection:
        connection.register("same_home", same)
        rated = connection.execute(RATED).df()
        connection.unregister("same_home")
    return rated


def _window(outcome: Rate) -> dict[str, str]:
    return {"first": f"{outcome.first or '0001-01'}-01", "last": f"{outcome.last or '9999-12'}-01"}


def _same_home(store: Store) -> pd.DataFrame:
    """Home of every registration: location_id, home."""
    home = stored_registrations(store).home
    return pd.DataFrame({"location_id": list(home), "home": list(home.values())}, dtype="str")


def _fallback(cells: dict, outcome: Rate) -> np.ndarray:
    """Bed-days from registered beds where occupancy was declared, missing elsewhere; only while the home was open."""
    if not outcome.occupancy:
        return np.full(len(cells["unit"]), np.nan)
    return np.where(cells["open"], cells["capacity"] * outcome.occupancy, np.nan)


def _nothing(cells: dict, outcome: Rate) -> AnalysisError:
    months = cells["month"].astype("datetime64[M]")
    told = {
        "home-months with admissions": int((~np.isnan(cells["count"])).sum()),
        "home-months with bed-days": int((cells["bed_days"] > 0).sum()),
    }
    return AnalysisError(
        f"No home has {OUTCOMES[outcome.count][0]} and bed-days in the same month, so there is no rate.",
        found=", ".join(f"{n:,} {what}" for what, n in told.items())
        + (f", from {months.min()} to {months.max()}" if len(months) else ", in an empty window or store"),
        do="Load admissions and occupancy of the same homes and months; or, where no bed-days are known, state the "
        "share of beds taken in the protocol: [outcome] occupancy = 0.86.",
    )


def _facts(cells: dict, exposure: np.ndarray, known: np.ndarray) -> Iterator[tuple[str, int, int, str]]:
    """Yield what was decided or noticed, where it concerns anything."""
    stays, counted = cells["bed_days"] > 0, ~np.isnan(cells["count"])
    never = stays & ~np.isin(cells["unit"], np.unique(cells["unit"][counted]))
    told = (
        # how many of them had none is not told: of a month and a few homes, none means that each had one or more
        ("counted from one row per admission", known & cells["by_admission"],
         "months covered by a file with one row per admission: a month without a row is one without an admission"),
        ("homes without any admission row", never,
         "homes with bed-days that no admissions file mentions: left out, because nothing says they were covered"),
        ("months without admissions", stays & ~counted & ~cells["suppressed"] & ~never,
         "bed-days are known but admissions are not: left out, not taken as none"),
        ("suppressed counts", cells["suppressed"] & ~counted,
         "counts hidden because they are small: left out; small counts are missing more often in small homes, which "
         "makes their rates look higher than they are"),
        ("homes no CQC file knows", known & cells["unlisted"] & ~cells["unlisted"].all(),
         "used, but their kind and size are not known; check their ids, or load a CQC file that has them"),
        ("months without bed-days", counted & ~(exposure > 0), "admissions are known but bed-days are not: left out"),
        ("bed-days from registered beds", known & np.isnan(cells["bed_days"]),
         "beds × days × the occupancy stated in the protocol stand in for bed-days that are not known"),
        ("more bed-days than beds", known & (cells["bed_days"] > cells["capacity"]),
         "bed-days above registered beds × days: used as they are; check the number of beds and the unit"),
    )  # fmt: skip
    for fact, where, reading in told:
        if where.any():
            yield fact, len(np.unique(cells["unit"][where])), int(where.sum()), reading
