"""What people in the fictional county wrote down: who leads in which home, and what visitors saw.

Leads, teams and elements are drawn at about the shares that clinical leads of the South West reported in June 2021
(teams: 36% in place, 34% being built, 30% none; two leads of three are GPs). Steps of visitors hang on the rating and
on luck. None of it has to do with the admissions.
"""

import numpy as np
import pandas as pd

from analysis.simulate.county import County
from analysis.simulate.register import TOWNS

NETWORKS, VISITS = 60, 70
"""Numbers that keep these draws apart from those of the county, whose bytes do not move."""
TOWNS_A_NETWORK = 2
HOMES_A_LEAD = 9
SEEN = 150
DOMAINS = ("appearance", "environment", "interaction", "staffing")
ELEMENTS = {
    "named_lead": 0.95,
    "weekly_round": 0.6,
    "assessment": 0.5,
    "medication_review": 0.7,
    "information_sharing": 0.55,
}
"""Share of homes in which each is in place."""


def networks(county: County) -> pd.DataFrame:
    """Write the list of networks: one row per home that is open."""
    rng = np.random.default_rng([county.seed, NETWORKS])
    homes = county.homes[county.homes["closed"].isna()].sort_values("location_id")
    number = homes["town"].map({town: place // TOWNS_A_NETWORK for place, town in enumerate(TOWNS)})
    within = number.groupby(number).cumcount() // HOMES_A_LEAD
    lead = [f"Lead {chr(65 + network)}{each + 1}" for network, each in zip(number, within, strict=True)]
    gp = {name: "GP" if rng.random() < 2 / 3 else "nurse" for name in sorted({*lead})}
    team = {name: rng.choice(["in place", "building", "none"], p=[0.36, 0.34, 0.30]) for name in sorted({*lead})}
    elements = {name: np.where(rng.random(len(homes)) < share, "yes", "no") for name, share in ELEMENTS.items()}
    return pd.DataFrame({
        "location_id": homes["location_id"].to_numpy(), "network": [f"Network {chr(65 + each)}" for each in number],
        "lead": lead, "role": [gp[each] for each in lead], "team": [team[each] for each in lead], **elements,
    })  # fmt: skip


def visits(county: County) -> pd.DataFrame:
    """Write what visitors saw in the last year: a third of the homes, some of them several times."""
    rng = np.random.default_rng([county.seed, VISITS])
    homes = county.homes[county.homes["closed"].isna()].sort_values("location_id")
    some = rng.choice(len(homes), len(homes) // 3, replace=False)
    own = rng.normal(3.0, 0.6, len(homes))
    home = rng.choice(some, SEEN)
    day = np.datetime64("2023-01-01") + rng.integers(0, 365, SEEN)
    steps = np.clip(np.rint(own[home][:, None] + rng.normal(0, 0.6, (SEEN, 4))), 1, 4).astype(int)
    sort = rng.choice(["professional", "unannounced audit", "announced audit", "residents and carers",
                       "expert by experience"], SEEN, p=[0.7, 0.08, 0.07, 0.1, 0.05])  # fmt: skip
    role = np.where(
        sort == "professional", rng.choice(["GP", "district nurse", "social worker", "therapist"], SEEN), ""
    )
    order = np.argsort(day, kind="stable")
    frame = pd.DataFrame({
        "location_id": homes["location_id"].to_numpy()[home], "visited": day.astype(str), "sort": sort, "role": role,
        **dict(zip(DOMAINS, steps.T, strict=True)),
        "comments": "", "shared": np.where(rng.random(SEEN) < 0.6, "yes", "no"),
    })  # fmt: skip
    return frame.iloc[order]
