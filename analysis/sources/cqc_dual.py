"""Which locations does CQC register twice, for two providers who run one building together?

The sheet ``Dual_Registration_Locations`` of the workbook of active locations: one row per location and the location it
is linked with. ``Primary ID`` is the id of the one that counts, or says whether this row's is it (Y or N). A pair whose
primary is not named stays two homes, and is counted.
"""

import numpy as np
import pandas as pd

from analysis.sources.columns import Screening, homes, parsed, screening
from analysis.sources.cqc_words import tidy, words
from analysis.sources.layout import Layout, Parsed, RawTable, Say

REASON = "Dual Registration"


def parse(raw: RawTable, say: Say) -> Parsed:
    """Return links from each duplicate to the location it duplicates."""
    home, linked = homes(raw, "location_id"), words(raw, "linked").str.upper()
    primary = _primary(home.values, linked, words(raw, "primary").str.upper()).where(linked.notna())
    said = home.screening + _unnamed(raw, home.screening.keep(raw.frame.loc[primary.isna(), ["primary"]])["primary"])
    pairs = said.keep(pd.DataFrame({"one": home.values, "other": linked, "primary": primary})).dropna()
    return parsed(raw, said, lambda: {"links": _links(pairs)} if len(pairs) else {})


def _unnamed(raw: RawTable, cells: pd.Series) -> Screening:
    """Say which pairs do not name the one that counts."""
    if cells.empty:
        return Screening()
    do = f"{len(cells):,} rows do not say which of two locations counts; both are kept as homes of their own."
    fault, expected = "no primary location", "the id of the primary location, or Y or N"
    return screening("warn", raw, "primary", cells, fault=fault, expected=expected, do=do)


def _primary(one: pd.Series, other: pd.Series, said: pd.Series) -> pd.Series:
    """Return the id of the location that counts; missing where that is not said."""
    named = said.where((said == one) | (said == other))
    return named.mask(said.isin(["Y", "YES"]), one).mask(said.isin(["N", "NO"]), other)


def _links(pairs: pd.DataFrame) -> pd.DataFrame:
    duplicate = np.where(pairs["primary"] == pairs["one"], pairs["other"], pairs["one"])
    links = {"location_id": duplicate, "related_id": pairs["primary"], "kind": "primary", "reason": REASON}
    return tidy("links", links).drop_duplicates(["location_id", "related_id"]).reset_index(drop=True)


LAYOUT = Layout(
    name="cqc dual registrations",
    title="CQC dual registrations (a sheet of the active locations)",
    holds="Pairs of locations that two providers registered for one building, and which of the two counts.",
    required={
        "location_id": ("Location ID",),
        "linked": ("Linked Organisation ID",),
        "primary": ("Primary ID",),
    },
    parse=parse,
    sheet="Dual_Registration_Locations",
    beside=True,
)
