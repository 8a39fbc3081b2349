"""When did which person go to hospital, by pseudonym, and for how long?

One row per person, day and kind: an emergency admission, an attendance at A&E, or a planned admission. Where the person
lived then is known from the stays (`resident_spells`), so the home need not be told. Nothing else about a person is
kept; the rules for pseudonyms are those of `columns.pseudonyms`.
"""

import numpy as np
import pandas as pd

from analysis.sources import fields
from analysis.sources.admissions import EMERGENCY, PLANNED
from analysis.sources.columns import (
    DAY,
    Screening,
    dates,
    kept_without,
    parsed,
    perhaps_personal,
    rows_were,
    screening,
    set_apart,
    set_aside_words,
    spared,
)
from analysis.sources.columns.pseudonyms import not_repeated, personal_beside, pseudonyms
from analysis.sources.layout import Layout, Parsed, RawTable, Say, plain
from analysis.sources.nested_ids import homes_of
from analysis.sources.resident_spells import PERSON
from analysis.sources.schema import PERSON_KINDS, TABLES

A_AND_E = r"a ?(?:&|and) ?e\b.*|ae|ed|ecds|emergency department.*|accident (?:&|and) emergency.*|.*\battendances?"
"""What is said before "emergency" is looked for, which an emergency department is called after."""
LONGEST_STAY = 3_000
"""Nights; what is longer is a mistake."""


def parse(raw: RawTable, say: Say) -> Parsed:
    """Read one row per person, day and kind."""
    return not_repeated(raw, _parse(raw, say))


def _parse(raw: RawTable, say: Say) -> Parsed:
    person = pseudonyms(raw)
    said = personal_beside(raw) + person.screening
    if said.stops:
        return parsed(raw, said, dict)
    rest = set_apart(raw, said)
    admitted, (kind, odd), (nights, unread) = dates(rest, "admitted", say, DAY), _kinds(raw), _nights(raw)
    said += admitted.screening + odd + unread
    home = pd.Series(None, index=raw.frame.index, dtype="str")
    if "home" in raw.frame:
        read = homes_of(raw, say)
        home, said = read.values, said + _at_home(read.screening)
    rows = pd.DataFrame(
        {"person": person.values, "location_id": home, "admitted": admitted.values, "kind": kind, "nights": nights}
    )
    if not said.stops:
        said += _twice(raw, said.keep(rows))
    return parsed(raw, said, lambda: {"person_admissions": said.keep(rows)[list(TABLES["person_admissions"])]
                                      .reset_index(drop=True)})  # fmt: skip


def _at_home(said: Screening) -> Screening:
    """Take a home that is not told as it is meant: the stays say where somebody lived."""
    findings = tuple(finding for finding in said.findings if finding.fault != "missing home")
    return spared(Screening(findings=findings, dropped=said.dropped))


def _kinds(raw: RawTable) -> tuple[pd.Series, Screening]:
    cells = raw.frame["kind"].str.strip()
    forms = (A_AND_E, EMERGENCY, PLANNED)
    told = [cells.str.fullmatch(f"(?i)(?:{form})").fillna(False).to_numpy(bool) for form in forms]
    kind = pd.Series(np.select(told, [PERSON_KINDS[k] for k in (1, 0, 2)], ""), cells.index).replace("", None)
    expected = "emergency, A&E or planned, or a code such as 21, 2A or 11"
    return kind, set_aside_words(raw, "kind", raw.frame["kind"][kind.isna()], "unknown kind", expected)


def _nights(raw: RawTable) -> tuple[pd.Series, Screening]:
    """Return lengths of stay in nights; missing where a cell cannot be one."""
    if "nights" not in raw.frame:
        return pd.Series(pd.NA, index=raw.frame.index, dtype="Int64"), Screening()
    number = pd.to_numeric(raw.frame["nights"].str.strip(), errors="coerce")
    fine = number.between(0, LONGEST_STAY) & (number == number.round())
    cells = raw.frame["nights"][raw.frame["nights"].notna() & ~fine]
    said = kept_without(raw, "nights", cells, "not a length of stay", "a whole number of nights")
    return number.where(fine).astype("Int64"), said


def _twice(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Drop what stands there again of one person, day and kind, the longest stay being kept."""
    ordered = rows.sort_values("nights", ascending=False, na_position="last", kind="stable")
    again = ordered.index[ordered.duplicated(["person", "admitted", "kind"])].sort_values()
    if again.empty:
        return Screening()
    words = {"found": "a person's second of one kind on one day", "expected": "one row per person, day and kind"}
    do = f"{rows_were(len(again))} dropped; the longest stay is kept."
    said = screening("note", raw, "person", rows.loc[again, "person"], fault="repeated rows", do=do, **words)
    return said + Screening(dropped=again)


_OWN = ("kind", "kind of admission", "admission kind", "type", "event", "event type", "contact type", "activity")
_METHODS = ("admimeth", "admission method", "admission method code", "admmthd", "method of admission", "method")


def _fits(columns: tuple[str, ...]) -> bool:
    """Whether rows are by person: beside a home, a method alone is what lists of a home's admissions have."""
    names = {plain(column) for column in columns}
    own = names & set(map(plain, _OWN))
    pseudonymous = any("pseudo" in name for name in names)
    return bool(own) or pseudonymous or not names & set(map(plain, fields.HOME))


LAYOUT = Layout(
    name="person admissions",
    title="Admissions by person",
    holds="One row per person, day and kind (emergency, A&E, planned): pseudonym, date, kind, length of stay.",
    required={
        "person": PERSON,
        "admitted": (
            "admitted", "admission date", "admidate", "admission_date", "date of admission", "date admitted", "date",
            "attended", "attendance date", "arrival date", "event date",
        ),
        "kind": (*_OWN, *_METHODS),
    },
    optional={
        "home": fields.HOME,
        "area_name": fields.AREA,
        "nights": ("length_of_stay", "length of stay", "los", "nights", "spell duration", "speldur", "bed days"),
    },
    parse=parse,
    private=True,
    extra=perhaps_personal,
    fits=_fits,
    forgiving=("nights", "home", "area_name"),
)  # fmt: skip
