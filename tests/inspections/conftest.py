"""Small tables to write a home's history in."""

import pandas as pd
import pytest

from analysis.sources.schema import TABLES

DATES = ("registered", "deregistered", "visited", "published")


def table(name: str, rows: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(TABLES[name]))
    return frame.assign(**{day: pd.to_datetime(frame[day]) for day in DATES if day in frame})


@pytest.fixture(scope="session")
def locations():
    """Care homes by location id, with what is not usual about each: ``locations("a", b={"nursing": True})``."""

    def build(*plain: str, **particular: dict) -> pd.DataFrame:
        usual = {"care_home": True, "nursing": False, "residential": True, "registered": "2010-10-01"}
        homes = {**{home: {} for home in plain}, **particular}
        return table("locations", [{**usual, "location_id": home, **said} for home, said in homes.items()])

    return build


@pytest.fixture(scope="session")
def ratings():
    """Ratings from tuples (location_id, published, rating, what is not usual)."""

    def build(*said: tuple) -> pd.DataFrame:
        usual = {"service": "Overall", "key_question": "Overall", "inherited": False, "regime": "key lines of enquiry"}
        rows = []
        for number, (location_id, published, rating, *more) in enumerate(said):
            about = {
                "location_id": location_id,
                "published": published,
                "rating": rating,
                "report_id": f"report {number}",
            }
            rows.append({**usual, **about, **(more[0] if more else {})})
        return table("ratings", rows)

    return build


@pytest.fixture(scope="session")
def links():
    """Links from tuples (location_id, related_id, kind, reason)."""

    def build(*said: tuple) -> pd.DataFrame:
        return table("links", [dict(zip(TABLES["links"], link, strict=True)) for link in said])

    return build
