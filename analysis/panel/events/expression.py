"""How do twenty million rows of hospital records become one row per home and month?

By one relational expression, run by whichever engine holds the rows. Every engine is sent the same text: it keeps to
the part of SQL that DuckDB and Spark read alike (no regular expression, no series of months, no arithmetic on days,
whose names differ), so that nothing has to be translated, and no translator's version can change a panel. What would
need such words comes as a small relation: the calendar, and which registrations are one home.

Relations it reads, with the columns used:

* ``events``: location_id, person (pseudonym), spell, episode, admitted, discharged, method (ADMIMETH), diagnosis
  (ICD-10): one row per episode of a hospital stay.
* ``stays``: location_id, moved_in, moved_out: one row per stay of a resident.
* ``same_home``: location_id, home; ``locations``: a row per home; ``calendar``: month, days.

What it does, in order:

1. An admission is the first episode of its stay, as at the door (`sources.admissions`); methods that nobody knows and
   rows without home, person or day are set aside.
2. Registrations of one home are one home (`analysis.registrations`).
3. A row that stands there again (person, spell, both days) counts once. What begins while the person is still in
   hospital, or is a transfer (methods 2B and 81) within `GAP` days of the last discharge, goes on with the stay before:
   a continuous inpatient spell is one admission (NHS Digital's methodology of continuous inpatient spells, which allows
   two days between providers).
4. Emergencies and avoidable ones are those of the door, its patterns written out as lists of codes.
5. Bed-days are days of residence: the day of moving in is one, the day of moving out is not. A resident who moves in
   adds the rest of that month and one resident to every later month; one who moves out takes them away. So the stays
   are read once and never spread over months.
6. A home that some admission names has a row for every month of the admissions' span, with none where none is; a home
   that none names says nothing (as `panel.build`). Rows without bed-days have none, and are no part of a panel.

Counts and days are whole numbers throughout, so that no engine, order or number of threads moves a digit.
"""

import re
from itertools import product
from string import ascii_uppercase, digits

from analysis.sources.admissions import AVOIDABLE, EMERGENCY, PLANNED

GAP = 2
"""Days between discharge and admission elsewhere within which a transfer goes on with the stay before."""
TRANSFERS = ("2B", "81")
"""Methods of admission of who comes from another hospital: as an emergency, and otherwise."""
EVENTS = ("location_id", "person", "spell", "episode", "admitted", "discharged", "method", "diagnosis")
STAYS = ("location_id", "moved_in", "moved_out")
COLUMNS = (
    "unit", "month", "count", "avoidable", "planned", "exposure", "repeated", "continued",
    "name", "home_type", "beds", "area", "region", "provider",
)  # fmt: skip
"""Of the answer, in order; ``repeated`` and ``continued`` are rows not counted, for the account."""


def methods(pattern: str) -> tuple[str, ...]:
    """Codes of two characters that a pattern of the door knows."""
    every = ("".join(pair) for pair in product(digits, digits + ascii_uppercase))
    return tuple(code for code in every if re.fullmatch(pattern, code))


def diagnoses(length: int) -> tuple[str, ...]:
    """Beginnings of so many characters of codes on the list of avoidable ones, none that a shorter one covers."""
    every = ("".join(code) for code in product(ascii_uppercase, *[digits] * (length - 1)))
    shorter = set(diagnoses(length - 1)) if length > 3 else set()
    return tuple(code for code in every if re.match(AVOIDABLE, code) and code[:-1] not in shorter)


def listed(codes: tuple[str, ...]) -> str:
    """Write codes as SQL does."""
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


KNOWN = methods(EMERGENCY) + methods(PLANNED)
LOOKED_UP = f"""
how AS (
    SELECT method, CASE WHEN code IN {listed(methods(EMERGENCY))} THEN 4 ELSE 0 END
        + CASE WHEN code IN {listed(TRANSFERS)} THEN 2 ELSE 0 END AS kind
    FROM (SELECT method, upper(trim(method)) AS code FROM (SELECT DISTINCT method FROM events) AS every) AS coded
    WHERE code IN {listed(KNOWN)}
), avoided AS (
    SELECT diagnosis FROM (
        SELECT diagnosis, replace(upper(trim(diagnosis)), '.', '') AS code
        FROM (SELECT DISTINCT diagnosis FROM events) AS every) AS coded
    WHERE substr(code, 1, 3) IN {listed(diagnoses(3))} OR substr(code, 1, 4) IN {listed(diagnoses(4))}
), registrations AS (
    SELECT every.location_id AS location_id, coalesce(home, every.location_id) AS unit,
        row_number() OVER (ORDER BY every.location_id) AS registration,
        dense_rank() OVER (ORDER BY coalesce(home, every.location_id)) AS number
    FROM (SELECT location_id FROM events WHERE location_id IS NOT NULL
        UNION SELECT location_id FROM stays WHERE location_id IS NOT NULL) AS every
    LEFT JOIN same_home ON same_home.location_id = every.location_id
)"""
"""Each code, and each registration, is looked at once and not in every row; from then on they are numbers. A kind is
4 for an emergency, 2 more for who comes from another hospital, 1 more for what is potentially avoidable."""
STAY = "PARTITION BY person ORDER BY admitted, ended_on, spell, kind, registration"
"""The rows of a person in order; those that tie are alike in all that is asked of them."""
AGAIN, CONTINUED = 8, 9
"""Told in place of the kind of rows that are not counted."""

EXPRESSION = f"""
WITH {LOOKED_UP.strip()}, kinds AS (
    SELECT registration, person, spell, admitted, discharged, coalesce(discharged, admitted) AS ended_on,
        CASE WHEN kind >= 4 AND avoided.diagnosis IS NOT NULL THEN kind + 1 ELSE kind END AS kind
    FROM events JOIN how ON how.method = events.method
    JOIN registrations ON registrations.location_id = events.location_id
    LEFT JOIN avoided ON avoided.diagnosis = events.diagnosis
    WHERE coalesce(episode, 1) = 1 AND person IS NOT NULL AND admitted IS NOT NULL
), in_order AS (
    SELECT registration, admitted, kind,
        spell = lag(spell) OVER ({STAY}) AND admitted = lag(admitted) OVER ({STAY})
            AND ended_on = lag(ended_on) OVER ({STAY}) AS again,
        max(discharged) OVER ({STAY} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS left_last
    FROM kinds
), told AS (
    SELECT registration, CAST(date_trunc('month', admitted) AS DATE) AS month,
        CASE WHEN again THEN {AGAIN}
            WHEN left_last > admitted OR (kind % 4 >= 2 AND left_last + INTERVAL {GAP} DAY >= admitted)
            THEN {CONTINUED} ELSE kind END AS kind
    FROM in_order
), by_registration AS (
    SELECT registration, month, count(*) FILTER (WHERE kind BETWEEN 4 AND 7) AS n,
        count(*) FILTER (WHERE kind IN (5, 7)) AS avoidable, count(*) FILTER (WHERE kind < 4) AS planned,
        count(*) FILTER (WHERE kind = {AGAIN}) AS repeated, count(*) FILTER (WHERE kind = {CONTINUED}) AS continued
    FROM told GROUP BY registration, month
), counted AS (
    SELECT number, month, CAST(sum(n) AS BIGINT) AS n,
        CAST(sum(avoidable) AS BIGINT) AS avoidable, CAST(sum(planned) AS BIGINT) AS planned,
        CAST(sum(repeated) AS BIGINT) AS repeated, CAST(sum(continued) AS BIGINT) AS continued
    FROM by_registration JOIN registrations ON registrations.registration = by_registration.registration
    GROUP BY number, month
), span AS (SELECT min(month) AS first_month, max(month) AS last_month FROM counted
), lived AS (
    SELECT number, greatest(moved_in, first_month) AS began,
        CASE WHEN moved_out IS NOT NULL THEN greatest(moved_out, first_month) END AS ended
    FROM stays JOIN registrations ON registrations.location_id = stays.location_id CROSS JOIN span
    WHERE moved_in IS NOT NULL AND (moved_out IS NULL OR moved_out > moved_in)
), moves AS (
    SELECT number, CAST(date_trunc('month', began) AS DATE) AS month, count(*) AS residents,
        sum(day(last_day(began)) - day(began) + 1) AS days
    FROM lived GROUP BY number, CAST(date_trunc('month', began) AS DATE)
    UNION ALL
    SELECT number, CAST(date_trunc('month', ended) AS DATE), -count(*), -sum(day(last_day(ended)) - day(ended) + 1)
    FROM lived WHERE ended IS NOT NULL GROUP BY number, CAST(date_trunc('month', ended) AS DATE)
), moved AS (
    SELECT number, month, CAST(sum(residents) AS BIGINT) AS residents, CAST(sum(days) AS BIGINT) AS days
    FROM moves GROUP BY number, month
), cells AS (
    SELECT number, calendar.month AS month, calendar.days AS days
    FROM (SELECT DISTINCT number FROM counted) AS named CROSS JOIN calendar CROSS JOIN span
    WHERE calendar.month BETWEEN first_month AND last_month
), residence AS (
    SELECT cells.number AS number, cells.month AS month,
        cells.days * coalesce(sum(residents) OVER (PARTITION BY cells.number ORDER BY cells.month
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) + coalesce(moved.days, 0) AS bed_days
    FROM cells LEFT JOIN moved ON moved.number = cells.number AND moved.month = cells.month
), homes AS (
    SELECT number, unit, name, CASE WHEN nursing THEN 'nursing' WHEN residential THEN 'residential' END AS home_type,
        beds, area_name AS area, region, provider_id AS provider
    FROM (SELECT DISTINCT number, unit FROM registrations) AS named
    LEFT JOIN locations ON locations.location_id = named.unit
)
SELECT unit, residence.month AS month, coalesce(n, 0) AS count, coalesce(avoidable, 0) AS avoidable,
    coalesce(planned, 0) AS planned, CAST(bed_days AS BIGINT) AS exposure, coalesce(repeated, 0) AS repeated,
    coalesce(continued, 0) AS continued, name, home_type, beds, area, region, provider
FROM residence JOIN homes ON homes.number = residence.number
LEFT JOIN counted ON counted.number = residence.number AND counted.month = residence.month
ORDER BY residence.number, residence.month
"""

ASIDE = f"""
SELECT CAST(coalesce(sum(n), 0) AS BIGINT) AS rows_read,
    CAST(coalesce(sum(n) FILTER (WHERE later), 0) AS BIGINT) AS later_episodes,
    CAST(coalesce(sum(n) FILTER (WHERE NOT later AND lacking), 0) AS BIGINT) AS without_home_person_or_day,
    CAST(coalesce(sum(n) FILTER (WHERE NOT later AND NOT lacking
        AND coalesce(upper(trim(method)), '') NOT IN {listed(KNOWN)}), 0) AS BIGINT) AS unknown_methods
FROM (
    SELECT method, coalesce(episode, 1) > 1 AS later,
        location_id IS NULL OR person IS NULL OR admitted IS NULL AS lacking, count(*) AS n
    FROM events GROUP BY ALL
)
"""
"""How many rows are set aside before any is compared with another."""
