"""For how many homes, and which months, does a store hold what?"""

import pandas as pd

from analysis.store.store import Store

COUNTED = ("Homes with an admission", "Monthly counts of admissions")
"""Kinds of fact that count admissions, as `coverage` names them."""
BED_DAYS = "Bed-days"

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
INTERVENTIONS = """
SELECT intervention, count(DISTINCT location_id) AS homes, min(started) AS first, max(started) AS last
FROM interventions GROUP BY ALL ORDER BY homes DESC, intervention
"""


def coverage(store: Store) -> pd.DataFrame:
    """Count the homes with data by kind of fact and month: source, month, homes."""
    periods = store.table("periods")["months"]
    with store.reading() as connection:
        found = connection.execute(COVERAGE).df()
    return _every_month(found, int(periods.max())) if len(periods) else found


def _every_month(found: pd.DataFrame, length: int) -> pd.DataFrame:
    """Count each month of the quarters or years that stand under their first."""
    of_periods = found["source"].isin([COUNTED[1], BED_DAYS])
    later = [found[of_periods].assign(month=found["month"] + pd.DateOffset(months=n)) for n in range(1, length)]
    return pd.concat([found, *later]).sort_values(["source", "month"], ignore_index=True)


def interventions(store: Store) -> pd.DataFrame:
    """Count the homes of each intervention and find its first and last start, the largest first."""
    with store.reading() as connection:
        return connection.execute(INTERVENTIONS).df()


def other_services(store: Store) -> int:
    """Count services of social care that are no care homes."""
    with store.reading() as connection:
        (found,) = connection.execute("SELECT count(*) FROM locations WHERE NOT care_home").fetchall()
    return int(found[0])
