"""A plain table of ratings: home, date, rating, as people type it out of CQC's pages.

It is read as CQC's own list of latest ratings is. A table with a column that no list of ratings has is not taken for
one.
"""

from dataclasses import replace

from analysis.sources import cqc_latest_ratings, fields
from analysis.sources.layout import plain

_CQC = cqc_latest_ratings.LAYOUT
_DATES = (
    "date", "rating date", "date rated", "published on", "date published", "inspection date", "date of inspection",
    "assessment date",
)  # fmt: skip
_RATINGS = ("overall", "cqc rating", "cqc overall rating", "rating overall", "inspection rating")
REQUIRED = {
    "location_id": (*fields.HOME, *_CQC.required["location_id"]),
    "rating": (*_CQC.required["rating"], *_RATINGS),
    "published": (*_CQC.required["published"], *_DATES),
}
OPTIONAL = {**_CQC.optional, "name": (*fields.NAME, *_CQC.optional["name"])}
KNOWN = {plain(name) for names in (*REQUIRED.values(), *OPTIONAL.values()) for name in names}


def _only_ratings(columns: tuple[str, ...]) -> bool:
    return all(plain(column) in KNOWN for column in columns if column)


LAYOUT = replace(
    _CQC,
    name="ratings",
    title="Ratings, one row each",
    holds="One row per home and rating: the day it was published and, if known, the key question.",
    required=REQUIRED,
    optional=OPTIONAL,
    sheet=None,
    fits=_only_ratings,
)
