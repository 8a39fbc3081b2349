"""What has a store let out before, so that what it lets out now is not laid beside it?

Counts of homes leave in bands (`analysis.disclosure.estimates`) that are counted from one month of each home. Two sets
of bands of one home, counted from two months, or of counts that differ by a known admission, show where two roundings
turn, and months of fewer admissions than a band can be worked out. No rule that knows the present alone can prevent it:
whatever is told of a count before and after a correction tells their difference. So the store remembers, of what was
loaded before, three things (`counted_from`, `revised`, `added_up`): the month from which each home is counted, which a
start that is corrected or added later does not move; by how much every later file changed a home-month that was held
already; and with which homes a home is added up, where months of many are rounded as a whole.
Counts as first held stay in the bands they were told in; what was added to them since, and what was taken away, are
counted in bands of their own, in the order in which they came (`panel.shown`).

Bed-days, beds and which registrations are one home may come later too, and change which months take part and which
counts are added up. Nothing of that may move a band: counts are counted by registration, in every month that holds any,
whatever else is known of it (`HELD`, `panel.by_registration`). Of a store that was opened before any intervention was
known, homes have been told backwards from its last month, and stay so; later months, in which interventions begin, are
counted on from there.

Files loaded within `TOGETHER` of the store's first are taken to be loaded before anything was let out: a store is
filled first and opened then.
"""

from datetime import timedelta

import duckdb

TOGETHER = timedelta(days=1)
"""Admissions, bed-days and interventions come as files of their own, loaded one after the other on one day."""

CONCERNED = ("admission_events", "admission_counts", "interventions", "locations")
"""Tables by which counts, the month they are counted from, or with whom a home is added up may change."""
OTHERS = ""
"""Stands in `counted_from` for homes without a row of their own."""

RECORDS = {
    "counted_from": 'location_id VARCHAR, month DATE, own BOOLEAN, "load" INTEGER',
    "revised": 'location_id VARCHAR, month DATE, emergency BIGINT, avoidable BIGINT, planned BIGINT, "load" INTEGER',
    "added_up": 'location_id VARCHAR, area VARCHAR, home_type VARCHAR, "load" INTEGER',
}

HELD = """
WITH events AS (
    SELECT location_id, date_trunc('month', admitted)::DATE AS month, count(*) FILTER (emergency) AS emergency,
           count(*) FILTER (emergency AND avoidable) AS avoidable, count(*) FILTER (NOT emergency) AS planned
    FROM admission_events GROUP BY ALL
)
SELECT location_id, month, coalesce(stated.admissions, events.emergency, 0) AS emergency,
       coalesce(stated.avoidable, events.avoidable, 0) AS avoidable, coalesce(events.planned, 0) AS planned,
       coalesce(stated.admissions, events.emergency) IS NOT NULL AS emergency_known,
       coalesce(stated.avoidable, events.avoidable) IS NOT NULL AS avoidable_known,
       events.planned IS NOT NULL AS planned_known
FROM events FULL JOIN admission_counts AS stated USING (location_id, month)
"""
"""Counts by registration and month, whether or not anything else is known of these: what is counted in bands."""

CHANGES = """
INSERT INTO revised
SELECT location_id, month, coalesce(now.emergency, 0) - coalesce(past.emergency, 0) AS emergency,
       coalesce(now.avoidable, 0) - coalesce(past.avoidable, 0) AS avoidable,
       coalesce(now.planned, 0) - coalesce(past.planned, 0) AS planned, $load
FROM held_now AS now FULL JOIN held_then AS past USING (location_id, month)
WHERE location_id IN (SELECT location_id FROM held_then)
    AND month BETWEEN (SELECT min(month) FROM held_then) AND (SELECT max(month) FROM held_then)
    AND (coalesce(now.emergency, 0) <> coalesce(past.emergency, 0)
         OR coalesce(now.avoidable, 0) <> coalesce(past.avoidable, 0)
         OR coalesce(now.planned, 0) <> coalesce(past.planned, 0))
ORDER BY ALL
"""

AS_TOLD = """
INSERT INTO counted_from
SELECT location_id, first.month, FALSE, $load
FROM (SELECT DISTINCT location_id FROM held_then UNION SELECT $others) AS homes,
     (SELECT (max(month) + INTERVAL 1 MONTH)::DATE AS month FROM held_then) AS first
WHERE first.month IS NOT NULL AND location_id NOT IN (SELECT location_id FROM counted_from)
ORDER BY ALL
"""

STARTS = """
CREATE OR REPLACE TEMP TABLE first_starts AS
SELECT location_id, date_trunc('month', min(started))::DATE AS month FROM interventions
WHERE started IS NOT NULL AND started <= (SELECT last_day(max(month)) FROM held_now) GROUP BY ALL
"""

EARLIEST = """
SELECT greatest(min(month), (SELECT min(month) FROM held_now)) FROM first_starts HAVING min(month) IS NOT NULL
UNION ALL SELECT NULL ORDER BY ALL NULLS LAST LIMIT 1
"""
"""Start of all homes, and not before the first month held: months held later would otherwise be counted before it."""

COUNTED = """
INSERT INTO counted_from
SELECT location_id, greatest(coalesce(own.month, $others), (SELECT min(month) FROM held_now)) AS month,
       own.month IS NOT NULL AS own, $load
FROM (SELECT location_id FROM held_now UNION SELECT location_id FROM first_starts) AS homes
LEFT JOIN first_starts AS own USING (location_id)
WHERE location_id NOT IN (SELECT location_id FROM counted_from)
ORDER BY ALL
"""

ADDED_UP = """
INSERT INTO added_up
SELECT DISTINCT location_id, coalesce(area_name, ''),
       CASE WHEN nursing THEN 'nursing' WHEN residential THEN 'residential' ELSE '' END, $load
FROM held_now LEFT JOIN locations USING (location_id) WHERE location_id NOT IN (SELECT location_id FROM added_up)
ORDER BY ALL
"""
"""With whom the counts of a registration are rounded as a whole (`panel.together`): those of its council and kind, as
they were first known, that came with it."""


def concerned(tables) -> bool:
    """Whether a file of these tables may change what is told of homes' counts."""
    return any(table in CONCERNED for table in tables)


def before(connection: duckdb.DuckDBPyConnection) -> None:
    """Hold the counts as they are before a file is merged."""
    _hold(connection, "held_then")


def after(connection: duckdb.DuckDBPyConnection, load: int, now) -> None:
    """Remember what a file changed, and from when homes that it brought are counted.

    Parameters
    ----------
    load : int
        Its number.
    now : datetime
        When it is loaded.
    """
    _hold(connection, "held_now")
    connection.execute(STARTS)
    [(first,)] = connection.execute("SELECT min(loaded) FROM loads").fetchall()
    if first is None or now - first <= TOGETHER:
        for told in ("counted_from", "added_up"):
            connection.execute(f"DELETE FROM {told}")
    else:
        connection.execute(CHANGES, {"load": load})
        connection.execute(AS_TOLD, {"load": load, "others": OTHERS})
    _count_from(connection, load)
    connection.execute(ADDED_UP, {"load": load})
    for table in ("held_then", "held_now", "first_starts"):
        connection.execute(f"DROP TABLE {table}")


def _hold(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {HELD}")


def _count_from(connection: duckdb.DuckDBPyConnection, load: int) -> None:
    """Fix the month of every home that has none; of homes without an intervention, that of the first of all."""
    fixed = connection.execute("SELECT month FROM counted_from WHERE location_id = ?", [OTHERS]).fetchall()
    [(first,)] = fixed or connection.execute(EARLIEST).fetchall()
    if first is None:
        return
    if not fixed:
        connection.execute("INSERT INTO counted_from VALUES (?, ?, FALSE, ?)", [OTHERS, first, load])
    connection.execute(COUNTED, {"others": first, "load": load})
