"""Which primary care network and clinical lead has each home, and what of Enhanced Health in Care Homes is in place?

One row per home. A lead is a number within the network: whatever names stand there are left at the door.
"""

from collections.abc import Mapping

import pandas as pd

from analysis.sources import fields
from analysis.sources.columns import ReadColumn, homes, names, parsed, personal, screening, set_aside_words
from analysis.sources.layout import Layout, Parsed, RawTable, Say

ELEMENTS = ("named_lead", "weekly_round", "assessment", "medication_review", "information_sharing")
YES = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
TEAMS: Mapping[str, str] = {
    "in place": "in place", "yes": "in place", "have": "in place", "building": "building", "planned": "building",
    "in development": "building", "none": "none", "no": "none",
}  # fmt: skip
COLUMNS = ("home", "network", "lead", "role", "team", *ELEMENTS)


def parse(raw: RawTable, say: Say) -> Parsed:
    """Read one row per home."""
    home, network = homes(raw), names(raw, "network")
    text = {name: names(raw, name) for name in ("lead", "role") if name in raw.frame}
    worded = {name: _worded(raw, name, YES, "yes or no") for name in ELEMENTS if name in raw.frame}
    if "team" in raw.frame:
        worded["team"] = _worded(raw, "team", TEAMS, "in place, building or none")
    said = sum((column.screening for column in (home, network, *text.values(), *worded.values())), personal(raw))
    blank = raw.frame["home"][network.values.isna() & home.values.notna()]
    said += set_aside_words(raw, "network", blank, "missing network", "the name of a network")
    twice = home.values[home.values.duplicated() & home.values.notna()]
    if len(twice):
        words = {"fault": "a home twice", "expected": "one row per home", "do": "Keep one row of it, and try again."}
        said += screening("reject", raw, "home", twice, **words)
    rows = pd.DataFrame({"home": home.values, "network": network.values})
    for name in (*ELEMENTS, "team", "role"):
        given = worded.get(name) or text.get(name)
        rows[name] = given.values if given else None
    rows["lead"] = _numbered(rows["network"], text["lead"].values if "lead" in text else None)
    return parsed(raw, said, lambda: {"networks": said.keep(rows)[list(COLUMNS)].reset_index(drop=True)})


def _worded(raw: RawTable, name: str, known: Mapping, expected: str) -> ReadColumn:
    """Read cells that say one of a few things; blank is not known."""
    cells = raw.frame[name].str.strip().str.casefold()
    values = cells.map(known).astype(object)
    odd = raw.frame[name][values.isna() & cells.notna()]
    return ReadColumn(values=values, screening=set_aside_words(raw, name, odd, "not understood", expected))


def _numbered(network: pd.Series, lead: pd.Series | None) -> pd.Series:
    """Give a number to the leads of every network in the order in which they come; 0 where none is named."""
    if lead is None:
        return pd.Series(0, network.index)
    first = pd.DataFrame({"network": network, "lead": lead}).dropna().drop_duplicates()
    number = first.groupby("network").cumcount() + 1
    known = {(row.network, row.lead): int(n) for row, n in zip(first.itertuples(), number, strict=True)}
    return pd.Series([known.get(pair, 0) for pair in zip(network, lead, strict=True)], network.index)


LAYOUT = Layout(
    name="networks",
    title="Networks and clinical leads",
    holds="One row per home: its primary care network, clinical lead, and what of enhanced care is in place.",
    required={"home": fields.HOME, "network": ("network", "pcn", "pcn name", "primary care network")},
    optional={
        "lead": ("lead", "clinical lead", "named lead name"),
        "role": ("role", "lead role", "role of lead", "lead type"),
        "team": ("team", "mdt", "mdt status", "multidisciplinary team"),
        "named_lead": ("named_lead", "named clinical lead"),
        "weekly_round": ("weekly_round", "weekly home round", "weekly ward round", "home round"),
        "assessment": ("assessment", "assessment within 7 days", "comprehensive assessment", "pcsp"),
        "medication_review": ("medication_review", "structured medication review", "smr"),
        "information_sharing": ("information_sharing", "information sharing protocol", "information sharing"),
    },
    parse=parse,
)
