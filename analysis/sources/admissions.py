"""Which emergency admissions does a file hold, one by one or counted by month?

Emergency admissions are those whose method (ADMIMETH) begins with 2 (NHS Data Dictionary, ADMISSION METHOD CODE:
21 A&E, 22 GP, 23 bed bureau, 24 clinic, 25, 28, 2A to 2D). Potentially avoidable ones are emergencies whose primary
diagnosis is on the list of the Care Quality Commission (State of Care 2013) as amended by the Improvement Analytics
Unit; the diagnosis itself is not kept.
"""

import pandas as pd

from analysis.sources import fields
from analysis.sources.columns import (
    DAY,
    MONTH,
    Screening,
    answer,
    counts,
    dates,
    kept_without,
    more,
    parsed,
    perhaps_personal,
    personal,
    rows_were,
    screening,
    set_apart,
    set_aside_words,
)
from analysis.sources.columns.dates import first_of_month
from analysis.sources.home_months import absent_months, endings, one_per_month, unread, zero_months
from analysis.sources.layout import Layout, Parsed, RawTable, Say
from analysis.sources.nested_ids import homes_of
from analysis.sources.plausible import plausible
from analysis.sources.schema import TABLES
from analysis.sources.stays import COLUMNS as STAY_COLUMNS
from analysis.sources.stays import stays_of
from analysis.sources.unfinished import lacking

AVOIDABLE = (
    r"A0[2-9]|J1[2-8]|J2[0-2]|J4[0-4]|J69|L89|E1[0-4]|R63[0-468]|N390"  # gut, lungs, sores, diabetes, food, urine
    r"|S\d[238]|T0[2358]|T1[02]"  # fractures and sprains
)
ICD10 = r"[A-Z]\d[0-9A-Z].*"
EMERGENCY = r"2[0-9A-D]|emergency.*|unplanned|non[- ]elective"
PLANNED = r"1[123]|elective.*|planned|3[12]|maternity|8[1-4]|transfer|98|99"
WHETHER = ("all emergency", "not known")


def parse_events(raw: RawTable, say: Say) -> Parsed:
    """Read one row per admission."""
    home = homes_of(raw, say)
    rest = set_apart(raw, home.screening)
    admitted, (emergency, doubt) = dates(rest, "admitted", say, DAY), _emergency(rest, say)
    avoidable, odd = _avoidable(rest, emergency)
    said = personal(raw) + home.screening + admitted.screening + doubt + odd + _later_episodes(raw)
    stays, more = stays_of(rest, say, admitted, emergency, home.values)
    said += more
    if not said.stops:
        said += _repeated_spells(raw, said.keep(raw.frame))
    frame = pd.DataFrame(
        {"location_id": home.values, "admitted": admitted.values, "emergency": emergency, "avoidable": avoidable}
    )
    days = pd.DataFrame({"home": home.values, "month": first_of_month(admitted.values)})
    kept = {"admission_events": frame} | ({} if stays is None else {"hospital_stays": stays})
    return parsed(
        raw,
        said,
        lambda: (
            {name: said.keep(table).reset_index(drop=True) for name, table in kept.items()} | unread(raw, said, days)
        ),
    )


def _emergency(raw: RawTable, say: Say) -> tuple[pd.Series, Screening]:
    """Return whether each admission was an emergency (boolean, missing where unknown)."""
    if "method" not in raw.frame:
        return _undeclared(raw, say)
    method = raw.frame["method"].str.strip()
    yes = method.str.fullmatch(f"(?i){EMERGENCY}").astype("boolean")
    no = method.str.fullmatch(f"(?i){PLANNED}").astype("boolean")
    unknown = raw.frame["method"][~(yes.fillna(False) | no.fillna(False))]
    return yes, set_aside_words(raw, "method", unknown, "unknown admission method", "a code such as 21, 2A or 11")


def _undeclared(raw: RawTable, say: Say) -> tuple[pd.Series, Screening]:
    said = answer(say, "emergency", WHETHER)
    value = True if said == WHETHER[0] else pd.NA
    emergency = pd.Series(value, index=raw.frame.index, dtype="boolean")
    words = {
        "fault": "no admission method",
        "found": "no column of admission methods",
        "expected": "ADMIMETH or its like",
    }
    if said:
        return emergency, screening("note", raw, None, do=f"You said: {said}.", **words)
    do = "Say whether every row is an emergency admission."
    return emergency, screening("ask", raw, None, do=do, question="emergency", options=WHETHER, **words)


def _avoidable(raw: RawTable, emergency: pd.Series) -> tuple[pd.Series, Screening]:
    """Return whether each admission was potentially avoidable (boolean, missing without a diagnosis)."""
    if "diagnosis" not in raw.frame:
        return pd.Series(pd.NA, index=raw.frame.index, dtype="boolean"), Screening()
    code = raw.frame["diagnosis"].str.strip().str.upper().str.replace(".", "", regex=False)
    listed = code.str.match(AVOIDABLE).astype("boolean")
    coded = code.str.fullmatch(ICD10).fillna(False).astype(bool)
    odd = raw.frame["diagnosis"][code.notna() & ~coded]
    said = Screening()
    if len(odd):
        do = "Whether these admissions were avoidable is unknown; they count as admissions."
        words = {"expected": "ICD-10 codes such as J189", "do": do}
        said = screening("warn", raw, "diagnosis", odd, fault="diagnoses that are not codes", **words)
    return (listed & emergency).where(coded, pd.NA), said


def _later_episodes(raw: RawTable) -> Screening:
    """Drop the later episodes of a stay: in HES an admission is the episode with EPIORDER 1."""
    if "episode" not in raw.frame:
        return Screening()
    number = pd.to_numeric(raw.frame["episode"].str.strip(), errors="coerce")
    odd = kept_without(raw, "episode", raw.frame["episode"][number.isna()], "unreadable episode", "a number from 1")
    later = raw.frame["episode"][number > 1]
    if later.empty:
        return odd
    do = f"{rows_were(len(later))} dropped: an admission is counted at its first episode."
    said = screening("note", raw, "episode", later, fault="later episodes", expected="EPIORDER 1", do=do)
    return odd + said + Screening(dropped=later.index)


def _repeated_spells(raw: RawTable, rows: pd.DataFrame) -> Screening:
    """Drop a spell that stands there again in every column, its number included; other rows alike are two people."""
    if "spell" not in raw.frame:
        return Screening()
    spell = rows[["home", "spell"]].apply(lambda column: column.str.strip())
    rows = rows[spell["spell"].notna()]
    again = rows.index[rows.duplicated()]
    said = Screening(dropped=again)
    if len(again):
        words = {"expected": "one row per spell", "do": f"{rows_were(len(again))} dropped."}
        found = f"spell {rows.loc[again[0], 'spell']!r}, which stands there already" + more(len(again) - 1)
        said += screening("note", raw, "spell", rows.loc[again, "spell"], fault="repeated rows", found=found, **words)
    once = rows.drop(again)
    differ = once["spell"][spell.loc[once.index].duplicated()]
    if len(differ):
        words = {"expected": "one row per spell", "fault": "one spell number on differing rows"}
        do = "Each is counted as an admission; if they are episodes of one stay, keep the first of each."
        said += screening("warn", raw, "spell", differ, do=do, **words)
    return said


def parse_counts(raw: RawTable, say: Say) -> Parsed:
    """Read one row per home and month."""
    if "start" in raw.frame:
        return parsed(raw, lacking(raw, ("bed_days",)), dict)
    home = homes_of(raw, say)
    rest = set_apart(raw, home.screening)
    month, count = dates(rest, "month", say, MONTH), counts(rest, "admissions", say)
    avoidable = counts(rest, "avoidable", say, required=False) if "avoidable" in raw.frame else None
    said = (
        personal(raw)
        + home.screening
        + month.screening
        + count.screening
        + (avoidable.screening if avoidable else Screening())
    )
    rows = pd.DataFrame({
        "home": home.values, "month": month.values, "admissions": count.values,
        "avoidable": avoidable.values if avoidable else pd.Series(pd.NA, index=home.values.index, dtype="Int64"),
        "at_least": count.at_least, "at_most": count.at_most,
    })  # fmt: skip
    if not said.stops:
        said += one_per_month(raw, said.keep(rows), month.days)
    if not said.stops:
        said += absent_months(raw, say, rows) + endings(raw, say, rows) + plausible(raw, said.keep(rows))
    return parsed(
        raw,
        said,
        lambda: (
            {"admission_counts": admission_counts(said.keep(rows), zero_months(say, rows))} | unread(raw, said, rows)
        ),
    )


def admission_counts(rows: pd.DataFrame, zeros: pd.DataFrame) -> pd.DataFrame:
    """Return the table of counts from checked rows and home-months known to be zero."""
    added = zeros.assign(admissions=0, avoidable=pd.NA, at_least=pd.NA, at_most=pd.NA)
    every = pd.concat([rows, added], ignore_index=True) if len(added) else rows
    every = every.rename(columns={"home": "location_id"})
    whole = dict.fromkeys(("admissions", "avoidable", "at_least", "at_most"), "Int64")
    return every[list(TABLES["admission_counts"])].astype(whole).reset_index(drop=True)


_EVENT_DATES = (
    "admission date", "admidate", "admission_date", "date of admission", "admitted", "admit date", "date admitted",
    "hospital admission date", "admission start date", "spell start date", "spellstartdate", "spell start",
    "start date hospital provider spell", "admission date hospital provider spell",
)  # fmt: skip
_METHODS = ("method", "admimeth", "admission method", "admission method code", "admmthd", "method of admission")
_OPTIONAL = {
    "area_name": fields.AREA,
    "diagnosis": ("diagnosis", "diag 01", "primary diagnosis", "primdiag", "primary diagnosis code", "icd10", "icd 10"),
    "episode": ("epiorder", "episode order", "episode number"),
    "spell": (
        "spellid",
        "spell id",
        "spell number",
        "spell no",
        "spell identifier",
        "hospital provider spell number",
        "hospital provider spell identifier",
        "provspno",
        "sus spell id",
        "susspellid",
        "spell",
    ),
    **STAY_COLUMNS,
}
_EVENTS = (
    "One row per admission to hospital: home, date, method of admission and, if known, the primary diagnosis, the "
    "hour, the day of discharge and the day from which the person was ready for it."
)

EVENTS = Layout(
    name="admissions",
    title="Emergency admissions, one row each",
    holds=_EVENTS,
    required={"home": fields.HOME, "admitted": (*_EVENT_DATES, "date"), "method": _METHODS},
    optional=_OPTIONAL,
    parse=parse_events,
    private=True,
    extra=perhaps_personal,
    forgiving=tuple(_OPTIONAL),
)
EVENTS_WITHOUT_METHOD = Layout(
    name="admissions without method",
    title="Admissions, one row each, without their method",
    holds="One row per admission to hospital: home and date; you say whether all were emergencies.",
    required={"home": fields.HOME, "admitted": _EVENT_DATES},
    optional={"method": _METHODS, **_OPTIONAL},
    parse=parse_events,
    private=True,
    extra=perhaps_personal,
    forgiving=tuple(_OPTIONAL),
)
COUNTS = Layout(
    name="monthly admissions",
    title="Emergency admissions by home and month",
    holds="One row per home and month: emergency admissions and, if known, the avoidable ones among them.",
    required={"home": fields.HOME, "month": fields.MONTH, "admissions": fields.ADMISSIONS},
    optional={"name": fields.NAME, "avoidable": fields.AVOIDABLE, "start": fields.START, "area_name": fields.AREA},
    parse=parse_counts,
    private=True,
    extra=perhaps_personal,
    forgiving=("name", "avoidable", "area_name"),
)
