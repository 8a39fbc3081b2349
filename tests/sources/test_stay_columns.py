"""A file of admissions that says more than the day gives stays as well; one that does not gives none."""

import pandas as pd

from analysis import sources

HOME, OTHER = "1-100000001", "1-100000002"


def read(*rows, columns):
    text = "\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)]) + "\n"
    return sources.read("admissions.csv", text.encode())


def stays(*rows, columns):
    reading = read(*rows, columns=columns)
    assert not reading.refusals + reading.questions, reading.findings
    return reading.tables["hospital_stays"], reading


def faults(reading):
    return {finding.fault for finding in reading.findings}


def test_hours_days_and_homes_are_read_beside_the_admissions():
    columns = ("location_id", "ADMIDATE", "ADMIMETH", "Admission time", "DISDATE", "discharge ready date",
               "discharged to")  # fmt: skip
    found, reading = stays(
        (HOME, "2024-01-13", "21", "09:30", "2024-01-20", "2024-01-18", OTHER),
        (HOME, "2024-01-14", "2A", "1845", "2024-01-15", "2024-01-15", ""),
        (HOME, "2024-01-15", "11", "7", "2024-01-15", "", HOME),
        columns=columns,
    )
    assert found["minute"].tolist() == [570, 1125, 420]
    assert found["emergency"].tolist() == [True, True, False]
    assert (found["discharged"] - found["admitted"]).dt.days.tolist() == [7, 1, 0]
    assert (found["discharged"] - found["ready"]).dt.days.tolist()[:2] == [2, 0]
    assert found["went_to"].tolist()[0] == OTHER and pd.isna(found["went_to"][1])
    assert reading.rows_used == 3 and len(reading.tables["admission_events"]) == 3


def test_a_file_of_days_alone_has_no_stays():
    reading = read((HOME, "2024-01-13", "21"), columns=("location_id", "ADMIDATE", "ADMIMETH"))
    assert set(reading.tables) == {"admission_events"}


def test_a_length_of_stay_stands_for_the_day_of_discharge_and_people_go_back_where_they_came_from():
    found, _ = stays((HOME, "2024-01-13", "21", 7), columns=("location_id", "ADMIDATE", "ADMIMETH", "SPELDUR"))
    assert found["discharged"].tolist() == [pd.Timestamp("2024-01-20")]
    assert found["went_to"].tolist() == [HOME]


def test_the_day_of_discharge_stands_with_the_last_episode_of_a_spell():
    columns = ("location_id", "ADMIDATE", "ADMIMETH", "spell id", "EPIORDER", "DISDATE")
    found, _ = stays(
        (HOME, "2024-01-13", "21", "s1", 1, ""), (HOME, "2024-01-13", "21", "s1", 2, "2024-01-25"), columns=columns
    )  # fmt: skip
    assert found["discharged"].tolist() == [pd.Timestamp("2024-01-25")]


def test_what_cannot_be_is_left_out_and_said_and_the_admission_kept():
    columns = ("location_id", "ADMIDATE", "ADMIMETH", "hour", "DISDATE", "ready")
    found, reading = stays(
        (HOME, "2024-01-13", "21", "25", "2024-01-10", ""),
        (HOME, "2024-01-13", "21", "10", "2024-01-20", "2024-01-22"),
        columns=columns,
    )
    assert pd.isna(found["minute"][0]) and pd.isna(found["discharged"][0]) and pd.isna(found["ready"][1])
    assert {"not a time", "not a day of the stay", "ready after the discharge"} <= faults(reading)
    assert reading.rows_used == 2


def test_midnight_that_comes_too_often_is_no_hour():
    rows = [(HOME, f"2024-01-{day:02}", "21", "00:00" if day % 2 else "12:10") for day in range(1, 21)]
    found, reading = stays(*rows, columns=("location_id", "ADMIDATE", "ADMIMETH", "admission time"))
    assert found["minute"].isna().sum() == 10 and "midnight too often" in faults(reading)
    found, reading = stays(*rows[1::2], rows[0], columns=("location_id", "ADMIDATE", "ADMIMETH", "admission time"))
    assert found["minute"].notna().all()


def test_a_destination_that_is_no_home_is_none():
    columns = ("location_id", "ADMIDATE", "ADMIMETH", "DISDATE", "discharged to")
    found, reading = stays((HOME, "2024-01-13", "21", "2024-01-20", "own home"), columns=columns)
    assert found["went_to"].isna().all() and "not a home" in faults(reading)
