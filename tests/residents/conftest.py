"""One invented world of residents, put together and matched once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from analysis.design import Plan
from analysis.outcomes import Residents
from analysis.residents import MatchedResidents, ResidentCohort, ResidentRecords, cohort_from
from analysis.residents.records import records_of
from analysis.results import Effects
from analysis.simulate.residents import ResidentWorld, as_tables, simulate_residents

FIRST, START = pd.Timestamp("2020-01-01"), 300
WORLD = ResidentWorld(homes=36, supported=12, beds=24, days=900, start=START)


@dataclass(frozen=True, kw_only=True)
class Known:
    stays: pd.DataFrame
    admissions: pd.DataFrame
    homes: pd.DataFrame
    spells: pd.DataFrame
    records: ResidentRecords
    cohort: ResidentCohort
    effects: Effects


def same(ids):
    return ids


@pytest.fixture(scope="session")
def known():
    stays, admissions, homes = as_tables(simulate_residents(WORLD, np.random.default_rng(11)), f"{FIRST:%Y-%m-%d}")
    spells = pd.DataFrame({
        "location_id": homes.index[:12], "intervention": "support", "ended": pd.NaT,
        "started": FIRST + pd.to_timedelta([START] * 8 + [START + 120] * 4, unit="D"),
    })  # fmt: skip
    records = records_of(stays, admissions, same, homes)
    cohort = cohort_from(records, spells, Plan(intervention="support"), Residents())
    effects = MatchedResidents().fit(records, cohort)
    return Known(stays=stays, admissions=admissions, homes=homes, spells=spells, records=records, cohort=cohort,
                 effects=effects)  # fmt: skip
