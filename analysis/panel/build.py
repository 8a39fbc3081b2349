"""How do events, monthly counts and occupancy become a panel?

The database counts admissions by home and month; counts and bed-days go from it straight into dense matrices, in which
those of one home and month lie over each other (`panel.cells`).

A home-month with bed-days but no admission row is a month

* with **no admission**, where admissions came one row each and some file of them covers the month (from its first to
  its last month, whatever home), in homes that appear in those files at all;
* **not known**, where admissions came as monthly counts, or no file covers the month, or the home never appears.
  (A home that truly has no admission in any month says nothing about any effect, so nothing is lost by leaving it out.)

A monthly count counts before single admissions of the same home and month. Suppressed counts are not known.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.errors import AnalysisError
from analysis.outcomes import EMERGENCIES, Rate
from analysis.panel.by_registration import PLANNED
from analysis.panel.cells import OUTCOMES, HomeMonths, cells_of, span
from analysis.panel.dense import ATTRIBUTES, FACTS, Panel
from analysis.panel.unread import unread_facts
from analysis.registrations import stored_registrations
from analysis.sources.schema import RATINGS, WITHDRAWN
from analysis.store import Store
from analysis.store.contents import period_of

EXPOSURES = {"bed_days": "bed-days"}

HOMES = """
SELECT location_id AS unit, name, beds, area_name AS area, region, provider_id AS provider,
    nullif(split_part(trim(postcode), ' ', 1), '') AS district, registered, deregistered,
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
    same = _same_home(store)
    cells = cells_of(store, outcome.count, same).during(outcome.first, outcome.last).every(period_of(store))
    homes, there = _homes(store, cells), cells.held | cells.none & bool(outcome.occupancy)
    count = np.where(cells.none & there, 0.0, cells.known)
    exposure = np.where(np.isnan(cells.bed_days), _fallback(cells, homes, outcome), cells.bed_days)
    known = ~np.isnan(count) & (exposure > 0)
    if not known.any():
        raise _nothing(cells.months[there.any(axis=0)], count, cells, outcome)
    rows, columns = known.any(axis=1), span(known)
    panel = Panel(
        units=homes.loc[rows, [*ATTRIBUTES, NEAR]],
        months=cells.months[columns],
        counts=np.where(known, count, 0.0)[rows, columns].astype(np.int64),
        exposure=np.where(known, exposure, 0.0)[rows, columns],
        outcome=OUTCOMES[outcome.count][0],
        exposure_unit=EXPOSURES[outcome.exposure],
        length=cells.length,
    )
    noticed = _facts(cells, homes.assign(there=there.any(axis=1)), count, exposure)
    facts = pd.DataFrame([*noticed, *unread_facts(store, same, _window(outcome), panel)], columns=list(FACTS))
    also = _also(panel, np.where(cells.silent, 0.0, cells.planned)[rows, columns])
    return replace(panel, facts=facts, also=also, rated=_rated(store, same))


NEAR = "district"
"""Attribute of homes that only a store knows: the postcode district, whose homes share practices and nurses."""


def _also(panel: Panel, planned: np.ndarray) -> dict[str, Panel]:
    """Count planned admissions too, where files hold any: only single admissions say which were planned."""
    known = (panel.exposure > 0) & ~np.isnan(planned)
    if not planned[known].sum():
        return {}
    counts, seen = np.where(known, planned, 0.0).astype(np.int64), np.where(known, panel.exposure, 0.0)
    return {PLANNED: replace(panel, counts=counts, exposure=seen, outcome=PLANNED)}


def _homes(store: Store, cells: HomeMonths) -> pd.DataFrame:
    """Give what is known of each home."""
    with store.reading() as connection:
        homes = connection.execute(HOMES).df().set_index("unit")
    return homes.reindex(pd.Index(cells.names, name="unit", dtype="str"))


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


def _capacity(cells: HomeMonths, homes: pd.DataFrame) -> np.ndarray:
    """Give beds × days of every month, or period, missing where beds are not known."""
    first, after = cells.months.astype("datetime64[D]"), (cells.months + cells.length).astype("datetime64[D]")
    days = (after - first).astype(np.float64)
    return homes["beds"].to_numpy(np.float64)[:, None] * days


def _fallback(cells: HomeMonths, homes: pd.DataFrame, outcome: Rate) -> np.ndarray:
    """Bed-days from registered beds where occupancy was declared, missing elsewhere; only while the home was open."""
    if not outcome.occupancy:
        return np.full(cells.bed_days.shape, np.nan)
    began, ended = (homes[name].to_numpy("datetime64[D]")[:, None] for name in ("registered", "deregistered"))
    first, last = cells.months.astype("datetime64[D]"), (cells.months + cells.length).astype("datetime64[D]") - 1
    is_open = (np.isnat(began) | (began <= first)) & (np.isnat(ended) | (ended > last))
    return np.where(is_open, _capacity(cells, homes) * outcome.occupancy, np.nan)


def _nothing(months: np.ndarray, count: np.ndarray, cells: HomeMonths, outcome: Rate) -> AnalysisError:
    told = {
        "home-months with admissions": int((~np.isnan(count)).sum()),
        "home-months with bed-days": int((cells.bed_days > 0).sum()),
    }
    return AnalysisError(
        f"No home has {OUTCOMES[outcome.count][0]} and bed-days in the same month, so there is no rate.",
        found=", ".join(f"{n:,} {what}" for what, n in told.items())
        + (f", from {months.min()} to {months.max()}" if len(months) else ", in an empty window or store"),
        do="Load admissions and occupancy of the same homes and months; or, where no bed-days are known, state the "
        "share of beds taken in the protocol: [outcome] occupancy = 0.86.",
    )


def _facts(
    cells: HomeMonths, homes: pd.DataFrame, count: np.ndarray, exposure: np.ndarray
) -> Iterator[tuple[str, int, int, str]]:
    """Yield what was decided or noticed, where it concerns anything; ``there`` says which homes have any month."""
    stays, counted = cells.bed_days > 0, ~np.isnan(count)
    known, never = counted & (exposure > 0), stays & ~counted.any(axis=1, keepdims=True)
    unlisted = homes["region"].isna().to_numpy()
    listed = not unlisted[homes["there"].to_numpy()].all()
    told = (
        # how many of them had none is not told: of a month and a few homes, none means that each had one or more
        ("counted from one row per admission", known & (cells.unknown | ~cells.by_month),
         "months covered by a file with one row per admission: a month without a row is one without an admission"),
        ("homes without any admission row", never,
         "homes with bed-days that no admissions file mentions: left out, because nothing says they were covered"),
        ("months without admissions", stays & ~counted & ~cells.suppressed & ~never,
         "bed-days are known but admissions are not: left out, not taken as none"),
        ("suppressed counts", cells.suppressed & ~counted,
         "counts hidden because they are small: left out; small counts are missing more often in small homes, which "
         "makes their rates look higher than they are"),
        ("homes no CQC file knows", known & unlisted[:, None] & listed,
         "used, but their kind and size are not known; check their ids, or load a CQC file that has them"),
        ("months without bed-days", counted & ~(exposure > 0), "admissions are known but bed-days are not: left out"),
        ("bed-days from registered beds", known & np.isnan(cells.bed_days),
         "beds × days × the occupancy stated in the protocol stand in for bed-days that are not known"),
        ("more bed-days than beds", known & (cells.bed_days > _capacity(cells, homes)),
         "bed-days above registered beds × days: used as they are; check the number of beds and the unit"),
    )  # fmt: skip
    for fact, where, reading in told:
        if where.any():
            yield fact, int(where.any(axis=1).sum()), int(where.sum()), reading
