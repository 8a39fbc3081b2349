"""The sample has stays of their own random numbers, and support moves what a world says and nothing else."""

import pandas as pd

from analysis.simulate.stays import COUNTY_WEEKDAY_OUT_RATIO, MEAN_DAYS, StayWorld, of_county, simulate_stays


def test_the_sample_has_stays_of_its_own_random_numbers_and_the_round_moves_the_evenings_alone(county):
    stays, rows = of_county(county), county.admissions
    assert len(stays) == len(rows)
    nights = (stays["discharged"].to_numpy() - rows["admitted"].to_numpy()).astype("timedelta64[D]").astype(int)
    assert nights.min() == 0 and 0.85 * MEAN_DAYS < nights.mean() < 1.15 * MEAN_DAYS
    assert (stays["ready"] <= stays["discharged"]).all() and (stays["ready"] >= rows["admitted"]).all()
    assert COUNTY_WEEKDAY_OUT_RATIO < 1


def test_support_moves_what_a_world_says_and_nothing_else():
    worlds = [simulate_stays(StayWorld(months=24, evening=ratio, days=ratio), 1) for ratio in (1.0, 0.5)]
    stays = [tables["hospital_stays"] for tables in worlds]
    first = worlds[0]["interventions"].set_index("location_id")["started"]
    later = [f[f["admitted"] >= f["location_id"].map(first).fillna(pd.Timestamp("2100"))] for f in stays]
    days = [(f["discharged"] - f["admitted"]).dt.days.mean() for f in later]
    assert 0.35 < days[1] / days[0] < 0.65
