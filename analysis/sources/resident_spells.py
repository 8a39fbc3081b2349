"""Who lived in which home from which day to which, by pseudonym?

One row per stay of a person in a home. From it come days of residence to the day, and who was new, when. A person is in
one home at a time: the day of a move may be the last of one stay and the first of the next, no more. Whoever has a row
that cannot be true is left out with all rows, because when that person first came to any home is not known then.

Ages are kept as bands and conditions as short names; nothing that tells who somebody is passes (`columns.pseudonyms`).
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.sources import fields
from analysis.sources.columns import (
    DAY,
    DateRule,
    Screening,
    dates,
    more,
    parsed,
    perhaps_personal,
    rows_were,
    screening,
    set_apart,
    set_aside_words,
)
from analysis.sources.columns.pseudonyms import not_repeated, personal_beside, pseudonyms, with_all_rows
from analysis.sources.layout import Layout, Parsed, RawTable, Say
from analysis.sources.nested_ids import homes_of
from analysis.sources.reading.people import People
from analysis.sources.schema import TABLES

OPEN_END = r"\s*(?:(?:2[1-9]\d\d|[3-9]\d\d\d)[-/. ].*|.*[-/. ](?:2[1-9]\d\d|[3-9]\d\d\d))\s*"
"""Days in a century to come, which records write where a stay has not ended."""
BAND_YEARS, OLDEST = 5, 95
"""Ages in years are kept as bands of five, and 95 and over together: fewer people share each year of age."""
MALE, FEMALE = r"(?i)m|male|man|1", r"(?i)f|female|woman|2"
NONE = r"(?i)none|no|nil|0"
PARTED = r"\s*[;|,]\s*"
LONGEST_CONDITION = 40
"""Characters; what is longer is no name of a condition but a note about somebody."""
FAR = pd.Timestamp("2262-01-01")
TWO_HOMES, OVERLAP = "a person in two homes at once", "overlapping stays in one home"


def parse(raw: RawTable, say: Say) -> Parsed:
    """Read one row per stay."""
    return not_repeated(raw, _parse(raw, say))


def _parse(raw: RawTable, say: Say) -> Parsed:
    home, person = homes_of(raw, say), pseudonyms(raw)
    said = personal_beside(raw) + person.screening + home.screening
    if said.stops:
        return parsed(raw, said, dict)
    rows = pd.DataFrame({"location_id": home.values, "person": person.values})
    days = _days(set_apart(raw, said), say)
    rows = rows.join(pd.DataFrame({name: read[0] for name, read in days.items()}))
    said = sum((read[1] for read in days.values()), said)
    known = {name: read(raw) for name, read in ATTRIBUTES.items() if name in raw.frame}
    rows = rows.assign(**{name: values for name, (values, _) in known.items()})
    said = sum((read[1] for read in known.values()), said)
    if not said.stops:
        said += _impossible(raw, said.keep(rows))
        said += _repeated(raw, said.keep(rows))
        said += _at_once(raw, said.keep(rows))
        said += with_all_rows(raw, rows["person"], said)
    return parsed(raw, said, lambda: {"resident_spells": _table(said.keep(rows))})


def _days(raw: RawTable, say: Say) -> dict[str, tuple[pd.Series, Screening]]:
    """Read the days of moving in, of moving out and of death; a stay without an end goes on."""
    moved_in = dates(raw, "moved_in", say, DAY)
    rule = DateRule(grain="day", required=False, order=moved_in.order)
    found = {"moved_in": (moved_in.values, moved_in.screening)}
    for name in ("moved_out", "died"):
        if name not in raw.frame:
            found[name] = pd.Series(pd.NaT, index=raw.frame.index, dtype="datetime64[us]"), Screening()
            continue
        cells = raw.frame[name]
        ahead = cells.str.fullmatch(OPEN_END).fillna(False).astype(bool)
        read = dates(_with(raw, name, cells.mask(ahead)), name, say, rule)
        found[name] = read.values, read.screening + _open_ends(raw, name, cells[ahead])
    return found


def _with(raw: RawTable, name: str, cells: pd.Series) -> RawTable:
    return replace(raw, frame=raw.frame.assign(**{name: cells}))


def _open_ends(raw: RawTable, name: str, cells: pd.Series) -> Screening:
    if cells.empty:
        return Screening()
    words = {"fault": "ends in another century", "expected": "nothing where a stay has not ended"}
    return screening("note", raw, name, cells, do="Read as not ended.", **words)


def _age_bands(raw: RawTable) -> tuple[pd.Series, Screening]:
    """Return bands of age as text; single years become bands of five."""
    cells = raw.frame["age_band"].str.strip()
    if said := _about_people(raw, "age_band", cells):
        return cells, said
    years = pd.to_numeric(cells, errors="coerce")
    low = (years // BAND_YEARS * BAND_YEARS).clip(upper=OLDEST)
    band = low.map(_band)
    single = raw.frame["age_band"][years.notna()]
    said = Screening()
    if len(single):
        words = {"fault": "ages in years", "found": "ages in single years", "expected": "bands of age, such as 85-89"}
        do = f"Kept as bands of five years, {OLDEST} and over together."
        said = screening("note", raw, "age_band", single, do=do, **words)
    plain = cells.str.replace(r"\s*(?:[-–]|to)\s*", "-", regex=True).str.replace(r"\s*(?:years?|yrs?)$", "", regex=True)
    return band.where(years.notna(), plain), said


def _band(low: float) -> str | None:
    if pd.isna(low):
        return None
    return f"{low:.0f}+" if low >= OLDEST else f"{low:.0f}-{low + BAND_YEARS - 1:.0f}"


def _sexes(raw: RawTable) -> tuple[pd.Series, Screening]:
    """Return female, male, or nothing where a cell says neither."""
    cells = raw.frame["sex"].str.strip()
    female, male = (cells.str.fullmatch(form).fillna(False).astype(bool) for form in (FEMALE, MALE))
    return pd.Series(np.select([female, male], ["female", "male"], ""), cells.index).replace("", None), Screening()


def _conditions(raw: RawTable) -> tuple[pd.Series, Screening]:
    """Return names of conditions, parted by semicolons; a number where only their number is told."""
    cells = raw.frame["conditions"].str.strip()
    if said := _about_people(raw, "conditions", cells):
        return cells, said
    numbers = pd.to_numeric(cells, errors="coerce")
    listed = cells.str.replace(NONE, "", regex=True).where(cells.str.fullmatch(NONE), cells).str.casefold()
    parts = listed.str.split(PARTED, regex=True)
    names = parts.map(lambda some: some if not isinstance(some, list) else "; ".join(sorted({s for s in some if s})))
    long = raw.frame["conditions"][parts.map(_longest) > LONGEST_CONDITION]
    if len(long):
        words = {"found": "notes in sentences", "expected": "short names of conditions, parted by semicolons"}
        do = "Leave the column out, or name conditions: notes may say who somebody is."
        return cells, screening("reject", raw, "conditions", long, fault="notes about people", do=do, **words)
    return names.mask(numbers.notna(), numbers.map(lambda n: "" if pd.isna(n) else f"{n:.0f}")), Screening()


def _longest(some: list | None) -> int:
    return max((len(one) for one in some), default=0) if isinstance(some, list) else 0


ATTRIBUTES = {"age_band": _age_bands, "sex": _sexes, "conditions": _conditions}


def _about_people(raw: RawTable, name: str, cells: pd.Series) -> Screening | None:
    """Refuse names, NHS numbers and dates of birth in a column of attributes."""
    seen = People()
    for cell in cells.dropna().drop_duplicates():
        seen.examine(cell)
    if not (found := seen.found()):
        return None
    do = "Leave the column out, or give bands of age and names of conditions."
    words = {"found": found, "expected": "nothing that tells who somebody is", "fault": "personal data"}
    return screening("reject", raw, name, cells.dropna(), do=do, **words)


def _impossible(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Set aside stays that end before they begin."""
    said = Screening()
    for name, fault in (("moved_out", "moved out before moving in"), ("died", "died before moving in")):
        day = rows.groupby("person")[name].transform("min") if name == "died" else rows[name]
        odd = rows.index[day < rows["moved_in"]]
        cells = raw.frame[name].reindex(odd) if name in raw.frame else pd.Series(dtype=str)
        said += set_aside_words(raw, name, cells, fault, "no day before the day of moving in")
    return said


def _repeated(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Drop stays that stand there twice."""
    again = rows.index[rows.duplicated()]
    if again.empty:
        return Screening()
    words = {"found": "a stay that stands there already", "expected": "one row per stay"}
    do = f"{rows_were(len(again))} dropped."
    said = screening("note", raw, "person", rows.loc[again, "person"], fault="repeated rows", do=do, **words)
    return said + Screening(dropped=again)


def _at_once(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Set aside all stays of people who were in two homes at once, or twice in one."""
    doubted, said = overlapping(rows), Screening()
    for fault, expected in (
        (TWO_HOMES, "one home at a time; the day of a move may be in both"),
        (OVERLAP, "stays in one home that follow one another"),
    ):
        people = doubted.index[doubted == fault]
        some = rows["person"][rows["person"].isin(people)]
        if len(some):
            found = f"the stays of one person, which overlap{more(len(people) - 1, 'person', 'people')}"
            do = f"{rows_were(len(some))} set aside, all of these people: correct them, and load the file again."
            said += screening("rows", raw, "person", some, fault=fault, found=found, expected=expected, do=do)
    return said


def overlapping(rows: pd.DataFrame) -> pd.Series:
    """Give what is wrong with people whose stays overlap: `TWO_HOMES` or `OVERLAP`, by person.

    Parameters
    ----------
    rows : DataFrame
        person, location_id, moved_in, moved_out, died; a stay without an end goes on.
    """
    end = rows["moved_out"].fillna(FAR)
    end = end.where(~(rows["died"] < end), rows["died"])
    ordered = rows.assign(end=end).sort_values(["person", "moved_in", "end"], kind="stable")
    same = (ordered["person"] == ordered["person"].shift()).to_numpy()
    latest = ordered.groupby("person")["end"].cummax().shift()
    over = same & (ordered["moved_in"] < latest).to_numpy()
    # two stays of no length on one day, or a stay that begins on the day on which the same one begins
    over |= same & (ordered["moved_in"] == ordered["moved_in"].shift()).to_numpy() & (
        ordered["location_id"] == ordered["location_id"].shift()
    ).to_numpy()  # fmt: skip
    people = pd.Index(ordered["person"][over].unique())
    homes = ordered[ordered["person"].isin(people)].groupby("person")["location_id"].nunique()
    return pd.Series(np.where(homes > 1, TWO_HOMES, OVERLAP), index=homes.index, dtype=object)


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    for name in ATTRIBUTES:
        if name not in rows:
            rows = rows.assign(**{name: pd.Series(None, index=rows.index, dtype="object")})
    return rows[list(TABLES["resident_spells"])].reset_index(drop=True)


PERSON = (
    "person", "person pseudonym", "pseudonym", "person id", "pseudonymised id", "pseudo id", "pseudonymised person id",
    "resident", "resident id", "resident pseudonym", "client id", "client pseudonym", "patient id", "patient pseudonym",
    "token person id", "person key", "study id",
)  # fmt: skip
LAYOUT = Layout(
    name="resident spells",
    title="Stays of residents",
    holds="One row per stay of a person in a home: home, pseudonym, day of moving in, of moving out and of death.",
    required={
        "home": fields.HOME,
        "person": PERSON,
        "moved_in": (
            "moved_in", "in", "moved in", "move in", "move in date", "date moved in", "date in", "in date",
            "residence start", "resident from", "stay start", "start", "start date", "placement start",
        ),
    },
    optional={
        "area_name": fields.AREA,
        "moved_out": (
            "moved_out", "out", "moved out", "move out", "move out date", "date moved out", "date out", "out date",
            "residence end", "resident to", "stay end", "end", "end date", "placement end",
        ),
        "died": ("died", "date of death", "death date", "dod", "deceased", "died on"),
        "age_band": ("age_band", "age band", "age group", "ageband", "age"),
        "sex": ("sex", "gender"),
        "conditions": ("conditions", "condition", "comorbidities", "long term conditions", "number of conditions"),
    },
    parse=parse,
    private=True,
    extra=perhaps_personal,
    forgiving=("age_band", "sex", "conditions", "area_name"),
)  # fmt: skip
