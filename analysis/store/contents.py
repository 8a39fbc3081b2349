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
SELECT strftime(month, '%Y-%m') FROM (
    SELECT date_trunc('month', admitted)::DATE AS month FROM admission_events
    UNION SELECT month FROM admission_counts)
ORDER BY month
"""
INTERVENTIONS = """
SELECT intervention, count(DISTINCT location_id) AS homes, min(started) AS first, max(started) AS last
FROM interventions GROUP BY ALL ORDER BY homes DESC, intervention
"""


def coverage(store: Store) -> pd.DataFrame:
    """Count the homes with data by kind of fact and month: source, month, homes."""
    with store.reading() as connection:
        return connection.execute(COVERAGE).df()


def months_counted(store: Store) -> list[str]:
    """List the months with admissions, such as "2019-01"."""
    with store.reading() as connection:
        return [month for (month,) in connection.execute(MONTHS).fetchall()]


def interventions(store: Store) -> pd.DataFrame:
    """Count the homes of each intervention and find its first and last start, the largest first."""
    with store.reading() as connection:
        return connection.execute(INTERVENTIONS).df()


def other_services(store: Store) -> int:
    """Count services of social care that are no care homes."""
    with store.reading() as connection:
        (found,) = connection.execute("SELECT count(*) FROM locations WHERE NOT care_home").fetchall()
    return int(found[0])
