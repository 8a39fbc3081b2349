"""Is everybody followed as a clerk would with a calendar, day by day?"""

import numpy as np
import pandas as pd
import pytest

from analysis.design import Plan
from analysis.errors import AnalysisError
from analysis.outcomes import Residents
from analysis.residents import cohort_from
from analysis.residents.records import FAR, records_of
from tests.residents.conftest import same

DAY = np.timedelta64(1, "D")


def by_calendar(stay, went, until, stops):
    """Walk through one stay day by day: days followed, nights in hospital, events by kind, first emergency, death."""
    out = min(day for day in (stay.moved_out, stay.died, until + DAY, stops) if not pd.isna(day))
    last = out if out not in (until + DAY, stops) else out - DAY
    nights, events, first = set(), {"emergency": 0, "A&E": 0, "planned": 0}, np.nan
    for row in went.itertuples():
        if not stay.moved_in <= row.admitted <= last:
            continue
        events[row.kind] += 1
        if row.kind == "emergency":
            first = np.nanmin([first, (row.admitted - stay.moved_in) / DAY + 1])
        stayed = 0 if pd.isna(row.nights) else int(row.nights)
        nights |= {row.admitted + night * DAY for night in range(stayed) if row.admitted + night * DAY < out}
    return max((out - stay.moved_in) / DAY, 1), len(nights), events, first


@pytest.fixture(scope="module")
def walked(known):
    """Every matched resident's row beside what the calendar says."""
    people, records = known.cohort.residents, known.records
    first_stay = known.stays.sort_values("moved_in").drop_duplicates("person").set_index("person")
    names = pd.unique(known.stays["person"])
    until = pd.Timestamp(records.until, unit="D")
    start = known.spells.set_index("location_id")["started"]
    rows = []
    for row in people.itertuples():
        name = names[row.person]
        stay = first_stay.loc[name]
        stops = pd.NaT if row.supported else start.get(stay["location_id"], pd.NaT)
        went = known.admissions[known.admissions["person"] == name]
        rows.append((row, *by_calendar(stay, went, until, stops)))
    return rows


def test_days_nights_and_events_are_those_of_the_calendar(walked):
    assert len(walked) > 300
    for row, days, nights, events, first in walked:
        assert (row.days, row.hospital_bed_days) == (days, nights)
        assert row.at_risk == max(days - nights, 1)
        assert (row.emergency_admissions, row.a_and_e_attendances, row.planned_admissions) == tuple(events.values())
        assert (row.first_admission == first) or (np.isnan(row.first_admission) and np.isnan(first))


def test_residents_of_homes_that_start_later_are_followed_to_the_day_before(known, walked):
    later = set(known.spells["location_id"].iloc[8:])
    index = known.records.homes.index
    some = [row for row, *_ in walked if not row.supported and index[row.home] in later]
    assert some and all(row.moved_in < int(pd.Timestamp(known.spells["started"].iloc[-1]).value // 86400e9)
                        for row in some)  # fmt: skip


def test_everybody_used_is_new_of_the_right_side_and_quarter(known):
    people = known.cohort.residents
    start = known.spells.set_index("location_id")["started"]
    moved = pd.to_datetime(people["moved_in"], unit="D")
    begun = [start.get(known.records.homes.index[home], pd.Timestamp.max) for home in people["home"]]
    assert (people["supported"].to_numpy() == (moved >= pd.Series(begun)).to_numpy()).all()
    by = people.groupby("quarter")["supported"]
    assert (by.nunique() == 2).all()
    weights = people.groupby(["quarter", "home_type", "supported"])["weight"].sum()
    np.testing.assert_allclose(weights.xs(True, level=2), weights.xs(False, level=2))


def test_all_who_came_are_used_or_left_out_once(known):
    cohort = known.cohort
    assert len(cohort.residents) + cohort.left_out["residents"].sum() == known.stays["person"].nunique()


NOBODY = pd.DataFrame(
    {"beds": [20, 20], "area": "A", "home_type": "residential"}, index=pd.Index(["A", "B"], name="home")
)


def small(stays, admissions):
    """Records of a few rows: (person, home, in, out, died), (person, date, kind, nights)."""
    frame = pd.DataFrame(stays, columns=["person", "location_id", "moved_in", "moved_out", "died"])
    for name in ("moved_in", "moved_out", "died"):
        frame[name] = pd.to_datetime(frame[name])
    frame = frame.assign(age_band=None, sex=None, conditions=None)
    went = pd.DataFrame(admissions, columns=["person", "admitted", "kind", "nights"])
    went = went.assign(
        admitted=pd.to_datetime(went["admitted"]), location_id=None, nights=went["nights"].astype("Int64")
    )
    return records_of(frame, went, same, NOBODY)


@pytest.fixture(scope="module")
def doubted():
    """Stays and admissions that do not belong together, as of two files each fine by itself."""
    return small(
        [("P1", "A", "2020-01-01", "2020-06-01", None), ("P1", "B", "2020-03-01", None, None),
         ("P2", "A", "2020-01-01", "2020-02-01", "2020-02-01"), ("P2", "B", "2020-05-01", None, None),
         ("P3", "A", "2020-01-10", "2020-02-01", None), ("P3", "B", "2020-02-01", "2020-03-01", None),
         ("P4", "B", "2020-01-01", None, None)],
        [("P1", "2020-04-01", "emergency", 3), ("P3", "2019-12-01", "emergency", 2),
         ("P3", "2020-02-01", "emergency", 1),
         ("P3", "2020-04-01", "A&E", None), ("P4", "2020-05-01", "planned", 0), ("P9", "2020-01-05", "emergency", 1)],
    )  # fmt: skip


def test_faults_that_only_both_files_show_are_said_in_words(doubted):
    told = {row.why: row for row in doubted.facts.itertuples()}
    people = next(row for why, row in told.items() if "two homes at once" in why)
    assert people.residents == 2 and "moved in after they had died" in people.why
    words = ("no stay is known", "could not be used", "before people first", "outside every stay")
    said = {word: row.admissions for why, row in told.items() for word in words if word in why}
    assert said == {"no stay is known": 1, "could not be used": 1, "before people first": 1, "outside every stay": 1}


def test_on_the_day_of_a_move_an_admission_is_of_the_stay_that_ended(doubted):
    row = doubted.admissions.query("kind == 0 and stay >= 0").iloc[0]
    assert doubted.stays["home"][row["stay"]] == "A"
    assert doubted.stays["moved_out"].max() == FAR


def test_words_and_no_numbers_where_nobody_can_be_compared(known):
    nobody = known.spells.assign(started=pd.Timestamp("2019-01-01"), location_id="1-999")
    everybody = pd.DataFrame({"location_id": known.homes.index, "intervention": "support", "ended": pd.NaT,
                              "started": pd.Timestamp("2019-01-01")})  # fmt: skip
    for spells, words in ((nobody, "came to a home with the"), (everybody, "came to a home without the")):
        with pytest.raises(AnalysisError, match=words):
            cohort_from(known.records, spells, Plan(intervention="support"), Residents())
    with pytest.raises(AnalysisError, match="recorded as having had 'other'"):
        cohort_from(known.records, known.spells, Plan(intervention="other"), Residents())


def test_perfect_prediction_is_said_in_words(known):
    sizes = known.homes.assign(beds=np.where(known.homes.index.isin(known.spells["location_id"]), 90, 10))
    records = records_of(known.stays, known.admissions, same, sizes)
    plan = Plan(intervention="support", comparison="never_treated")
    with pytest.raises(AnalysisError, match="exactly which of them came"):
        cohort_from(records, known.spells, plan, Residents(match_on=("size",)))


def test_a_kind_that_only_one_side_is_of_does_not_stop_the_comparison(known):
    supported = set(known.spells["location_id"])
    elsewhere = ~known.stays["location_id"].isin(supported)
    some = known.stays["age_band"].where(~(elsewhere & (np.arange(len(known.stays)) % 9 == 0)), "100+")
    records = records_of(known.stays.assign(age_band=some), known.admissions, same, known.homes)
    plan = Plan(intervention="support", comparison="never_treated")
    cohort = cohort_from(records, known.spells, plan, Residents())
    row = cohort.balance.set_index("covariate").loc["age: 100+"]
    assert row["before"] < 0 and len(cohort.residents) > 300


def test_support_that_ends_and_other_interventions_end_follow_up(known):
    end = pd.Timestamp("2021-09-30")
    ended = known.spells.assign(ended=end)
    other = pd.DataFrame({"location_id": known.homes.index[20:24], "intervention": "another", "ended": pd.NaT,
                          "started": pd.Timestamp("2021-03-01")})  # fmt: skip
    plan = Plan(intervention="support")
    cohort = cohort_from(known.records, pd.concat([ended, other]), plan, Residents())
    people = cohort.residents
    assert (people.loc[people["supported"], "end"] <= int(end.value // 86400e9) + 1).all()
    touched = people[np.isin(known.records.homes.index[people["home"]], other["location_id"])]
    assert len(touched) and (touched["end"] <= int(pd.Timestamp("2021-03-01").value // 86400e9)).all()
    assert {"moved in after the intervention had ended", "moved into a home after another intervention had begun there"
            } <= set(cohort.left_out["reason"])  # fmt: skip
