"""For how many homes, and which months, does a store hold what?"""

import pandas as pd

from analysis.store.store import Store

COVERAGE = """
SELECT 'Homes with an admission' AS source, date_trunc('month', admitted)::DATE AS month,
    count(DISTINCT location_id) AS homes
FROM admission_events GROUP BY ALL
UNION ALL SELECT 'Monthly counts of admissions', month, count(DISTINCT location_id) FROM admission_counts GROUP BY ALL
UNION ALL SELECT 'Bed-days', month, count(DISTINCT location_id) FROM occupancy GROUP BY ALL
UNION ALL SELECT 'Ratings published', date_trunc('month', published)::DATE, count(DISTINCT location_id)
FROM ratings WHERE published IS NOT NULL GROUP BY ALL
ORDER BY ALL
"""
MONTHS = """
SELECT DISTINCT strftime(month + to_months(n::INTEGER), '%Y-%m') AS counted FROM (
    SELECT date_trunc('month', admitted)::DATE AS month, 1 AS length FROM admission_events
    UNION SELECT month, $length FROM admission_counts), unnest(range(length)) AS later(n)
ORDER BY counted
"""
INTERVENTIONS = """
SELECT intervention, count(DISTINCT location_id) AS homes, min(started) AS first, max(started) AS last
FROM interventions GROUP BY ALL ORDER BY homes DESC, intervention
"""


BY_PERIOD = ("Monthly counts of admissions", "Bed-days")
"""Kinds of fact that may be by quarter or year, each under its first month."""


def coverage(store: Store) -> pd.DataFrame:
    """Count the homes with data by kind of fact and month: source, month, homes."""
    with store.reading() as connection:
        found = connection.execute(COVERAGE).df()
    length = period_of(store)
    return _every_month(found, length) if length > 1 else found


def period_of(store: Store) -> int:
    """Count the months of the periods by which a store's homes are counted: 1, 3 or 12."""
    periods = store.table("periods")["months"]
    return int(periods.max()) if len(periods) else 1


def _every_month(found: pd.DataFrame, length: int) -> pd.DataFrame:
    """Count each month of the quarters or years that stand under their first."""
    of_periods = found["source"].isin(BY_PERIOD)
    later = [found[of_periods].assign(month=found["month"] + pd.DateOffset(months=n)) for n in range(1, length)]
    return pd.concat([found, *later]).sort_values(["source", "month"], ignore_index=True)


def months_counted(store: Store) -> list[str]:
    """List the months with admissions, such as "2019-01"."""
    length = {"length": period_of(store)}
    with store.reading() as connection:
        return [month for (month,) in connection.execute(MONTHS, length).fetchall()]


def interventions(store: Store) -> pd.DataFrame:
    """Count the homes of each intervention and find its first and last start, the largest first."""
    with store.reading() as connection:
        return connection.execute(INTERVENTIONS).df()


def other_services(store: Store) -> int:
    """Count services of social care that are no care homes."""
    with store.reading() as connection:
        (found,) = connection.execute("SELECT count(*) FROM locations WHERE NOT care_home").fetchall()
    return int(found[0])
