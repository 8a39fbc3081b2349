"""CQC's directories of locations: banner rows, wandering headers, flags that are Y or blank, no people."""

import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest

from analysis import sources

COLUMNS = (
    "Name,Also known as,Address,Postcode,Phone number,Service's website (if available),Service types,"
    "Date of latest check,Specialisms/services,Provider name,Local Authority,Region,Location URL,"
    "CQC Location (for office use only,CQC Provider ID (for office use only"
)
ELMS = (
    'Elms,,"1 Road, Exeter",EX1 1AA,0,,Nursing homes|Residential homes,14/07/2016 - 00:00,'
    "Dementia|Caring for adults over 65 yrs,Jo Person,Devon,South West,http://x,1-11,1-91"
)
OAKS = (
    "Oaks,,2 Road,EX2 2AA,0,,Residential homes,14/07/2016 - 00:00,"
    "Learning disabilities,Jo Person,Devon,South West,http://x,1-12,1-91"
)
AT_HOME = (
    "Care at Home,,3 Road,EX3 3AA,0,,Homecare agencies,14/07/2016 - 00:00,"
    "Dementia,Jo Person,Devon,South West,http://x,1-13,1-92"
)
BANNER = ("CQC care directory", "Produced 1 July 2016", '"Notes, with a comma"', "")
CARE_DIRECTORY = "\n".join((*BANNER, COLUMNS, ELMS, OAKS, AT_HOME, ""))
ACTIVE = {
    "Location ID": ("1-11", "1-12", "1-13"),
    "HSCA start date": (dt.date(2011, 1, 20), dt.date(2014, 3, 1), dt.date(2012, 5, 6)),
    "Care home?": ("Y", "Y", "N"),
    "Location Name": ("Elms", "Oaks", "Care at Home"),
    "Registered manager (note; where there is more than one manager)": ("Jo Person",) * 3,
    "Care homes beds": (42, 8, None),
    "Location Region": ("South West",) * 3,
    "Location Local Authority": ("Devon",) * 3,
    "Location Postal Code": ("EX1 1AA", "EX2 2AA", "EX3 3AA"),
    "Brand Name": ("BRAND Trees", "-", "-"),
    "Provider ID": ("1-91", "1-91", "1-92"),
    "Provider Nominated Individual Name": ("Al Person",) * 3,
    "Dormant (Y/N)": ("N", "Y", "N"),
    "Dual registration / Primary ID": (None, "1-11", None),
    "Location Latest Overall Rating": ("Good", None, "Good"),
    "Publication Date": ("01/02/2020", None, "03/04/2020"),
    "Inherited Rating (Y/N)": ("Y", None, "N"),
    "Service type - Care home service with nursing": ("Y", None, None),
    "Service type - Care home service without nursing": ("Y", "Y", None),
    "Service user band - Older People": ("Y", None, None),
    "Service user band - Dementia": ("Y", None, None),
}


def workbook(columns: dict, above: int) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "README"
    book.active.append(["About this file"])
    sheet = book.create_sheet("HSCA_Active_Locations")
    for number in range(above):
        sheet.append([f"Notice {number}: issues with our care directory files"])
    sheet.append(list(columns))
    for values in zip(*columns.values(), strict=True):
        sheet.append(list(values))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_weekly_directory_is_read_below_its_banner():
    reading = sources.read("directory.csv", CARE_DIRECTORY.encode())
    assert reading.layout == "cqc care directory" and (reading.rows_in, reading.rows_used, reading.rows_dropped) == (
        3,
        2,
        1,
    )
    homes = reading.tables["locations"].set_index("location_id")
    marks = ["care_home", "nursing", "residential", "older_people", "dementia"]
    assert homes.loc["1-11", marks].tolist() == [True] * 5
    assert homes.loc["1-12", marks].tolist() == [True, False, True, False, False]
    assert homes.loc["1-11", ["name", "provider_id", "area_name", "region", "postcode"]].tolist() == [
        "Elms", "1-91", "Devon", "South West", "EX1 1AA",
    ]  # fmt: skip
    assert "Person" not in str(reading)


@pytest.mark.parametrize("above", [0, 6, 7, 20])
def test_the_header_of_active_locations_is_found_wherever_it_stands(above):
    reading = sources.read("active.xlsx", workbook(ACTIVE, above))
    assert reading.layout == "cqc active locations"
    assert (reading.rows_in, reading.rows_used, reading.rows_dropped) == (3, 2, 1)
    homes = reading.tables["locations"].set_index("location_id")
    assert homes["beds"].tolist() == [42, 8] and homes["dormant"].tolist() == [False, True]
    assert homes["nursing"].tolist() == [True, False] and homes["older_people"].tolist() == [True, False]
    assert homes["brand"].tolist()[0] == "BRAND Trees" and pd.isna(homes["brand"]["1-12"])
    assert homes["primary_id"]["1-12"] == "1-11" and homes["registered"]["1-11"] == pd.Timestamp(2011, 1, 20)
    assert "Person" not in str(reading.tables)


def test_the_latest_rating_of_active_locations_is_their_overall_rating():
    (rating,) = sources.read("active.xlsx", workbook(ACTIVE, 7)).tables["ratings"].to_dict("records")
    assert (rating["location_id"], rating["service"], rating["key_question"]) == ("1-11", "Overall", "Overall")
    assert (rating["rating"], rating["published"], rating["inherited"]) == ("Good", pd.Timestamp(2020, 2, 1), True)


def test_deactivated_locations_carry_the_day_they_ended():
    columns = {
        "Location ID": ("1-11",), "Location Name": ("Elms",), "Location Status": ("Inactive-Dereg",),
        "Location HSCA start date": ("20/01/2011",), "Location HSCA End Date": ("31/10/2019",), "Care home?": ("Y",),
        "Care homes beds at point location de-activated": ("42",), "Location Latest Overall Rating": ("Inadequate",),
        "Publication Date": ("12/06/2019",),
    }  # fmt: skip
    reading = sources.read("deactivated.xlsx", workbook(columns, 3))
    (home,) = reading.tables["locations"].to_dict("records")
    assert reading.layout == "cqc deactivated locations"
    assert (home["registered"], home["deregistered"]) == (pd.Timestamp(2011, 1, 20), pd.Timestamp(2019, 10, 31))
    assert home["beds"] == 42 and reading.tables["ratings"]["rating"].tolist() == ["Inadequate"]


def test_a_location_listed_twice_counts_once():
    rows = CARE_DIRECTORY + ELMS.replace("Elms", "New Elms") + "\n"
    reading = sources.read("directory.csv", rows.encode())
    assert (reading.rows_in, reading.rows_used, reading.rows_dropped) == (4, 2, 2)
    assert set(reading.tables["locations"]["name"]) == {"New Elms", "Oaks"}
