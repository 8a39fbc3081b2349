"""What stands under the pictures of stays in hospital? Ratios, from counts as they may be shown."""

import pandas as pd

from analysis.results import RATE_RATIO, Effects, interval
from analysis.tables.columns import Column

SPAN = ("estimate", "conf_low", "conf_high")
CALLED = {"all": "All homes", "home_type: nursing": "Nursing homes", "home_type: residential": "Residential homes"}


def ratios(effects: Effects) -> pd.DataFrame:
    """One row over all homes, then one by kind of home: group, estimate, conf_low, conf_high, p_value."""
    parts = [effects.tidy(by).rename(columns={by: "group"}) for by in ("overall", "subgroup")]  # type: ignore[arg-type]
    rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
    rows = rows.loc[rows["term"] == RATE_RATIO, ["group", *SPAN, "p_value"]].reset_index(drop=True)
    return rows.assign(group=[CALLED.get(str(name), str(name).rpartition(": ")[2]) for name in rows["group"]])


RATIOS = (Column("Homes", "group"), Column("Ratio (95% interval)", SPAN, interval))
ACCOUNT = (
    Column("What", "what"), Column("Homes", "homes"), Column("Home-months", "home_months"), Column("Why", "why"),
)  # fmt: skip
