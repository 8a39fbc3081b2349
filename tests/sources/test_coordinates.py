"""Coordinates: what lies in England is kept, what cannot be is told in words and left off the map."""

import io
import json

import openpyxl
import pandas as pd
import pytest

from analysis import sources
from analysis.simulate.england import Country, register
from analysis.sources.columns.places import INVENTED, judged, within

HOME = {"name": "Elms", "registrationStatus": "Registered", "careHome": "Y"}
SAID = {
    "1-1": (50.72, -3.51), "1-2": (0, 0), "1-3": (-3.51, 50.72), "1-4": (48.85, 2.35), "1-5": (50.72, None),
    "1-6": ("north", -3.5), "1-7": (None, None), "1-8": (0.35, 0.4), "1-9": ("51.5", "-0.1"), "1-10": (0.0, 0.0),
}  # fmt: skip
FAULTS = {
    "coordinates at zero": 2, "coordinates swapped": 1, "coordinates outside England": 1, "half a coordinate": 1,
    "coordinates unreadable": 1,
}  # fmt: skip


def told(reading) -> dict[str, int]:
    return {found.fault: found.rows for found in reading.findings if "coordinate" in found.fault}


def kept(reading) -> dict[str, tuple[float, float]]:
    return {row[0]: row[1:] for row in reading.tables["places"].itertuples(index=False)}


KEPT = {"1-1": (50.72, -3.51), "1-8": (0.35, 0.4), "1-9": (51.5, -0.1)}


def test_documents_of_the_api():
    documents = [
        {"locationId": home, "onspdLatitude": north, "onspdLongitude": east, **HOME}
        for home, (north, east) in SAID.items()
    ]
    reading = sources.read("locations.json", json.dumps(documents).encode())
    assert told(reading) == FAULTS and kept(reading) == KEPT
    assert len(reading.tables["locations"]) == len(SAID)  # every home is kept
    swapped = next(str(found) for found in reading.findings if found.fault == "coordinates swapped")
    assert "latitude -3.51, longitude 50.72" in swapped and "Turn the two columns round" in swapped
    assert all("Kept without a place" in found.do for found in reading.findings if "coordinate" in found.fault)


def test_documents_without_coordinates_say_nothing_and_have_no_places():
    reading = sources.read("locations.json", json.dumps([{"locationId": "1-1", **HOME}]).encode())
    assert not told(reading) and "places" not in reading.tables


def test_the_directory_of_active_locations():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "HSCA_Active_Locations"
    sheet.append(
        ["Location ID", "Location Name", "Care home?", "Care homes beds", "Location Latitude", "Location Longitude"]
    )
    for home, (north, east) in SAID.items():
        sheet.append([home, "Elms", "Y", 20, north, east])
    file = io.BytesIO()
    book.save(file)
    reading = sources.read("active.xlsx", file.getvalue())
    assert told(reading) == FAULTS and kept(reading) == KEPT
    assert {found.column for found in reading.findings if "coordinate" in found.fault} == {"Location Latitude"}


@pytest.mark.parametrize("lost", ["Location Latitude", "Location Longitude"])
def test_one_column_of_the_two_is_half_a_coordinate(lost):
    columns = {"Location Latitude": 51.5, "Location Longitude": -0.1}
    columns.pop(lost)
    rows = {"Location ID": ["1-1"], "Location Name": ["Elms"], "Care home?": ["Y"], "Care homes beds": [20], **columns}
    reading = sources.read("active.csv", pd.DataFrame(rows).to_csv(index=False).encode())
    assert told(reading) == {"half a coordinate": 1} and "places" not in reading.tables


def test_places_of_the_invented_country_are_kept_and_lie_by_council():
    homes = register(Country(homes=4_000))
    there, faults = judged(homes["latitude"], homes["longitude"])
    assert faults.isna().all() and within(INVENTED, there["latitude"].to_numpy(), there["longitude"].to_numpy()).all()
    by = homes.groupby("council")[["latitude", "longitude"]]
    assert (by.max() - by.min()).max().max() <= 0.4 + 1e-6 and by.mean().round(1).drop_duplicates().shape[0] > 100


@pytest.mark.realdata
def test_every_real_home_of_the_south_west_has_a_place(realdata):
    path = realdata / "cqc_api_locations_south_west_2021-02.jsonl.gz"
    reading = sources.read(path.name, path)
    places = reading.tables["places"].astype({"latitude": float, "longitude": float})
    assert len(places) == len(reading.tables["locations"]) == 728 and not told(reading)
    assert places["latitude"].between(49.9, 52.2).all() and places["longitude"].between(-5.8, -1.6).all()
