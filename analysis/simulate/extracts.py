"""How would the county's people hold its data? As frames in the layouts of real files.

Column names are those of CQC's "latest ratings" file and of hospital admitted-patient care; the rest are the plainest
names that evaluators use. Rows carry the registration a home had on that day.
"""

import numpy as np
import pandas as pd

from analysis.simulate.county import County
from analysis.simulate.register import AREA, REGION
from analysis.simulate.stays import of_county

DOMAINS = ("Safe", "Effective", "Caring", "Responsive", "Well-led", "Overall")


def emergency_admissions(county: County) -> pd.DataFrame:
    """One row per admission, planned ones too: location_id, ADMIDATE, ADMIMETH, DIAG_01, hour, DISDATE, ready."""
    rows, stays = county.admissions, of_county(county)
    return pd.DataFrame(
        {
            "location_id": _registration(county.homes, rows["home"], rows["admitted"].to_numpy()),
            "ADMIDATE": rows["admitted"].dt.strftime("%Y-%m-%d"),
            "ADMIMETH": rows["method"],
            "DIAG_01": rows["diagnosis"],
            "hour": stays["minute"] // 60,
            "DISDATE": _as_dates(stays["discharged"]),
            "ready": _as_dates(stays["ready"]),
        }
    )


def _as_dates(days: pd.Series) -> pd.Series:
    return pd.Series(days.to_numpy().astype("datetime64[D]").astype(str), days.index)


def resident_days(county: County) -> pd.DataFrame:
    """One row per home and month in which anybody lived there: location_id, month, resident_days."""
    home, month = np.nonzero(county.bed_days)
    months = county.months[month].astype("datetime64[D]")
    return pd.DataFrame(
        {
            "location_id": _registration(county.homes, home, months),
            "month": months.astype(str),
            "resident_days": county.bed_days[home, month].astype(int),
        }
    )


def interventions(county: County) -> pd.DataFrame:
    """One row per home and spell, with how and from which months homes were chosen."""
    spells = county.interventions
    start = spells["start"].to_numpy().astype("datetime64[M]").astype("datetime64[D]")
    return pd.DataFrame(
        {
            "location_id": _registration(county.homes, spells["home"], start),
            "intervention": spells["intervention"],
            "start": start.astype(str),
            "end": None,
            **spells[["dose", "chosen_by", "chosen_from", "chosen_to"]],
        }
    )


def latest_ratings(county: County) -> pd.DataFrame:
    """One row per open home and domain, in the 28 columns of CQC's "latest ratings" file."""
    rated = county.inspections[county.inspections["Overall"] != "Inspected but not rated"]
    latest = rated.groupby("home").tail(1).set_index("home")
    homes = county.homes[county.homes["closed"].isna()].join(latest, how="inner")
    rows = homes.loc[homes.index.repeat(len(DOMAINS))].reset_index(drop=True)
    domain = np.tile(DOMAINS, len(homes))
    inherited = rows["published"] < rows["reregistered"]
    columns = {
        "Location ID": rows["location_id"],
        "Location ODS Code": "",
        "Location Name": rows["name"],
        "Care Home?": "Y",
        "Location Type": "Social Care Org",
        "Location Primary Inspection Category": "Residential social care",
        "Location Street Address": "",
        "Location Address Line 2": "",
        "Location City": rows["town"],
        "Location Post Code": rows["postcode"],
        "Location Local Authority": AREA,
        "Location Region": REGION,
        "Location NHS Region": REGION,
        "Location ONSPD CCG Code": "",
        "Location ONSPD CCG": "",
        "Location Commissioning CCG Code": "",
        "Location Commissioning CCG Name": "",
        "Service / Population Group": "Overall",
        "Domain": domain,
        "Latest Rating": rows[list(DOMAINS)].to_numpy()[np.arange(len(rows)), np.arange(len(rows)) % len(DOMAINS)],
        "Publication Date": pd.to_datetime(rows["published"]).dt.strftime("%d/%m/%Y"),
        "Report Type": "Location",
        "Inherited Rating (Y/N)": np.where(inherited, "Y", "N"),
        "URL": "",
        "Provider ID": rows["provider_id"],
        "Provider Name": "Provider " + rows["provider_id"],
        "Brand ID": "-",
        "Brand Name": "-",
    }
    return pd.DataFrame(columns)


def _registration(homes: pd.DataFrame, home, day: np.ndarray) -> np.ndarray:
    """Location id that each home had on each day."""
    own = homes.iloc[np.asarray(home)]
    earlier = own["observed_earlier"].to_numpy() & (day < own["reregistered"].to_numpy())
    return np.where(earlier, own["earlier_id"].to_numpy(), own["location_id"].to_numpy())
