"""Matched residents of a small invented world, for R: this first, then matched_residents.R."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.design import Plan
from analysis.outcomes import Residents
from analysis.residents import cohort_from
from analysis.residents.records import records_of
from analysis.simulate.residents import ResidentWorld, as_tables, simulate_residents

FILE = Path(__file__).parent / "r" / "residents.csv"


def main() -> None:
    """Draw, match and write."""
    world = ResidentWorld(homes=24, supported=8, beds=25, days=800, start=250)
    stays, admissions, homes = as_tables(simulate_residents(world, np.random.default_rng(5)), "2020-01-01")
    records = records_of(stays, admissions, lambda ids: ids, homes)
    started = pd.Timestamp("2020-01-01") + pd.Timedelta(days=250)
    spells = pd.DataFrame(
        {"location_id": homes.index[:8], "intervention": "support", "started": started, "ended": pd.NaT}
    )
    cohort = cohort_from(records, spells, Plan(intervention="support", matches=2), Residents())
    people, known = cohort.residents, cohort.covariates
    columns = ["home", "supported", "weight", "days", "at_risk", "emergency_admissions", "died", "first_admission"]
    frame = people[columns].astype({"supported": int, "died": int}).assign(conditions=known["number of conditions"])
    frame.to_csv(FILE, index=False)


if __name__ == "__main__":
    main()
