"""What did people see in homes, written down in a spreadsheet?

One row per visit: home, day, and steps from 1 (serious concern) to 4 (very good), as numbers or in words, for any of
the four domains. Such files go into a journal (`analysis.journal`), never into the store: free text of people is part
of no answer that is handed on.
"""

from collections.abc import Mapping

import pandas as pd

from analysis.sources import fields
from analysis.sources.columns import (
    DAY,
    ReadColumn,
    Screening,
    dates,
    homes,
    names,
    parsed,
    perhaps_personal,
    personal,
    set_aside_words,
)
from analysis.sources.layout import Layout, Parsed, RawTable, Say, plain

STEPS: Mapping[str, int] = {
    "0": 0, "not seen": 0, "n/a": 0, "1": 1, "serious concern": 1, "2": 2, "some concern": 2, "3": 3, "good": 3,
    "4": 4, "very good": 4,
}  # fmt: skip
"""What a cell may say, in small letters, to the step it means."""
DOMAINS = ("appearance", "environment", "interaction", "staffing")
SORTS: Mapping[str, str] = {
    "professional": "professional",
    "visit": "professional",
    "announced audit": "announced audit",
    "announced": "announced audit",
    "unannounced audit": "unannounced audit",
    "unannounced": "unannounced audit",
    "residents and carers": "residents and carers",
    "resident": "residents and carers",
    "family": "residents and carers",
    "carer": "residents and carers",
    "expert by experience": "expert by experience",
    "expert": "expert by experience",
}
YES = ("yes", "y", "true", "1", "shared")
COLUMNS = ("home", "day", "sort", "role", *DOMAINS, "text", "shared")


def parse(raw: RawTable, say: Say) -> Parsed:
    """Read one row per visit."""
    home, day = homes(raw), dates(raw, "day", say, DAY)
    given = {name: names(raw, name) for name in ("sort", "role", "text", "shared") if name in raw.frame}
    steps = {name: _steps(raw, name) for name in DOMAINS if name in raw.frame}
    sort = _sorts(raw, given["sort"].values) if "sort" in given else None
    columns = [home, day, *given.values(), *steps.values(), *([sort] if sort else [])]
    said = sum((column.screening for column in columns), personal(raw))
    rows = pd.DataFrame({"home": home.values, "day": day.values}, index=raw.frame.index)
    rows["sort"] = sort.values if sort else "professional"
    for name in ("role", "text"):
        rows[name] = given[name].values.fillna("") if name in given else ""
    shared = given["shared"].values if "shared" in given else pd.Series("", raw.frame.index)
    rows["shared"] = shared.fillna("").str.casefold().isin(YES)
    for name in DOMAINS:
        rows[name] = steps[name].values if name in steps else 0
    nothing = (rows[list(DOMAINS)].sum(axis=1) == 0) & (rows["text"] == "")
    cells = raw.frame["home"][nothing & home.values.notna()]
    said += set_aside_words(raw, "home", cells, "nothing seen", "a step in one of the four domains, or some words")
    return parsed(raw, said, lambda: {"visits": said.keep(rows)[list(COLUMNS)].reset_index(drop=True)})


def _steps(raw: RawTable, name: str) -> ReadColumn:
    """Read steps; a cell that says none costs its row."""
    text = raw.frame[name].str.strip().str.casefold().str.removesuffix(".0")
    values = text.map(STEPS)
    odd = raw.frame[name][values.isna() & text.notna()]
    said = set_aside_words(raw, name, odd, "no step", "1 (serious concern) to 4 (very good), or blank where not seen")
    return ReadColumn(values=values.fillna(0).astype(int), screening=said)


def _sorts(raw: RawTable, cells: pd.Series) -> ReadColumn:
    """Read who saw it; blank is a professional."""
    values = cells.str.casefold().map(SORTS).mask(cells.isna(), "professional")
    odd = cells[values.isna()]
    said = set_aside_words(raw, "sort", odd, "unknown kind of visit", ", ".join(dict.fromkeys(SORTS.values())))
    return ReadColumn(values=values, screening=said if len(odd) else Screening())


OPTIONAL = {
    "appearance": ("appearance", "appearance of residents", "residents"),
    "environment": ("environment", "physical environment"),
    "interaction": ("interaction", "interaction with residents", "interactions"),
    "staffing": ("staffing", "staff", "staffing levels"),
    "text": ("text", "in words", "comments", "comment", "free text", "notes", "feedback"),
    "sort": ("sort", "who", "kind", "kind of visit", "type of visit", "visit type", "source"),
    "role": ("role", "visitor role", "role of visitor", "job role", "profession"),
    "shared": ("shared", "shared with manager", "shared with the manager", "discussed with manager"),
}
SEEN = {plain(name) for field in (*DOMAINS, "text") for name in OPTIONAL[field]}
"""Columns of which one must be there: a home and a day alone are many kinds of file."""

LAYOUT = Layout(
    name="visits",
    title="Feedback of visits and audits",
    holds="One row per visit: home, day, and steps from 1 to 4 for appearance, environment, interaction, staffing.",
    required={"home": fields.HOME, "day": ("visited", "visit date", "date of visit", "day", "date")},
    optional=OPTIONAL,
    parse=parse,
    fits=lambda columns: any(plain(column) in SEEN for column in columns),
    private=True,
    extra=perhaps_personal,
)
