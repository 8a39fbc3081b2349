"""Which rating does each home hold, by key question?

CQC's monthly "care directory with ratings": one row per service and key question of every location in England.
The rating of the home itself is only the row where service and key question are both ``Overall``. Files of 2017 say
``Key Question`` for ``Domain``. Other services of social care are kept and marked as no care home; hospitals, surgeries
and dentists are dropped, and counted.

A list holds what stands, so a rating between two lists that was superseded again is in neither. Each rating therefore
says as of when the first and the last list held it; a list is as old as the latest publication in it.
"""

import pandas as pd

from analysis.sources.columns import (
    DateRule,
    Screening,
    answer,
    dates,
    homes,
    names,
    parsed,
    screening,
    set_aside_words,
    today,
)
from analysis.sources.cqc_words import flag, key_questions, ratings, tidy, words
from analysis.sources.layout import Layout, Parsed, RawTable, Say, plain
from analysis.sources.schema import RATINGS

PUBLISHED = DateRule(grain="day", required=False, order="day first")
REPEATS = ("first in the file", "last in the file", "leave out")
SOCIAL_CARE = "Social Care Org"
"""What CQC's lists call the sector of adult social care."""
LEFT_OUT = "other services", "{:,} rows of services that are not care homes were left out."
KEPT = (
    "other social care",
    "{:,} rows of social care that is no care home were kept, and count only where services of any kind are asked for.",
)
"""What becomes of rows of other services: name of the fault, and what was done."""


def parse(raw: RawTable, say: Say) -> Parsed:
    """Return locations and ratings."""
    home, rating = homes(raw, "location_id"), ratings(raw, "rating", say)
    published, question = dates(raw, "published", say, PUBLISHED), key_questions(raw, "key_question")
    facts = pd.DataFrame(
        {
            "location_id": home.values,
            "service": words(raw, "service").fillna("Overall"),
            "key_question": question.values,
            "rating": rating.values,
            "published": published.values,
            "inherited": flag(raw, "inherited"),
            **listed(published.values),
        }
    )
    said = home.screening + rating.screening + question.screening + published.screening + _names(raw)
    said += other_services(raw, "care_home", flag(raw, "care_home")) + _undated(raw, facts)
    said += _repeated(raw, say, said.keep(facts)) + inherited(raw, facts)
    return parsed(raw, said, lambda: _tables(raw, said.keep(facts)))


def _names(raw: RawTable) -> Screening:
    return names(raw, "name").screening if "name" in raw.frame else Screening()


def listed(published: pd.Series) -> dict[str, pd.Series]:
    """Return as of when a list held its ratings: the latest publication in it, for every row."""
    known = published[published <= today()]
    day = pd.Series(known.max() if len(known) else pd.NaT, published.index).astype("datetime64[us]")
    return {"first_listed": day, "last_listed": day}


def other_services(raw: RawTable, name: str, care_home: pd.Series) -> Screening:
    """Drop rows that say (in column `name`) that they are not a care home; keep those of social care; count both."""
    if name not in raw.frame:
        return Screening()
    other = raw.frame.loc[:, name].loc[(~care_home).fillna(False).astype(bool)]
    social = words(raw, "sector").reindex(other.index).map(plain, na_action="ignore") == plain(SOCIAL_CARE)
    said = Screening()
    for kept, cells in ((True, other.loc[social]), (False, other.loc[~social])):
        if len(cells):
            fault, do = KEPT if kept else LEFT_OUT
            said += screening("note", raw, name, cells, fault=fault, expected="care homes", do=do.format(len(cells)))
    return said + Screening(dropped=other.index[~social])


def _undated(raw: RawTable, facts: pd.DataFrame) -> Screening:
    """Set aside ratings without a day, which cannot be placed; a home without a rating needs none."""
    lost = facts["published"].isna() & facts["rating"].isin(RATINGS)
    cells = raw.frame["published"].loc[lost & raw.frame["published"].isna()]
    return set_aside_words(raw, "published", cells, "missing publication date", "the day the rating was published")


def _repeated(raw: RawTable, say: Say, facts: pd.DataFrame) -> Screening:
    """Drop exact repeats; where one home has two ratings of one key question on one day, ask."""
    key = ["location_id", "service", "key_question", "published"]
    again = facts.duplicated([*key, "rating"])
    said = Screening(dropped=facts.index[again])
    if again.any():
        do = f"{again.sum():,} rows that repeat an earlier one were dropped."
        cells = facts["location_id"].loc[again]
        said += screening("note", raw, "location_id", cells, fault="repeated rows", expected="each rating once", do=do)
    left = facts.loc[~again]
    clash = left.loc[left.duplicated(key, keep=False)]
    return said if clash.empty else said + _clash(raw, say, clash, key)


def _clash(raw: RawTable, say: Say, clash: pd.DataFrame, key: list[str]) -> Screening:
    chosen = answer(say, "two ratings on one day", REPEATS)
    expected = "one rating of a home, service and key question on one day"
    fault, cells = "two ratings on one day", clash.loc[:, "rating"]
    if chosen is None:
        do = f"Choose which counts: {', '.join(REPEATS)}."
        return screening(
            "ask", raw, "rating", cells, fault=fault, expected=expected, do=do, question=fault, options=REPEATS
        )
    keep = {"first in the file": "first", "last in the file": "last", "leave out": False}[chosen]
    out = cells.loc[clash.duplicated(key, keep=keep)]
    return set_aside_words(raw, "rating", out, fault, expected)


def inherited(raw: RawTable, facts: pd.DataFrame) -> Screening:
    """Warn of ratings carried over from an earlier registration."""
    carried = raw.frame.loc[facts["inherited"].fillna(False).astype(bool) & facts["rating"].notna()]
    if carried.empty:
        return Screening()
    do = f"{len(carried):,} ratings were earned under an earlier registration (since April 2019); they are marked so."
    expected = "ratings of this registration"
    return screening("warn", raw, "inherited", carried["inherited"], fault="inherited rating", expected=expected, do=do)


def _tables(raw: RawTable, facts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    homes_of = facts["location_id"].drop_duplicates()
    values = {
        name: words(raw, name)[homes_of.index]
        for name in ("name", "provider_id", "brand", "area_name", "region", "postcode")
    }
    about = {"location_id": homes_of, "care_home": flag(raw, "care_home")[homes_of.index], **values}
    dated = facts.loc[facts["published"].notna()]
    return {
        "locations": tidy("locations", about).reset_index(drop=True),
        "ratings": tidy("ratings", dated.to_dict("series")).reset_index(drop=True),
    }


LAYOUT = Layout(
    name="cqc latest ratings",
    title="CQC latest ratings (care directory with ratings)",
    holds="The rating each location holds now, overall and by key question, with the day it was published.",
    required={
        "location_id": ("Location ID", "CQC Location ID", "CQC ID"),
        "rating": ("Latest Rating", "Rating", "Overall Rating"),
        "published": ("Publication Date", "Published", "Report Date", "Report Publication Date", "Date of rating"),
    },
    optional={
        "key_question": ("Domain", "Key Question"),
        "service": ("Service / Population Group", "Service"),
        "care_home": ("Care Home?",),
        "sector": ("Location Type", "Location Type/Sector"),
        "inherited": ("Inherited Rating (Y/N)", "Inherited"),
        "name": ("Location Name", "Name", "Home"),
        "provider_id": ("Provider ID",),
        "brand": ("Brand Name",),
        "area_name": ("Location Local Authority", "Local Authority"),
        "region": ("Location Region", "Region"),
        "postcode": ("Location Post Code", "Location Postal Code", "Postcode"),
    },
    parse=parse,
    sheet="Locations",
)
